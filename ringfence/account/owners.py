"""Who answers for a gap: a unit by name, or the area itself where no unit answers for it (policy 7.1)."""

from collections.abc import Mapping

from ringfence.account.gap import Gap
from ringfence.account.rollup import lead_up
from ringfence.store import Act
from ringfence.terms import Level

READ_UNITS = "select unit_id, area_path, level from unit order by unit_id"

_HEIGHTS = {level: height for height, level in enumerate(Level)}

Leaders = Mapping[str, Mapping[Level, str]]
"""By area path and level the first unit there is."""


def read_leaders(act: Act) -> Leaders:
    """The units that can be named as owners."""
    leaders: dict[str, dict[Level, str]] = {}
    for row in act.rows(READ_UNITS):
        leaders.setdefault(row.area_path, {}).setdefault(Level(row.level), row.unit_id)
    return leaders


def find_owner(gap: Gap, *, leaders: Leaders) -> str:
    """The owner of a gap: never empty, so that no duty hangs in the air."""
    if gap.unit:
        return gap.unit
    paths = list(lead_up(gap.owner_path or gap.area_path))
    for path in paths:
        able = [level for level in leaders.get(path, {}) if _HEIGHTS[level] >= _HEIGHTS[gap.level]]
        if able:
            return leaders[path][min(able, key=_HEIGHTS.__getitem__)]
    return f"area:{paths[0]}"
