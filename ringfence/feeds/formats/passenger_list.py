"""Who travelled on a train, flight or coach, on which seat, from where to where (policy 2.1, 2.2)."""

from ringfence.feeds.declarations import Column, Contract, Format, Kind, codes_of
from ringfence.feeds.formats import _who
from ringfence.terms import TripKind

_MOST_CARRIAGES = 99
_DAYS_AHEAD = 30  # carriers send lists of booked passengers before they travel

KIND = Column(
    name="kind",
    kind=Kind.CODE,
    is_required=True,
    codes=codes_of(TripKind, 铁路=TripKind.RAIL, 航空=TripKind.AIR, 公路=TripKind.ROAD),
)
TRIP_NUMBER = Column(name="trip_number", is_required=True, longest=20)
DEPARTS_ON = Column(name="departs_on", kind=Kind.DAY, is_required=True, days_ahead=_DAYS_AHEAD)


def declare() -> Format:
    """One row a passenger and ride; `departs_on` is the day the trip begins, `seat` as it stands on the ticket."""
    return Format(
        name="passenger_list",
        contract=Contract(department="transport", purpose="tracing", retention="feed.passenger_list"),
        columns=(
            KIND,
            TRIP_NUMBER,
            DEPARTS_ON,
            Column(name="carriage", kind=Kind.WHOLE, at_least=1, at_most=_MOST_CARRIAGES),
            Column(name="seat", longest=20),
            Column(name="board_stop", longest=100),
            Column(name="alight_stop", longest=100),
            _who.NAME,
            _who.SEX,
            _who.BIRTH_DATE,
            _who.ID_NUMBER,
            _who.PHONE,
        ),
        rows_stand_alone=True,
    )
