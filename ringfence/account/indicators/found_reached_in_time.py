"""WHO: how many of everyone found were traced within 24 hours (policy 2.2)."""

from ringfence.account.indicator import Indicator, counted_by
from ringfence.account.steps import FOUND

# Goes on from the steps of FOUND.
COUNT = """, due as (
    select signal_id, area_path, decided_at
    from signal
    where status = 'verified' and decided_at >= :since and decided_at < :before
),
by_message as (
    select d.signal_id, count(*) as people
    from due d join task_basis b on b.signal_id = d.signal_id join reached r on r.task_id = b.task_id
    where b.exposure_id is null and r.kind = 'message' and r.reached_at - d.decided_at <= :limit
    group by d.signal_id
),
found as (
    select e.area_path, count(distinct e.exposure_id) as found,
        count(distinct case when r.reached_at - d.decided_at <= :limit then e.exposure_id end) as reached
    from due d
    join exposure e on e.signal_id = d.signal_id and e.status = 'listed'
    left join task_basis b on b.exposure_id = e.exposure_id
    left join reached r on r.task_id = b.task_id
    group by e.area_path
    union all
    select d.area_path, b.found, case when m.people > b.found then b.found else coalesce(m.people, 0) end
    from due d join below b on b.signal_id = d.signal_id left join by_message m on m.signal_id = d.signal_id
)
select area_path, sum(reached) as numerator, sum(found) as denominator
from found
group by area_path
"""


def declare() -> Indicator:
    """The indicator."""
    limit = "screening.find_within_hours"
    return Indicator(
        key="found_reached_in_time",
        clause="2.2",
        title="Traced within 24 hours (WHO)",
        numerator="exposures with a task done within the limit whose outcome says reached",
        denominator="every exposure, listed or below the cut, of the verified signals whose limit ended on the day",
        clock="from the signal verified to the person reached",
        limit=limit,
        count=counted_by(FOUND + COUNT, limit=limit),
    )
