"""Listed without a task and its owner: there must be none (policy 7.1)."""

from ringfence.account.gap import Gap, area_subject
from ringfence.account.period import Period
from ringfence.store import Act
from ringfence.terms import Reason, ReasonCode

UNOWNED = """
select area_path, count(*) as people
from exposure
where status = 'listed' and exposure_id not in (
    select b.exposure_id
    from task_basis b join task t on t.task_id = b.task_id
    where b.exposure_id is not null and t.status <> 'withdrawn'
)
group by area_path
order by area_path
"""


def check(act: Act, _period: Period) -> list[Gap]:
    """One gap an area."""
    return [
        Gap(
            subject=area_subject(row.area_path),
            clause="7.1",
            reason=Reason.of(ReasonCode.LISTED_WITHOUT_OWNER, count=row.people),
            area_path=row.area_path,
            seen_at=act.now,
        )
        for row in act.rows(UNOWNED)
    ]
