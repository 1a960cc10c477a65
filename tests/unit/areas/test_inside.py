"""Rooms, wards and stops that lie inside risk areas."""

from datetime import date, datetime

import pyarrow as pa

from ringfence.areas import (
    INSIDE_GROUPS,
    INSIDE_STOPS,
    StopRow,
    TripKey,
    find_groups_inside,
    find_stops_inside,
    number_groups,
    number_trips,
    put_stops,
)
from ringfence.store import Store
from ringfence.terms import Actor, GroupKind, TripKind, day_number, to_us

SYSTEM_ACTOR = Actor("data_steward")
TRIP = TripKey(TripKind.RAIL, "K7", date(2022, 3, 1))


def test_rooms_and_wards_at_places_inside_are_found_and_work_groups_are_not(staffed: Store, now: datetime) -> None:
    def number(act: object) -> dict[str, int]:
        rooms = number_groups(act, GroupKind.HOTEL_ROOM, {"5/201": 5, "6/201": 6})  # type: ignore[arg-type]
        wards = number_groups(act, GroupKind.WARD, {"5/a": 5})  # type: ignore[arg-type]
        number_groups(act, GroupKind.WORK_GROUP, {"5/team": 5})  # type: ignore[arg-type]
        return rooms | wards

    numbers = staffed.act(number, actor=SYSTEM_ACTOR, now=now)
    places = pa.table({"risk_area": [3], "place": pa.array([5], pa.int64())})
    found = find_groups_inside(staffed.desk, places)
    assert found.schema == INSIDE_GROUPS
    assert {tuple(row.values()) for row in found.to_pylist()} == {
        (3, "hotel_room", numbers["5/201"]),
        (3, "ward", numbers["5/a"]),
    }


def test_a_stop_inside_is_told_with_the_day_the_ride_is_there(staffed: Store, now: datetime) -> None:
    second = now.replace(year=2022, month=3, day=2, hour=3)

    def put(act: object) -> int:
        trip = number_trips(act, [TRIP])[TRIP]  # type: ignore[arg-type]
        named = {"trip_no": trip, "leaves_at": None, "row": 1}
        stops = [
            StopRow(stop_no=1, name="a", area_code="11", arrives_at=None, **named),
            StopRow(stop_no=2, name="b", area_code="12", arrives_at=to_us(second), **named),
            StopRow(stop_no=3, name="c", area_code="12", arrives_at=None, **named),
        ]
        put_stops(act, stops, batch_no=None)  # type: ignore[arg-type]
        return trip

    trip = staffed.act(put, actor=SYSTEM_ACTOR, now=now)
    within = pa.table({"risk_area": pa.array([3], pa.int64()), "area": ["12"]})
    found = find_stops_inside(staffed.desk, within, clock=staffed.clock)
    first = day_number(TRIP.departs_on)
    assert found.schema == INSIDE_STOPS
    assert sorted(tuple(row.values()) for row in found.to_pylist()) == [
        (3, trip, 2, staffed.clock.day_of(second)),
        (3, trip, 3, first),
    ]
