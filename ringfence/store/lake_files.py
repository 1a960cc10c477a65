"""How records become files of the lake: fitted to their layout, sorted, written under a fresh name, synced."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ringfence.errors import InputRefused
from ringfence.store.days import days_of
from ringfence.store.files import full_disk_named, removed_on_failure, sync_whole
from ringfence.store.sorting import put_in_order
from ringfence.terms import LAYOUTS, Copy, RecordKind

ROW_GROUP = 20_000
"""Small enough that a look-up of few cells or persons skips nearly all of a file."""

_MANY_VALUED = frozenset({"cell", "person", "contact", "group_no", "enter_s", "stay_s", "source_row", "row", "trip"})
"""Integers of which nearly every row may have another."""

_NO_DAY = "always"


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


def write_files(
    lake: Path, kind: RecordKind, parts: Sequence[tuple[Copy, int | None, pa.Table]], *, stem: str
) -> list[Path]:
    """One file for each part (a copy, its day, its rows), all on the disk for good; all gone again when one fails.

    As many are sorted and written at a time as there are cores.
    """
    with full_disk_named(lake), removed_on_failure() as written:
        for copy, day, _ in parts:
            written.append(claim(lake / kind / copy.name / (_NO_DAY if day is None else f"day-{day}"), stem))
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            paths = list(written)
            list(threads.map(lambda path, part: _write(path, part[2], part[0]), paths, parts))
        sync_whole(*written, below=lake)
    return written


def _write(path: Path, rows: pa.Table, copy: Copy) -> None:
    """One sorted file.

    Measured on visits: integers that take many values are a third of the bytes, and written in half the time, as
    differences from the row before than as a dictionary that does not fit its page.
    """
    ordered = put_in_order(rows, copy)
    differing = [
        field.name for field in ordered.schema if field.name in _MANY_VALUED and pa.types.is_integer(field.type)
    ]
    pq.write_table(
        ordered,
        path,
        compression="zstd",
        version="2.6",
        data_page_version="2.0",
        row_group_size=ROW_GROUP,
        use_dictionary=[name for name in ordered.column_names if name not in differing],
        column_encoding=dict.fromkeys(differing, "DELTA_BINARY_PACKED"),
    )


def claim(folder: Path, stem: str, *, suffix: str = ".parquet") -> Path:
    """An empty file under a name nothing else has: what is committed is never written over.

    Folders are not named `day=...`, which DuckDB and Spark would take for a column of its own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = (folder / f"{stem}{'' if turn == 1 else f'.{turn}'}{suffix}" for turn in count(1))
    return next(path for path in names if _is_new(path))


def _is_new(path: Path) -> bool:
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return False
    return True
