"""The inbox: a new person has a number at once, sealed in the act that found them; a job folds them into the vault.

The number is provisional until linking says who it is; an alias then leads from it to the person.
"""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from ringfence.store.act import Act
from ringfence.store.desk import Desk
from ringfence.store.keys import KeyRing
from ringfence.store.sealing import seal, unseal
from ringfence.store.vault import PEOPLE, Content, StagedPart, Vault
from ringfence.terms import to_us

KEY_USE = "inbox"
_ALL_NUMBERS = (0, 2**63 - 1)

INSERT_PERSON = """
insert into inbox (person_no, key_id, sealed, batch_no, row_no, recorded_at)
values (:person_no, :key_id, :sealed, :batch_no, :row_no, :recorded_at)
"""

READ_INBOX = """
select inbox_no, person_no, key_id, sealed, batch_no, row_no, recorded_at from inbox
where person_no >= :first and person_no <= :last order by inbox_no
"""

DELETE_FOLDED = "delete from inbox where inbox_no <= :last"

_SEALED = [name for name in PEOPLE.names if name not in {"person_no", "batch", "row", "recorded_at"}]


def add_people(act: Act, keys: KeyRing, people: Sequence[dict[str, Any]], *, batch_no: int | None = None) -> int:
    """Put new people in, sealed; the first of their consecutive numbers. `row` gives each one's line in the batch."""
    first = act.take_numbers("person", len(people))
    key = keys.newest(KEY_USE)
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


def read_inbox(desk: Desk, keys: KeyRing, *, between: tuple[int, int] | None = None) -> tuple[pa.Table, int]:
    """The people waiting (with numbers in a range, both included), and the last inbox number among them."""
    first, last = between or _ALL_NUMBERS
    rows = desk.rows(READ_INBOX, first=first, last=last)
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
    return pa.Table.from_pylist(people, schema=PEOPLE), max((row.inbox_no for row in rows), default=0)


def stage_folding(desk: Desk, keys: KeyRing, vault: Vault) -> tuple[list[StagedPart], int]:
    """First half of folding: the waiting people written as vault parts, and how far the inbox went into them."""
    people, last = read_inbox(desk, keys)
    return vault.stage(Content.PEOPLE, people), last


def fold(act: Act, vault: Vault, staged: Sequence[StagedPart], last: int) -> None:
    """Second half: the parts exist and the inbox lets go of what is in them, in one act."""
    vault.commit(act, staged)
    act.run(DELETE_FOLDED, last=last)


def _to_bytes(person: dict[str, Any]) -> bytes:
    kept = {name: person.get(name) for name in _SEALED}
    return json.dumps(kept, ensure_ascii=False, default=str).encode()


def _from_bytes(sealed: bytes) -> dict[str, Any]:
    person: dict[str, Any] = json.loads(sealed)
    if person["birth_date"] is not None:
        person["birth_date"] = date.fromisoformat(person["birth_date"])
    return person
