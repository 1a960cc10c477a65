"""Below the cut and not told in time: nobody found goes untold (policy 2.2)."""

from ringfence.account.gap import Gap, area_subject
from ringfence.account.period import Period
from ringfence.account.releases import HOUR
from ringfence.account.steps import TOLD
from ringfence.store import Act
from ringfence.terms import Reason, ReasonCode

LIMIT = "screening.message_within_hours"

# Goes on from the steps of TOLD.
UNTOLD = """, told as (
    select b.signal_id, b.found, count(m.task_id) as people
    from below b left join messages m on m.signal_id = b.signal_id
    where b.counted_at < :before
    group by b.signal_id, b.found
)
select distinct s.area_path
from told t join signal s on s.signal_id = t.signal_id
where t.people < t.found
order by s.area_path
"""


def check(act: Act, period: Period) -> list[Gap]:
    """One gap an area of signals; it does not say how many, for whoever reads it may not be told (policy 6.4)."""
    bound = period.bind(LIMIT)
    return [
        Gap(
            subject=area_subject(row.area_path),
            clause="2.2",
            reason=Reason.of(ReasonCode.UNTOLD_BELOW_THE_CUT, hours=bound["limit"] // HOUR),
            area_path=row.area_path,
            seen_at=act.now,
        )
        for row in act.rows(TOLD + UNTOLD, before=bound["before"])
    ]
