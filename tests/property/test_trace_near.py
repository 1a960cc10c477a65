"""Near in place and day against a twin that compares every two points by another formula, on every part of the map."""

from dataclasses import dataclass
from math import atan2, cos, dist, nan, radians, sin
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ringfence.terms import LAYOUTS, Clock, RecordKind, cell
from ringfence.trace import ALIASES, PLACES, SOURCES, Question, RuleSettings, Visible, trace_ring

EARTH_RADIUS_M = 6_371_008.8
CLOCK = Clock(ZoneInfo("Asia/Shanghai"))
DAYS = range(19_050, 19_060)
ANCHORS = [(113.3, 40.08, 0.0005), (0.0, 0.0, 0.0005), (180.0, -17.7, 0.0005), (20.0, 89.9985, 20.0)]
"""A city, where the grid of degrees begins, where it closes, and where it shrinks to nothing; with a step eastward."""
UNUSABLE = [(0.0, 0.0), (113.3, 91.0), (181.0, 40.0), (nan, nan), (None, None)]

Point = tuple[float | None, float | None]


@dataclass
class Map:
    """Route points (person, day, point, precision_m), places (number, point), visits (person, place, day, stay_s)."""

    points: list[tuple[int, int, Point, int | None]]
    places: dict[int, Point]
    visits: list[tuple[int, int, int, int]]
    direction: str
    window: tuple[int, int, int, int]
    aliases: dict[int, int]
    metres: int
    place_metres: int
    days: int


@st.composite
def maps(draw: st.DrawFn) -> Map:
    east, north, eastward = draw(st.sampled_from(ANCHORS))
    steps = st.tuples(st.integers(-9, 9), st.integers(-9, 9))
    around = steps.map(lambda n: ((east + n[0] * eastward + 180) % 360 - 180, north + n[1] * 0.0005))
    point = st.one_of(around, around, around, st.sampled_from(UNUSABLE))
    person, day = st.sampled_from([1, 1, 2, 3, 11]), st.sampled_from(DAYS)
    first, last = draw(day), draw(day)
    drawn = Map(
        points=draw(st.lists(st.tuples(person, day, point, st.sampled_from([None, 10, 5_000])), max_size=8)),
        places=dict(enumerate(draw(st.lists(point, max_size=3)), start=1)),
        visits=draw(st.lists(st.tuples(person, st.integers(1, 3), day, st.sampled_from([0, 600, 600])), max_size=8)),
        direction=draw(st.sampled_from(["forward", "backward"])),
        window=(first, draw(st.sampled_from([0, 50_000])), last, draw(st.sampled_from([0, 40_000, 86_400]))),
        aliases=draw(st.sampled_from([{}, {11: 1}, {11: 3}])),
        metres=draw(st.sampled_from([0, 60, 300])),
        place_metres=draw(st.sampled_from([0, 60, 600])),
        days=draw(st.integers(0, 2)),
    )
    known = [p for p in [*(p[2] for p in drawn.points), *drawn.places.values()] if is_usable(p)]
    lengths = {metres_between(a, b) for a in known for b in known if a != b}
    assume(all(abs(length - limit) > 0.001 for length in lengths for limit in (drawn.metres, drawn.place_metres)))
    return drawn


@given(maps())
@settings(max_examples=15, deadline=None)
def test_points_match_as_a_comparison_of_every_two_of_them_says(drawn: Map) -> None:
    check_matches(drawn)


@pytest.mark.verify
@given(maps())
@settings(max_examples=300, deadline=None)
def test_points_match_so_on_many_more_maps(drawn: Map) -> None:
    check_matches(drawn)


def check_matches(drawn: Map) -> None:
    found, expected = matches(drawn), expected_matches(drawn)
    assert found.keys() == expected.keys()
    for key, (distance, days_apart, crowd) in found.items():
        assert abs(distance - expected[key][0]) < 0.001
        assert (days_apart, crowd) == expected[key][1:]


