"""How records become files of the lake: fitted to their layout, sorted, written under a fresh name, synced."""

import os
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ringfence.errors import InputRefused
from ringfence.store.days import days_of
from ringfence.store.files import full_disk_named, removed_on_failure, sync_file, sync_folder
from ringfence.terms import LAYOUTS, Copy, RecordKind

ROW_GROUP = 20_000
"""Small enough that a look-up of few cells or persons skips nearly all of a file."""

_NO_DAY = "always"
_PROVENANCE = ("batch", "row")  # settles the order of rows that are otherwise alike


def fit(kind: RecordKind, rows: pa.Table) -> pa.Table:
    """Rows with exactly a kind's columns; InputRefused when they lack one or a day, or hold what a column cannot."""
    schema = LAYOUTS[kind].schema
    try:
        fitted = rows.select(schema.names).cast(schema)
    except (KeyError, pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise InputRefused("records of kind '{kind}' do not fit its columns; nothing was kept", kind=kind) from error
    days = days_of(kind, fitted)
    if days is not None and days.null_count:
        raise InputRefused(
            "{count} records of kind '{kind}' have no day; nothing was kept", count=days.null_count, kind=kind
        )
    return fitted


def sort(rows: pa.Table, copy: Copy) -> pa.Table:
    """Rows in the order of a copy."""
    return rows.sort_by([(column, "ascending") for column in (*copy.sorted_by, *_PROVENANCE)])


def write_files(
    lake: Path, kind: RecordKind, parts: Sequence[tuple[Copy, int | None, pa.Table]], *, stem: str
) -> list[Path]:
    """One file for each part (a copy, its day, its rows), all on the disk for good; all gone again when one fails."""
    with full_disk_named(lake), removed_on_failure() as written:
        for copy, day, rows in parts:
            path = _claim(lake / kind / copy.name / (_NO_DAY if day is None else f"day-{day}"), stem)
            written.append(path)
            pq.write_table(
                sort(rows, copy),
                path,
                compression="zstd",
                version="2.6",
                data_page_version="2.0",
                row_group_size=ROW_GROUP,
            )
        _sync(lake, written)
    return written


def _claim(folder: Path, stem: str) -> Path:
    """An empty file under a name nothing else has: what is committed is never written over.

    Folders are not named `day=...`, which DuckDB and Spark would take for a column of its own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = (folder / f"{stem}{'' if turn == 1 else f'.{turn}'}.parquet" for turn in count(1))
    return next(path for path in names if _is_new(path))


def _is_new(path: Path) -> bool:
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return False
    return True


def _sync(lake: Path, paths: Sequence[Path]) -> None:
    """Ask the disk to keep the files and every folder name that leads to them, each once."""
    for path in paths:
        sync_file(path)
    for folder in {folder for path in paths for folder in path.parents if folder.is_relative_to(lake)}:
        sync_folder(folder)
