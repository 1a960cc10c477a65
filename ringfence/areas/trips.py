"""Trips and their stops: what carriers' files call by a number and a day, lake and desk call by one number (2.2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from ringfence.store import Act, Desk
from ringfence.terms import TripKind, day_number, to_us

TRIP_NUMBERS = "select trip_no, kind, number, departs_day from trip"

INSERT_TRIP = """
insert into trip (trip_no, kind, number, departs_day, recorded_at)
values (:trip_no, :kind, :number, :departs_day, :recorded_at)
"""

READ_STOPS = "select trip_no, stop_no, name from trip_stop order by trip_no, stop_no"

UPSERT_STOP = """
insert into trip_stop (trip_no, stop_no, name, area_code, arrives_at, leaves_at, batch_no, row_no, recorded_at)
values (:trip_no, :stop_no, :name, :area_code, :arrives_at, :leaves_at, :batch_no, :row_no, :recorded_at)
on conflict (trip_no, stop_no) do update set name = excluded.name, area_code = excluded.area_code,
    arrives_at = excluded.arrives_at, leaves_at = excluded.leaves_at, batch_no = excluded.batch_no,
    row_no = excluded.row_no, recorded_at = excluded.recorded_at
"""

NUMBERING = "lock table trip in share row exclusive mode"  # two files at once must not number a trip twice


@dataclass(frozen=True)
class TripKey:
    """One run of a train, flight or coach, as carriers name it."""

    kind: TripKind
    number: str
    departs_on: date


@dataclass(frozen=True, kw_only=True)
class StopRow:
    """A stop of a trip, counted from 1; `row` is its line in the batch. Instants are microseconds UTC."""

    trip_no: int
    stop_no: int
    name: str
    area_code: str
    arrives_at: int | None
    leaves_at: int | None
    row: int


def number_trips(act: Act, trips: Iterable[TripKey]) -> dict[TripKey, int]:
    """The numbers of trips; one that nobody named before gets its own."""
    act.stand_in_line(NUMBERING)
    known = {(row.kind, row.number, row.departs_day): row.trip_no for row in act.rows(TRIP_NUMBERS)}
    named = {trip: (trip.kind.value, trip.number, day_number(trip.departs_on)) for trip in trips}
    new = [key for key in dict.fromkeys(named.values()) if key not in known]
    first = act.take_numbers("trip", len(new)) if new else 0
    known |= {key: first + place for place, key in enumerate(new)}
    act.run_many(
        INSERT_TRIP,
        [
            {
                "trip_no": known[key],
                "kind": key[0],
                "number": key[1],
                "departs_day": key[2],
                "recorded_at": to_us(act.now),
            }
            for key in new
        ],
    )
    act.note("trips.numbered", count=len(named), new=len(new))
    return {trip: known[key] for trip, key in named.items()}


def put_stops(act: Act, stops: Sequence[StopRow], *, batch_no: int | None) -> None:
    """Put stops in; a stop of a trip that is known is what the newest timetable says."""
    known = {"batch_no": batch_no, "recorded_at": to_us(act.now)}
    act.run_many(
        UPSERT_STOP,
        [
            {
                "trip_no": stop.trip_no,
                "stop_no": stop.stop_no,
                "name": stop.name,
                "area_code": stop.area_code,
                "arrives_at": stop.arrives_at,
                "leaves_at": stop.leaves_at,
                "row_no": stop.row,
                **known,
            }
            for stop in stops
        ],
    )
    act.note("stops.put", count=len(stops))


def read_stops(desk: Desk) -> pa.Table:
    """Every stop of every trip (columns trip_no, stop_no, name), to join passenger lists against."""
    rows = [row._asdict() for row in desk.rows(READ_STOPS)]
    schema = pa.schema([("trip_no", pa.int64()), ("stop_no", pa.int64()), ("name", pa.string())])
    return pa.Table.from_pylist(rows, schema=schema)
