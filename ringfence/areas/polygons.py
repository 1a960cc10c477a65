"""Polygons of fences: read from GeoJSON, checked, and asked for the points inside, by the million (policy 6.2)."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from ringfence.errors import InputRefused

Degrees = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

_SHAPES = {"Polygon", "MultiPolygon"}
_WIDEST, _HIGHEST = 180.0, 90.0


def read_polygon(text: str) -> Any:  # noqa: ANN401 - shapely is untyped
    """The shape of a GeoJSON Polygon or MultiPolygon in degrees of WGS 84, longitude first (RFC 7946).

    InputRefused for anything else, for what crosses itself, and for what lies off the map.
    """
    try:
        given = json.loads(text)
        kind = given["type"]
        shape = shapely.from_geojson(text) if kind in _SHAPES else None
    except (json.JSONDecodeError, TypeError, KeyError, shapely.errors.GEOSException) as error:
        raise InputRefused("the fence is no GeoJSON that can be read; draw it anew, or give area codes") from error
    if shape is None:
        raise InputRefused("a fence is a Polygon or a MultiPolygon, not a {kind}; draw its outline", kind=str(kind))
    if shape.is_empty or not shape.is_valid:
        raise InputRefused(
            "the fence crosses itself or has no inside; draw it anew", detail=shapely.is_valid_reason(shape)
        )
    west, south, east, north = map(abs, shape.bounds)
    if max(west, east) > _WIDEST or max(south, north) > _HIGHEST:
        raise InputRefused("the fence lies off the map; give longitude first, then latitude, in degrees")
    return shape


def find_points_inside(shapes: Sequence[Any], longitude: Degrees, latitude: Degrees) -> tuple[Numbers, Numbers]:
    """Which points lie inside which shapes, as the numbers of shape and point of each such pair, by shape then point.

    A point on the border is outside. Points are sorted once by longitude, so that a shape asks only those within its
    bounds: the cost is that of a sort, and of the points in the strip of each shape. A point without coordinates is
    nowhere.
    """
    order = np.argsort(longitude, kind="stable")  # what is NaN comes last
    east, north = longitude[order], latitude[order]
    shapely.prepare(shapes)
    inside = [order[_ask(shape, east, north)] for shape in shapes]
    of_shape = np.repeat(np.arange(len(inside)), [found.size for found in inside])
    return of_shape, np.concatenate([np.empty(0, dtype=np.int64), *map(np.sort, inside)])


def _ask(shape: Any, east: Degrees, north: Degrees) -> Numbers:  # noqa: ANN401 - shapely is untyped
    """Which of some points, sorted by longitude, lie inside a shape."""
    min_x, min_y, max_x, max_y = shape.bounds
    first, end = np.searchsorted(east, min_x), np.searchsorted(east, max_x, side="right")
    strip = north[first:end]
    near = np.flatnonzero((strip >= min_y) & (strip <= max_y)) + first
    found: Numbers = near[shapely.contains_xy(shape, east[near], north[near])]
    return found
