"""The lake: what happened, as Parquet by kind and day, person numbers only (policy 6.4).

A batch is staged: its files are written and synced under their final names. It exists once its manifest row is
committed; until then, and after its row is gone, its files are nobody's and are swept. The same batch twice is the
same batch.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ringfence.errors import StoredDamaged
from ringfence.store.act import Act
from ringfence.store.desk import Desk
from ringfence.store.files import full_disk_named, sweep_folder, sync_file, sync_folder
from ringfence.terms import CELL_BITS, LAYOUTS, Copy, RecordKind, to_us

INSERT_FILE = """
insert into lake_file (path, kind, copy, day, batch_no, row_count, byte_count, recorded_at)
values (:path, :kind, :copy, :day, :batch_no, :row_count, :byte_count, :recorded_at)
"""

DELETE_FILE = "delete from lake_file where path = :path"

READ_FILES = """
select path, day, batch_no, row_count, byte_count from lake_file
where kind = :kind and copy = :copy and (day is null or (day >= :first_day and day <= :last_day))
order by day, path
"""

EVERY_PATH = "select path from lake_file"

ROW_GROUP = 20_000
"""Small enough that a look-up of few cells or persons skips nearly all of a file."""

_NO_DAY = "always"
_ALL_DAYS = (-(2**31), 2**31 - 1)


@dataclass(frozen=True)
class LakeFile:
    """One Parquet file of one sorted copy; `day` is None for kinds that are not kept by day."""

    path: str
    kind: RecordKind
    copy: str
    day: int | None
    batch_no: int | None
    row_count: int
    byte_count: int


class Lake:
    """The folder of the lake, and the manifest's view of it."""

    def __init__(self, folder: Path, desk: Desk) -> None:
        self.folder = folder
        self._desk = desk

    def files(self, kind: RecordKind, *, copy: str = "all", days: tuple[int, int] = _ALL_DAYS) -> list[LakeFile]:
        """The files of a copy that may hold the given days (both included), as the manifest vouches for them."""
        rows = self._desk.rows(READ_FILES, kind=kind, copy=copy, first_day=days[0], last_day=days[1])
        return [LakeFile(r.path, kind, copy, r.day, r.batch_no, r.row_count, r.byte_count) for r in rows]

    def paths(self, kind: RecordKind, *, copy: str = "all", days: tuple[int, int] = _ALL_DAYS) -> list[str]:
        """Where those files lie; StoredDamaged for one that is not there."""
        paths = [self.folder / file.path for file in self.files(kind, copy=copy, days=days)]
        for path in paths:
            if not path.exists():
                raise StoredDamaged(
                    "{path} is missing from the lake; restore it from a backup, or withdraw its batch", path=path
                )
        return [str(path) for path in paths]

    def read(self, kind: RecordKind, *, copy: str | None = None, days: tuple[int, int] = _ALL_DAYS) -> pa.Table:
        """All rows of a kind for some days, in the order of the copy (the first when none is named)."""
        layout = LAYOUTS[kind]
        chosen = layout.copies[0] if copy is None else next(c for c in layout.copies if c.name == copy)
        tables = [pq.read_table(path, schema=layout.schema) for path in self.paths(kind, copy=chosen.name, days=days)]
        if not tables:
            return layout.schema.empty_table()
        return pa.concat_tables(tables).sort_by([(name, "ascending") for name in chosen.sorted_by])

    def stage(self, kind: RecordKind, rows: pa.Table, *, batch_no: int) -> list[LakeFile]:
        """Write a kind's rows of a batch, every copy, one file a day, synced; they exist once `commit` puts them in."""
        layout = LAYOUTS[kind]
        rows = rows.select(layout.schema.names).cast(layout.schema)
        files = [
            self._write(kind, copy, day, part, name=f"batch-{batch_no:09d}", batch_no=batch_no)
            for day, part in split_by_day(kind, rows)
            for copy in layout.copies
        ]
        self._sync(files)
        return files

    def commit(self, act: Act, files: Iterable[LakeFile]) -> None:
        """Make staged files exist."""
        act.run_many(INSERT_FILE, [
            {
                "path": file.path,
                "kind": file.kind,
                "copy": file.copy,
                "day": file.day,
                "batch_no": file.batch_no,
                "row_count": file.row_count,
                "byte_count": file.byte_count,
                "recorded_at": to_us(act.now),
            }
            for file in files
        ])  # fmt: skip

    def drop(self, act: Act, files: Iterable[LakeFile]) -> None:
        """Make files not exist any more; `sweep` removes them once that is committed."""
        act.run_many(DELETE_FILE, [{"path": file.path} for file in files])

    def rewrite(self, file: LakeFile, kept: pa.Table, *, turn: int) -> LakeFile | None:
        """A file's successor with fewer rows, staged under a new name; None when nothing is left."""
        if not kept.num_rows:
            return None
        copy = next(c for c in LAYOUTS[file.kind].copies if c.name == file.copy)
        stem = Path(file.path).stem.split(".")[0]
        successor = self._write(file.kind, copy, file.day, kept, name=f"{stem}.turn-{turn}", batch_no=file.batch_no)
        self._sync([successor])
        return successor

    def remove(self, files: Iterable[LakeFile]) -> None:
        """Take files off the disk that the manifest has let go of."""
        for file in files:
            (self.folder / file.path).unlink(missing_ok=True)

    def sweep(self, *, older_than: timedelta) -> int:
        """Remove files no manifest row speaks of, left by a process that was killed; how many.

        Only files older than that: a younger one may be another process's batch on its way.
        """
        known = {row.path for row in self._desk.rows(EVERY_PATH)}
        return sweep_folder(self.folder, known, older_than=older_than)

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def _write(
        self, kind: RecordKind, copy: Copy, day: int | None, rows: pa.Table, *, name: str, batch_no: int | None
    ) -> LakeFile:
        folder = self.folder / kind / copy.name / (_NO_DAY if day is None else f"day={day}")
        path = folder / f"{name}.parquet"
        ordered = rows.sort_by([(column, "ascending") for column in copy.sorted_by])
        with full_disk_named(self.folder):
            folder.mkdir(parents=True, exist_ok=True)
            pq.write_table(
                ordered, path, compression="zstd", version="2.6", data_page_version="2.0", row_group_size=ROW_GROUP
            )
        return LakeFile(self._name(path), kind, copy.name, day, batch_no, rows.num_rows, path.stat().st_size)

    def _sync(self, files: Sequence[LakeFile]) -> None:
        """Ask the disk to keep staged files and every folder name that leads to them, each once."""
        paths = [self.folder / file.path for file in files]
        folders = {folder for path in paths for folder in path.parents if folder.is_relative_to(self.folder)}
        with full_disk_named(self.folder):
            for path in paths:
                sync_file(path)
            for folder in folders:
                sync_folder(folder)


def days_of(kind: RecordKind, rows: pa.Table) -> pa.ChunkedArray | None:
    """The local day number of each row; None for kinds that are not kept by day."""
    column = LAYOUTS[kind].day_column
    if column is None:
        return None
    days = rows[column]
    return pc.shift_right(days, CELL_BITS) if column == "cell" else days


def split_by_day(kind: RecordKind, rows: pa.Table) -> Iterator[tuple[int | None, pa.Table]]:
    """The rows of each day, in day order; nothing for no rows. One sort of the day column, then slices."""
    if not rows.num_rows:
        return
    days = days_of(kind, rows)
    if days is None:
        yield None, rows
        return
    numbers = np.asarray(days)
    order = np.argsort(numbers, kind="stable")
    rows, numbers = rows.take(pa.array(order)), numbers[order]
    starts = np.flatnonzero(np.diff(numbers, prepend=numbers[0] - 1))
    for start, end in zip(starts, [*starts[1:], len(numbers)], strict=True):
        yield int(numbers[start]), rows.slice(start, end - start)
