"""Laying indexes over the lake: a day's files that many rows stand in are found by key from then on (policy 2.2).

An index repeats what files of the lake hold and is never the only place of anything. It is over the files it was made
of and goes with the first of them that goes, so that nothing forgotten stays in it; whoever reads falls back on the
files. What comes late stays beside it until that is worth laying it anew.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq

from ringfence.store.act import Act
from ringfence.store.door import Store
from ringfence.store.files import damage_named, full_disk_named, removed_on_failure, sync_whole
from ringfence.store.key_index import write_index
from ringfence.store.lake import Lake, LakeFile
from ringfence.store.lake_files import claim
from ringfence.store.lake_indexes import LakeIndex, put_index
from ringfence.store.rereading import read_listed
from ringfence.terms import LAYOUTS, Actor, Copy, RecordKind

LONG_DAY = 500_000
"""From so many rows on a day has an index: fewer are read from Parquet as quickly (bench/trace.py)."""

LATE_SHARE = 0.05
MANY_FILES = 16
"""So large a share of rows, or so many files, beside an index make it worth laying anew."""

FOLDER = "index"


def index_lake(
    store: Store, *, actor: Actor, now: datetime, progress: Callable[[float], None], long_day: int = LONG_DAY
) -> int:
    """Lay every index that is worth it, and anew what too much came late for; how many.

    Killed at any point it leaves what was laid; a file of the lake that is replaced meanwhile leaves its day for the
    next time. Cost: the bytes of those days' files, two to three times their rows in memory, a day at a time.
    """
    worth = [
        (kind, copy, day)
        for kind, layout in LAYOUTS.items()
        for copy in layout.copies
        if copy.looked_up
        for day in _worth_it(store.lake, kind, copy, long_day=long_day)
    ]
    laid = 0
    for number, (kind, copy, day) in enumerate(worth):
        progress(number / len(worth))
        laid += _lay(store, kind, copy, day, actor=actor, now=now)
    return laid


def _worth_it(lake: Lake, kind: RecordKind, copy: Copy, *, long_day: int) -> Iterable[int]:
    """The days that want an index, or another."""
    days: dict[int, list[LakeFile]] = defaultdict(list)
    for file in lake.files(kind, copy=copy.name):
        if file.day is not None:
            days[file.day].append(file)
    covered = {source for index in lake.indexes(kind, copy=copy.name) for source in index.sources}
    for day, files in days.items():
        rows = _rows(files)
        late = [file for file in files if file.path not in covered]
        if rows >= long_day and (_rows(late) > LATE_SHARE * rows or len(late) > MANY_FILES):
            yield day


def _rows(files: Iterable[LakeFile]) -> int:
    return sum(file.row_count for file in files)


def _lay(store: Store, kind: RecordKind, copy: Copy, day: int, *, actor: Actor, now: datetime) -> bool:
    lake = store.lake
    sources, rows = read_listed(
        lambda: lake.files(kind, copy=copy.name, days=(day, day)),
        lambda files: (frozenset(file.path for file in files), _read(lake, kind, copy, files)),
    )
    with full_disk_named(lake.folder), removed_on_failure() as written:
        path = claim(lake.folder / FOLDER / kind / copy.name, f"day-{day}", suffix=".arrow")
        written.append(path)
        write_index(path, rows, key=copy.key)
        sync_whole(path, below=lake.folder)
        index = LakeIndex(
            path=path.relative_to(lake.folder).as_posix(),
            kind=kind,
            copy=copy.name,
            day=day,
            row_count=rows.num_rows,
            byte_count=path.stat().st_size,
            sources=sources,
        )
        replaced = store.act(lambda act: _put(act, lake, index), actor=actor, now=now)
    lake.remove([], indexes=[index.path] if replaced is None else replaced)
    return replaced is not None


def _put(act: Act, lake: Lake, index: LakeIndex) -> list[str] | None:
    """An index on record instead of its forerunners, whose paths are told; None when a file it was over is gone."""
    days = (index.day, index.day)
    in_force = {file.path for file in lake.files(index.kind, copy=index.copy, days=days, ask=act.rows)}
    if not index.sources <= in_force:
        return None
    act.note("lake.indexed", subject=f"{index.kind}/{index.copy}/{index.day}", count=index.row_count)
    return put_index(act, index)


def _read(lake: Lake, kind: RecordKind, copy: Copy, files: Iterable[LakeFile]) -> pa.Table:
    columns = [copy.key, *copy.looked_up]
    tables = [pa.schema([LAYOUTS[kind].schema.field(name) for name in columns]).empty_table()]
    for file in files:
        path = lake.folder / file.path
        with damage_named(path):
            tables.append(pq.read_table(path, columns=columns, partitioning=None))
    return pa.concat_tables(tables)
