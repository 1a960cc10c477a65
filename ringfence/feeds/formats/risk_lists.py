"""People who were in an area at risk, as other cities and the rail and air offices tell us (policy 2.2)."""

from ringfence.feeds.declarations import Column, Contract, Format, Kind, Order, Period
from ringfence.feeds.formats import _who


def declare() -> Format:
    """One row a person and stay; the area is named as the sender names it, for it lies in no hierarchy of ours."""
    return Format(
        name="risk_lists",
        contract=Contract(department="command", purpose="tracing", retention="feed.risk_lists"),
        columns=(
            Column(name="risk_area", is_required=True, longest=200),
            Column(name="from_date", kind=Kind.DAY, is_required=True),
            Column(name="to_date", kind=Kind.DAY),
            Column(name="told_by", longest=100),
            *_who.IN_FULL,
        ),
        periods=(Period(starts="from_date", ends="to_date", order=Order.NOT_BEFORE),),
        rows_stand_alone=True,
    )
