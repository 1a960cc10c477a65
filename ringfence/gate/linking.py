"""Linking after the fact: identities that wait are opened for linking alone, and shredded once numbered (1.3, 6.4)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from ringfence.access import check_can
from ringfence.gate.passages import Identity, place_of
from ringfence.policy import Permission
from ringfence.store import EVERYWHERE, Act, Store, unseal
from ringfence.terms import PersonNo, Purpose, to_us

WAITING = """
select o.passage_id, o.occupant_no, o.key_id, o.sealed, p.area_path
from passage_occupant o join passage p on p.passage_id = o.passage_id
where o.sealed is not null and o.verdict = 'admit'
    and exists (
        select 1 from passage_occupant w join passage l on l.passage_id = w.passage_id
        where w.sealed is not null and w.verdict = 'admit' and l.recorded_at <= :due_at
    )
order by p.passed_at, o.passage_id, o.occupant_no
limit :limit
"""

PUT_PERSON = """
update passage_occupant set person = :person, key_id = null, sealed = null
where passage_id = :passage_id and occupant_no = :occupant_no and sealed is not null
"""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """An occupant who was let through and is not linked yet."""

    passage_id: str
    occupant_no: int
    identity: Identity


def read_waiting(act: Act, *, due_at: datetime, limit: int, purpose: Purpose, store: Store) -> list[Waiting]:
    """Who waits to be linked, the longest first, once somebody was registered at `due_at` or before.

    Linking shows nobody to anybody, and is the system's as with any feed; the look is on record. Who was not let
    through is linked to nobody.
    """
    check_can(act, Permission.FEED_RECEIVE, area_path=EVERYWHERE)
    rows = act.rows(WAITING, due_at=to_us(due_at), limit=limit)
    if rows:
        act.note("occupants.read", purpose=purpose, count=len(rows))
    return [_opened(row, store=store) for row in rows]


def put_persons(act: Act, linked: Sequence[tuple[Waiting, PersonNo | None]]) -> int:
    """Put in the numbers that linking found (None: nobody's); the identities go. How many were still waiting."""
    check_can(act, Permission.FEED_RECEIVE, area_path=EVERYWHERE)
    count = act.run_many(
        PUT_PERSON,
        [{"person": person, "passage_id": one.passage_id, "occupant_no": one.occupant_no} for one, person in linked],
    )
    act.note("occupants.linked", count=len(linked), ids=[person for _, person in linked if person is not None])
    return count


def _opened(row: Row[Any], *, store: Store) -> Waiting:
    plain = unseal(store.keys.read(row.key_id), bytes(row.sealed), place=place_of(row.passage_id, row.occupant_no))
    return Waiting(passage_id=row.passage_id, occupant_no=row.occupant_no, identity=json.loads(plain))
