"""How many tasks their owner had acknowledged by the deadline (policy 7.1)."""

from ringfence.account.indicator import Indicator, counted_by

COUNT = """
select area_path, count(*) filter (where acknowledged_at <= due_at) as numerator, count(*) as denominator
from task
where due_at >= :start and due_at < :until and not (status = 'withdrawn' and ended_at <= due_at)
group by area_path
"""


def declare() -> Indicator:
    """The indicator."""
    return Indicator(
        key="tasks_acknowledged_in_time",
        clause="7.1",
        title="Tasks acknowledged in time",
        numerator="tasks that the owner they have now acknowledged by the deadline",
        denominator="tasks due on the day and not withdrawn before they were due",
        clock="from a task opened to acknowledged, held against its own deadline",
        count=counted_by(COUNT),
    )
