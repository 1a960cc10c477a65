"""Check-ins at venues: who was where from when to when, by code or by the book at the door (policy 2.2, 5.1)."""

from datetime import timedelta

from ringfence.feeds.declarations import Column, Contract, Format, Kind, Period, Reference
from ringfence.feeds.formats import _who


def declare() -> Format:
    """One row a check-in; `left_at` is empty where nobody checked out.

    Nobody stays at a venue for more than a month: a guest who does has a room and belongs into a guest register.
    """
    return Format(
        name="check_ins",
        contract=Contract(department="industry and commerce", purpose="tracing", retention="feed.check_ins"),
        columns=(
            Column(name="place_id", is_required=True, refers_to=Reference.PLACE),
            Column(name="entered_at", kind=Kind.INSTANT, is_required=True),
            Column(name="left_at", kind=Kind.INSTANT),
            *_who.IN_BRIEF,
        ),
        periods=(Period(starts="entered_at", ends="left_at", longest=timedelta(days=31)),),
        rows_stand_alone=True,
    )
