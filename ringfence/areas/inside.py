"""Where people slept and where rides stopped inside risk areas: rooms, wards and stops (policy 6.2)."""

from typing import Any

import pyarrow as pa
from sqlalchemy import Row

from ringfence.store import Desk
from ringfence.terms import Clock, GroupKind, from_us

SLEPT_IN = (GroupKind.HOTEL_ROOM, GroupKind.WARD)

GROUPS = "select group_no, kind, place_no from member_group where place_no is not null order by group_no"

STOPS = """
select s.trip_no, s.stop_no, s.area_code, s.arrives_at, s.leaves_at, t.departs_day
from trip_stop s join trip t on t.trip_no = s.trip_no
order by s.trip_no, s.stop_no
"""

INSIDE_GROUPS = pa.schema([("risk_area", pa.int64()), ("group_kind", pa.string()), ("group_no", pa.int64())])
INSIDE_STOPS = pa.schema(
    [("risk_area", pa.int64()), ("trip", pa.int64()), ("stop_no", pa.int32()), ("day", pa.int32())]
)
"""Where people slept, and stops with the local day on which the ride was there (that of departure where no timetable
says), by the number of the risk area."""


def find_groups_inside(desk: Desk, places: pa.Table) -> pa.Table:
    """The rooms and wards (INSIDE_GROUPS) at places that lie in risk areas (INSIDE_PLACES)."""
    rows = [(row.group_no, row.kind, row.place_no) for row in desk.rows(GROUPS) if row.kind in SLEPT_IN]
    groups = pa.table(
        list(zip(*rows, strict=True)) or [()] * 3,
        schema=pa.schema([("group_no", pa.int64()), ("group_kind", pa.string()), ("place", pa.int64())]),
    )
    return places.join(groups, "place", join_type="inner").select(INSIDE_GROUPS.names).cast(INSIDE_GROUPS)


def find_stops_inside(desk: Desk, within: pa.Table, *, clock: Clock) -> pa.Table:
    """The stops of trips (INSIDE_STOPS) in areas that lie in risk areas (INSIDE_AREAS)."""
    rows = [(row.trip_no, row.stop_no, row.area_code, _day(row, clock)) for row in desk.rows(STOPS)]
    stops = pa.table(
        list(zip(*rows, strict=True)) or [()] * 4,
        schema=pa.schema([("trip", pa.int64()), ("stop_no", pa.int32()), ("area", pa.string()), ("day", pa.int32())]),
    )
    return within.join(stops, "area", join_type="inner").select(INSIDE_STOPS.names).cast(INSIDE_STOPS)


def _day(row: Row[Any], clock: Clock) -> int:
    """The local day on which a ride was at a stop."""
    at = row.leaves_at if row.arrives_at is None else row.arrives_at
    return int(row.departs_day) if at is None else clock.day_of(from_us(at))
