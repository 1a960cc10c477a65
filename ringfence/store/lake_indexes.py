"""What the manifest says of indexes: over which files of the lake each was laid, and that it goes with them (6.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from ringfence.store.act import Act
from ringfence.store.desk import Query
from ringfence.terms import RecordKind, to_us

INDEXES = """
select i.path, i.day, i.row_count, i.byte_count, s.source
from lake_index i join lake_index_source s on s.path = i.path
where i.kind = :kind and i.copy = :copy and i.day >= :first_day and i.day <= :last_day
order by i.path, s.source
"""

INSERT_INDEX = """
insert into lake_index (path, kind, copy, day, row_count, byte_count, recorded_at)
values (:path, :kind, :copy, :day, :row_count, :byte_count, :recorded_at)
"""

INSERT_SOURCE = "insert into lake_index_source (path, source) values (:path, :source)"

DELETE_INDEXES_BESIDE = """
delete from lake_index where kind = :kind and copy = :copy and day = :day and path <> :path returning path
"""

DELETE_INDEXES_OVER = """
delete from lake_index where path in (select path from lake_index_source where source = :source) returning path
"""


@dataclass(frozen=True, kw_only=True)
class LakeIndex:
    """One index over files of a copy's day (`sources`, their paths), by the key of the copy."""

    path: str
    kind: RecordKind
    copy: str
    day: int
    row_count: int
    byte_count: int
    sources: frozenset[str]

    def is_whole(self, lake: Path) -> bool:
        """Whether the file is there as long as it was written."""
        path = lake / self.path
        return path.exists() and path.stat().st_size == self.byte_count


@dataclass(frozen=True)
class Laid:
    """Where a copy's rows lie: all its files in force, indexes over some of them each with its files, and the rest."""

    files: tuple[str, ...]
    indexes: Mapping[str, tuple[str, ...]]
    unindexed: tuple[str, ...]


def read_indexes(ask: Query, kind: RecordKind, copy: str, *, days: tuple[int, int]) -> list[LakeIndex]:
    """Every index over files of a copy's days (both included)."""
    rows = ask(INDEXES, kind=kind, copy=copy, first_day=days[0], last_day=days[1])
    return [
        LakeIndex(
            path=path,
            kind=kind,
            copy=copy,
            day=first.day,
            row_count=first.row_count,
            byte_count=first.byte_count,
            sources=frozenset([first.source, *(row.source for row in others)]),
        )
        for path, (first, *others) in groupby(rows, lambda row: row.path)
    ]


def put_index(act: Act, index: LakeIndex) -> list[str]:
    """Make an index exist, instead of any other of its day; the paths of those."""
    act.run(
        INSERT_INDEX,
        path=index.path,
        kind=index.kind,
        copy=index.copy,
        day=index.day,
        row_count=index.row_count,
        byte_count=index.byte_count,
        recorded_at=to_us(act.now),
    )
    act.run_many(INSERT_SOURCE, [{"path": index.path, "source": source} for source in sorted(index.sources)])
    beside = {"kind": index.kind, "copy": index.copy, "day": index.day, "path": index.path}
    return [row.path for row in act.run_returning(DELETE_INDEXES_BESIDE, **beside)]


def drop_indexes_over(act: Act, source: str) -> list[str]:
    """Make the indexes over a file not exist any more; their paths."""
    return [row.path for row in act.run_returning(DELETE_INDEXES_OVER, source=source)]
