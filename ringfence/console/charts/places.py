"""The map of a ring: places where people were exposed, as large as their number (policy 2.2). For epidemiologists."""

from collections.abc import Mapping
from functools import cache

import altair as alt

from ringfence.console.charts.dress import QUIET, RING, Specification, dress, fill
from ringfence.console.visitor import Visitor
from ringfence.store import Scope
from ringfence.terms import Language, say

PLACES = """
select p.place_no, p.name, p.kind, p.longitude, p.latitude, count(distinct e.exposure_id) as people
from visible_exposure e
join exposure_reason r on r.exposure_id = e.exposure_id
join place p on p.place_no = r.place_no
where e.signal_id = :number and e.status = 'listed' and p.longitude is not null and p.latitude is not null
group by p.place_no, p.name, p.kind, p.longitude, p.latitude
order by people desc, p.place_no
limit :most
"""

SURROUNDINGS = """
select longitude, latitude from place where longitude is not null and latitude is not null order by place_no limit :most
"""

MOST = 400
"""The places with most people; the figure says when there are more."""


def draw_map(visitor: Visitor, scope: Scope, *, signal: int) -> Mapping[str, object]:
    """Circles at the places, over the dots of all places there are; in web Mercator, without a foreign map."""
    desk = visitor.store.desk
    places = [
        {**row._asdict(), "kind": visitor.say(row.kind)}
        for row in desk.rows(PLACES, scope=scope, number=signal, most=MOST)
    ]
    ground = [row._asdict() for row in desk.rows(SURROUNDINGS, most=MOST)]
    return fill(_figure(visitor.language), ground=ground, places=places)


@cache
def _figure(language: Language) -> Specification:
    where = {"longitude": "longitude:Q", "latitude": "latitude:Q"}
    others = alt.Chart(alt.NamedData("ground")).mark_circle(size=8, color=QUIET, opacity=0.35).encode(**where)
    circles = (
        alt.Chart(alt.NamedData("places"))
        .mark_circle(color=RING, opacity=0.65, stroke="#fff", strokeWidth=0.8)
        .encode(
            **where,
            size=alt.Size(
                "people:Q",
                title=say("people", {}, language),
                scale=alt.Scale(range=[30, 900]),
                legend=alt.Legend(tickCount=3),
            ),
            tooltip=[
                alt.Tooltip("name:N", title=say("place", {}, language)),
                alt.Tooltip("kind:N", title=say("kind", {}, language)),
                alt.Tooltip("people:Q", title=say("people", {}, language)),
            ],
        )
    )
    return dress(alt.layer(others.project("mercator"), circles.project("mercator")), height=360)