def matches(drawn: Map) -> dict[tuple[object, ...], tuple[float, int, int | None]]:
    rules = RuleSettings(
        minimum_minutes=15,
        linger_minutes=0,
        rules={
            "near_in_place_and_day": {"metres": drawn.metres, "place_metres": drawn.place_metres, "days": drawn.days}
        },
        second_ring_rules=(),
        weights={},
        second_ring_share=0,
    )
    source = dict(zip(SOURCES.names, (7, 70, 1, drawn.direction, *drawn.window), strict=True))
    aliases = pa.table([list(drawn.aliases), list(drawn.aliases.values())], schema=ALIASES)
    places = pa.Table.from_pylist(
        [{"place_no": n, "longitude": p[0], "latitude": p[1]} for n, p in drawn.places.items()], PLACES
    )
    with Visible(records(drawn), days=DAYS, clock=CLOCK, aliases=aliases, places=places, threads=1) as visible:
        visible.put_sources(pa.Table.from_pylist([source], SOURCES))
        rows = trace_ring(Question(visible, rules), rules=("near_in_place_and_day",)).to_pylist()
    answer = {
        (row["source"], row["subject"], row["place"], row["first_day"]): (
            row["distance"],
            row["days_apart"],
            row["crowd"],
        )
        for row in rows
    }
    assert len(answer) == len(rows)
    assert all((row["first_s"], row["last_s"], row["last_day"]) == (0, 86_400, row["first_day"]) for row in rows)
    return answer


def records(drawn: Map) -> dict[str, pa.Table]:
    points = [
        {"person": person, "day": day, "longitude": point[0], "latitude": point[1], "precision_m": precision}
        for person, day, point, precision in drawn.points
    ]
    visits = [
        {"cell": cell(day, place), "person": person, "enter_s": 100, "stay_s": stay_s}
        for person, place, day, stay_s in drawn.visits
    ]
    visit = LAYOUTS[RecordKind.VISIT].schema
    return {
        "route_point": pa.Table.from_pylist(points, LAYOUTS[RecordKind.ROUTE_POINT].schema),
        "visit_by_cell": pa.Table.from_pylist(visits, visit),
        "visit_by_person": pa.Table.from_pylist(visits, visit),
    }


def expected_matches(drawn: Map) -> dict[tuple[object, ...], tuple[float, int, int | None]]:
    person = 1
    own = [
        (day, point)
        for who, day, point, precision in drawn.points
        if home(drawn, who) == person
        and is_usable(point)
        and is_precise(drawn, precision)
        and is_in_window(drawn.window, day)
    ]
    others = [
        (home(drawn, who), None, day, point, drawn.metres)
        for who, day, point, precision in drawn.points
        if is_usable(point) and is_precise(drawn, precision)
    ] + [
        (home(drawn, who), place, day, drawn.places[place], drawn.place_metres)
        for who, place, day, stay_s in drawn.visits
        if stay_s > 0 and place in drawn.places and is_usable(drawn.places[place])
    ]
    answer: dict[tuple[object, ...], tuple[float, int, int | None]] = {}
    for source_day, point in own:
        for subject, place, day, other, limit in others:
            length, apart = metres_between(point, other), abs(day - source_day)
            if subject != person and apart <= drawn.days and length <= limit:
                on = day if drawn.direction == "forward" else source_day
                row = (length, apart, crowd(drawn, place, day, person))
                answer[person, subject, place, on] = min(
                    row, answer.get((person, subject, place, on), row), key=nearest
                )
    return answer


def nearest(row: tuple[float, int, int | None]) -> tuple[float, int, int]:
    return round(row[0], 6), row[1], row[2] or 0


def crowd(drawn: Map, place: int | None, day: int, person: int) -> int | None:
    if place is None:
        return None
    return len({home(drawn, v[0]) for v in drawn.visits if v[1:3] == (place, day) and v[3] > 0} - {person})


def home(drawn: Map, person: int) -> int:
    return drawn.aliases.get(person, person)


def is_precise(drawn: Map, precision_m: int | None) -> bool:
    return precision_m is None or precision_m <= drawn.metres


def is_in_window(window: tuple[int, int, int, int], day: int) -> bool:
    first_day, first_s, last_day, last_s = window
    begins, ends = (first_s if day == first_day else 0), (last_s if day == last_day else 86_400)
    return first_day <= day <= last_day and begins < ends


def is_usable(point: Point) -> bool:
    longitude, latitude = point
    if longitude is None or latitude is None or point == (0.0, 0.0):
        return False
    return -180 <= longitude <= 180 and -90 <= latitude <= 90


def metres_between(one: Point, other: Point) -> float:
    """By the angle between two vectors from the earth's centre, not by the haversine."""
    a, b = vector(one), vector(other)
    cross = (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
    return EARTH_RADIUS_M * atan2(dist(cross, (0, 0, 0)), sum(x * y for x, y in zip(a, b, strict=True)))


def vector(point: Point) -> tuple[float, float, float]:
    longitude, latitude = radians(point[0] or 0), radians(point[1] or 0)
    return cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude)
