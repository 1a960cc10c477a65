"""A late task rises: grid, township, county, city; its owner, status and deadline stay as they are (policy 7.1).

How high it stands depends on its owner's level and on how late it is, not on how often somebody looked.
"""

from collections.abc import Mapping
from datetime import timedelta
from itertools import accumulate, pairwise

from ringfence.policy import Policy
from ringfence.store import Act
from ringfence.terms import Level, to_us

# Those of one level's units that are late enough for a level, but not for the one above it; nothing ever sinks.
RISE = """
update task set level = :level
where status in ('open', 'acknowledged') and due_at <= :late_since and due_at > :too_late_since
    and case level when 'grid' then 0 when 'township' then 1 when 'county' then 2 else 3 end < :height
    and owner in (select unit_id from unit where level = :owner_level)
"""

_LEVELS = tuple(Level)


def find_level(owner_level: Level, *, late: timedelta, stays: Mapping[Level, timedelta]) -> Level:
    """The level a task stands at so long after its deadline; `stays` is how long a late one stays at each level."""
    risen = [level for level, after in _find_steps(owner_level, stays) if late >= after]
    return risen[-1] if risen else owner_level


def escalate_tasks(act: Act, *, policy: Policy) -> dict[Level, int]:
    """Let every late task rise to where it belongs now; how many came to each level."""
    stays = {level: policy.hours(f"escalation.{level}_hours") for level in _LEVELS[:-1]}
    risen = dict.fromkeys(_LEVELS[1:], 0)
    for owner_level in _LEVELS[:-1]:
        steps = _find_steps(owner_level, stays)
        cutoffs = [to_us(act.now - after) for _, after in steps]
        for (level, _), late_since, too_late_since in zip(steps, cutoffs, [*cutoffs[1:], 0], strict=True):
            risen[level] += act.run(
                RISE,
                level=level,
                height=_LEVELS.index(level),
                owner_level=owner_level,
                late_since=late_since,
                too_late_since=too_late_since,
            )
    act.note(
        "tasks.escalated",
        count=sum(risen.values()),
        township=risen[Level.TOWNSHIP],
        county=risen[Level.COUNTY],
        city=risen[Level.CITY],
    )
    return risen


def _find_steps(owner_level: Level, stays: Mapping[Level, timedelta]) -> list[tuple[Level, timedelta]]:
    """The levels above an owner's, each with how long after its deadline a task comes there."""
    way = list(pairwise(_LEVELS[_LEVELS.index(owner_level) :]))
    after = accumulate(stays[below] for below, _ in way)
    return [(above, late) for (_, above), late in zip(way, after, strict=True)]
