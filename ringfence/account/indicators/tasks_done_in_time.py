"""How many tasks were done by the deadline (policy 7.1)."""

from ringfence.account.indicator import Indicator, counted_by

COUNT = """
select area_path, count(*) filter (where status = 'done' and ended_at <= due_at) as numerator, count(*) as denominator
from task
where due_at >= :start and due_at < :until and not (status = 'withdrawn' and ended_at <= due_at)
group by area_path
"""


def declare() -> Indicator:
    """The indicator."""
    return Indicator(
        key="tasks_done_in_time",
        clause="7.1",
        title="Tasks done in time",
        numerator="tasks done by the deadline, whatever the outcome",
        denominator="tasks due on the day and not withdrawn before they were due",
        clock="from a task opened to done, held against its own deadline",
        count=counted_by(COUNT),
    )
