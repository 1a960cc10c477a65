"""What a worker or a hotel is shown of a task: what to do, where and by when; never a case, never a path (policy 6.4).

Why somebody is to be reached stands in the task as a reason, and in the exposure as its path: both can name a case, a
tube or a household. Neither goes into this view. Of the exposure it has the kind of place and the day, no more; a home
is shown as any other place, for its kind alone would say whose it was.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from ringfence.store import Desk, Scope
from ringfence.terms import (
    Clock,
    Level,
    PlaceKind,
    Subject,
    SubjectKind,
    TaskKind,
    TaskStatus,
    calendar_day,
    from_us,
)

# The heaviest reason that has a place speaks for all; a task about a place is about that place.
SHOWN = """
with exposed as (
    select t.task_id, max(r.last_at) as last_at
    from visible_task t
    join task_basis b on b.task_id = t.task_id
    join exposure_reason r on r.exposure_id = b.exposure_id
    where t.status in ('open', 'acknowledged')
    group by t.task_id
),
placed as (
    select t.task_id, p.kind, row_number() over (partition by t.task_id order by r.weight desc, p.place_no) as turn
    from visible_task t
    join task_basis b on b.task_id = t.task_id
    join exposure_reason r on r.exposure_id = b.exposure_id
    join place p on p.place_no = r.place_no
    where t.status in ('open', 'acknowledged')
)
select t.task_id, t.kind, t.subject_kind, t.subject_key, t.owner, t.status, t.level, t.due_at, e.last_at,
    coalesce(own.kind, l.kind) as place_kind
from visible_task t
left join exposed e on e.task_id = t.task_id
left join placed l on l.task_id = t.task_id and l.turn = 1
left join place own on own.place_no = case when t.subject_kind = 'place' then cast(t.subject_key as bigint) end
where t.status in ('open', 'acknowledged') and (:owner = '' or t.owner = :owner)
order by t.due_at, t.weight desc, t.task_id
"""


@dataclass(frozen=True, kw_only=True)
class ShownTask:
    """A task as its worker sees it; `place_kind` and `on_day` are of the last exposure, where there was one."""

    task_id: int
    kind: TaskKind
    subject: Subject
    owner: str
    status: TaskStatus
    level: Level
    due_at: datetime
    place_kind: PlaceKind
    on_day: date | None

    def to_payload(self) -> dict[str, str | int | None]:
        """The task in plain values, as it goes to a phone."""
        return {
            "task": self.task_id,
            "kind": self.kind.value,
            "subject": str(self.subject),
            "owner": self.owner,
            "status": self.status.value,
            "level": self.level.value,
            "due_at": self.due_at.isoformat(),
            "place_kind": self.place_kind.value,
            "on_day": None if self.on_day is None else self.on_day.isoformat(),
        }


def show_to_worker(desk: Desk, *, scope: Scope, clock: Clock, owner: str = "") -> list[ShownTask]:
    """What is still to be done in the reader's areas, or by one unit of them: by deadline, then the heaviest first."""
    return list(_show(desk.rows(SHOWN, scope=scope, owner=owner), clock=clock))


def _show(rows: Iterable[Row[Any]], *, clock: Clock) -> Iterable[ShownTask]:
    for row in rows:
        kind = PlaceKind(row.place_kind or PlaceKind.OTHER)
        yield ShownTask(
            task_id=row.task_id,
            kind=TaskKind(row.kind),
            subject=Subject(SubjectKind(row.subject_kind), row.subject_key),
            owner=row.owner,
            status=TaskStatus(row.status),
            level=Level(row.level),
            due_at=from_us(row.due_at),
            place_kind=PlaceKind.OTHER if kind is PlaceKind.HOME else kind,
            on_day=None if row.last_at is None else calendar_day(clock.day_of(from_us(row.last_at))),
        )
