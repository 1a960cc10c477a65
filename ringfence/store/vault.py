"""The vault: who people are, as encrypted Parquet, each part under a data key of its own (policy 6.4).

A part exists once its row in the desk is committed, like a batch of the lake. A person may stand in several parts and
in the inbox; the newest row is what is known now. Opening a part reads it whole or by row groups, always in memory.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow.parquet.encryption import create_decryption_properties, create_encryption_properties
from sqlalchemy import Row

from ringfence.errors import StoredDamaged, Unusable
from ringfence.store.act import Act
from ringfence.store.desk import Desk, Query
from ringfence.store.files import (
    damage_named,
    full_disk_named,
    removed_on_failure,
    sweep_folder,
    sync_file,
    sync_folder,
)
from ringfence.store.keys import DataKey, KeyRing, fresh_key
from ringfence.store.rereading import read_listed
from ringfence.terms import to_us

INSERT_PART = """
insert into vault_part (path, content, key_id, batch_no, first_no, last_no, row_count, retain_until_day, recorded_at)
values (:path, :content, :key_id, :batch_no, :first_no, :last_no, :row_count, :retain_until_day, :recorded_at)
"""

DELETE_PART = "delete from vault_part where path = :path"

COLUMNS_OF_PART = """
select path, content, key_id, batch_no, first_no, last_no, row_count, retain_until_day from vault_part
"""

READ_PARTS = COLUMNS_OF_PART + "where content = :content order by first_no, path"

PARTS_BETWEEN = (
    COLUMNS_OF_PART
    + """
where content = 'people' and first_no <= :last and last_no >= :first order by first_no, path
"""
)

PARTS_OF_BATCH = COLUMNS_OF_PART + "where content = :content and batch_no = :batch_no order by path"

PARTS_PAST = COLUMNS_OF_PART + "where retain_until_day < :day order by path"

EVERY_PART = "select path from vault_part"

PEOPLE = pa.schema(
    [
        ("person_no", pa.int64()),
        ("household_no", pa.int64()),
        ("name", pa.string()),
        ("sex", pa.string()),
        ("birth_date", pa.date32()),
        ("id_number", pa.string()),
        ("phone", pa.string()),
        ("address", pa.string()),
        ("area_code", pa.string()),
        ("source_key", pa.string()),
        ("batch", pa.int64()),
        ("row", pa.int32()),
        ("recorded_at", pa.int64()),
    ]
)
"""A person as a source described them; `source_key` is that source's own number for them, if it has one."""

PART_ROWS = 250_000
_ROW_GROUP = 10_000


class Content(StrEnum):
    """What a part holds; all but people are kept only as long as the feed says."""

    PEOPLE = "people"
    RAW = "raw"
    REJECT = "reject"
    EVIDENCE = "evidence"


@dataclass(frozen=True, kw_only=True)
class Part:
    """One encrypted file; `first_no` and `last_no` bound the person numbers in a people part."""

    path: str
    content: Content
    key_id: str
    batch_no: int | None
    first_no: int | None
    last_no: int | None
    row_count: int
    retain_until_day: int | None


@dataclass(frozen=True)
class StagedPart:
    """A part whose file is written and synced, but which does not exist yet."""

    part: Part
    data_key: DataKey


