"""Forgetting: what is past its time, or must be taken back, leaves every copy, the vault and the inbox (policy 6.4).

What takes the place of a file is drafted beforehand, for that is long work; the act then goes by what the manifest
holds at that moment, so that a file written or replaced meanwhile is neither missed nor brought back. Files leave the
disk after the act; vault parts lose their key as well, so that a copy in a backup stays shut.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.errors import InputRefused, KeysMissing, StoredDamaged
from ringfence.store.act import Act
from ringfence.store.desk import Query
from ringfence.store.lake import Lake, LakeFile
from ringfence.store.vault import Content, Part, StagedPart, Vault
from ringfence.terms import LAYOUTS, LinkAnswer, RecordKind, SubjectKind

DUE_BATCHES = "select batch_no from batch where status <> 'forgotten' and retain_until_day < :day"

END_BATCHES = "update batch set status = 'forgotten' where status <> 'forgotten' and retain_until_day < :day"

DELETE_FROM_INBOX = "delete from inbox where person_no = :person_no"

_ALWAYS = (-(2**31), 2**31 - 1)


@dataclass(frozen=True)
class Forgetting:
    """Files that go and what takes their place; `rows` counts each row once, however many copies held it.

    `indexes` are known once it is committed: they go with the files they were over, and are laid anew in time.
    """

    files: tuple[LakeFile, ...] = ()
    shortened: tuple[LakeFile, ...] = ()
    parts: tuple[Part, ...] = ()
    shortened_parts: tuple[StagedPart, ...] = ()
    rows: int = 0
    indexes: tuple[str, ...] = ()


class _Piece(Protocol):
    @property
    def path(self) -> str: ...


P = TypeVar("P", bound=_Piece)


class Drafts(Generic[P]):
    """What forgetting does to each file: drafted for those there are now, completed in the act for those since."""

    def __init__(self, pieces: Callable[[Query | None], Iterable[P]], draft: Callable[[P], Forgetting]) -> None:
        self._pieces = pieces
        self._draft = draft
        self._drafted = {piece.path: drafted for piece in pieces(None) if (drafted := self._try(piece)) is not None}

    def complete(self, act: Act) -> Forgetting:
        """All of it, for exactly the files there are in this act."""
        return join([self._take(piece) for piece in self._pieces(act.rows)])

    def unused(self) -> Forgetting:
        """Drafts for files that were gone when the act came, to be taken off the disk."""
        return join(self._drafted.values())

    def _try(self, piece: P) -> Forgetting | None:
        try:
            return self._draft(piece)
        except (StoredDamaged, KeysMissing):
            return None  # forgotten or replaced since it was listed; if it is damaged indeed, the act will say so

    def _take(self, piece: P) -> Forgetting:
        return self._drafted.pop(piece.path) if piece.path in self._drafted else self._draft(piece)


def join(forgettings: Iterable[Forgetting]) -> Forgetting:
    """Several as one."""
    every = list(forgettings)
    return Forgetting(
        tuple(file for one in every for file in one.files),
        tuple(file for one in every for file in one.shortened),
        tuple(part for one in every for part in one.parts),
        tuple(part for one in every for part in one.shortened_parts),
        sum(one.rows for one in every),
    )


def files_of(
    lake: Lake, kind: RecordKind, *, days: tuple[int, int] = _ALWAYS
) -> Callable[[Query | None], list[LakeFile]]:
    """Every file of a kind in every sorted copy, in force or not."""
    copies = [copy.name for copy in LAYOUTS[kind].copies]
    return lambda ask: [file for copy in copies for file in lake.every_file(kind, copy=copy, days=days, ask=ask)]


def people_parts_of(vault: Vault) -> Callable[[Query | None], list[Part]]:
    """Every part of the vault that says who people are."""
    return lambda ask: vault.parts(Content.PEOPLE, ask=ask)


def draft_whole(file: LakeFile) -> Forgetting:
    """A file that goes as it is."""
    return Forgetting((file,), rows=file.row_count if _counts(file) else 0)


def draft_people(lake: Lake, file: LakeFile, people: Sequence[int], *, turn: int) -> Forgetting:
    """A file written again without some people; nothing when they are not in it."""
    before = lake.read_file(file)
    after = before.filter(pc.invert(_is_about(before, file.kind, pa.array(people, pa.int64()))))
    gone = before.num_rows - after.num_rows
    if not gone:
        return Forgetting()
    successor = lake.rewrite(file, after, turn=turn)
    return Forgetting((file,), (successor,) if successor else (), rows=gone if _counts(file) else 0)


def draft_separation(lake: Lake, file: LakeFile, people: Sequence[int], *, to_no: int, turn: int) -> Forgetting:
    """A file written again with some people's rows under another number; nothing when they are not in it.

    What linked them was wrong, so nothing is certain about the number they get (DESIGN: somebody asks at the door).
    """
    before = lake.read_file(file)
    numbers = pa.array(people, pa.int64())
    is_moved = _is_about(before, file.kind, numbers)
    after = before
    for name in _person_columns(file.kind):
        is_theirs = pc.and_(is_moved, pc.fill_null(pc.is_in(after[name], value_set=numbers), False))  # noqa: FBT003
        after = _replace(after, name, pc.if_else(is_theirs, pa.scalar(to_no, pa.int64()), after[name]))
    if file.kind is RecordKind.LINK:
        after = _replace(after, "answer", pc.if_else(is_moved, LinkAnswer.REVIEW.value, after["answer"]))
        after = _replace(after, "household", pc.if_else(is_moved, pa.scalar(None, pa.int64()), after["household"]))
    if after.equals(before):
        return Forgetting()
    successor = lake.rewrite(file, after, turn=turn)
    moved = pc.sum(is_moved).as_py() if _counts(file) else 0
    return Forgetting((file,), (successor,) if successor else (), rows=moved)


def draft_people_in_part(vault: Vault, part: Part, people: Sequence[int]) -> Forgetting:
    """A people part written again without some people; nothing when they are not in it."""
    numbers = pa.array(people, pa.int64())
    gone = vault.read_numbers(part, numbers).num_rows
    if not gone:
        return Forgetting()
    before = vault.read_part(part)
    kept = before.filter(pc.invert(pc.is_in(before["person_no"], value_set=numbers)))
    return Forgetting(
        parts=(part,), shortened_parts=tuple(vault.stage(Content.PEOPLE, kept, batch_no=part.batch_no)), rows=gone
    )


def find_due(act: Act, lake: Lake, vault: Vault, *, day: int) -> Forgetting:
    """Everything of every batch whose retention ended before a day: records, raw rows, rejects and evidence."""
    due = {row.batch_no for row in act.rows(DUE_BATCHES, day=day)}
    files = [file for kind in LAYOUTS for file in files_of(lake, kind)(act.rows) if file.batch_no in due]
    parts = Forgetting(parts=tuple(vault.parts_past(day, ask=act.rows)))
    return join([parts, *(draft_whole(file) for file in files)])


def end_due(act: Act, *, day: int) -> None:
    """The manifest says so too."""
    act.run(END_BATCHES, day=day)


def delete_from_inbox(act: Act, people: Sequence[int]) -> int:
    """Whoever of some people waits in the inbox, gone; how many rows."""
    return sum(act.run(DELETE_FROM_INBOX, person_no=number) for number in people)


def commit(act: Act, lake: Lake, vault: Vault, forgetting: Forgetting) -> Forgetting:
    """The shortened files take the place of those that go; keys of vault parts that go are shredded."""
    indexes = lake.drop(act, forgetting.files)
    lake.commit(act, forgetting.shortened)
    for part in forgetting.parts:
        vault.drop(act, part)
    vault.commit(act, forgetting.shortened_parts)
    return replace(forgetting, indexes=tuple(indexes))


def remove(lake: Lake, vault: Vault, forgetting: Forgetting) -> None:
    """After the commit: off the disk."""
    lake.remove(forgetting.files, indexes=forgetting.indexes)
    vault.remove(forgetting.parts)


def discard(lake: Lake, vault: Vault, forgetting: Forgetting) -> None:
    """What will not take anything's place: off the disk."""
    lake.remove(forgetting.shortened)
    vault.discard(forgetting.shortened_parts)


