"""The lake: what happened, as Parquet by kind and day, person numbers only (policy 6.4).

A batch is staged: its files are written and synced under their final names. It exists once its manifest row is
committed; until then, and after its row is gone, its files are nobody's and are swept. The same batch twice is the
same batch.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ringfence.errors import StoredDamaged, Unusable
from ringfence.store.act import Act
from ringfence.store.days import split_by_day
from ringfence.store.desk import Desk, Query
from ringfence.store.files import damage_named, sweep_folder
from ringfence.store.lake_files import fit, write_files
from ringfence.store.lake_indexes import Laid, LakeIndex, drop_indexes_over, read_indexes
from ringfence.store.rereading import read_listed
from ringfence.store.sorting import put_in_order
from ringfence.terms import LAYOUTS, Copy, RecordKind, to_us

INSERT_FILE = """
insert into lake_file (path, kind, copy, day, batch_no, row_count, byte_count, recorded_at)
values (:path, :kind, :copy, :day, :batch_no, :row_count, :byte_count, :recorded_at)
"""

DELETE_FILE = "delete from lake_file where path = :path"

EVERY_FILE = """
with found as (
    select f.path, f.day, f.batch_no, f.row_count, f.byte_count, coalesce(b.status, 'committed') as status
    from lake_file f left join batch b on b.batch_no = f.batch_no
    where f.kind = :kind and f.copy = :copy and (f.day is null or (f.day >= :first_day and f.day <= :last_day))
)
select path, day, batch_no, row_count, byte_count from found
"""

IN_ORDER = "order by day, path"

FILES_IN_FORCE = EVERY_FILE + "where status = 'committed' " + IN_ORDER

EVERY_FILE_IN_ORDER = EVERY_FILE + IN_ORDER

EVERY_PATH = "select path from lake_file union all select path from lake_index"

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

    def files(
        self, kind: RecordKind, *, copy: str = "all", days: tuple[int, int] = _ALL_DAYS, ask: Query | None = None
    ) -> list[LakeFile]:
        """The files of a copy that may hold the given days (both included), as the manifest vouches for them.

        Files of a batch that was withdrawn or forgotten are not among them; an act passes its own `rows`.
        """
        return self._listed(FILES_IN_FORCE, ask or self._desk.rows, kind, copy, days)

    def every_file(
        self, kind: RecordKind, *, copy: str, days: tuple[int, int] = _ALL_DAYS, ask: Query | None = None
    ) -> list[LakeFile]:
        """Those too that are no longer in force; an act passes its own `rows` to see what its group wrote."""
        return self._listed(EVERY_FILE_IN_ORDER, ask or self._desk.rows, kind, copy, days)

    def paths(self, kind: RecordKind, *, copy: str = "all", days: tuple[int, int] = _ALL_DAYS) -> list[str]:
        """Where those files lie; StoredDamaged for one that is not there or not whole."""
        return read_listed(
            lambda: self.files(kind, copy=copy, days=days), lambda files: [str(self._whole(file)) for file in files]
        )

    def indexes(self, kind: RecordKind, *, copy: str, days: tuple[int, int] = _ALL_DAYS) -> list[LakeIndex]:
        """The indexes over files of a copy that are all in force; one that is not whole any more is left out."""
        in_force = {file.path for file in self.files(kind, copy=copy, days=days)}
        found = read_indexes(self._desk.rows, kind, copy, days=days)
        return [index for index in found if index.sources <= in_force and index.is_whole(self.folder)]

    def laid(self, kind: RecordKind, *, copy: str, days: tuple[int, int] = _ALL_DAYS) -> Laid:
        """Where a copy's rows of some days lie; StoredDamaged for a file that is not there or not whole."""
        files = tuple(self.paths(kind, copy=copy, days=days))
        indexes = {
            str(self.folder / index.path): tuple(str(self.folder / source) for source in sorted(index.sources))
            for index in self.indexes(kind, copy=copy, days=days)
        }
        indexes = {path: sources for path, sources in indexes.items() if set(sources) <= set(files)}
        covered = {source for sources in indexes.values() for source in sources}
        return Laid(files, indexes, tuple(path for path in files if path not in covered))

    def read(self, kind: RecordKind, *, copy: str | None = None, days: tuple[int, int] = _ALL_DAYS) -> pa.Table:
        """All rows of a kind for some days, in the order of the copy (the first when none is named)."""
        chosen = LAYOUTS[kind].copies[0] if copy is None else _copy(kind, copy)
        tables = read_listed(
            lambda: self.files(kind, copy=chosen.name, days=days),
            lambda files: [self.read_file(file) for file in files],
        )
        return put_in_order(pa.concat_tables([LAYOUTS[kind].schema.empty_table(), *tables]), chosen)

    def read_file(self, file: LakeFile, *, columns: Sequence[str] = ()) -> pa.Table:
        """All rows of one file: every column, or some."""
        path, schema = self._whole(file), LAYOUTS[file.kind].schema
        wanted = list(columns or schema.names)
        with damage_named(path), pq.ParquetFile(path) as opened:
            return opened.read(columns=wanted).select(wanted).cast(pa.schema([schema.field(name) for name in wanted]))

    def stage(self, kind: RecordKind, rows: pa.Table, *, batch_no: int) -> list[LakeFile]:
        """Write a kind's rows of a batch, every copy, one file a day, synced; they exist once `commit` puts them in.

        InputRefused when rows lack a column or a day, or hold what a column cannot.
        """
        layout = LAYOUTS[kind]
        fitted = fit(kind, rows)
        return self._write(
            kind,
            [(copy, day, part) for day, part in split_by_day(kind, fitted) for copy in layout.copies],
            stem=f"batch-{batch_no:09d}",
            batch_no=batch_no,
        )

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

    def drop(self, act: Act, files: Iterable[LakeFile]) -> list[str]:
        """Make files not exist any more, nor any index over them; the indexes' paths.

        `remove` takes all of them off the disk once that is committed.
        """
        indexes: list[str] = []
        for file in files:
            indexes += drop_indexes_over(act, file.path)
            if act.run(DELETE_FILE, path=file.path) != 1:
                raise Unusable("{path} was replaced by another step in the meantime; repeat this one", path=file.path)
        return indexes

    def rewrite(self, file: LakeFile, kept: pa.Table, *, turn: int) -> LakeFile | None:
        """A file's successor with fewer rows, staged under a new name; None when nothing is left."""
        if not kept.num_rows:
            return None
        [successor] = self._write(
            file.kind,
            [(_copy(file.kind, file.copy), file.day, kept)],
            stem=f"{Path(file.path).stem.split('.')[0]}.turn-{turn}",
            batch_no=file.batch_no,
        )
        return successor

    def remove(self, files: Iterable[LakeFile], *, indexes: Iterable[str] = ()) -> None:
        """Take files and indexes off the disk that the manifest has let go of, or will not hear of."""
        for path in [*(file.path for file in files), *indexes]:
            (self.folder / path).unlink(missing_ok=True)

    def sweep(self, *, older_than: timedelta) -> int:
        """Remove files no manifest row speaks of, left by a process that was killed; how many.

        Only files older than that: a younger one may be another process's batch on its way.
        """
        known = {row.path for row in self._desk.rows(EVERY_PATH)}
        return sweep_folder(self.folder, known, older_than=older_than)

    def _listed(self, sql: str, ask: Query, kind: RecordKind, copy: str, days: tuple[int, int]) -> list[LakeFile]:
        rows = ask(sql, kind=kind, copy=copy, first_day=days[0], last_day=days[1])
        return [LakeFile(r.path, kind, copy, r.day, r.batch_no, r.row_count, r.byte_count) for r in rows]

    def _whole(self, file: LakeFile) -> Path:
        path = self.folder / file.path
        try:
            size = path.stat().st_size
        except FileNotFoundError as error:
            raise StoredDamaged(
                "{path} is missing from the lake; restore it from a backup, or withdraw its batch", path=path
            ) from error
        if size != file.byte_count:
            raise StoredDamaged(
                "{path} has {found} bytes instead of {expected}; restore it from a backup, or withdraw its batch",
                path=path,
                found=size,
                expected=file.byte_count,
            )
        return path

    def _write(
        self, kind: RecordKind, parts: Sequence[tuple[Copy, int | None, pa.Table]], *, stem: str, batch_no: int | None
    ) -> list[LakeFile]:
        paths = write_files(self.folder, kind, parts, stem=stem)
        return [
            LakeFile(
                path=path.relative_to(self.folder).as_posix(),
                kind=kind,
                copy=copy.name,
                day=day,
                batch_no=batch_no,
                row_count=rows.num_rows,
                byte_count=path.stat().st_size,
            )
            for path, (copy, day, rows) in zip(paths, parts, strict=True)
        ]


def _copy(kind: RecordKind, name: str) -> Copy:
    return next(copy for copy in LAYOUTS[kind].copies if copy.name == name)
