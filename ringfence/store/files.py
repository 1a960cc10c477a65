"""Files that are there after a power cut: written aside, synced, renamed, and the folder synced too."""

import errno
import math
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pyarrow as pa

from ringfence.errors import DiskFull, StoredDamaged

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


@contextmanager
def damage_named(path: Path) -> Iterator[None]:
    """Turns what a file that is not what was written makes of Arrow into one sentence; other errors pass."""
    try:
        yield
    except (OSError, pa.ArrowInvalid) as error:
        raise StoredDamaged(
            "{path} does not open: it was changed, moved or cut off; restore it from a backup", path=path
        ) from error


@contextmanager
def removed_on_failure() -> Iterator[list[Path]]:
    """Files put on the list leave the disk again when the step fails: half a batch must not fill a full disk."""
    written: list[Path] = []
    try:
        yield written
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise


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


def sync_whole(*paths: Path, below: Path) -> None:
    """Ask the disk to keep files and every folder name that leads to them from a folder on, each once."""
    for path in paths:
        sync_file(path)
    for folder in {folder for path in paths for folder in path.parents if folder.is_relative_to(below)}:
        sync_folder(folder)


def write_durably(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Replace a file whole: whoever looks sees the old content or the new, whenever the power goes."""
    aside = path.with_name(path.name + ".new")
    with full_disk_named(path.parent), removed_on_failure() as written:
        written.append(aside)
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, mode)  # a file left by a killed process may have other rights
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
        sync_folder(path.parent)


def sweep_folder(folder: Path, known: set[str], *, older_than: timedelta) -> int:
    """Remove files whose path below the folder nobody knows and that are older than some time; how many."""
    newest = time.time() - older_than.total_seconds()
    paths = [path for path in folder.rglob("*") if path.is_file() and path.relative_to(folder).as_posix() not in known]
    orphans = [path for path in paths if not older_than or _written_at(path) <= newest]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def _written_at(path: Path) -> float:
    """When a file was written, in seconds since 1970; the end of time for one that another process just removed."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return math.inf
