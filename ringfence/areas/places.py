"""Places and their numbers: what the departments' files call by a key, lake and desk call by a number (policy 5.1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from ringfence.areas.hierarchy import path_of
from ringfence.store import Act, Desk
from ringfence.terms import Area, Place, PlaceKind, to_us

READ_NUMBERS = "select place_no, place_id from place order by place_id"

READ_PLACE = """
select place_no, place_id, kind, area_code, longitude, latitude from place where place_no = :place_no
"""

READ_PLACES = """
select place_no, place_id, name, kind, area_code, area_path, longitude, latitude from place order by place_no
"""

UPSERT_PLACE = """
insert into place (place_no, place_id, name, kind, area_code, area_path, longitude, latitude, batch_no, row_no,
    recorded_at)
values (:place_no, :place_id, :name, :kind, :area_code, :area_path, :longitude, :latitude, :batch_no, :row_no,
    :recorded_at)
on conflict (place_id) do update set name = excluded.name, kind = excluded.kind, area_code = excluded.area_code,
    area_path = excluded.area_path, longitude = excluded.longitude, latitude = excluded.latitude,
    batch_no = excluded.batch_no, row_no = excluded.row_no, recorded_at = excluded.recorded_at
"""

PLACES = pa.schema(
    [
        ("place_no", pa.int64()),
        ("place_id", pa.string()),
        ("name", pa.string()),
        ("kind", pa.string()),
        ("area_code", pa.string()),
        ("area_path", pa.string()),
        ("longitude", pa.float64()),
        ("latitude", pa.float64()),
    ]
)


@dataclass(frozen=True, kw_only=True)
class PlaceRow:
    """A place as a department describes it; `row` is its line in the batch."""

    place_id: str
    name: str
    kind: PlaceKind
    area_code: str
    longitude: float | None
    latitude: float | None
    row: int


def put_places(act: Act, places: Sequence[PlaceRow], *, areas: Mapping[str, Area], batch_no: int | None) -> int:
    """Put places in; a key known already keeps its number. How many were new."""
    known = {row.place_id: row.place_no for row in act.rows(READ_NUMBERS)}
    new = sorted({place.place_id for place in places} - known.keys())
    first = act.take_numbers("place", len(new)) if new else 0
    known.update({place_id: first + n for n, place_id in enumerate(new)})
    act.run_many(
        UPSERT_PLACE,
        [
            {
                "place_no": known[place.place_id],
                "place_id": place.place_id,
                "name": place.name,
                "kind": place.kind,
                "area_code": place.area_code,
                "area_path": path_of(areas, place.area_code),
                "longitude": place.longitude,
                "latitude": place.latitude,
                "batch_no": batch_no,
                "row_no": place.row,
                "recorded_at": to_us(act.now),
            }
            for place in places
        ],
    )
    act.note("places.put", count=len(places), new=len(new))
    return len(new)


def read_place_numbers(desk: Desk) -> pa.Table:
    """Every place's number and key (columns place_no, place_id), to join files against."""
    rows = desk.rows(READ_NUMBERS)
    return pa.table(
        {
            "place_no": pa.array([row.place_no for row in rows], pa.int64()),
            "place_id": pa.array([row.place_id for row in rows], pa.string()),
        }
    )


def read_places(desk: Desk) -> pa.Table:
    """Every place (schema PLACES), by number."""
    return pa.Table.from_pylist([row._asdict() for row in desk.rows(READ_PLACES)], schema=PLACES)


def read_place(desk: Desk, place_no: int) -> Place | None:
    """A place by number."""
    rows = desk.rows(READ_PLACE, place_no=place_no)
    if not rows:
        return None
    fields = rows[0]._asdict()
    return Place(**{**fields, "kind": PlaceKind(fields["kind"])})
