"""Where cases say they were become route points (policy 2.2)."""

from ringfence.feeds import build_route_points
from ringfence.intake.arrivals import Arrival, Effects
from ringfence.terms import RecordKind


def take_in(arrival: Arrival) -> Effects:
    """Route points for the lake."""
    points = build_route_points(arrival.rows, known=arrival.known, provenance=arrival.provenance)
    return Effects(records={RecordKind.ROUTE_POINT: points})
