"""How many who contested had a human answer in time (policy 2.6)."""

from ringfence.account.indicator import Indicator, counted_by

COUNT = """
select area_path, count(*) filter (where answered_at <= due_at) as numerator, count(*) as denominator
from dispute
where due_at >= :start and due_at < :until
group by area_path
"""


def declare() -> Indicator:
    """The indicator."""
    return Indicator(
        key="disputes_answered_in_time",
        clause="2.6",
        title="Disputes answered in time",
        numerator="of them, those upheld or rejected by a person by then",
        denominator="disputes whose answer was due on the day",
        clock="from a dispute raised to its answer, held against its own deadline",
        count=counted_by(COUNT),
    )
