"""How many alarms of sentinels turned out to be real, of those somebody decided on (policy 4.2)."""

from ringfence.account.indicator import Indicator, counted_by

# A withdrawal takes back a verification: such an alarm was not real.
COUNT = """
select area_path, count(*) filter (where status = 'verified') as numerator, count(*) as denominator
from signal
where kind = 'aberration' and status <> 'raised' and decided_at >= :start and decided_at < :until
group by area_path
"""


def declare() -> Indicator:
    """The indicator."""
    return Indicator(
        key="sentinel_alarms_real",
        clause="4.2",
        title="Alarms of sentinels that were real",
        numerator="alarms verified on the day",
        denominator="alarms verified, dismissed or withdrawn that were decided on the day",
        clock="none: decided on the day",
        count=counted_by(COUNT),
    )
