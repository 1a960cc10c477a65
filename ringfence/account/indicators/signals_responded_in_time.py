"""How many verified signals were responded to in time (policy 2.2)."""

from ringfence.account.indicator import Indicator, counted_by

COUNT = """
select area_path, count(*) filter (where responded_at - decided_at <= :limit) as numerator, count(*) as denominator
from signal
where status = 'verified' and decided_at >= :since and decided_at < :before
group by area_path
"""


def declare() -> Indicator:
    """The indicator."""
    limit = "screening.find_within_hours"
    return Indicator(
        key="signals_responded_in_time",
        clause="2.2",
        title="Signals responded to in time",
        numerator="signals whose first response was made within the limit",
        denominator="verified signals whose limit ended on the day",
        clock="from a signal verified to its first response",
        limit=limit,
        count=counted_by(COUNT, limit=limit),
    )
