"""Reading what a listing speaks of while others replace and forget what stands on it."""

from collections.abc import Callable
from typing import TypeVar

from ringfence.errors import KeysMissing, StoredDamaged

Listing = TypeVar("Listing")
Answer = TypeVar("Answer")


def read_listed(listing: Callable[[], Listing], read: Callable[[Listing], Answer]) -> Answer:
    """What `read` makes of a listing; made anew when something on it was replaced or forgotten in the meantime.

    StoredDamaged or KeysMissing only where the listing still speaks of what cannot be read.
    """
    listed = listing()
    while True:
        try:
            return read(listed)
        except (StoredDamaged, KeysMissing):
            again = listing()
            if again == listed:
                raise
            listed = again
