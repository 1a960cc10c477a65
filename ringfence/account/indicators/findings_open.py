"""How many findings are open (policy 7.2)."""

from ringfence.account.indicator import Indicator, counted_by

COUNT = """
select area_path, count(*) filter (where closed_at is null or closed_at >= :until) as numerator, count(*) as denominator
from finding
where opened_at < :until
group by area_path
"""


def declare() -> Indicator:
    """The indicator."""
    return Indicator(
        key="findings_open",
        clause="7.2",
        title="Open findings",
        numerator="findings not proven corrected by the end of the day",
        denominator="findings ever opened by then",
        clock="none: as it stands at the end of the day",
        more_is_better=False,
        count=counted_by(COUNT),
    )
