"""How every figure looks: the page's own colours and type, as wide as its place.

A figure is put together once a language, for Altair checks each part of it against a schema; its rows are named there
and put in for each reader.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import altair as alt

INK, QUIET, LINE = "#16242b", "#52616a", "#dcd9d0"
RING, AMBER, LATE = "#0b5357", "#c98a12", "#9c2a1c"
FONT = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"


Specification: TypeAlias = Mapping[str, Any]
"""A Vega-Lite specification."""

Rows: TypeAlias = Sequence[Mapping[str, object]]
"""What a layer of a figure draws, one mark a row."""


def dress(chart: alt.Chart | alt.LayerChart | alt.FacetChart, *, height: int) -> Specification:
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
    specification: Specification = dressed.to_dict()
    return specification


def fill(figure: Specification, **rows: Rows) -> dict[str, Any]:
    """A figure with the rows of each data set it names; the figure itself stays as it is."""
    return {**figure, "datasets": rows}
