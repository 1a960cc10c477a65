"""The register of residents with their households, as public security keeps it (policy 2.1, 2.3)."""

from ringfence.feeds.declarations import Column, Contract, Format, Reference
from ringfence.feeds.formats import _who


def declare() -> Format:
    """One row a resident; the keys are the register's own."""
    return Format(
        name="resident_register",
        contract=Contract(department="public security", purpose="linking", retention="feed.resident_register"),
        columns=(
            Column(name="person_id", is_required=True, longest=100),
            Column(name="household_id", is_required=True, longest=100),
            *_who.IN_FULL,
            Column(name="area_code", is_required=True, refers_to=Reference.AREA),
        ),
    )
