"""Attempts: what came of trying when the person was not met, and what follows from each (policy 2.3, 7.1).

    unreachable   the task stays; not done in time, it rises by itself
    refused       it rises at once to the township, where somebody may talk
    moved         it rises at once to the county, which can ask elsewhere
    wrong_person  it is contested at the door, and somebody else answers within the policy's time

Nobody drops out: a task about a person ends when the person was met, or when nothing asks for it any more.
"""

from collections.abc import Sequence

from ringfence.errors import InputRefused, TransitionRefused
from ringfence.policy import Permission, Policy
from ringfence.store import Act
from ringfence.terms import (
    ATTEMPTS,
    Contested,
    ContestedKind,
    DisputeGround,
    DisputeWay,
    Level,
    Outcome,
    SubjectKind,
    Task,
    TaskStatus,
    to_us,
)
from ringfence.work.dispute_raising import raise_dispute
from ringfence.work.task_life import check_rights
from ringfence.work.tasks import read_task

INSERT_ATTEMPT = """
insert into task_attempt (task_id, attempted_at, outcome, attempted_by, recorded_at)
values (:task_id, :now, :outcome, :actor, :now)
on conflict (task_id, attempted_at) do nothing
"""

RISE = """
update task set level = :level
where task_id = :task_id
    and case level when 'grid' then 0 when 'township' then 1 when 'county' then 2 else 3 end < :height
"""

RISES_TO = {Outcome.REFUSED: Level.TOWNSHIP, Outcome.MOVED: Level.COUNTY}
"""The level that hears of it at once; nothing ever sinks."""


def record_attempts(act: Act, task_ids: Sequence[int], *, outcome: Outcome, policy: Policy) -> list[int]:
    """Put on record that the person was not met; the numbers of the disputes that begin with it.

    InputRefused for an outcome that ends tasks and for a task about a place or a lot, TransitionRefused for a task
    nobody acknowledged.
    """
    if outcome not in ATTEMPTS:
        raise InputRefused("'{outcome}' ends a task; close it with that", outcome=outcome)
    tasks = [read_task(act, task_id) for task_id in task_ids]
    check_rights(act, tasks, Permission.TASK_DONE)
    for task in tasks:
        _check_is_tried(task)
    tried = {"outcome": outcome, "actor": act.actor.actor_id, "now": to_us(act.now)}
    act.run_many(INSERT_ATTEMPT, [{"task_id": task_id, **tried} for task_id in task_ids])
    if outcome in RISES_TO:
        level = RISES_TO[outcome]
        height = list(Level).index(level)
        act.run_many(RISE, [{"task_id": task_id, "level": level, "height": height} for task_id in task_ids])
    act.note("tasks.attempted", count=len(tasks), ids=task_ids, outcome=outcome)
    if outcome is not Outcome.WRONG_PERSON:
        return []
    doors = [Contested(ContestedKind.TASK, task_id) for task_id in task_ids]
    return [
        raise_dispute(act, door, ground=DisputeGround.NOT_ME, way=DisputeWay.DOOR, policy=policy).dispute_id
        for door in doors
    ]


def _check_is_tried(task: Task) -> None:
    if task.subject.kind not in {SubjectKind.PERSON, SubjectKind.HOUSEHOLD}:
        raise InputRefused("task {task_id} is about nobody who could be out; do it", task_id=task.task_id)
    if task.status is not TaskStatus.ACKNOWLEDGED:
        raise TransitionRefused(
            "task {task_id} is {found}; acknowledge it before you try it", task_id=task.task_id, found=task.status
        )
