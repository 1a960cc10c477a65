"""Who came from a risk area, way by way."""

import pyarrow as pa
from trace_records import DAY, fence, homes, join, legs, passages, protocol, residences, see, sources, stays, visits

from ringfence.trace import SOURCES, Question, trace_exposures, trace_ring

CODES = ("lived_in_risk_area", "was_in_risk_area", "came_through_gate")
STAYED, CHANGED = "stayed_in_risk_area", "boarded_or_alighted_in_risk_area"


def came(records: dict[str, pa.Table], **given: object) -> list[tuple[int, str, int, int]]:
    """Person, way, first and last day from DAY, of whoever came from the one fence."""
    aliases = given.pop("aliases", None)
    with see(records, aliases=aliases) as visible:
        visible.put_sources(SOURCES.empty_table())
        fence(visible, (7, 70), **given)  # type: ignore[arg-type]
        rows = trace_ring(Question(visible, protocol()), rules=("came_from_risk_area",)).to_pylist()
    assert all((row["signal"], row["source"], row["direction"]) == (7, 70, "forward") for row in rows)
    return [(row["subject"], row["code"], row["first_day"] - DAY, row["last_day"] - DAY) for row in rows]


def test_who_lives_or_lived_there_in_the_window_came_from_there() -> None:
    records = residences((1, "111", None, None), (2, "111", 0, 2), (3, "112", None, None), (4, "111", 0, 1))
    assert came(records, areas=["111"], days=(2, 5)) == [(1, CODES[0], 2, 5), (2, CODES[0], 2, 2)]


def test_who_stayed_at_a_place_inside_came_from_there() -> None:
    records = visits(
        (1, 5, 1, "9:00", "9:01"), (1, 5, 3, "9:00", "9:30"), (2, 6, 1, "9:00", "10:00"), (3, 5, 6, "9:00", "10:00")
    )
    assert came(records, places=[5], days=(0, 4)) == [(1, CODES[1], 1, 3)]


def test_who_said_so_at_a_gate_came_from_there() -> None:
    records = passages((1, "111", 2), (2, "112", 2), (None, "111", 2), (3, "111", 6))
    assert came(records, areas=["111"], days=(0, 4)) == [(1, CODES[2], 2, 2)]


def test_who_slept_in_a_hotel_inside_stayed_there() -> None:
    guests = homes((1, 8, 1, 2), (2, 9, 1, 2), (3, 8, 5, 6), kind="hotel_room")
    assert came(guests, groups=[("hotel_room", 8)], days=(2, 4)) == [(1, STAYED, 2, 2)]


def test_who_is_said_to_have_been_there_stayed_there() -> None:
    told = stays((1, "111", 1, None), (2, "112", 1, 3), (3, "111", 0, 1))
    assert came(told, areas=["111"], days=(2, 4)) == [(1, STAYED, 2, 4)]


def test_who_boarded_or_alighted_there_came_from_there_and_who_passed_through_did_not() -> None:
    # Stop 3 lies inside; the night train left on day 1 and is there on day 2.
    riders = legs((1, 5, 1, 1, 3), (2, 5, 2, 3, 6), (3, 5, 3, 1, 6), (4, 5, 4, 1, 2), (5, 5, 5, None, None))
    assert came(riders, stops=[(4, 3, 2)], days=(2, 4)) == [(1, CHANGED, 2, 2), (2, CHANGED, 2, 2)]


def test_a_ride_that_was_there_before_the_window_does_not_count() -> None:
    assert came(legs((1, 5, 1, 1, 3)), stops=[(4, 3, 1)], days=(2, 4)) == []


def test_one_person_may_have_come_in_several_ways_under_several_numbers() -> None:
    records = join(residences((11, "111", None, None)), visits((12, 5, 1, "9:00", "9:30")))
    found = came(records, areas=["111"], places=[5], aliases={11: 1, 12: 1})
    assert found == [(1, CODES[0], 0, 6), (1, CODES[1], 1, 1)]


def test_a_fence_makes_exposures_with_every_way_as_a_reason_and_no_second_ring() -> None:
    records = join(residences((1, "111", None, None)), visits((1, 5, 1, "9:00", "9:30"), (2, 5, 2, "9:00", "9:30")))
    settings = protocol(
        rules={"came_from_risk_area": {}, "household": {}}, weights={"came_from_risk_area": 60.0, "household": 1.0}
    )
    with see(records) as visible:
        fence(visible, (7, 70), areas=["111"], places=[5])
        traced = trace_exposures(
            visible, sources=SOURCES.empty_table(), settings=settings, until_day=DAY + 6, until_s=0
        )
    exposures = [(row["subject"], row["ring"], row["rules"], row["reasons"]) for row in traced.exposures.to_pylist()]
    assert exposures == [(1, 1, "came_from_risk_area", 2), (2, 1, "came_from_risk_area", 1)]
    assert {row["weight"] for row in traced.reasons.to_pylist()} == {60.0}


def test_without_a_fence_nobody_came_from_one() -> None:
    with see(residences((1, "111", None, None))) as visible:
        visible.put_sources(sources((7, 1)))
        assert trace_ring(Question(visible, protocol()), rules=("came_from_risk_area",)).num_rows == 0
