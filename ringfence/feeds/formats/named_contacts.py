"""Whom cases named as their contacts, as disease control asks them (policy 2.1, 2.2)."""

from ringfence.feeds.declarations import Column, Contract, Format, Kind, Order, Period, Reference
from ringfence.feeds.formats import _who


def declare() -> Format:
    """One row a case and contact; the case must have been on a line list before. Days nobody remembers are empty."""
    return Format(
        name="named_contacts",
        contract=Contract(
            department="disease control",
            purpose="tracing",
            retention="feed.named_contacts",
            basis="inquiry with a case",
        ),
        columns=(
            Column(name="case_id", is_required=True, refers_to=Reference.CASE),
            Column(name="first_contact_on", kind=Kind.DAY),
            Column(name="last_contact_on", kind=Kind.DAY),
            Column(name="setting", longest=100),
            *_who.IN_FULL,
        ),
        periods=(Period(starts="first_contact_on", ends="last_contact_on", order=Order.NOT_BEFORE),),
        rows_stand_alone=True,
    )
