"""A task's life: acknowledged, done with its outcome, handed over, withdrawn with its last basis (policy 2.3, 7.1).

Saying the same thing twice says it once. When a task closes, the contact details kept for it are shredded.
"""

from collections.abc import Sequence

from ringfence.access import check_can, covers
from ringfence.errors import InputRefused, TransitionRefused
from ringfence.policy import Permission
from ringfence.store import Act, Store
from ringfence.terms import ENDING, TASK_NEXT, Outcome, Task, TaskStatus, to_us
from ringfence.work.contacts import shred_contacts
from ringfence.work.tasks import read_tasks

ACKNOWLEDGE = """
update task set status = 'acknowledged', acknowledged_by = :actor, acknowledged_at = :now
where task_id = :task_id and status = :before
"""

FINISH = """
update task set status = 'done', outcome = :outcome, evidence = :evidence, ended_by = :actor, ended_at = :now
where task_id = :task_id and status = :before
"""

HAND_OVER = """
update task set status = 'open', owner = :owner, acknowledged_by = null, acknowledged_at = null
where task_id = :task_id and status = :before
"""

UNIT_AREA = "select area_path from unit where unit_id = :unit_id"

# A basis stands while its signal does and its exposure is not retracted.
BASELESS = """
select t.task_id from task t
where t.status in ('open', 'acknowledged')
    and t.task_id in (select task_id from task_basis where signal_id = :signal_id)
    and not exists (
        select 1 from task_basis b
        join signal s on s.signal_id = b.signal_id
        left join exposure e on e.exposure_id = b.exposure_id
        where b.task_id = t.task_id and s.status in ('raised', 'verified') and coalesce(e.status, 'listed') = 'listed'
    )
order by t.task_id
"""

WITHDRAW = """
update task set status = 'withdrawn', ended_by = :actor, ended_at = :now
where task_id = :task_id and status in ('open', 'acknowledged')
"""


def acknowledge_tasks(act: Act, task_ids: Sequence[int]) -> int:
    """The owner has seen it and will do it; how many tasks took the step now."""
    tasks = check_step(act, task_ids, TaskStatus.ACKNOWLEDGED, Permission.TASK_ACKNOWLEDGE)
    return _move(act, ACKNOWLEDGE, tasks, "acknowledged", actor=act.actor.actor_id, now=to_us(act.now))


def close_tasks(act: Act, task_ids: Sequence[int], *, outcome: Outcome, evidence: str = "", store: Store) -> int:
    """Done, with the outcome that ends such a task; how many tasks took the step now.

    `evidence` is a number, a code or a document's key, never a name. InputRefused for an outcome that does not end the
    task, and for something carried out that nothing proves.
    """
    if outcome is Outcome.CARRIED_OUT and not evidence.strip():
        raise InputRefused("what was carried out is done with evidence only; say what proves it")
    tasks = check_step(act, task_ids, TaskStatus.DONE, Permission.TASK_DONE)
    for task in tasks:
        if outcome is not ENDING[task.kind]:
            raise InputRefused(
                "'{outcome}' does not end task {task_id} ({kind}), '{ending}' does; record it as an attempt",
                outcome=outcome,
                task_id=task.task_id,
                kind=task.kind,
                ending=ENDING[task.kind],
            )
    done = {"outcome": outcome, "evidence": evidence.strip(), "actor": act.actor.actor_id, "now": to_us(act.now)}
    closed = _move(act, FINISH, tasks, "done", **done)
    shred_contacts(act, store=store)
    return closed


def hand_over_tasks(act: Act, task_ids: Sequence[int], *, owner: str) -> int:
    """Another unit answers from now on, and has yet to acknowledge; the deadline stays. How many changed hands now.

    InputRefused for a unit the roster does not have, or whose area a task lies outside of.
    """
    tasks = read_tasks(act, task_ids)
    check_rights(act, tasks, Permission.TASK_HAND_OVER)
    found = act.rows(UNIT_AREA, unit_id=owner)
    outside = [task.task_id for task in tasks if not found or not covers(found[0].area_path, task.area_path)]
    if outside:
        raise InputRefused(
            "unit {unit} does not answer where task {task_id} is; choose one whose area covers it",
            unit=owner,
            task_id=outside[0],
        )
    moving = [task for task in tasks if task.owner != owner]
    for task in moving:
        if task.status is not TaskStatus.OPEN:  # changing hands before it was acknowledged is no step of its life
            _check_step(task, TaskStatus.OPEN)
    return _move(act, HAND_OVER, moving, "handed_over", owner=owner)


def withdraw_task(act: Act, task_id: int, *, store: Store) -> None:
    """Withdraw a task that should not have been asked, if it is still to be done; the caller asks for the right."""
    if act.run(WITHDRAW, task_id=task_id, actor=act.actor.actor_id, now=to_us(act.now)):
        act.note("tasks.withdrawn", subject=f"task:{task_id}", ids=(task_id,))
        shred_contacts(act, store=store)


def withdraw_for_signal(act: Act, signal_id: int, *, store: Store) -> list[int]:
    """Withdraw the open tasks a signal was a basis of and that have no basis left; their numbers.

    To be called when the signal was withdrawn, or exposures of it were retracted: whoever decided that had the right.
    """
    baseless = [row.task_id for row in act.rows(BASELESS, signal_id=signal_id)]
    if baseless:
        ended = {"actor": act.actor.actor_id, "now": to_us(act.now)}
        act.run_many(WITHDRAW, [{"task_id": task_id, **ended} for task_id in baseless])
        act.note("tasks.withdrawn", subject=f"signal:{signal_id}", count=len(baseless), ids=baseless)
        shred_contacts(act, store=store)
    return baseless


def check_step(act: Act, task_ids: Sequence[int], status: TaskStatus, permission: Permission) -> list[Task]:
    """The tasks that are yet to take a step, after asking rights and life cycle."""
    tasks = read_tasks(act, task_ids)
    check_rights(act, tasks, permission)
    moving = [task for task in tasks if task.status is not status]
    for task in moving:
        _check_step(task, status)
    return moving


def check_rights(act: Act, tasks: Sequence[Task], permission: Permission) -> None:
    """NotAllowed unless the actor may take the step where each task is."""
    for path in sorted({task.area_path for task in tasks}):
        check_can(act, permission, area_path=path)


def _check_step(task: Task, status: TaskStatus) -> None:
    if status not in TASK_NEXT[task.status]:
        raise TransitionRefused(
            "task {task_id} is {found}; from there it cannot become {wanted}",
            task_id=task.task_id,
            found=task.status,
            wanted=status,
        )


def _move(act: Act, statement: str, tasks: Sequence[Task], step: str, **values: object) -> int:
    if tasks:
        act.run_many(statement, [{"task_id": task.task_id, "before": task.status, **values} for task in tasks])
        act.note(f"tasks.{step}", count=len(tasks), ids=[task.task_id for task in tasks])
    return len(tasks)
