"""Members of work groups, classes and wards become memberships (policy 2.2)."""

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.feeds import build_group_members, name_groups
from ringfence.intake.arrivals import Arrival, Effects
from ringfence.intake.numbering import find_groups
from ringfence.terms import GroupKind, RecordKind

DAYS = ("from_date", "to_date")


def take_in(arrival: Arrival) -> Effects:
    """Memberships for the lake."""
    kinds = arrival.rows["group_kind"].combine_chunks()
    keys, groups = name_groups(arrival.rows), pa.nulls(arrival.rows.num_rows, pa.int64())
    for kind in pc.unique(kinds).to_pylist():
        of_kind = pc.if_else(pc.equal(kinds, kind), keys, pa.scalar(None, pa.string()))
        groups = pc.coalesce(groups, find_groups(arrival, GroupKind(kind), of_kind))
    members = build_group_members(
        arrival.rows,
        persons=arrival.persons,
        kinds=kinds,
        groups=groups,
        days=DAYS,
        provenance=arrival.provenance,
    )
    return Effects(records={RecordKind.MEMBERSHIP: members})
