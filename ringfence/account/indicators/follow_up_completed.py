"""WHO: how many completed their follow-up (policy 2.4)."""

from ringfence.account.indicator import Indicator, counted_by

COUNT = """
select area_path, count(*) filter (where status = 'completed') as numerator, count(*) as denominator
from follow_up
where status <> 'cancelled' and to_day < :day
group by area_path
"""


def declare() -> Indicator:
    """The indicator."""
    return Indicator(
        key="follow_up_completed",
        clause="2.4",
        title="Follow-up completed (WHO)",
        numerator="of them, those released by the protocol's rule",
        denominator="people whose last day of follow-up lies before the day, without those cancelled",
        clock="none: as it stands when the day is accounted for",
        count=counted_by(COUNT),
    )
