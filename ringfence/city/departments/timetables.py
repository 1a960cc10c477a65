"""Transport: where the trips of the period stop and when; some halts are missing."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from ringfence.city.arrays import Texts, either, numerals, unroll
from ringfence.city.journeys import A_HALT_S, MODES, STOPS, leaves_at, name_stops, name_trips, plan_journeys
from ringfence.city.sheets import Sheet, wall_days, wall_minutes
from ringfence.city.truth import History

HALT_MISSING = 0.01


def write(history: History) -> Iterator[Sheet]:
    """One sheet: a line for every trip and stop, trip by trip."""
    town, journeys = history.town, plan_journeys(history.town)
    first_day, dice = town.options.first_day, town.options.dice("timetables")
    trips = np.unique(np.stack([journeys.day, journeys.mode, journeys.trip]), axis=1)
    halts = np.array([len(stops) for stops in STOPS])[trips[1]]
    owner, stop = unroll(np.zeros(halts.size, dtype=np.int64), halts)
    is_kept = dice.random(owner.size) >= HALT_MISSING * town.options.slips
    owner, stop = owner[is_kept], stop[is_kept]
    day, mode, trip = trips[:, owner]
    leaves = leaves_at(day, trip, stop)
    columns: dict[str, Texts] = {
        "kind": pa.array([one.value for one in MODES]).take(pa.array(mode)),
        "trip_number": name_trips(mode, trip),
        "departs_on": wall_days(first_day, day),
        "stop_no": numerals(stop + 1),
        "stop": name_stops(mode, stop),
        "arrives_at": either(stop > 0, wall_minutes(first_day, leaves - A_HALT_S), ""),
        "leaves_at": either(stop < halts[owner] - 1, wall_minutes(first_day, leaves), ""),
        "stop_area": pa.array([""] * stop.size, pa.string()),
    }
    yield Sheet("timetables.csv", columns)
