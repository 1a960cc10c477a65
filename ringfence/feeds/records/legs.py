"""Passenger lists to legs: who sat where on which trip, between which stops (policy 2.2)."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.feeds.records.provenance import Provenance, check_persons
from ringfence.feeds.values import narrow
from ringfence.terms import RecordKind

_SEAT = "^(?P<row>[0-9]{1,3})排?(?P<seat>[A-Z])座?号?$"


def build_legs(
    accepted: pa.Table, *, persons: pa.Array, trips: pa.Array, stops: pa.Table, provenance: Provenance
) -> pa.Table:
    """Leg records, one a row; `trips` are the numbers of the rows' trips, `stops` what a timetable says of them.

    A seat names its row where it is written as figures and a letter; what a ticket without rows says is kept as the
    seat. A stop nobody has a timetable for stays empty. `stops` has columns trip_no, stop_no, name.
    """
    check_persons(accepted, persons)
    seats = pc.utf8_upper(narrow(pc.fill_null(accepted["seat"].combine_chunks(), "")))
    parts = pc.extract_regex(seats, pattern=_SEAT)
    return provenance.records(
        RecordKind.LEG,
        {
            "trip": trips,
            "trip_kind": accepted["kind"],
            "carriage": accepted["carriage"],
            "seat_row": pc.struct_field(parts, "row").cast(pa.int32()),
            "seat": pc.coalesce(pc.struct_field(parts, "seat"), seats),
            "board_stop": _find_stops(accepted["board_stop"], trips, stops),
            "alight_stop": _find_stops(accepted["alight_stop"], trips, stops),
            "day": accepted["departs_on"].cast(pa.int32()),
            "person": persons,
        },
        rows=accepted["row"],
    )


def _find_stops(names: pa.ChunkedArray, trips: pa.Array, stops: pa.Table) -> pa.Array:
    """The number of each named stop on its trip; empty where no timetable has it."""
    known = _keys(stops["trip_no"], stops["name"])
    found = pc.index_in(_keys(trips, names), value_set=known)
    return stops["stop_no"].combine_chunks().cast(pa.int32()).take(found)


def _keys(trips: pa.Array | pa.ChunkedArray, names: pa.ChunkedArray) -> pa.StringArray:
    flat = [part.combine_chunks() if isinstance(part, pa.ChunkedArray) else part for part in (trips, names)]
    return pc.binary_join_element_wise(flat[0].cast(pa.string()), flat[1].cast(pa.string()), "/")


def count_trips(accepted: pa.Table) -> tuple[list[dict[str, Any]], pa.Array]:
    """The distinct trips of some rows (kind, trip_number, departs_on), and which of them each row is on."""
    columns = ["kind", "trip_number", "departs_on"]
    keys = pc.binary_join_element_wise(
        *(accepted[name].combine_chunks().cast(pa.string()) for name in columns), "/"
    ).dictionary_encode()
    of_rows = np.asarray(keys.indices).astype(np.int64)
    _, firsts = np.unique(of_rows, return_index=True)
    return accepted.select(columns).take(pa.array(firsts)).to_pylist(), pa.array(of_rows)
