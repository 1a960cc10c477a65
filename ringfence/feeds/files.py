"""A file that is read twice must be the same file both times."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeAlias

from ringfence.errors import FeedRejected

Stamp: TypeAlias = tuple[int, int, int]
"""Which file it is, its size, and when it last changed (ns)."""


def read_stamp(path: Path) -> Stamp:
    """The stamp of a file; FeedRejected where there is none."""
    with _refusals_named(path):
        found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise FeedRejected("{file} is no file; name a file", file=path.name)
    return found.st_ino, found.st_size, found.st_mtime_ns


@contextmanager
def open_unchanged(path: Path, *, stamp: Stamp) -> Iterator[BinaryIO]:
    """The open file; FeedRejected when it cannot be opened, or in the end is not the one that was stamped."""
    with _refusals_named(path):
        file = path.open("rb")
    with file:
        yield file
    if read_stamp(path) != stamp:
        raise FeedRejected("{file} changed while it was being read; send it again once it is whole", file=path.name)


@contextmanager
def _refusals_named(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FeedRejected(
            "{file} cannot be read: {problem}; name a file that is there and may be read",
            file=path.name,
            problem=error.strerror,
        ) from error
