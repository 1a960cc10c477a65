"""Contacts between cases become named contacts (policy 2.2)."""

from ringfence.feeds import build_case_contacts
from ringfence.intake.arrivals import Arrival, Effects
from ringfence.terms import RecordKind


def take_in(arrival: Arrival) -> Effects:
    """Named contacts for the lake."""
    contacts = build_case_contacts(arrival.rows, known=arrival.known, provenance=arrival.provenance)
    return Effects(records={RecordKind.NAMED_CONTACT: contacts})
