"""The days of follow-up: who is to be seen today, what came of it, who is released and who is lost (policy 2.3, 2.4).

WHO's words: a day is seen_ok, seen_not_ok, missed (tried in vain) or not_attempted (nobody tried).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from ringfence.access import check_can
from ringfence.errors import InputRefused, NotFound, TransitionRefused
from ringfence.policy import Permission, Policy
from ringfence.store import Act
from ringfence.terms import (
    Clock,
    DayStatus,
    FollowUpStatus,
    Observation,
    PersonNo,
    Reason,
    ReasonCode,
    Ring,
    Subject,
    SubjectKind,
    calendar_day,
    to_us,
)
from ringfence.work.follow_up import read_plan
from ringfence.work.follow_up_merging import merge_follow_ups

FOLLOW_UPS_OF = """
select follow_up_id, person_no, disease, status, from_day, area_path from follow_up where person_no in :among
"""

PUT_DAY = """
insert into follow_up_day (follow_up_id, day, status, seen_by, recorded_at)
values (:follow_up_id, :day, :status, :actor, :now)
on conflict (follow_up_id, day) do update set status = excluded.status, seen_by = excluded.seen_by,
    recorded_at = excluded.recorded_at
"""

MOVE = """
update follow_up set status = :status, recorded_at = :now where follow_up_id = :follow_up_id and status = :before
"""

BEGIN_DAY = """
insert into follow_up_day (follow_up_id, day, status, recorded_at)
select follow_up_id, :day, 'not_attempted', :now
from follow_up
where status = 'follow_up' and from_day <= :day and (:day - from_day) % :every = 0
on conflict (follow_up_id, day) do nothing
"""

# Missed on every one of the last days it was due, since this watch began.
MISSING = """
select f.follow_up_id, f.person_no, f.area_path
from follow_up f join follow_up_day d on d.follow_up_id = f.follow_up_id
where f.status = 'follow_up' and d.day >= f.from_day and d.day >= :first_day and d.day < :day
group by f.follow_up_id, f.person_no, f.area_path
having sum(case when d.status = 'missed' then 1 else 0 end) = :times and count(*) = :times
order by f.follow_up_id
"""

PAST_THEIR_END = """
select follow_up_id, person_no, disease, ring, day_zero from follow_up
where status = 'follow_up' and to_day < :day
order by follow_up_id
"""


@dataclass(frozen=True, kw_only=True)
class DayRecord:
    """What one day's follow-up of one person came to; `day` is a local day number."""

    person_no: PersonNo
    disease: str
    day: int
    status: DayStatus


@dataclass(frozen=True, kw_only=True)
class DayRun:
    """What a day began with: how many are to be seen that were not before, who was let go, who is lost."""

    begun: int
    completed: tuple[PersonNo, ...]
    lost: tuple[PersonNo, ...]
    observations: tuple[Observation, ...]


def run_day(
    act: Act, day: int, *, policy: Policy, clock: Clock, negatives: Mapping[PersonNo, Sequence[datetime]]
) -> DayRun:
    """Begin a local day: who was missed too often is lost, whom the rule releases is done, the others are to be seen.

    `negatives` says when each person's negative individual samples were taken. Run twice, the day begins once. Who is
    watched under two numbers is watched once from then on.
    """
    every, times = policy.days("follow_up.every_days"), policy.days("follow_up.lost_after_days")
    merge_follow_ups(act)
    lost = act.rows(MISSING, day=day, first_day=day - every * times, times=times)
    _move(act, lost, FollowUpStatus.LOST)
    over = act.rows(PAST_THEIR_END, day=day)
    released = [row for row in over if _is_released(row, negatives.get(row.person_no, ()), policy=policy, clock=clock)]
    _move(act, released, FollowUpStatus.COMPLETED)
    begun = act.run(BEGIN_DAY, day=day, every=every, now=to_us(act.now))
    act.note("follow_up.day", subject=f"day:{day}", count=begun, completed=len(released), lost=len(lost))
    return DayRun(
        begun=begun,
        completed=tuple(row.person_no for row in released),
        lost=tuple(row.person_no for row in lost),
        observations=tuple(
            _observe(act, row.person_no, row.area_path, Reason.of(ReasonCode.LOST_TO_FOLLOW_UP, days=times))
            for row in lost
        ),
    )


