"""WHO: how many of those under follow-up were seen on their day (policy 2.4)."""

from ringfence.account.indicator import Count, Indicator
from ringfence.account.period import Period
from ringfence.account.steps import DUE
from ringfence.store import Act

COUNT = """
select area_path, count(*) filter (where day_status in ('seen_ok', 'seen_not_ok')) as numerator,
    count(*) as denominator
from due
group by area_path
"""

EVERY = "follow_up.every_days"


def declare() -> Indicator:
    """The indicator."""
    return Indicator(
        key="follow_up_seen_daily",
        clause="2.4",
        title="Seen daily (WHO)",
        numerator="of them, those who were seen that day, well or not",
        denominator="people under follow-up due to be seen on the day, those lost before their last day included",
        clock="the local day on which somebody is due, and was seen",
        limit=EVERY,
        count=count,
    )


def count(act: Act, period: Period) -> list[Count]:
    """How many were seen, and were due, in each area."""
    rows = act.rows(DUE + COUNT, day=period.day, every=period.policy.days(EVERY, on=period.day))
    return [Count(row.area_path, row.numerator, row.denominator) for row in rows]
