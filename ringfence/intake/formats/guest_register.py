"""Guests become members of rooms and floors (policy 2.5)."""

import pyarrow as pa

from ringfence.feeds import build_group_members, name_floors, name_rooms
from ringfence.intake.arrivals import Arrival, Effects
from ringfence.intake.numbering import find_groups
from ringfence.terms import GroupKind, RecordKind

DAYS = ("arrived_on", "left_on")


def take_in(arrival: Arrival) -> Effects:
    """Memberships for the lake: each guest shares the room, and the floor where anything says which."""
    keys = {GroupKind.HOTEL_ROOM: name_rooms(arrival.rows), GroupKind.HOTEL_FLOOR: name_floors(arrival.rows)}
    members = [
        build_group_members(
            arrival.rows,
            persons=arrival.persons,
            kinds=kind,
            groups=find_groups(arrival, kind, named),
            days=DAYS,
            provenance=arrival.provenance,
        )
        for kind, named in keys.items()
    ]
    return Effects(records={RecordKind.MEMBERSHIP: pa.concat_tables(members)})
