"""Near in place and day, case by case."""

from math import nan

import pytest
from trace_records import DAY, contacts, places, protocol, routes, sources, visits

DEGREE_M = 111_195.08  # one degree of a great circle of the mean earth: 2 * pi * 6,371,008.8 m / 360
NEAR = "near_in_place_and_day"


def near(**numbers: int) -> dict[str, object]:
    return {"settings": protocol(rules={NEAR: {"metres": 500, "days": 1, **numbers}})}


def test_routes_match_within_metres_and_days_in_either_order() -> None:
    records = routes(
        (1, 3, 113.3, 40.0),
        (2, 3, 113.3, 40.004),  # 445 m
        (3, 3, 113.3, 40.005),  # 556 m
        (4, 2, 113.3, 40.0),
        (5, 4, 113.3, 40.0),
        (6, 5, 113.3, 40.0),  # two days later
    )
    found = contacts(NEAR, records, sources((7, 1)))
    assert [(row["subject"], row["first_day"] - DAY, row["days_apart"]) for row in found] == [
        (2, 3, 0),
        (4, 2, 1),
        (5, 4, 1),
    ]
    assert found[0]["distance"] == pytest.approx(0.004 * DEGREE_M, abs=0.01)
    assert {(row["first_s"], row["last_s"], row["place"], row["seconds"], row["crowd"]) for row in found} == {
        (0, 86_400, None, None, None)
    }


def test_an_hour_east_is_shorter_in_the_north() -> None:
    records = routes((1, 3, 113.3, 60.0), (2, 3, 113.308, 60.0), (3, 3, 113.31, 60.0))
    (row,) = contacts(NEAR, records, sources((7, 1)))
    assert (row["subject"], row["distance"]) == (2, pytest.approx(0.008 * DEGREE_M / 2, abs=0.01))


def test_the_grid_closes_at_the_date_line_and_the_poles() -> None:
    records = routes((1, 3, 180.0, -17.7), (2, 3, -179.998, -17.7), (1, 4, 20.0, 89.999), (3, 4, -160.0, 89.999))
    assert {row["subject"]: round(row["distance"]) for row in contacts(NEAR, records, sources((7, 1)))} == {
        2: round(0.002 * DEGREE_M * 0.95266),  # the cosine of 17.7 degrees
        3: round(0.002 * DEGREE_M),
    }


@pytest.mark.parametrize("point", [(0.0, 0.0), (None, None), (nan, nan), (113.3, 90.5), (180.5, 40.0)])
def test_a_point_nobody_found_on_the_map_matches_nothing(point: tuple[float | None, float | None]) -> None:
    assert contacts(NEAR, routes((1, 3, *point), (2, 3, *point)), sources((7, 1))) == []


def test_a_point_beside_the_origin_of_degrees_is_a_place_like_any_other() -> None:
    records = routes((1, 3, 0.001, 0.0), (2, 3, 0.0, 0.001), (3, 3, 0.0, 0.0))
    assert [row["subject"] for row in contacts(NEAR, records, sources((7, 1)))] == [2]


def test_a_point_known_less_precisely_than_asked_for_matches_nothing() -> None:
    records = routes((1, 3, 113.3, 40.0, 100), (2, 3, 113.3, 40.0, 500), (3, 3, 113.3, 40.0, 501))
    assert [row["subject"] for row in contacts(NEAR, records, sources((7, 1)))] == [2]


def test_whoever_visited_a_place_beside_a_point_is_found_with_the_days_crowd() -> None:
    records = routes((1, 3, 113.3, 40.0)) | visits(
        (2, 5, 3, "9:00", "10:00"),
        (3, 5, 3, "20:00", "21:00"),
        (3, 5, 3, "22:00", "23:00"),
        (4, 5, 4, "9:00", "10:00"),
        (5, 5, 5, "9:00", "10:00"),
        (6, 6, 3, "9:00", "10:00"),
    )
    known = places((5, 113.3, 40.001), (6, 113.3, 40.006), (7, 0.0, 0.0), (8, None, None))
    found = contacts(NEAR, records, sources((7, 1)), places=known)
    assert [
        (row["subject"], row["place"], row["first_day"] - DAY, row["days_apart"], row["crowd"]) for row in found
    ] == [(2, 5, 3, 0, 2), (3, 5, 3, 0, 2), (4, 5, 4, 1, 1)]
    assert [row["distance"] for row in found] == [pytest.approx(0.001 * DEGREE_M, abs=0.01)] * 3


def test_a_protocol_may_ask_places_to_lie_nearer() -> None:
    records = routes((1, 3, 113.3, 40.0), (2, 3, 113.3, 40.002)) | visits((3, 5, 3, "9:00", "10:00"))
    known = places((5, 113.3, 40.002))
    assert [row["subject"] for row in contacts(NEAR, records, sources((7, 1)), places=known)] == [2, 3]
    assert [
        row["subject"] for row in contacts(NEAR, records, sources((7, 1)), places=known, **near(place_metres=100))
    ] == [2]


def test_the_nearest_match_of_a_day_is_told() -> None:
    records = routes((1, 3, 113.3, 40.0), (1, 4, 113.3, 40.001), (2, 3, 113.3, 40.003), (2, 3, 113.3, 40.002))
    (row,) = contacts(NEAR, records, sources((7, 1)))
    assert (row["days_apart"], row["distance"]) == (1, pytest.approx(0.001 * DEGREE_M, abs=0.01))


def test_only_the_days_of_the_window_count() -> None:
    records = routes((1, 3, 113.3, 40.0), (2, 3, 113.3, 40.0))
    for window in ((0, "0:00", 2, "24:00"), (3, "24:00", 6, "0:00"), (0, "0:00", 3, "0:00")):
        assert contacts(NEAR, records, sources((7, 1), window=window)) == []


def test_looking_back_the_case_was_exposed_on_its_own_day() -> None:
    records = routes((1, 3, 113.3, 40.0), (2, 2, 113.3, 40.0))
    (row,) = contacts(NEAR, records, sources((7, 1), direction="backward"))
    assert row["first_day"] == DAY + 3


def test_merged_persons_share_their_routes() -> None:
    records = routes((11, 3, 113.3, 40.0), (1, 3, 113.3, 40.0), (12, 3, 113.3, 40.0))
    found = contacts(NEAR, records, sources((7, 1)), aliases={11: 1, 12: 2})
    assert [row["subject"] for row in found] == [2]