class Vault:
    """The folder of the vault. People are read through `Store.read_people`, where the look is put on record first."""

    def __init__(self, folder: Path, desk: Desk, keys: KeyRing) -> None:
        self.folder = folder
        self._desk = desk
        self._keys = keys

    def stage(
        self, content: Content, rows: pa.Table, *, batch_no: int | None = None, retain_until_day: int | None = None
    ) -> list[StagedPart]:
        """Write rows as encrypted parts, synced; people are sorted by number and cut into parts of PART_ROWS."""
        if content is Content.PEOPLE:
            rows = rows.select(PEOPLE.names).cast(PEOPLE).sort_by("person_no")
        with full_disk_named(self.folder), removed_on_failure() as written:
            staged = [
                self._write(content, rows.slice(start, PART_ROWS), batch_no, retain_until_day, written)
                for start in range(0, rows.num_rows, PART_ROWS)
            ]
            sync_folder(self.folder)
        return staged

    def discard(self, staged: Iterable[StagedPart]) -> None:
        """Take staged parts off the disk that will not be committed; their keys were never written anywhere."""
        self.remove(one.part for one in staged)

    def commit(self, act: Act, staged: Sequence[StagedPart]) -> None:
        """Make staged parts and their keys exist."""
        for one in staged:
            self._keys.keep(act, one.data_key, used_for=f"vault {one.part.content}")
            part = one.part
            act.run(
                INSERT_PART,
                path=part.path,
                content=part.content,
                key_id=part.key_id,
                batch_no=part.batch_no,
                first_no=part.first_no,
                last_no=part.last_no,
                row_count=part.row_count,
                retain_until_day=part.retain_until_day,
                recorded_at=to_us(act.now),
            )

    def drop(self, act: Act, part: Part) -> None:
        """Make a part not exist and shred its key: no copy of the file opens any more."""
        if act.run(DELETE_PART, path=part.path) != 1:
            raise Unusable("{path} was replaced by another step in the meantime; repeat this one", path=part.path)
        self._keys.destroy(act, part.key_id)

    def parts(self, content: Content, *, ask: Query | None = None) -> list[Part]:
        """The parts of a content, people by number; an act passes its own `rows` to see what its group wrote."""
        return [_part(row) for row in (ask or self._desk.rows)(READ_PARTS, content=content)]

    def parts_of_batch(self, content: Content, batch_no: int) -> list[Part]:
        """The parts a batch left."""
        rows = self._desk.rows(PARTS_OF_BATCH, content=content, batch_no=batch_no)
        return [_part(row) for row in rows]

    def parts_past(self, day: int, *, ask: Query | None = None) -> list[Part]:
        """The parts whose retention ended before a day."""
        return [_part(row) for row in (ask or self._desk.rows)(PARTS_PAST, day=day)]

    def read_part(self, part: Part) -> pa.Table:
        """All rows of a part."""
        file = self.open(part)
        with damage_named(self.folder / part.path):
            return file.read()

    def read_staged(self, staged: StagedPart, columns: Sequence[str] | None = None) -> pa.Table:
        """All rows of a part that does not exist yet, or some columns of them: for the step that wrote it."""
        part = staged.part
        properties = create_decryption_properties(staged.data_key.key, aad_prefix=part.path.encode())
        path = self.folder / part.path
        with damage_named(path), pq.ParquetFile(path, decryption_properties=properties) as file:
            return file.read(columns=columns)

    def read_numbers(self, part: Part, numbers: pa.Array) -> pa.Table:
        """The rows of a people part with some numbers, reading only the row groups that may hold them."""
        file = self.open(part)
        wanted = [group for group in range(file.num_row_groups) if _may_hold(file, group, numbers)]
        if not wanted:
            return PEOPLE.empty_table()
        with damage_named(self.folder / part.path):
            rows = file.read_row_groups(wanted)
        return rows.filter(pc.is_in(rows["person_no"], value_set=numbers))

    def read_people(self, numbers: pa.Array) -> list[pa.Table]:
        """The rows with some numbers (sorted, at least one) of every people part that holds any."""
        first, last = numbers[0].as_py(), numbers[-1].as_py()
        return read_listed(
            lambda: [_part(row) for row in self._desk.rows(PARTS_BETWEEN, first=first, last=last)],
            lambda parts: [self.read_numbers(part, numbers) for part in parts],
        )

    def batches(self, content: Content) -> Iterator[pa.RecordBatch]:
        """All rows of a content, streamed part by part."""
        parts, files = self.open_all(content)
        yield from self.stream(parts, files)

    def open_all(self, content: Content) -> tuple[list[Part], list[pq.ParquetFile]]:
        """The parts of a content with their files open: what is forgotten from now on is still read."""
        return read_listed(lambda: self.parts(content), lambda parts: (parts, [self.open(part) for part in parts]))

    def stream(self, parts: Iterable[Part], files: Iterable[pq.ParquetFile]) -> Iterator[pa.RecordBatch]:
        """All rows of open parts, a batch at a time."""
        for part, file in zip(parts, files, strict=True):
            with damage_named(self.folder / part.path):
                yield from file.iter_batches()

    def remove(self, parts: Iterable[Part]) -> None:
        """Take files off the disk whose parts are gone, and their keys out of memory."""
        for part in parts:
            (self.folder / part.path).unlink(missing_ok=True)
            self._keys.close_key(part.key_id)

    def sweep(self, *, older_than: timedelta) -> int:
        """Remove files no row of the desk speaks of, left by a process that was killed; how many."""
        known = {row.path for row in self._desk.rows(EVERY_PART)}
        return sweep_folder(self.folder, known, older_than=older_than)

    def open(self, part: Part) -> pq.ParquetFile:
        """A part's file, decrypted as it is read."""
        path = self.folder / part.path
        if not path.exists():
            raise StoredDamaged("{path} is missing from the vault; restore it from a backup", path=path)
        properties = create_decryption_properties(self._keys.read(part.key_id), aad_prefix=part.path.encode())
        with damage_named(path):
            return pq.ParquetFile(path, decryption_properties=properties)

    def _write(
        self,
        content: Content,
        rows: pa.Table,
        batch_no: int | None,
        retain_until_day: int | None,
        written: list[Path],
    ) -> StagedPart:
        data_key = fresh_key()
        name = f"{content}-{data_key.key_id.removeprefix('key-')}.parquet"
        properties = create_encryption_properties(
            footer_key=data_key.key, aad_prefix=name.encode(), store_aad_prefix=False
        )
        written.append(self.folder / name)
        pq.write_table(
            rows, written[-1], compression="zstd", row_group_size=_ROW_GROUP, encryption_properties=properties
        )
        sync_file(written[-1])
        is_people = content is Content.PEOPLE
        part = Part(
            path=name,
            content=content,
            key_id=data_key.key_id,
            batch_no=batch_no,
            first_no=rows["person_no"][0].as_py() if is_people else None,
            last_no=rows["person_no"][-1].as_py() if is_people else None,
            row_count=rows.num_rows,
            retain_until_day=retain_until_day,
        )
        return StagedPart(part, data_key)


def _part(row: Row[Any]) -> Part:
    fields = row._asdict()
    return Part(**{**fields, "content": Content(fields["content"])})


def _may_hold(file: pq.ParquetFile, group: int, numbers: pa.Array) -> bool:
    column = file.schema_arrow.get_field_index("person_no")
    bounds = file.metadata.row_group(group).column(column).statistics
    return pc.any(pc.and_(pc.greater_equal(numbers, bounds.min), pc.less_equal(numbers, bounds.max))).as_py() is True
