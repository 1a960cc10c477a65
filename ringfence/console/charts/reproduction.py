"""The case reproduction number by day of onset, with its interval (policy 2.2, 7.3). For epidemiologists."""

from collections.abc import Mapping
from functools import cache

import altair as alt

from ringfence.console.charts.dress import LATE, QUIET, RING, Specification, dress, fill
from ringfence.console.visitor import Visitor
from ringfence.terms import Language, calendar_day, say
from ringfence.trace import Chains

ENOUGH_SEEN = 0.9
"""From this share of infectees seen on, a day's number stands in full colour."""


def draw_reproduction(visitor: Visitor, chains: Chains) -> Mapping[str, object]:
    """A dot and its interval for each day, grey where most infectees cannot have fallen ill yet; a line at one."""
    words = _words(visitor.language)
    rows = [
        {
            **{name: round(row[name], 3) for name in ("reproduction", "low", "high")},
            "day": calendar_day(row["day"]).isoformat(),
            "cases": row["cases"],
            "seen": words[row["share_seen"] < ENOUGH_SEEN],
        }
        for row in chains.reproduction.to_pylist()
    ]
    return fill(_figure(visitor.language), days=rows, line=[{"one": 1}])


def _words(language: Language) -> list[str]:
    """What is said of a day: enough of those infected have been seen, or not."""
    return [say("infectees seen", {}, language), say("too recent: too low", {}, language)]


@cache
def _figure(language: Language) -> Specification:
    words = _words(language)
    base = alt.Chart(alt.NamedData("days")).encode(
        x=alt.X(
            "day:T",
            timeUnit="utcyearmonthdate",
            title=None,
            axis=alt.Axis(format="%m-%d", grid=False, labelOverlap=True, labelSeparation=8),
            scale=alt.Scale(type="utc"),
        ),
        color=alt.Color("seen:N", title=None, scale=alt.Scale(domain=words, range=[RING, QUIET])),
    )
    each = alt.Y("reproduction:Q", title=say("infected by each case", {}, language), axis=alt.Axis(tickCount=5))
    tooltip = [
        alt.Tooltip("day:N", title=say("day", {}, language)),
        alt.Tooltip("cases:Q", title=say("cases", {}, language)),
        alt.Tooltip("reproduction:Q", title=say("infected by each case", {}, language)),
        alt.Tooltip("low:Q", title=say("at least", {}, language)),
        alt.Tooltip("high:Q", title=say("at most", {}, language)),
    ]
    ends = base.mark_rule(strokeWidth=1.6, opacity=0.6).encode(y=alt.Y("low:Q"), y2="high:Q", tooltip=tooltip)
    dots = base.mark_circle(size=46, opacity=1).encode(y=each, tooltip=tooltip)
    one = alt.Chart(alt.NamedData("line")).mark_rule(color=LATE, strokeDash=[4, 3]).encode(y="one:Q")
    return dress(alt.layer(one, ends, dots), height=180)
