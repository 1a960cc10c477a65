"""WHO: how many are lost to follow-up (policy 2.3)."""

from ringfence.account.indicator import Indicator, counted_by

COUNT = """
select area_path, count(*) filter (where status = 'lost') as numerator, count(*) as denominator
from follow_up
where status <> 'cancelled' and from_day <= :day
group by area_path
"""


def declare() -> Indicator:
    """The indicator."""
    return Indicator(
        key="follow_up_lost",
        clause="2.3",
        title="Lost to follow-up (WHO)",
        numerator="of them, those who are lost",
        denominator="people whose follow-up began by the day, without those cancelled",
        clock="none: as it stands when the day is accounted for",
        more_is_better=False,
        count=counted_by(COUNT),
    )
