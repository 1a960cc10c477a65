"""Contested and not answered in time: somebody waits, and what was asked of them stands suspended (policy 2.6)."""

from ringfence.account.gap import Gap, above, area_subject
from ringfence.account.period import Period
from ringfence.store import Act
from ringfence.terms import Level, Reason, ReasonCode

ANSWER_WITHIN = "dispute.answer_within_hours"

UNANSWERED = """
select area_path, count(*) as disputes
from dispute
where status in ('raised', 'risen') and due_at < :until
group by area_path
order by area_path
"""


def check(act: Act, period: Period) -> list[Gap]:
    """One gap an area; whoever stands above it answers, for the unit itself had its time."""
    hours = int(period.policy.hours(ANSWER_WITHIN, on=period.day).total_seconds() // 3600)
    return [
        Gap(
            subject=area_subject(row.area_path),
            clause="2.6",
            reason=Reason.of(ReasonCode.DISPUTE_UNANSWERED, count=row.disputes, hours=hours),
            area_path=row.area_path,
            seen_at=act.now,
            level=Level.COUNTY,
            owner_path=above(row.area_path),
        )
        for row in act.rows(UNANSWERED, until=period.until)
    ]
