"""Passengers become legs of numbered trips (policy 2.2)."""

import numpy as np
import pyarrow as pa

from ringfence.areas import TripKey, number_trips, read_stops
from ringfence.feeds import build_legs, count_trips
from ringfence.intake.arrivals import Arrival, Effects
from ringfence.terms import RecordKind, TripKind


def take_in(arrival: Arrival) -> Effects:
    """Legs for the lake; a trip nobody named before gets its number."""
    legs = build_legs(
        arrival.rows,
        persons=arrival.persons,
        trips=find_trips(arrival),
        stops=read_stops(arrival.store.desk),
        provenance=arrival.provenance,
    )
    return Effects(records={RecordKind.LEG: legs})


def find_trips(arrival: Arrival) -> pa.Array:
    """The number of each row's trip."""
    trips, of_rows = count_trips(arrival.rows)
    keys = [TripKey(TripKind(trip["kind"]), trip["trip_number"], trip["departs_on"]) for trip in trips]
    numbers = arrival.store.act(lambda act: number_trips(act, keys), actor=arrival.actor, now=arrival.now)
    of_trips = np.array([numbers[key] for key in keys], dtype=np.int64)
    return pa.array(of_trips[np.asarray(of_rows)])
