"""Where cases say they were, by the day, with how exactly the position is known (policy 2.2)."""

from dataclasses import replace

from ringfence.feeds.declarations import Column, Contract, Format, Kind, Reference, codes_of
from ringfence.feeds.formats._where import LATITUDE, LONGITUDE
from ringfence.terms import PlaceKind

_EARTH_M = 20_037_508  # half the equator: a position known no better than that is not known


def declare() -> Format:
    """One row a case, day and position; the case must have been on a line list before."""
    return Format(
        name="case_routes",
        contract=Contract(department="disease control", purpose="tracing", retention="feed.case_routes"),
        columns=(
            Column(name="case_id", is_required=True, refers_to=Reference.CASE),
            Column(name="date", kind=Kind.DAY, is_required=True),
            Column(name="place_kind", kind=Kind.CODE, codes=codes_of(PlaceKind)),
            replace(LONGITUDE, is_required=True),
            replace(LATITUDE, is_required=True),
            Column(name="precision_m", kind=Kind.WHOLE, at_least=0, at_most=_EARTH_M),
        ),
        rows_stand_alone=True,
    )
