"""An alarm and a city of sentinels as pictures: Vega-Lite specifications in the words of their reader (policy 4.2)."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ringfence.sentinel.alarms import Alarm, detect_series
from ringfence.sentinel.reports import Series
from ringfence.sentinel.silence import Reporting, State
from ringfence.terms import calendar_day

if TYPE_CHECKING:
    import altair as alt

Say = Callable[[str], str]
INK, QUIET, LINE = "#16242b", "#52616a", "#dcd9d0"
RING, AMBER, LATE = "#0b5357", "#c98a12", "#9c2a1c"
POINTS = 56
"""Days or weeks that a picture shows."""

COLOURS = {State.SILENT: LATE, State.LATE: AMBER, State.FALLING: AMBER, State.SLOW: AMBER, State.IN_ORDER: RING}


def draw_alarm(alarm: Alarm, series: Sequence[Series], *, say: Say) -> dict[str, Any]:
    """The counts before an alarm as bars, the mean expected as a line and the bound as steps; the alarm in red."""
    import altair as alt  # noqa: PLC0415 - 40 MB and half a second that who draws nothing need not have

    one, column = _find(alarm, series)
    days = one.counts.days
    if days is None:
        return {}
    last = int(np.searchsorted(days, alarm.day))
    shown = range(max(last - POINTS + 1, 0), last + 1)
    tested = detect_series(one, column, rows=(shown[0], last))
    rows = [
        {
            "day": calendar_day(int(days[row])).isoformat(),
            "count": _plain(one.counts.counts[row, column]),
            "expected": _plain(tested["expected"][row - shown[0]]),
            "bound": _plain(tested["upperbound"][row - shown[0]]),
            "what": say("alarm" if row == last else "counted"),
        }
        for row in shown
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("day:T", timeUnit="utcyearmonthdate", title=None, axis=alt.Axis(format="%m-%d", grid=False))
    )
    colour = alt.Color(
        "what:N", title=None, scale=alt.Scale(domain=[say("counted"), say("alarm")], range=[QUIET, LATE])
    )
    bars = base.mark_bar(size=6 if not alarm.is_weekly else 8).encode(
        y=alt.Y("count:Q", title=say("cases")),
        color=colour,
        tooltip=[alt.Tooltip(f"{name}:{kind}", title=say(name)) for name, kind in _SHOWN],
    )
    mean = base.mark_line(color=RING, strokeWidth=1.4).encode(y="expected:Q")
    bound = base.mark_line(color=AMBER, strokeDash=[4, 3], interpolate="step").encode(y="bound:Q")
    return dress(alt.layer(bars, mean, bound), height=170)


_SHOWN = (("day", "N"), ("count", "Q"), ("expected", "Q"), ("bound", "Q"))


def draw_sites(
    reporting: Sequence[Reporting],
    where: Mapping[str, tuple[float, float]],
    alarms: Sequence[Alarm],
    *,
    say: Say,
) -> dict[str, Any]:
    """The sentinels on a map by how they report, those with an alarm ringed; `where` has (longitude, latitude) by area.

    Several sites of an area stand side by side around its middle.
    """
    import altair as alt  # noqa: PLC0415 - as above

    alarmed = {alarm.site.site_id for alarm in alarms}
    placed = [one for one in reporting if one.site.area_code in where]
    rows = []
    for number, one in enumerate(placed):
        longitude, latitude = where[one.site.area_code]
        turn = 2.399963 * number  # the golden angle: neighbours never hide each other
        rows.append(
            {
                "name": one.site.name,
                "state": say(one.state.value.replace("_", " ")),
                "longitude": longitude + 0.004 * float(np.cos(turn)),
                "latitude": latitude + 0.004 * float(np.sin(turn)),
                "alarmed": one.site.site_id in alarmed,
            }
        )
    states = [say(state.value.replace("_", " ")) for state in COLOURS]
    spots = {"longitude": "longitude:Q", "latitude": "latitude:Q"}
    base = alt.Chart(alt.InlineData(values=rows))
    dots = base.mark_circle(size=60, opacity=0.85).encode(
        **spots,
        color=alt.Color("state:N", title=None, scale=alt.Scale(domain=states, range=list(COLOURS.values()))),
        tooltip=[alt.Tooltip("name:N", title=say("site")), alt.Tooltip("state:N", title=say("status"))],
    )
    rings = (
        base.transform_filter("datum.alarmed")
        .mark_point(size=240, color=LATE, strokeWidth=2)
        .encode(**spots, tooltip=[alt.Tooltip("name:N", title=say("site"))])
    )
    return dress(alt.layer(dots.project("mercator"), rings.project("mercator")), height=360)


def dress(chart: "alt.LayerChart | alt.FacetChart", *, height: int) -> dict[str, Any]:
    """A chart in the colours of the console, as wide as its place."""
    dressed = (
        chart.properties(width="container", height=height, background="transparent", padding=4)
        .configure_view(stroke=None)
        .configure_axis(labelColor=QUIET, titleColor=QUIET, gridColor=LINE, domainColor=LINE, tickColor=LINE)
        .configure_legend(labelColor=INK, titleColor=QUIET, orient="top")
    )
    specification: dict[str, Any] = dressed.to_dict()
    return specification


def _find(alarm: Alarm, series: Sequence[Series]) -> tuple[Series, int]:
    key = (alarm.site.site_id, alarm.syndrome)
    return next((one, one.keys.index(key)) for one in series if key in one.keys)


def _plain(number: float) -> float | None:
    return round(float(number), 2) if np.isfinite(number) else None
