"""How many members of positive pools were sampled on their own in time (policy 2.4)."""

from ringfence.account.indicator import Indicator, counted_by

COUNT = """
select p.area_path, count(*) as denominator,
    count(*) filter (where m.result is not null and m.retested_at - p.reported_at <= :limit) as numerator
from sample_pool p join pool_member m on m.pool_id = p.pool_id
where p.status in ('positive', 'resolved') and p.reported_at >= :since and p.reported_at < :before
group by p.area_path
"""


def declare() -> Indicator:
    """The indicator."""
    limit = "pool.retest_within_hours"
    return Indicator(
        key="pool_members_retested_in_time",
        clause="2.4",
        title="Pool members retested in time",
        numerator="members with a result of their own, sampled within the limit",
        denominator="members of the positive pools whose limit ended on the day",
        clock="from the pool reported positive to the member sampled anew",
        limit=limit,
        count=counted_by(COUNT, limit=limit),
    )
