"""What sentinels counted becomes records (policy 4.1)."""

from ringfence.feeds import build_counts
from ringfence.intake.arrivals import Arrival, Effects
from ringfence.terms import RecordKind


def take_in(arrival: Arrival) -> Effects:
    """Counts for the lake."""
    return Effects(records={RecordKind.COUNT: build_counts(arrival.rows, provenance=arrival.provenance)})
