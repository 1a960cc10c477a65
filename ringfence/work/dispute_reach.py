"""What a dispute reaches: the orders and exposures that stand or fall with the thing that is contested (policy 2.6)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from ringfence.access import may
from ringfence.errors import NotFound, TransitionRefused
from ringfence.policy import Permission
from ringfence.store import Act
from ringfence.terms import Contested, ContestedKind, OrderStatus, Subject, SubjectKind, TaskStatus

CONTESTED_ORDER = """
select order_id as number, 'person' as subject_kind, cast(person_no as text) as subject_key, area_path, status
from measure_order where order_id = :number
"""

CONTESTED_TASK = """
select task_id as number, subject_kind, subject_key, area_path, status from task where task_id = :number
"""

# The steps of one measure stand on one exposure and fall together; a manual order stands alone.
ORDERS_OF_ORDER = """
select o.order_id, o.measure, o.status, o.drafted_by, o.signed_by, o.to_day
from measure_order c
join measure_order o on o.person_no = c.person_no and (o.order_id = c.order_id or o.exposure_id = c.exposure_id)
where c.order_id = :number and o.status in ('drafted', 'signed', 'suspended')
order by o.order_id
"""

ORDERS_OF_TASK = """
select o.order_id, o.measure, o.status, o.drafted_by, o.signed_by, o.to_day
from task t
join task_basis b on b.task_id = t.task_id
join measure_order o on o.exposure_id = b.exposure_id and cast(o.person_no as text) = t.subject_key
where t.task_id = :number and t.subject_kind = 'person' and o.status in ('drafted', 'signed', 'suspended')
order by o.order_id
"""

EXPOSURES_OF_ORDER = """
select e.exposure_id, e.signal_id from measure_order o join exposure e on e.exposure_id = o.exposure_id
where o.order_id = :number
"""

EXPOSURES_OF_TASK = """
select e.exposure_id, e.signal_id from task_basis b join exposure e on e.exposure_id = b.exposure_id
where b.task_id = :number order by e.exposure_id
"""

# Who is exposed through the person alone: a second ring falls with the first.
THROUGH_PERSON = """
select e.exposure_id, e.signal_id from exposure e
where e.signal_id in :among and e.status <> 'retracted'
    and exists (
        select 1 from exposure_reason r
        where r.exposure_id = e.exposure_id and r.source_kind = :kind and r.source_key = :key
    )
    and not exists (
        select 1 from exposure_reason r
        where r.exposure_id = e.exposure_id and not (r.source_kind = :kind and r.source_key = :key)
    )
order by e.exposure_id
"""

WORKERS_OF_TASK = "select acknowledged_by, ended_by from task where task_id = :number"

STANDING: Mapping[ContestedKind, Collection[str]] = {
    ContestedKind.ORDER: {OrderStatus.DRAFTED, OrderStatus.SIGNED, OrderStatus.SUSPENDED},
    ContestedKind.TASK: {TaskStatus.OPEN, TaskStatus.ACKNOWLEDGED, TaskStatus.DONE},
}
"""In which states something can be contested: before it was taken back."""


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Orders (rows), and exposures with their signals, that a dispute is about; `deciders` signed or asked it."""

    orders: tuple[Row[Any], ...]
    exposures: tuple[Row[Any], ...]
    deciders: frozenset[str]

    def overlaps(self, other: "Reach") -> bool:
        """Whether something stands or falls with both."""
        own, others = (
            {(row.exposure_id, None) for row in one.exposures} | {(None, row.order_id) for row in one.orders}
            for one in (self, other)
        )
        return bool(own & others)


def read_contested(act: Act, contested: Contested) -> tuple[Subject, str]:
    """Who the contested thing is asked of, and its area path.

    NotFound when there is none, TransitionRefused when it was taken back already.
    """
    row = _read_row(act, contested)
    if row.status not in STANDING[contested.kind]:
        raise TransitionRefused(
            "{contested} is {found}; there is nothing left to contest", contested=str(contested), found=row.status
        )
    return Subject(SubjectKind(row.subject_kind), row.subject_key), row.area_path


def check_reaches(act: Act, contested: Contested, *, permission: Permission) -> None:
    """NotFound where there is no such thing in an area over which the act's actor has the permission."""
    if not may(act, permission, area_path=_read_row(act, contested).area_path):
        raise _no_such(contested)


def _read_row(act: Act, contested: Contested) -> Row[Any]:
    statement = CONTESTED_ORDER if contested.kind is ContestedKind.ORDER else CONTESTED_TASK
    rows = act.rows(statement, number=contested.number)
    if not rows:
        raise _no_such(contested)
    return rows[0]


def _no_such(contested: Contested) -> NotFound:
    return NotFound("there is no {contested} to contest", contested=str(contested))


def find_through(act: Act, subject: Subject, *, signals: Iterable[int]) -> list[int]:
    """The exposures to some signals that lead through a subject alone."""
    rows = act.rows_among(THROUGH_PERSON, signals, kind=subject.kind.value, key=subject.key)
    return [row.exposure_id for row in rows]


def find_reach(act: Act, contested: Contested) -> Reach:
    """Everything that stands or falls with the thing."""
    is_order = contested.kind is ContestedKind.ORDER
    orders = act.rows(ORDERS_OF_ORDER if is_order else ORDERS_OF_TASK, number=contested.number)
    exposures = act.rows(EXPOSURES_OF_ORDER if is_order else EXPOSURES_OF_TASK, number=contested.number)
    signers = {name for row in orders for name in (row.drafted_by, row.signed_by)}
    workers: Iterable[str | None] = () if is_order else act.rows(WORKERS_OF_TASK, number=contested.number)[0]
    deciders = frozenset(name for name in {*signers, *workers} if name)
    return Reach(orders=tuple(orders), exposures=tuple(exposures), deciders=deciders)
