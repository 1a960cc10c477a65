"""Files that are there after a power cut: written aside, synced, renamed, and the folder synced too."""

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from ringfence.errors import DiskFull

_NO_ROOM = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}


@contextmanager
def full_disk_named(folder: Path) -> Iterator[None]:
    """Turns the operating system's 'no room' into one sentence; other errors pass."""
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise DiskFull(
            "the disk under {folder} has no room; nothing of this step was kept; make room and repeat it", folder=folder
        ) from error


def sync_file(path: Path) -> None:
    """Ask the disk to keep what was written to a file."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Ask the disk to keep the names in a folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_durably(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Replace a file whole: whoever looks sees the old content or the new, whenever the power goes."""
    aside = path.with_name(path.name + ".new")
    with full_disk_named(path.parent):
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
        sync_folder(path.parent)


def sweep_folder(folder: Path, known: set[str], *, older_than: timedelta) -> int:
    """Remove files whose path below the folder nobody knows and that are older than some time; how many."""
    newest = time.time() - older_than.total_seconds()
    found = (path for path in folder.rglob("*") if path.is_file() and path.stat().st_mtime <= newest)
    orphans = [path for path in found if path.relative_to(folder).as_posix() not in known]
    for path in orphans:
        path.unlink()
    return len(orphans)
