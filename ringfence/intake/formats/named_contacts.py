"""Whom cases named becomes a record; a trace finds them by it (policy 2.2)."""

from ringfence.feeds import build_named_contacts
from ringfence.intake.arrivals import Arrival, Effects
from ringfence.terms import RecordKind


def take_in(arrival: Arrival) -> Effects:
    """Named contacts for the lake."""
    contacts = build_named_contacts(
        arrival.rows, persons=arrival.persons, known=arrival.known, provenance=arrival.provenance
    )
    return Effects(records={RecordKind.NAMED_CONTACT: contacts})
