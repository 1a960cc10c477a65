"""Late tasks that have risen to the city: nobody below did them (policy 7.1)."""

from ringfence.account.gap import Gap
from ringfence.account.period import Period
from ringfence.account.releases import HOUR
from ringfence.store import Act
from ringfence.terms import Level, Reason, ReasonCode, Subject, SubjectKind

LATE = """
select t.owner, u.area_path, count(*) as tasks, min(t.due_at) as due_at
from task t join unit u on u.unit_id = t.owner
where t.status in ('open', 'acknowledged') and t.level = 'city' and t.due_at < :until
group by t.owner, u.area_path
order by t.owner
"""


def check(act: Act, period: Period) -> list[Gap]:
    """One gap a unit; the city answers, for the tasks have come to it."""
    return [
        Gap(
            subject=Subject(SubjectKind.UNIT, row.owner),
            clause="7.1",
            reason=Reason.of(ReasonCode.LATE_AT_CITY_LEVEL, count=row.tasks, hours=(period.until - row.due_at) // HOUR),
            area_path=row.area_path,
            seen_at=act.now,
            level=Level.CITY,
        )
        for row in act.rows(LATE, until=period.until)
    ]
