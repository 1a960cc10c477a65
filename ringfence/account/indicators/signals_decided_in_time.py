"""How many signals were verified or dismissed in time (policy 2.2)."""

from ringfence.account.indicator import Indicator, counted_by

# A withdrawal overwrites when a signal was verified, so a withdrawn one says nothing here.
COUNT = """
select area_path, count(*) filter (where status <> 'raised' and decided_at - raised_at <= :limit) as numerator,
    count(*) as denominator
from signal
where status <> 'withdrawn' and raised_at >= :since and raised_at < :before
group by area_path
"""


def declare() -> Indicator:
    """The indicator."""
    limit = "screening.find_within_hours"
    return Indicator(
        key="signals_decided_in_time",
        clause="2.2",
        title="Signals decided in time",
        numerator="signals verified or dismissed within the limit",
        denominator="signals raised whose limit ended on the day, without those withdrawn since",
        clock="from a signal raised to verified or dismissed",
        limit=limit,
        count=counted_by(COUNT, limit=limit),
    )
