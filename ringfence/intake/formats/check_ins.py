"""Check-ins become visits (policy 2.2)."""

from ringfence.feeds import build_visits
from ringfence.intake.arrivals import Arrival, Effects
from ringfence.terms import RecordKind

CHECKED_IN = 1
"""The source that visits of this format name; other ways of knowing of a visit have other numbers."""


def take_in(arrival: Arrival) -> Effects:
    """Visits for the lake."""
    visits = build_visits(
        arrival.rows,
        persons=arrival.persons,
        known=arrival.known,
        clock=arrival.store.clock,
        assumed_stay=arrival.today.hours("trace.assumed_stay_hours"),
        source=CHECKED_IN,
        provenance=arrival.provenance,
    )
    return Effects(records={RecordKind.VISIT: visits})
