"""Guests of hotels, homestays and apartments that operators run (policy 2.5)."""

from ringfence.feeds.declarations import Column, Contract, Format, Kind, Order, Period, Reference
from ringfence.feeds.formats import _who


def declare() -> Format:
    """One row a guest and stay; `left_on` is empty while somebody stays. Without a floor the room's number says it."""
    return Format(
        name="guest_register",
        contract=Contract(department="public security", purpose="tracing", retention="feed.guest_register"),
        columns=(
            Column(name="place_id", is_required=True, refers_to=Reference.PLACE),
            Column(name="room", is_required=True, longest=50),
            Column(name="floor", longest=20),
            Column(name="arrived_on", kind=Kind.DAY, is_required=True),
            Column(name="left_on", kind=Kind.DAY),
            *_who.IN_FULL,
        ),
        periods=(Period(starts="arrived_on", ends="left_on", order=Order.NOT_BEFORE),),
        rows_stand_alone=True,
    )
