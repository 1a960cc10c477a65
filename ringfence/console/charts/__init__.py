"""Figures as Vega-Lite specifications, each with the words of its reader's language, drawn in the browser."""

from ringfence.console.charts.chain import draw_chain
from ringfence.console.charts.curve import draw_curve
from ringfence.console.charts.fences import draw_fence
from ringfence.console.charts.places import draw_map
from ringfence.console.charts.reproduction import draw_reproduction

__all__ = ["draw_chain", "draw_curve", "draw_fence", "draw_map", "draw_reproduction"]