def person_files_of(lake: Lake, *, batch_no: int) -> Callable[[Query | None], list[LakeFile]]:
    """Every file of a batch that can hold a person's number."""
    kinds = [kind for kind in LAYOUTS if _person_columns(kind)]
    return lambda ask: [file for kind in kinds for file in files_of(lake, kind)(ask) if file.batch_no == batch_no]


def check_is_kept_by_day(kind: RecordKind) -> None:
    """InputRefused for a kind whose records have no day."""
    if LAYOUTS[kind].day_column is None:
        raise InputRefused("records of kind '{kind}' are not kept by day; name the persons instead", kind=kind)


def check_holds_persons(kind: RecordKind) -> None:
    """InputRefused for a kind whose records are about nobody."""
    if not _person_columns(kind):
        raise InputRefused("records of kind '{kind}' hold no persons", kind=kind)


def _counts(file: LakeFile) -> bool:
    return file.copy == LAYOUTS[file.kind].copies[0].name


def _person_columns(kind: RecordKind) -> set[str]:
    """Columns that can hold a person's number, a `subject` among them: its kind stands beside it."""
    return set(LAYOUTS[kind].person_columns) | ({"subject"} & set(LAYOUTS[kind].schema.names))


def _replace(rows: pa.Table, name: str, column: pa.ChunkedArray) -> pa.Table:
    place = rows.schema.get_field_index(name)
    return rows.set_column(place, rows.schema.field(place), column)


def _is_about(rows: pa.Table, kind: RecordKind, numbers: pa.Array) -> pa.ChunkedArray:
    about = pa.chunked_array([pa.repeat(False, rows.num_rows)])  # noqa: FBT003 - a column of False
    for name in _person_columns(kind):
        found = pc.is_in(rows[name], value_set=numbers)
        if name == "subject":  # a place or a lot may have the same number
            found = pc.and_(found, pc.equal(rows["subject_kind"], SubjectKind.PERSON))
        about = pc.or_(about, pc.fill_null(found, False))  # noqa: FBT003 - the value that fills
    return about