def record_days(act: Act, records: Iterable[DayRecord], *, clock: Clock) -> list[Observation]:
    """Put on record what came of follow-up; an observation for everybody who was found ill.

    Whoever was lost and is seen is watched again. NotFound for who is not watched, TransitionRefused where that ended,
    InputRefused for a day before it began or yet to come.
    """
    found = _read_watched(act, list(records), today=clock.day_of(act.now))
    for path in sorted({row.area_path for _, row in found}):
        check_can(act, Permission.FOLLOW_UP_RECORD, area_path=path)
    by = {"actor": act.actor.actor_id, "now": to_us(act.now)}
    days = [{"follow_up_id": row.follow_up_id, "day": each.day, "status": each.status, **by} for each, row in found]
    act.run_many(PUT_DAY, days)
    seen = {DayStatus.SEEN_OK, DayStatus.SEEN_NOT_OK}
    again = [row for each, row in found if row.status == FollowUpStatus.LOST and each.status in seen]
    _move(act, again, FollowUpStatus.FOLLOW_UP, before=FollowUpStatus.LOST)
    act.note("follow_up.recorded", count=len(days), ids=[each.person_no for each, _ in found], found_again=len(again))
    return [
        _observe(
            act,
            each.person_no,
            row.area_path,
            Reason.of(ReasonCode.SEEN_ILL, day=calendar_day(each.day).isoformat()),
        )
        for each, row in found
        if each.status is DayStatus.SEEN_NOT_OK
    ]


def count_tests(taken: Iterable[datetime], *, apart: timedelta) -> int:
    """How many of some samples count, when each must be so long after the one that counted before."""
    counted: list[datetime] = []
    for instant in sorted(taken):
        if not counted or instant - counted[-1] >= apart:
            counted.append(instant)
    return len(counted)


def _is_released(row: Row[Any], taken: Sequence[datetime], *, policy: Policy, clock: Clock) -> bool:
    """Whether the tests the rule asks for are there, sampled after the day of the last exposure.

    The rule is that of the ring, in the edition of the day of exposure; one that asks nothing of the ring lets go.
    """
    plan = read_plan(row.day_zero, Ring(row.ring), disease=row.disease, policy=policy)
    if plan is None:
        return True
    rule = plan.release
    after = [instant for instant in taken if clock.day_of(instant) > row.day_zero]
    return count_tests(after, apart=timedelta(hours=rule.hours_apart)) >= rule.negative_tests


def _read_watched(act: Act, records: Sequence[DayRecord], *, today: int) -> list[tuple[DayRecord, Row[Any]]]:
    """Each record beside the follow-up it belongs to, checked."""
    watched = {
        (row.person_no, row.disease): row
        for row in act.rows_among(FOLLOW_UPS_OF, (record.person_no for record in records))
    }
    found = [(record, watched.get((record.person_no, record.disease))) for record in records]
    return [(record, _check_watched(record, row, today=today)) for record, row in found]


def _check_watched(record: DayRecord, row: Row[Any] | None, *, today: int) -> Row[Any]:
    if row is None:
        raise NotFound("person {person} is not under follow-up; only who is listed is watched", person=record.person_no)
    if row.status not in {FollowUpStatus.FOLLOW_UP, FollowUpStatus.LOST}:
        raise TransitionRefused(
            "the follow-up of person {person} is {found}; there is nothing to record",
            person=record.person_no,
            found=row.status,
        )
    if not row.from_day <= record.day <= today:
        raise InputRefused(
            "{day} is no day of the follow-up of person {person} until today; correct the day",
            day=calendar_day(record.day),
            person=record.person_no,
        )
    return row


def _move(
    act: Act,
    rows: Iterable[Row[Any]],
    status: FollowUpStatus,
    *,
    before: FollowUpStatus = FollowUpStatus.FOLLOW_UP,
) -> None:
    now = to_us(act.now)
    act.run_many(
        MOVE, [{"follow_up_id": row.follow_up_id, "status": status, "before": before, "now": now} for row in rows]
    )


def _observe(act: Act, person_no: PersonNo, area_path: str, reason: Reason) -> Observation:
    person = Subject(SubjectKind.PERSON, str(person_no))
    return Observation(subject=person, reason=reason, observed_at=act.now, area_path=area_path)
