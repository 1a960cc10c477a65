"""Where trips stop, in which order and when (policy 2.1, 6.2)."""

from dataclasses import replace

from ringfence.feeds.declarations import Column, Contract, Format, Kind, Order, Period
from ringfence.feeds.formats.passenger_list import DEPARTS_ON, KIND, TRIP_NUMBER

_MOST_STOPS = 999
_DAYS_AHEAD = 370  # a timetable is made for a year


def declare() -> Format:
    """One row a trip and stop, counted from 1; the first has no arrival, the last no departure."""
    return Format(
        name="timetables",
        contract=Contract(department="transport", purpose="receiving", retention="feed.timetables"),
        columns=(
            KIND,
            TRIP_NUMBER,
            replace(DEPARTS_ON, days_ahead=_DAYS_AHEAD),
            Column(name="stop_no", kind=Kind.WHOLE, is_required=True, at_least=1, at_most=_MOST_STOPS),
            Column(name="stop", is_required=True, longest=100),
            Column(name="arrives_at", kind=Kind.INSTANT, days_ahead=_DAYS_AHEAD + 2),
            Column(name="leaves_at", kind=Kind.INSTANT, days_ahead=_DAYS_AHEAD + 2),
            Column(name="stop_area", longest=20),
        ),
        periods=(Period(starts="arrives_at", ends="leaves_at", order=Order.NOT_BEFORE),),
    )
