"""Places by key, as industry and commerce lists them (policy 5.1, 6.2)."""

from ringfence.feeds.declarations import Column, Contract, Format, Kind, Reference, codes_of
from ringfence.feeds.formats._where import LATITUDE, LONGITUDE
from ringfence.terms import PlaceKind


def declare() -> Format:
    """One row a place; degrees (WGS 84) may be unknown."""
    return Format(
        name="places",
        contract=Contract(department="industry and commerce", purpose="receiving", retention="feed.places"),
        columns=(
            Column(name="place_id", is_required=True, longest=100),
            Column(name="name", is_required=True),
            Column(name="kind", kind=Kind.CODE, is_required=True, codes=codes_of(PlaceKind)),
            Column(name="area_code", is_required=True, refers_to=Reference.AREA),
            LONGITUDE,
            LATITUDE,
        ),
    )
