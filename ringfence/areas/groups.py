"""Groups and their numbers: rooms, floors, work groups, classes and wards, as files name them (policy 2.2, 2.5)."""

from collections.abc import Mapping

from ringfence.store import Act
from ringfence.terms import GroupKind, PlaceNo, to_us

GROUP_NUMBERS = "select group_key, group_no from member_group where kind = :kind"

INSERT_GROUP = """
insert into member_group (group_no, kind, group_key, place_no, recorded_at)
values (:group_no, :kind, :group_key, :place_no, :recorded_at)
"""

NUMBERING = "lock table member_group in share row exclusive mode"  # two files at once must not number a group twice


def number_groups(act: Act, kind: GroupKind, places: Mapping[str, PlaceNo]) -> dict[str, int]:
    """The numbers of a kind's groups by key, each with the place it is at; one nobody named before gets its own."""
    act.stand_in_line(NUMBERING)
    known = {row.group_key: row.group_no for row in act.rows(GROUP_NUMBERS, kind=kind)}
    new = [key for key in places if key not in known]
    first = act.take_numbers("group", len(new)) if new else 0
    known |= {key: first + place for place, key in enumerate(new)}
    act.run_many(
        INSERT_GROUP,
        [
            {
                "group_no": known[key],
                "kind": kind,
                "group_key": key,
                "place_no": places[key],
                "recorded_at": to_us(act.now),
            }
            for key in new
        ],
    )
    act.note("groups.numbered", kind=kind, count=len(places), new=len(new))
    return {key: known[key] for key in places}
