"""Handing over all that a unit has, its tasks and whom it watches: nobody waits for a unit that is gone (7.1)."""

from dataclasses import dataclass

from ringfence.access import check_can, covers
from ringfence.errors import InputRefused
from ringfence.policy import Permission
from ringfence.store import Act
from ringfence.terms import to_us
from ringfence.work.task_life import hand_over_tasks

TASKS_OF = "select task_id from task where owner = :unit and status in ('open', 'acknowledged') order by task_id"

WATCHED_BY = """
select follow_up_id, area_path from follow_up where unit_id = :unit and status in ('follow_up', 'lost')
order by follow_up_id
"""

UNIT_AREA = "select area_path from unit where unit_id = :unit_id"

GIVE = "update follow_up set unit_id = :owner, recorded_at = :now where follow_up_id = :follow_up_id"


@dataclass(frozen=True, kw_only=True)
class HandedOver:
    """How much changed hands."""

    tasks: int
    follow_ups: int


def hand_over_unit(act: Act, unit: str, *, owner: str) -> HandedOver:
    """Give every open item of a unit to another one; deadlines stay, and the new owner has yet to acknowledge.

    InputRefused for a unit the roster does not have or whose area something lies outside of: then nothing moves.
    """
    if unit == owner:
        raise InputRefused("unit {unit} has that already; choose another one", unit=unit)
    tasks = hand_over_tasks(act, [row.task_id for row in act.rows(TASKS_OF, unit=unit)], owner=owner)
    watched = act.rows(WATCHED_BY, unit=unit)
    found = act.rows(UNIT_AREA, unit_id=owner)
    for path in sorted({row.area_path for row in watched}):
        check_can(act, Permission.TASK_HAND_OVER, area_path=path)
        if not found or not covers(found[0].area_path, path):
            raise InputRefused(
                "unit {unit} does not answer in area '{area}'; choose one whose area covers it", unit=owner, area=path
            )
    now = to_us(act.now)
    act.run_many(GIVE, [{"follow_up_id": row.follow_up_id, "owner": owner, "now": now} for row in watched])
    act.note("unit.handed_over", subject=f"unit:{unit}", count=tasks + len(watched), to=owner)
    return HandedOver(tasks=tasks, follow_ups=len(watched))
