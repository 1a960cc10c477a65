"""Guests and members to memberships: who was in which room, group, class or ward from when to when (2.2, 2.5)."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.feeds.records.people import OPEN_END
from ringfence.feeds.records.provenance import Provenance, check_persons
from ringfence.feeds.values import FIRST_DAY, narrow
from ringfence.terms import GroupKind, RecordKind

_FLOOR = "^(?P<floor>[0-9]{1,2})[0-9]{2}$"


def name_rooms(accepted: pa.Table) -> pa.StringArray:
    """The key of each row's room: its place and what stands on the door."""
    return _join(accepted["place_id"], accepted["room"])


def name_floors(accepted: pa.Table) -> pa.StringArray:
    """The key of each row's floor: as written, or the figures before a room's last two; null where neither says it."""
    rooms = narrow(accepted["room"].combine_chunks())
    told = pc.struct_field(pc.extract_regex(rooms, pattern=_FLOOR), "floor")
    written = accepted["floor"].combine_chunks()
    floors = pc.if_else(pc.equal(written, ""), told, written)
    return _join(accepted["place_id"], floors)


def name_groups(accepted: pa.Table) -> pa.StringArray:
    """The key of each row's group: its place and what the group is called there."""
    return _join(accepted["place_id"], accepted["group"])


def build_group_members(
    accepted: pa.Table,
    *,
    persons: pa.Array,
    kinds: pa.Array | GroupKind,
    groups: pa.Array,
    days: tuple[str, str],
    provenance: Provenance,
) -> pa.Table:
    """Membership records: one a row whose group is known (`groups` int64, null where not), of one kind or each its own.

    `days` names the columns of the first and last day; an empty one is as far as anybody asks.
    """
    check_persons(accepted, persons)
    first, last = (accepted[name].combine_chunks().cast(pa.int32()) for name in days)
    kind = pa.repeat(kinds.value, accepted.num_rows) if isinstance(kinds, GroupKind) else kinds
    records = provenance.records(
        RecordKind.MEMBERSHIP,
        {
            "person": persons,
            "group_kind": kind,
            "group_no": groups,
            "from_day": pc.fill_null(first, FIRST_DAY),
            "to_day": pc.fill_null(last, OPEN_END),
        },
        rows=accepted["row"],
    )
    return records.filter(pc.is_valid(records["group_no"]))


def count_keys(keys: pa.StringArray) -> tuple[list[str], np.ndarray]:
    """The distinct keys in order of appearance, and where each first stands."""
    encoded = keys.drop_null().dictionary_encode()
    firsts = np.asarray(pc.index_in(encoded.dictionary, value_set=keys))
    return encoded.dictionary.to_pylist(), firsts


def _join(*columns: pa.ChunkedArray | pa.Array) -> pa.StringArray:
    flat = [part.combine_chunks() if isinstance(part, pa.ChunkedArray) else part for part in columns]
    return pc.binary_join_element_wise(*flat, "/")
