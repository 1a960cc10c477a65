"""Polygons: what is read, what is refused, and who is inside, against asking point by point."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.areas import find_points_inside, read_polygon
from ringfence.errors import InputRefused

SQUARE = [[113.0, 40.0], [113.2, 40.0], [113.2, 40.2], [113.0, 40.2], [113.0, 40.0]]
HOLE = [[113.05, 40.05], [113.1, 40.05], [113.1, 40.1], [113.05, 40.1], [113.05, 40.05]]


def polygon(*rings: list[list[float]]) -> str:
    return json.dumps({"type": "Polygon", "coordinates": rings})


def test_inside_is_inside_the_outline_and_outside_its_holes() -> None:
    shape = read_polygon(polygon(SQUARE, HOLE))
    longitude = np.array([113.01, 113.07, 113.3, np.nan, 113.15])
    latitude = np.array([40.01, 40.07, 40.1, np.nan, 40.19])
    of_shape, points = find_points_inside([shape, shape], longitude, latitude)
    assert of_shape.tolist() == [0, 0, 1, 1]
    assert points.tolist() == [0, 4, 0, 4]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no GeoJSON"),
        ("[1, 2]", "no GeoJSON"),
        ('{"type": "Polygon"}', "no GeoJSON"),
        ('{"type": "Point", "coordinates": [113, 40]}', "not a Point"),
        (polygon([[113, 40], [114, 41], [114, 40], [113, 41], [113, 40]]), "crosses itself"),
        ('{"type": "Polygon", "coordinates": []}', "crosses itself or has no inside"),
        (polygon([[40, 113], [40, 114], [41, 114], [40, 113]]), "off the map"),
    ],
)
def test_what_is_no_fence_is_refused_in_one_sentence(text: str, says: str) -> None:
    with pytest.raises(InputRefused, match=says):
        read_polygon(text)


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=30),
    st.lists(st.tuples(*[st.integers(0, 8)] * 4), min_size=1, max_size=5),
)
def test_points_in_boxes_are_those_that_comparing_each_finds(
    points: list[tuple[int, int]], boxes: list[tuple[int, int, int, int]]
) -> None:
    drawn = [(x, y, x + 1 + w, y + 1 + h) for x, y, w, h in boxes]
    shapes = [read_polygon(polygon([[x, y], [to_x, y], [to_x, to_y], [x, to_y], [x, y]])) for x, y, to_x, to_y in drawn]
    longitude, latitude = (np.array([point[axis] for point in points], dtype=float) for axis in (0, 1))
    found = set(zip(*map(list, find_points_inside(shapes, longitude, latitude)), strict=True))
    assert found == {
        (number, place)
        for number, (x, y, to_x, to_y) in enumerate(drawn)
        for place, (east, north) in enumerate(points)
        if x < east < to_x and y < north < to_y
    }
