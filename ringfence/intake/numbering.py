"""The numbers of the rooms, floors, groups, classes and wards that rows name (policy 2.2, 2.5)."""

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.areas import number_groups
from ringfence.feeds import count_keys
from ringfence.intake.arrivals import Arrival
from ringfence.terms import GroupKind


def find_groups(arrival: Arrival, kind: GroupKind, keys: pa.StringArray) -> pa.Array:
    """The number of each key's group (null: none), a new one for a key nobody named before; `keys` go by rows."""
    names, firsts = count_keys(keys)
    places = arrival.known.places
    found = pc.index_in(arrival.rows["place_id"], value_set=places["place_id"].combine_chunks()).combine_chunks()
    place_nos = places["place_no"].combine_chunks().take(found).take(pa.array(firsts)).to_pylist()
    by_name = dict(zip(names, place_nos, strict=True))
    numbers = arrival.store.act(lambda act: number_groups(act, kind, by_name), actor=arrival.actor, now=arrival.now)
    ordered = pa.array([numbers[name] for name in names], pa.int64())
    return ordered.take(pc.index_in(keys, value_set=pa.array(names, pa.string())))
