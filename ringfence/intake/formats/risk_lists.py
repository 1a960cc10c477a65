"""People said to have been in an area at risk become stays (policy 2.2)."""

from ringfence.feeds import build_stays
from ringfence.intake.arrivals import Arrival, Effects
from ringfence.terms import RecordKind


def take_in(arrival: Arrival) -> Effects:
    """Stays for the lake; a list is a list: what follows from it, somebody decides who publishes a fence."""
    stays = build_stays(arrival.rows, persons=arrival.persons, provenance=arrival.provenance)
    return Effects(records={RecordKind.STAY: stays})
