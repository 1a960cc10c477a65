"""Orders in force that nobody has reviewed by their day (policy 2.6)."""

from ringfence.account.gap import Gap, area_subject
from ringfence.account.period import Period
from ringfence.store import Act
from ringfence.terms import Reason, ReasonCode

PAST_REVIEW = """
select area_path, count(*) as orders
from measure_order
where status = 'signed' and review_day < :day and to_day >= :day
group by area_path
order by area_path
"""


def check(act: Act, period: Period) -> list[Gap]:
    """One gap an area."""
    return [
        Gap(
            subject=area_subject(row.area_path),
            clause="2.6",
            reason=Reason.of(ReasonCode.PAST_REVIEW_DAY, count=row.orders),
            area_path=row.area_path,
            seen_at=act.now,
        )
        for row in act.rows(PAST_REVIEW, day=period.day)
    ]
