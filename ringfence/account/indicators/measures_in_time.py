"""The second clock: how many of those found were under the right measure in time (policy 2.2).

Right is what the protocol's edition of the day of exposure asks for, by ring and by how the person is reached, on the
day on which the limit ended. What can carry no order is left out: links that are uncertain until somebody has asked at
the door, and exposures by rules that prove nothing against a person.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from ringfence.account.indicator import Count, Indicator
from ringfence.account.period import Period
from ringfence.policy import Policy, Tier, date_measures
from ringfence.store import Act
from ringfence.terms import Measure, Ring

LIMIT = "screening.measure_within_hours"
MAY_CARRY_ORDERS = "order.rules"

# Everybody who was to be under a measure by the day, once as `''` and once under each measure that began in time.
COUNT = """
with found as (
    select b.exposure_id, min(b.task_id) as task_id, min(b.recorded_at) as found_at
    from task_basis b join task t on t.task_id = b.task_id
    where b.exposure_id is not null and t.kind in ('visit', 'call', 'message') and t.status <> 'withdrawn'
    group by b.exposure_id
),
owed as (
    select e.exposure_id, e.area_path, cast(e.subject_key as bigint) as person_no, s.disease, e.ring, t.kind as tier,
        e.last_day as day_zero, f.found_at
    from found f
    join task t on t.task_id = f.task_id
    join exposure e on e.exposure_id = f.exposure_id
    join signal s on s.signal_id = e.signal_id
    where f.found_at >= :since and f.found_at < :before and e.subject_kind = 'person' and e.status = 'listed'
        and s.status = 'verified' and s.kind in ('positive_test', 'risk_area')
        and exists (
            select 1 from exposure_reason r
            where r.exposure_id = e.exposure_id and :rules like '%,' || r.rule || ',%'
                and r.direction = 'forward' and r.reason not like '{"code":"household_of_unknown"%'
        )
)
select area_path, disease, ring, tier, day_zero, '' as measure, count(*) as people
from owed
group by area_path, disease, ring, tier, day_zero
union all
select w.area_path, w.disease, w.ring, w.tier, w.day_zero, o.measure, count(distinct w.exposure_id)
from owed w
join measure_order o on o.person_no = w.person_no
    and o.signed_at - w.found_at <= :limit and o.from_day <= :day and o.to_day >= :day
group by w.area_path, w.disease, w.ring, w.tier, w.day_zero, o.measure
"""


def declare() -> Indicator:
    """The indicator."""
    return Indicator(
        key="measures_in_time",
        clause="2.2",
        title="Under the right measure in time",
        numerator="of them, those with a signed order for exactly that measure, in force on the day",
        denominator="people listed by a rule that may carry an order, whose limit ended on the day, if one is asked",
        clock="from listed with a task to the order signed",
        limit=LIMIT,
        count=count,
    )


def count(act: Act, period: Period) -> list[Count]:
    """How many were under the right measure, and were to be, in each area."""
    rules = period.policy.text(MAY_CARRY_ORDERS, on=period.day).replace(" ", "")
    rows = act.rows(COUNT, **period.bind(LIMIT), rules=f",{rules},")
    return list(_count(rows, policy=period.policy, day=period.day))


def _count(rows: Iterable[Row[Any]], *, policy: Policy, day: int) -> Iterable[Count]:
    for row in rows:
        right = find_right_measure(row.disease, Ring(row.ring), Tier(row.tier), row.day_zero, policy=policy, day=day)
        if right is None:
            continue
        if row.measure == "":
            yield Count(row.area_path, 0, row.people)
        elif row.measure == right:
            yield Count(row.area_path, row.people, 0)


def find_right_measure(
    disease: str, ring: Ring, tier: Tier, day_zero: int, *, policy: Policy, day: int
) -> Measure | None:
    """What the protocol asks for on a day; its first step before that begins, None once the last is over."""
    protocol = policy.protocol(disease, on=day_zero)
    if ring is Ring.SECOND and protocol.second_ring is None:
        return None  # the edition of that day asked nothing of a second ring
    steps = date_measures(day_zero, plan=protocol.ring(ring), tier=tier)
    return next((dated.step.measure for dated in steps if day <= dated.window.last_day), None)
