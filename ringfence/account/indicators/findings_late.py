"""How many open findings are past their deadline (policy 7.2)."""

from ringfence.account.indicator import Indicator, counted_by

COUNT = """
select area_path, count(*) filter (where due_at < :until) as numerator, count(*) as denominator
from finding
where opened_at < :until and (closed_at is null or closed_at >= :until)
group by area_path
"""


def declare() -> Indicator:
    """The indicator."""
    return Indicator(
        key="findings_late",
        clause="7.2",
        title="Late findings",
        numerator="open findings past their deadline",
        denominator="findings not proven corrected by the end of the day",
        clock="from a finding opened or reopened to proven, held against its own deadline",
        limit="finding.correct_within_hours",
        more_is_better=False,
        count=counted_by(COUNT),
    )
