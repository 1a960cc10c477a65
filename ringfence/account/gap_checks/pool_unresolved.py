"""Positive pools whose members still wait, held, for a result of their own (policy 2.4)."""

from ringfence.account.gap import Gap, area_subject
from ringfence.account.period import Period
from ringfence.account.releases import HOUR
from ringfence.store import Act
from ringfence.terms import Reason, ReasonCode

LIMIT = "pool.retest_within_hours"

UNRESOLVED = """
select p.area_path, count(*) as members, count(distinct p.pool_id) as pools
from sample_pool p join pool_member m on m.pool_id = p.pool_id
where p.status = 'positive' and p.reported_at < :before and m.is_held and m.result is null
group by p.area_path
order by p.area_path
"""


def check(act: Act, period: Period) -> list[Gap]:
    """One gap an area."""
    bound = period.bind(LIMIT)
    return [
        Gap(
            subject=area_subject(row.area_path),
            clause="2.4",
            reason=Reason.of(
                ReasonCode.POOL_UNRESOLVED, count=row.members, pools=row.pools, hours=bound["limit"] // HOUR
            ),
            area_path=row.area_path,
            seen_at=act.now,
        )
        for row in act.rows(UNRESOLVED, before=bound["before"])
    ]
