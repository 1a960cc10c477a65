"""How often one session or one address may ask, before anybody is believed to be anybody (policy 6.4)."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil

from ringfence.errors import TooManyAttempts

CONTESTS_AT_ONCE, CONTESTS_PER_SECOND = 20, 0.2
"""Of one address that nobody signs in from; a household or an office contests behind one address, hardly more."""

_FORGET_AFTER = 10_000


@dataclass
class RateLimit:
    """A bucket of requests for each session or address, filled at a steady rate; `ticks` counts real seconds."""

    burst: int = 200
    per_second: float = 20.0
    ticks: Callable[[], float] = time.monotonic
    _left: dict[int | str, tuple[float, float]] = field(default_factory=dict)
    _door: threading.Lock = field(default_factory=threading.Lock)

    def take(self, asker: int | str) -> None:
        """Take a request out of an asker's bucket; TooManyAttempts, with the seconds to wait, where it is empty."""
        with self._door:
            now = self.ticks()
            left, since = self._left.get(asker, (float(self.burst), now))
            left = min(self.burst, left + (now - since) * self.per_second)
            self._left[asker] = (max(left - 1, 0.0), now)
            if len(self._left) > _FORGET_AFTER:
                self._left = {key: kept for key, kept in self._left.items() if kept[0] < self.burst - 1}
        if left < 1:
            raise TooManyAttempts(
                "you asked too often; wait {seconds} seconds", seconds=ceil((1 - left) / self.per_second)
            )
