"""One person's line of time: exposed, asked for, under an order, seen day by day, as far as the reader's purposes go.

Of an exposure it says the day and the kind of place, never whose case it was nor the path (policy 2.2, 6.4).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ringfence.console.visitor import Visitor
from ringfence.terms import calendar_day, from_us, to_us

TASKS = """
select opened_at, kind, status, reason, owner from visible_task
where subject_kind = 'person' and subject_key = :person order by opened_at
"""

ORDERS = """
select drafted_at, measure, status, reason, coalesce(signed_by, drafted_by) as decided_by
from visible_measure_order where person_no = :person order by drafted_at
"""

FOLLOW_UP_DAYS = """
select d.day, d.status, d.seen_by
from visible_follow_up f join follow_up_day d on d.follow_up_id = f.follow_up_id
where f.person_no = :person order by d.day
"""

EXPOSURES = """
select e.last_day, e.status, p.kind as place_kind
from visible_exposure e
left join exposure_reason r on r.exposure_id = e.exposure_id and r.reason_no = 1
left join place p on p.place_no = r.place_no
where e.subject_kind = 'person' and e.subject_key = :person order by e.last_day
"""

OPENED_BY = {
    "task": ("outreach", "follow_up", "measures"),
    "measure_order": ("measures", "follow_up"),
    "follow_up": ("follow_up",),
    "exposure": ("outreach", "measures"),
}
"""By table: the purposes under which it belongs to somebody's line."""


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One point of the line: an instant or a local day, what it was, where it stands, why, and who did it."""

    at: datetime | date
    what: str
    status: str
    reason: str | None = None
    who: str | None = None
    order: tuple[int, int] = (0, 0)


def read_line(visitor: Visitor, person_no: int) -> list[Moment]:
    """Everything the visitor may know of a person, oldest first; empty for who is on no list of theirs."""
    return sorted(_read(visitor, person_no), key=lambda moment: moment.order)


def _read(visitor: Visitor, person_no: int) -> Iterator[Moment]:
    key = str(person_no)
    for row in _rows(visitor, "exposure", EXPOSURES, key):
        what = row.place_kind or "exposed"
        yield Moment(
            at=calendar_day(row.last_day), what=what, status=row.status, order=_of_day(visitor, row.last_day, 0)
        )
    for row in _rows(visitor, "task", TASKS, key):
        at = from_us(row.opened_at)
        yield Moment(
            at=at, what=row.kind, status=row.status, reason=row.reason, who=row.owner, order=(row.opened_at, 1)
        )
    for row in _rows(visitor, "measure_order", ORDERS, person_no):
        at = from_us(row.drafted_at)
        yield Moment(
            at=at,
            what=row.measure,
            status=row.status,
            reason=row.reason,
            who=row.decided_by,
            order=(row.drafted_at, 2),
        )
    for row in _rows(visitor, "follow_up", FOLLOW_UP_DAYS, person_no):
        order = _of_day(visitor, row.day, 3)
        yield Moment(at=calendar_day(row.day), what="follow-up", status=row.status, who=row.seen_by, order=order)


def _rows(visitor: Visitor, table: str, sql: str, person: object) -> Sequence[Any]:
    """The rows of a table about a person, under the first purpose of the visitor's that opens it to them."""
    for purpose in OPENED_BY[table]:
        scope = visitor.scope(purpose) if purpose in visitor.purposes else None
        if scope is not None and scope.paths.get(table):
            return visitor.store.desk.rows(sql, scope=scope, person=person)
    return []


def _of_day(visitor: Visitor, day: int, place: int) -> tuple[int, int]:
    return to_us(visitor.store.clock.midnight(day)), place
