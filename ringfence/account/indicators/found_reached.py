"""Coverage: how many of everyone found were reached, unreachable, refusing and below the cut included (policy 2.3)."""

from ringfence.account.indicator import Indicator, counted_by
from ringfence.account.steps import FOUND

# Goes on from the steps of FOUND.
COUNT = """, by_message as (
    select b.signal_id, count(*) as people
    from task_basis b join reached r on r.task_id = b.task_id
    where b.exposure_id is null and r.kind = 'message' and r.reached_at < :until
    group by b.signal_id
),
found as (
    select e.area_path, count(distinct case when r.reached_at < :until then e.exposure_id end) as reached,
        count(distinct e.exposure_id) as found
    from exposure e
    left join task_basis b on b.exposure_id = e.exposure_id
    left join reached r on r.task_id = b.task_id
    where e.status = 'listed' and coalesce(b.recorded_at, e.recorded_at) < :until
    group by e.area_path
    union all
    select s.area_path, case when m.people > b.found then b.found else coalesce(m.people, 0) end, b.found
    from below b join signal s on s.signal_id = b.signal_id left join by_message m on m.signal_id = b.signal_id
    where b.counted_at < :until
)
select area_path, sum(reached) as numerator, sum(found) as denominator
from found
group by area_path
"""


def declare() -> Indicator:
    """The indicator."""
    return Indicator(
        key="found_reached",
        clause="2.3",
        title="Coverage of everyone found",
        numerator="exposures with a task done whose outcome says reached, by the end of the day",
        denominator="every exposure found by then and not retracted: listed, unreachable, refusing, and below the cut",
        clock="none: as it stands at the end of the day",
        count=counted_by(FOUND + COUNT),
    )
