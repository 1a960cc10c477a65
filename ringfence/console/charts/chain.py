"""The chain: which case stood in whose ring before it was one (policy 2.2). It shows persons: for epidemiologists."""

from collections.abc import Mapping

import altair as alt

from ringfence.console.charts.dress import AMBER, INK, QUIET, RING, dress
from ringfence.console.visitor import Visitor
from ringfence.store import Scope
from ringfence.terms import calendar_day, from_us

NODES = """
select case_id, onset_day, sampled_at, reported_at, is_imported
from visible_case_episode
where disease = :disease and classification <> 'no_case'
order by reported_at desc, case_id desc
limit :most
"""

LINKS = """
select distinct s.case_id as from_case, c.case_id as to_case, e.ring
from visible_exposure e
join visible_signal s on s.signal_id = e.signal_id
join visible_case_episode c on c.disease = s.disease and e.subject_key = cast(c.person_no as text)
where e.subject_kind = 'person' and e.status = 'listed' and s.disease = :disease and s.case_id <> c.case_id
"""

MOST = 60
"""The newest cases drawn: more than that nobody reads in a chain."""


def draw_chain(visitor: Visitor, scope: Scope, *, disease: str) -> Mapping[str, object]:
    """A line from each case to those found in its ring, by day from left to right."""
    desk, clock = visitor.store.desk, visitor.store.clock
    found = desk.rows(NODES, scope=scope, disease=disease, most=MOST)
    nodes = {
        row.case_id: {
            "case": str(row.case_id),
            "day": calendar_day(
                row.onset_day if row.onset_day is not None else clock.day_of(from_us(row.sampled_at or row.reported_at))
            ).isoformat(),
            "row": place,
            "origin": visitor.say("imported" if row.is_imported else "local"),
        }
        for place, row in enumerate(reversed(found))
    }
    links = [
        {
            "day": nodes[row.from_case]["day"],
            "row": nodes[row.from_case]["row"],
            "day2": nodes[row.to_case]["day"],
            "row2": nodes[row.to_case]["row"],
            "ring": row.ring,
        }
        for row in desk.rows(LINKS, scope=scope, disease=disease)
        if row.from_case in nodes and row.to_case in nodes
    ]
    return dress(_draw(visitor, list(nodes.values()), links), height=max(120, 18 * len(nodes)))


def _draw(
    visitor: Visitor, nodes: list[dict[str, object]], links: list[dict[str, object]]
) -> alt.LayerChart | alt.FacetChart:
    axis = alt.Axis(format="%m-%d", labelOverlap=True, tickCount="day")
    day = alt.X("day:T", timeUnit="utcyearmonthdate", title=None, axis=axis, scale=alt.Scale(type="utc"))
    row = alt.Y("row:Q", axis=None, scale=alt.Scale(zero=False, padding=14))
    lines = (
        alt.Chart(alt.InlineData(values=links))
        .mark_rule(color=QUIET, opacity=0.7)
        .encode(x=day, y=row, x2="day2:T", y2="row2:Q", strokeDash=alt.StrokeDash("ring:N", legend=None))
    )
    base = alt.Chart(alt.InlineData(values=nodes)).encode(x=day, y=row)
    words = [visitor.say("local"), visitor.say("imported")]
    dots = base.mark_circle(size=150, opacity=1).encode(
        color=alt.Color("origin:N", title=None, scale=alt.Scale(domain=words, range=[RING, AMBER])),
        tooltip=[alt.Tooltip("case:N", title=visitor.say("case")), alt.Tooltip("day:N", title=visitor.say("day"))],
    )
    names = base.mark_text(dx=12, align="left", color=INK).encode(text="case:N")
    return alt.layer(lines, dots, names)
