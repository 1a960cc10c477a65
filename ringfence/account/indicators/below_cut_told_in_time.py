"""How many were told in time although they lie below the cut: nobody found goes untold (policy 2.2)."""

from ringfence.account.indicator import Indicator, counted_by
from ringfence.account.steps import TOLD

# Goes on from the steps of TOLD.
COUNT = """, told as (
    select b.signal_id, b.found, count(m.task_id) as people
    from below b left join messages m on m.signal_id = b.signal_id and m.told_at - b.counted_at <= :limit
    where b.counted_at >= :since and b.counted_at < :before
    group by b.signal_id, b.found
)
select s.area_path, sum(case when t.people > t.found then t.found else t.people end) as numerator,
    sum(t.found) as denominator
from told t join signal s on s.signal_id = t.signal_id
group by s.area_path
"""


def declare() -> Indicator:
    """The indicator."""
    limit = "screening.message_within_hours"
    return Indicator(
        key="below_cut_told_in_time",
        clause="2.2",
        title="Told in time although below the cut",
        numerator="messages to people below the cut, done within the limit",
        denominator="everyone below the cut whose limit ended on the day, in the area of the signal",
        clock="from counted below the cut to the message done",
        limit=limit,
        count=counted_by(TOLD + COUNT, limit=limit),
    )
