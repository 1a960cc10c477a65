"""How every figure looks: the page's own colours and type, as wide as its place."""

from typing import Any

import altair as alt

INK, QUIET, LINE = "#16242b", "#52616a", "#dcd9d0"
RING, AMBER, LATE = "#0b5357", "#c98a12", "#9c2a1c"
FONT = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"


def dress(chart: alt.Chart | alt.LayerChart | alt.FacetChart, *, height: int) -> dict[str, Any]:
    """The specification of a chart, dressed; as wide as the page lets it."""
    dressed = (
        chart.properties(width="container", height=height, background="transparent", padding=4)
        .configure(font=FONT)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=QUIET, titleColor=QUIET, gridColor=LINE, domainColor=LINE, tickColor=LINE, titleFontWeight=500
        )
        .configure_legend(labelColor=INK, titleColor=QUIET, titleFontWeight=500, orient="top")
    )
    specification: dict[str, Any] = dressed.to_dict()
    return specification
