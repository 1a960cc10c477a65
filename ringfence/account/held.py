"""What is held about one person: what, why, who decided, until when, who looked, how to contest (policy 2.6, 6.4).

The person is entitled to all of it, from wherever it stands; whoever gathers it needs the duty to answer disputes where
the person is known. Gathering it is a look like any other, and stands at the end of the sheet.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from ringfence.access import check_can, read_purpose, read_scope
from ringfence.account.held_rows import (
    Held,
    HeldKind,
    HeldRecords,
    read_areas_of,
    read_desk_rows,
    read_homes,
    read_records,
)
from ringfence.errors import NotAllowed, NotFound
from ringfence.policy import Permission, Policy, read_in_force
from ringfence.seal import Signer
from ringfence.store import EVERYWHERE, Act, Aliases, Look, Store
from ringfence.terms import (
    Actor,
    Contested,
    ContestedKind,
    OrderStatus,
    PersonNo,
    Purpose,
    TaskStatus,
)
from ringfence.work import write_link

PURPOSE = "dispute"

IDENTITY = ("name", "sex", "birth_date", "id_number", "phone", "address", "area_code")

AREAS = "select area_path from area where area_code in :among"

CONTESTABLE: Mapping[HeldKind, tuple[ContestedKind, Collection[str]]] = {
    HeldKind.ORDER: (ContestedKind.ORDER, {OrderStatus.DRAFTED, OrderStatus.SIGNED, OrderStatus.SUSPENDED}),
    HeldKind.TASK: (ContestedKind.TASK, {TaskStatus.OPEN, TaskStatus.ACKNOWLEDGED, TaskStatus.DONE}),
}
"""What can be contested, and in which states."""


@dataclass(frozen=True, kw_only=True)
class HeldSheet:
    """Everything about one person at one moment; `links` holds the signed link of whatever can be contested."""

    person_no: PersonNo
    numbers: tuple[PersonNo, ...]
    identity: Mapping[str, Any]
    rows: tuple[Held, ...]
    records: tuple[HeldRecords, ...]
    looks: tuple[Look, ...]
    links: Mapping[Held, str]
    gathered_by: str
    gathered_at: datetime


def gather_held(store: Store, person_no: PersonNo, *, signer: Signer, actor: Actor, now: datetime) -> HeldSheet:
    """The sheet of a person, under every number that leads to them.

    NotAllowed for who may not answer disputes where the person is known; NotFound where nothing is held.
    """
    policy = Policy(read_in_force(store.desk, now=now), store.clock.day_of(now))
    purpose = read_purpose(store.desk, PURPOSE, now=now)
    read_scope(store.desk, actor, purpose, now=now)  # who may not name the purpose reads nothing
    numbers = _numbers(store, person_no)
    homes = read_homes(store.lake, numbers)

    def read(act: Act) -> list[Held]:
        return _read_desk(act, numbers, homes=homes, purpose=purpose, policy=policy)

    rows = store.act(read, actor=actor, now=now)
    people = store.read_people(numbers, purpose=purpose, actor=actor, now=now).to_pylist()
    records = list(read_records(store.lake, numbers, policy=policy))
    if not (rows or people or records):
        raise NotFound("nothing is held about person {person}", person=person_no)
    kept = timedelta(days=policy.days("retention.table.ledger"))
    looks = [
        look
        for look in store.read_looks(since=now - kept, until=now + timedelta(microseconds=1))
        if look.people.intersection(numbers)
    ]
    return HeldSheet(
        person_no=person_no,
        numbers=numbers,
        identity={name: people[0][name] for name in IDENTITY} if people else {},
        rows=tuple(rows),
        records=tuple(records),
        looks=tuple(looks),
        links={
            row: write_link(_contested(row), signer=signer, policy=policy, now=now) for row in rows if _is_open(row)
        },
        gathered_by=actor.actor_id,
        gathered_at=now,
    )


def _read_desk(
    act: Act, numbers: tuple[PersonNo, ...], *, homes: Collection[str], purpose: Purpose, policy: Policy
) -> list[Held]:
    """The rows of the desk, after asking the right where the person is known; the look is on record."""
    paths = read_areas_of(act, numbers) | {row.area_path for row in act.rows_among(AREAS, homes)}
    _check_may_gather(act, sorted(paths) or [EVERYWHERE])
    act.note("held.read", purpose=purpose, ids=numbers)
    return list(read_desk_rows(act, numbers, policy=policy))


def _check_may_gather(act: Act, paths: Sequence[str]) -> None:
    """NotAllowed unless the actor answers disputes and reads people in one of the areas a person is known in."""
    for path in paths[:-1]:
        with suppress(NotAllowed):
            return _check(act, path)
    return _check(act, paths[-1])


def _check(act: Act, path: str) -> None:
    check_can(act, Permission.DISPUTE_ANSWER, area_path=path)
    check_can(act, Permission.PEOPLE_READ, area_path=path)


def _numbers(store: Store, person_no: PersonNo) -> tuple[PersonNo, ...]:
    aliases = Aliases(store.desk)
    members, _ = aliases.expand(aliases.resolve(np.array([person_no], dtype=np.int64)))
    return tuple(sorted(int(number) for number in members))


def _is_open(row: Held) -> bool:
    return row.kind in CONTESTABLE and row.status in CONTESTABLE[row.kind][1]


def _contested(row: Held) -> Contested:
    return Contested(CONTESTABLE[row.kind][0], row.number)
