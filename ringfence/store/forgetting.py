"""Forgetting: what is past its time, or must be taken back, leaves every copy, the vault and the inbox (policy 6.4).

Files are replaced in the manifest in one act and taken off the disk after it; vault parts lose their key as well, so
that a copy in a backup stays shut.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ringfence.errors import InputRefused
from ringfence.store.act import Act
from ringfence.store.lake import Lake, LakeFile
from ringfence.store.vault import Content, Part, StagedPart, Vault
from ringfence.terms import LAYOUTS, RecordKind

DUE_BATCHES = "select batch_no from batch where status = 'committed' and retain_until_day < :day"

END_BATCHES = "update batch set status = 'forgotten' where status = 'committed' and retain_until_day < :day"

DELETE_FROM_INBOX = "delete from inbox where person_no = :person_no"

_BEFORE_ALL_DAYS = -(2**31)


@dataclass(frozen=True)
class Forgetting:
    """Files that go and what takes their place; `rows` counts each row once, however many copies held it."""

    files: tuple[LakeFile, ...] = ()
    shortened: tuple[LakeFile, ...] = ()
    parts: tuple[Part, ...] = ()
    shortened_parts: tuple[StagedPart, ...] = ()
    rows: int = 0


def find_before(lake: Lake, kind: RecordKind, *, day: int) -> Forgetting:
    """Whole days of a kind, in every sorted copy."""
    if LAYOUTS[kind].day_column is None:
        raise InputRefused("records of kind '{kind}' are not kept by day; name the persons instead", kind=kind)
    copies = [lake.files(kind, copy=copy.name, days=(_BEFORE_ALL_DAYS, day - 1)) for copy in LAYOUTS[kind].copies]
    return Forgetting(tuple(chain.from_iterable(copies)), rows=sum(file.row_count for file in copies[0]))


def find_people(lake: Lake, kind: RecordKind, people: Sequence[int], *, turn: int) -> Forgetting:
    """Every file of a kind that holds some people, written again without them, in every sorted copy.

    Cost: the bytes of the kind; a look-up by person reads less, but the copies sorted otherwise must be read whole
    anyway.
    """
    if not LAYOUTS[kind].person_columns:
        raise InputRefused("records of kind '{kind}' hold no persons", kind=kind)
    numbers = pa.array(sorted(people), pa.int64())
    files, shortened, rows = [], [], 0
    for copy in LAYOUTS[kind].copies:
        for file in lake.files(kind, copy=copy.name):
            before = pq.read_table(lake.folder / file.path, schema=LAYOUTS[kind].schema)
            after = before.filter(pc.invert(_is_about(before, kind, numbers)))
            if after.num_rows == before.num_rows:
                continue
            files.append(file)
            if (successor := lake.rewrite(file, after, turn=turn)) is not None:
                shortened.append(successor)
            rows += before.num_rows - after.num_rows if copy is LAYOUTS[kind].copies[0] else 0
    return Forgetting(tuple(files), tuple(shortened), rows=rows)


def find_people_in_vault(vault: Vault, people: Sequence[int]) -> Forgetting:
    """Every people part that holds some people, written again without them."""
    numbers = pa.array(sorted(people), pa.int64())
    parts, shortened, rows = [], [], 0
    for part in vault.parts(Content.PEOPLE):
        gone = vault.read_numbers(part, numbers).num_rows
        if gone:
            before = vault.read_part(part)
            kept = before.filter(pc.invert(pc.is_in(before["person_no"], value_set=numbers)))
            parts.append(part)
            shortened += vault.stage(Content.PEOPLE, kept, batch_no=part.batch_no)
            rows += gone
    return Forgetting(parts=tuple(parts), shortened_parts=tuple(shortened), rows=rows)


def find_due(act: Act, lake: Lake, vault: Vault, *, day: int) -> Forgetting:
    """Everything of every batch whose retention ended before a day: records, raw rows, rejects and evidence."""
    due = {row.batch_no for row in act.rows(DUE_BATCHES, day=day)}
    files, rows = [], 0
    for kind, layout in LAYOUTS.items():
        for copy in layout.copies:
            found = [file for file in lake.files(kind, copy=copy.name) if file.batch_no in due]
            files += found
            rows += sum(file.row_count for file in found) if copy is layout.copies[0] else 0
    return Forgetting(tuple(files), parts=tuple(vault.parts_past(day)), rows=rows)


def end_due(act: Act, *, day: int) -> None:
    """The manifest says so too."""
    act.run(END_BATCHES, day=day)


def commit(act: Act, lake: Lake, vault: Vault, forgetting: Forgetting) -> None:
    """The shortened files take the place of those that go; keys of vault parts that go are shredded."""
    lake.drop(act, forgetting.files)
    lake.commit(act, forgetting.shortened)
    for part in forgetting.parts:
        vault.drop(act, part)
    vault.commit(act, forgetting.shortened_parts)


def remove(lake: Lake, vault: Vault, forgetting: Forgetting) -> None:
    """After the commit: off the disk."""
    lake.remove(forgetting.files)
    vault.remove(forgetting.parts)


def _is_about(rows: pa.Table, kind: RecordKind, numbers: pa.Array) -> pa.ChunkedArray:
    about = pa.chunked_array([pa.repeat(False, rows.num_rows)])  # noqa: FBT003 - a column of False
    for name in LAYOUTS[kind].person_columns:
        about = pc.or_(about, pc.is_in(rows[name], value_set=numbers))
    return about
