"""The map of a risk area: its outline, and the places inside it among those around (policy 6.2)."""

from collections.abc import Mapping
from functools import cache

import altair as alt
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from ringfence import areas
from ringfence.console.charts.dress import LATE, QUIET, RING, Rows, Specification, dress, fill
from ringfence.console.visitor import Visitor
from ringfence.terms import Language, RiskArea, say

MOST = 2_000
"""The places drawn, inside and around, each by number."""


def draw_fence(visitor: Visitor, risk_area: RiskArea) -> Mapping[str, object]:
    """Dots at the places, those inside in the ring's colour, and the line of the fence where one was drawn."""
    desk = visitor.store.desk
    _, inside = areas.find_inside(desk, [risk_area], areas=visitor.hierarchy)
    places = areas.read_places(desk).select(["place_no", "name", "longitude", "latitude"])
    on_map = places.filter(pc.and_(pc.is_valid(places["longitude"]), pc.is_valid(places["latitude"])))
    is_inside = pc.is_in(on_map["place_no"], value_set=inside["place"].combine_chunks())
    return fill(
        _figure(visitor.language),
        around=_rows(on_map.filter(pc.invert(is_inside))),
        held=_rows(on_map.filter(is_inside)),
        line=_outline(risk_area.fence.polygon),
    )


@cache
def _figure(language: Language) -> Specification:
    where = {"longitude": "longitude:Q", "latitude": "latitude:Q"}
    tooltip = alt.Tooltip("name:N", title=say("place", {}, language))
    others = alt.Chart(alt.NamedData("around")).mark_circle(size=8, color=QUIET, opacity=0.35).encode(**where)
    dots = (
        alt.Chart(alt.NamedData("held")).mark_circle(size=26, color=RING, opacity=0.75).encode(**where, tooltip=tooltip)
    )
    line = (
        alt.Chart(alt.NamedData("line"))
        .mark_line(color=LATE, strokeWidth=1.6)
        .encode(**where, detail="ring:N", order="number:Q")
    )
    return dress(alt.layer(*(layer.project("mercator") for layer in (others, dots, line))), height=360)


def _rows(places: pa.Table) -> Rows:
    rows: Rows = places.slice(0, MOST).to_pylist()
    return rows


def _outline(polygon: str) -> list[dict[str, float]]:
    """The corners of every ring in order: lines, for a filled shape would depend on which way round it was drawn."""
    if not polygon:
        return []
    rings = shapely.get_rings(shapely.get_parts(areas.read_polygon(polygon)))
    return [
        {"ring": ring, "number": number, "longitude": longitude, "latitude": latitude}
        for ring, corners in enumerate(rings)
        for number, (longitude, latitude) in enumerate(shapely.get_coordinates(corners).tolist())
    ]
