"""The inbox: a new person has a number at once, sealed in the act that found them; a job folds them into the vault.

The number is provisional until linking says who it is; an alias then leads from it to the person. Each folding ends
the key the inbox was sealed under: a copy of old inbox rows in a backup stays shut.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
from sqlalchemy import Row

from ringfence.errors import InputRefused
from ringfence.store.act import Act
from ringfence.store.desk import Desk
from ringfence.store.keys import KeyRing
from ringfence.store.rereading import read_listed
from ringfence.store.sealing import seal, unseal
from ringfence.store.vault import PEOPLE, Content, StagedPart, Vault
from ringfence.terms import to_us

KEY_USE = "inbox"
_ALL_NUMBERS = (0, 2**63 - 1)

ADDING = "lock table inbox in row exclusive mode"  # beside others who add, never beside one who ends the key

FOLDING = "lock table inbox in share row exclusive mode"

INSERT_PERSON = """
insert into inbox (person_no, key_id, sealed, batch_no, row_no, recorded_at)
values (:person_no, :key_id, :sealed, :batch_no, :row_no, :recorded_at)
"""

READ_INBOX = """
select inbox_no, person_no, key_id, sealed, batch_no, row_no, recorded_at from inbox
where person_no >= :first and person_no <= :last order by inbox_no
"""

COUNT_INBOX = "select count(*) from inbox"

DELETE_FOLDED = "delete from inbox where inbox_no <= :last returning inbox_no"

KEYS_NOBODY_NEEDS = """
select k.key_id from data_key k
where k.used_for = :used_for and k.destroyed_at is null and k.key_id <> :newest
    and not exists (select 1 from inbox i where i.key_id = k.key_id)
"""

_SEALED = [field for field in PEOPLE if field.name not in {"person_no", "batch", "row", "recorded_at"}]


class InboxMoved(Exception):
    """Somebody else folded, added or forgot between the two halves of a folding; begin it again."""


@dataclass(frozen=True)
class Folding:
    """People of the inbox written as vault parts, and the inbox numbers they stood under."""

    staged: list[StagedPart]
    inbox_nos: list[int]


def add_people(act: Act, keys: KeyRing, people: Sequence[dict[str, Any]], *, batch_no: int | None = None) -> int:
    """Put new people in, sealed; the first of their consecutive numbers. `row` gives each one's line in the batch."""
    _check_fields(people)
    act.stand_in_line(ADDING)
    first = act.take_numbers("person", len(people))
    key = keys.newest(KEY_USE, ask=act.rows)
    act.run_many(
        INSERT_PERSON,
        [
            {
                "person_no": number,
                "key_id": key.key_id,
                "sealed": seal(key.key, _to_bytes(person), place=f"inbox/{number}"),
                "batch_no": batch_no,
                "row_no": person.get("row"),
                "recorded_at": to_us(act.now),
            }
            for number, person in enumerate(people, start=first)
        ],
    )
    return first


def read_inbox(desk: Desk, keys: KeyRing, *, between: tuple[int, int] = _ALL_NUMBERS) -> pa.Table:
    """The people waiting (with numbers in a range, both included), oldest first (schema PEOPLE)."""
    return read_listed(lambda: _waiting(desk, between), lambda rows: _unsealed(keys, rows))


def count_inbox(desk: Desk) -> int:
    """How many people wait."""
    [[count]] = desk.rows(COUNT_INBOX)
    return int(count)


def stage_folding(desk: Desk, keys: KeyRing, vault: Vault) -> Folding:
    """First half of folding: the waiting people written as vault parts."""
    rows, people = read_listed(lambda: _waiting(desk, _ALL_NUMBERS), lambda rows: (rows, _unsealed(keys, rows)))
    return Folding(vault.stage(Content.PEOPLE, people), [row.inbox_no for row in rows])


def fold(act: Act, keys: KeyRing, vault: Vault, folding: Folding) -> None:
    """Second half: the parts exist and the inbox lets go of exactly who is in them; InboxMoved when it cannot."""
    act.stand_in_line(FOLDING)
    gone = act.run_returning(DELETE_FOLDED, last=max(folding.inbox_nos))
    if {row.inbox_no for row in gone} != set(folding.inbox_nos):
        raise InboxMoved
    vault.commit(act, folding.staged)
    fresh = keys.make(act, KEY_USE)
    for row in act.rows(KEYS_NOBODY_NEEDS, used_for=KEY_USE, newest=fresh.key_id):
        keys.destroy(act, row.key_id)


def _waiting(desk: Desk, between: tuple[int, int]) -> Sequence[Row[Any]]:
    return desk.rows(READ_INBOX, first=between[0], last=between[1])


def _unsealed(keys: KeyRing, rows: Sequence[Row[Any]]) -> pa.Table:
    people = [
        {
            **_from_bytes(unseal(keys.read(row.key_id), bytes(row.sealed), place=f"inbox/{row.person_no}")),
            "person_no": row.person_no,
            "batch": row.batch_no,
            "row": row.row_no,
            "recorded_at": row.recorded_at,
        }
        for row in rows
    ]
    return pa.Table.from_pylist(people, schema=PEOPLE)


def _check_fields(people: Sequence[dict[str, Any]]) -> None:
    """InputRefused for what the vault could not take later, when nobody is left to mend it."""
    unknown = sorted({name for person in people for name in person} - {field.name for field in _SEALED} - {"row"})
    if unknown:
        raise InputRefused("a new person has a field '{field}' that the vault does not keep", field=unknown[0])
    for field in _SEALED:
        try:
            pa.array([person.get(field.name) for person in people], field.type)
        except (pa.ArrowException, ValueError, TypeError, OverflowError):
            raise InputRefused(  # without its cause, whose text quotes the person
                "field '{field}' of a new person is not of type {type}; nobody was added",
                field=field.name,
                type=str(field.type),
            ) from None


def _to_bytes(person: dict[str, Any]) -> bytes:
    kept = {field.name: person.get(field.name) for field in _SEALED}
    return json.dumps(kept, ensure_ascii=False, default=date.isoformat).encode()


def _from_bytes(sealed: bytes) -> dict[str, Any]:
    person: dict[str, Any] = json.loads(sealed)
    if person["birth_date"] is not None:
        person["birth_date"] = date.fromisoformat(person["birth_date"])
    return person
