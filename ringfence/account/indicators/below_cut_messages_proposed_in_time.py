"""To how many below the cut a message was proposed in time: nobody found goes untold (policy 2.2)."""

from ringfence.account.indicator import Indicator, counted_by

COUNT = """
select s.area_path, sum(b.row_count) as denominator,
    sum(case when b.message_proposed_at - b.found_at <= :limit then b.row_count else 0 end) as numerator
from exposure_below_cut b join signal s on s.signal_id = b.signal_id
where b.status = 'counted' and b.found_at >= :since and b.found_at < :before
group by s.area_path
"""


def declare() -> Indicator:
    """The indicator."""
    limit = "screening.message_within_hours"
    return Indicator(
        key="below_cut_messages_proposed_in_time",
        clause="2.2",
        title="Message proposed in time although below the cut",
        numerator="of them, those to whom a message was proposed within the limit",
        denominator="everyone below the cut whose limit ended on the day, in the area of the signal",
        clock="from first found to the message proposed",
        limit=limit,
        count=counted_by(COUNT, limit=limit),
    )
