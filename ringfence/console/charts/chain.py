"""The chain: who probably infected whom (policy 2.2). It shows persons: for epidemiologists."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import altair as alt

from ringfence.console.charts.dress import AMBER, INK, QUIET, RING, Specification, dress, fill
from ringfence.console.visitor import Visitor
from ringfence.terms import Language, calendar_day, say
from ringfence.trace import Chains

MOST = 60
"""The newest cases drawn: more than that nobody reads in a chain."""

LEAST_HEIGHT = 120

FAINTEST = 0.05
"""Candidates less probable than this are not drawn."""


def draw_chain(visitor: Visitor, chains: Chains) -> Mapping[str, object]:
    """A line from each candidate to the case, the darker the more probable; by day of onset from left to right."""
    cases = chains.cases.sort_by([("onset_day", "ascending"), ("case_no", "ascending")]).to_pylist()[-MOST:]
    nodes = {row["case_no"]: _node(visitor, row, place) for place, row in enumerate(cases)}
    links = [
        _link(visitor, nodes[row["infector"]], nodes[row["case_no"]], row)
        for row in chains.infectors.to_pylist()
        if row["infector"] in nodes and row["case_no"] in nodes and row["probability"] >= FAINTEST
    ]
    figure = {**_figure(visitor.language), "height": max(LEAST_HEIGHT, 18 * len(nodes))}
    return fill(figure, cases=list(nodes.values()), links=links)


def _node(visitor: Visitor, case: Mapping[str, Any], place: int) -> dict[str, object]:
    return {
        "case": str(case["case_no"]),
        "day": calendar_day(case["onset_day"]).isoformat(),
        "row": place,
        "origin": visitor.say("imported" if case["is_imported"] else "local"),
    }


def _link(
    visitor: Visitor, infector: Mapping[str, object], infectee: Mapping[str, object], row: Mapping[str, Any]
) -> dict[str, object]:
    ends = {"day": infector["day"], "row": infector["row"], "day2": infectee["day"], "row2": infectee["row"]}
    seen = visitor.say(row["rule"]) if row["rule"] else visitor.say("nobody saw them together")
    said = f"{infector['case']} → {infectee['case']} · {seen}"
    return {**ends, "said": said.replace("_", " "), "probability": round(row["probability"], 3)}


@cache
def _figure(language: Language) -> Specification:
    axis = alt.Axis(format="%m-%d", labelOverlap=True, tickCount="day")
    day = alt.X("day:T", timeUnit="utcyearmonthdate", title=None, axis=axis, scale=alt.Scale(type="utc"))
    row = alt.Y("row:Q", axis=None, scale=alt.Scale(zero=False, padding=14))
    lines = (
        alt.Chart(alt.NamedData("links"))
        .mark_rule(color=QUIET, strokeWidth=1.5)
        .encode(
            x=day,
            y=row,
            x2="day2:T",
            y2="row2:Q",
            opacity=alt.Opacity("probability:Q", legend=None, scale=alt.Scale(domain=[0, 1], range=[0.05, 1])),
            tooltip=[
                alt.Tooltip("said:N", title=say("chain", {}, language)),
                alt.Tooltip("probability:Q", title=say("probability", {}, language), format=".0%"),
            ],
        )
    )
    base = alt.Chart(alt.NamedData("cases")).encode(x=day, y=row)
    words = [say("local", {}, language), say("imported", {}, language)]
    dots = base.mark_circle(size=150, opacity=1).encode(
        color=alt.Color("origin:N", title=None, scale=alt.Scale(domain=words, range=[RING, AMBER])),
        tooltip=[
            alt.Tooltip("case:N", title=say("case", {}, language)),
            alt.Tooltip("day:N", title=say("day", {}, language)),
        ],
    )
    names = base.mark_text(dx=12, align="left", color=INK).encode(text="case:N")
    return dress(alt.layer(lines, dots, names), height=LEAST_HEIGHT)
