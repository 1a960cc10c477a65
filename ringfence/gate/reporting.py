"""Arrivals summed up and reported upward by the policy's clock: numbers only, and each passage once (policy 1.3).

A period is the policy's hours, counted from local midnight and never longer than the day; it is summed up when it is
over, so the oldest arrival in it is reported within those hours. What a device was late to send gets a line of its own
for the same period: lines add up, and no sum that was read is changed.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from ringfence.access import check_can
from ringfence.policy import Permission, Policy
from ringfence.store import EVERYWHERE, Act
from ringfence.terms import Clock, to_us

DAYS_NOT_REPORTED = "select distinct day from passage where reported_in is null order by day"

# Late is whoever is reported later after passing than policy allows, whether the device or we took the time.
SUM_UP = """
insert into arrival_report (gate, from_at, to_at, passages, people, admitted, emergencies, not_admitted, late,
    area_path, recorded_at)
select p.gate, :from_at, :to_at, count(distinct p.passage_id), count(*),
    sum(case when o.verdict = 'admit' then 1 else 0 end),
    sum(case when o.next_step = 'care_now' then 1 else 0 end),
    sum(case when o.verdict <> 'admit' then 1 else 0 end),
    sum(case when p.passed_at < :in_time_since then 1 else 0 end),
    p.area_path, :now
from passage p join passage_occupant o on o.passage_id = p.passage_id
where p.reported_in = :turn and p.day = :day and p.passed_at >= :from_at and p.passed_at < :to_at
group by p.gate, p.area_path
order by p.gate
"""

MARK_REPORTED = """
update passage set reported_in = :turn
where reported_in is null and day = :day and passed_at >= :from_at and passed_at < :to_at
"""


def report_arrivals(act: Act, *, policy: Policy, clock: Clock) -> int:
    """Sum up every period that is over and not reported yet; how many lines were written."""
    check_can(act, Permission.FEED_RECEIVE, area_path=EVERYWHERE)
    within = policy.hours("gate.report_within_hours")
    over = [
        {"day": row.day, "from_at": to_us(from_at), "to_at": to_us(to_at)}
        for row in act.rows(DAYS_NOT_REPORTED)
        for from_at, to_at in _periods(row.day, length=within, clock=clock)
        if to_at <= act.now
    ]
    if not over:
        return 0
    turn, in_time_since = act.take_numbers("arrival report", 1), to_us(act.now - within)
    written = 0
    for period in over:
        if act.run(MARK_REPORTED, turn=turn, **period):
            written += act.run(SUM_UP, turn=turn, in_time_since=in_time_since, now=to_us(act.now), **period)
    act.note("arrivals.reported", count=written)
    return written


def _periods(day: int, *, length: timedelta, clock: Clock) -> Iterator[tuple[datetime, datetime]]:
    """The periods of a local day; where the clock is put back or forward the last one is longer or shorter."""
    start, ends = clock.midnight(day), clock.midnight(day + 1)
    while start < ends:
        following = min(start + length, ends)
        yield start, following
        start = following
