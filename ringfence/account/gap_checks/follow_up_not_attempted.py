"""Follow-up that nobody tried yesterday (policy 2.4)."""

from ringfence.account.gap import Gap
from ringfence.account.period import Period
from ringfence.account.steps import DUE
from ringfence.store import Act
from ringfence.terms import Reason, ReasonCode, Subject, SubjectKind, calendar_day

# Who was lost before the day began is a gap of another kind; here counts who was to be seen and was not tried.
NOT_ATTEMPTED = """
select d.unit_id, u.area_path, count(*) as due,
    count(*) filter (where coalesce(d.day_status, 'not_attempted') = 'not_attempted') as untried
from due d join unit u on u.unit_id = d.unit_id
where d.day_status is not null or d.follow_up_status = 'follow_up'
group by d.unit_id, u.area_path
order by d.unit_id
"""


def check(act: Act, period: Period) -> list[Gap]:
    """One gap a unit, which answers for it."""
    yesterday = period.day - 1
    every = period.policy.days("follow_up.every_days", on=yesterday)
    day = calendar_day(yesterday).isoformat()
    return [
        Gap(
            subject=Subject(SubjectKind.UNIT, row.unit_id),
            clause="2.4",
            reason=Reason.of(ReasonCode.FOLLOW_UP_NOT_ATTEMPTED, count=row.untried, total=row.due, day=day),
            area_path=row.area_path,
            seen_at=act.now,
            unit=row.unit_id,
        )
        for row in act.rows(DUE + NOT_ATTEMPTED, day=yesterday, every=every)
        if row.untried
    ]
