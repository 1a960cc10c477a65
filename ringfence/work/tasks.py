"""Tasks: opened in bulk from a worklist, each with one owner and one deadline, and read in the reader's areas (7.1).

The same list opened twice opens nothing twice, and one visit serves every signal: whoever has an open task about the
same thing gets one more basis, and the task's deadline and weight only tighten.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Row

from ringfence.access import check_can
from ringfence.errors import InputRefused, NotFound, TransitionRefused
from ringfence.policy import Permission
from ringfence.signals import read_signal
from ringfence.store import Act, Desk, Scope
from ringfence.terms import (
    Clock,
    Level,
    Reason,
    SignalStatus,
    Subject,
    SubjectKind,
    Task,
    TaskKind,
    TaskStatus,
    from_us,
    to_us,
)
from ringfence.work.arrays import NONE, Integers, group_rows
from ringfence.work.standing import key_things, match_standing, read_standing
from ringfence.work.tables import ASKED

UNIT_LEVELS = "select unit_id, level from unit order by unit_id"

INSERT_TASK = """
insert into task (task_id, subject_kind, subject_key, kind, owner, area_path, status, level, weight, reason, opened_at,
    due_at, due_day, recorded_at)
values (:task, :subject_kind, :subject_key, :kind, :owner, :area_path, 'open', :level, :weight, :reason, :now,
    :due_at, :due_day, :now)
"""

INSERT_BASIS = """
insert into task_basis (task_id, signal_id, exposure_id, recorded_at)
values (:task, :signal, :exposure, :now)
on conflict (task_id, signal_id) do nothing
"""

TIGHTEN = """
update task set
    weight = case when :weight > weight then :weight else weight end,
    due_day = case when :due_at < due_at then :due_day else due_day end,
    due_at = case when :due_at < due_at then :due_at else due_at end
where task_id = :task and status in ('open', 'acknowledged') and (:weight > weight or :due_at < due_at)
"""

COLUMNS_OF_TASK = """
select task_id, subject_kind, subject_key, kind, owner, area_path, due_at, status, level, weight, reason
"""

TASKS_BY_ID = COLUMNS_OF_TASK + "from task where task_id in :among"

VISIBLE_TASKS = (
    COLUMNS_OF_TASK
    + """from visible_task
where status in ('open', 'acknowledged') and (:owner = '' or owner = :owner)
order by due_at, weight desc, task_id
"""
)


def open_tasks(act: Act, asked: pa.Table, *, clock: Clock) -> Integers:
    """The task of each row of what is asked (ASKED, perhaps with an `exposure`): opened now, or the one it joins.

    NotAllowed for who may not respond to one of the signals, TransitionRefused where one of them does not stand,
    InputRefused for a row without owner or deadline, or with an owner the roster does not have.
    """
    if not asked.num_rows:
        return np.empty(0, dtype=np.int64)
    # Taken first: on PostgreSQL it holds back whoever else opens tasks, so that nobody opens one that just came to be.
    first = act.take_numbers("task", asked.num_rows)
    signals = asked["signal"].unique().to_pylist()
    _check_signals(act, signals)
    standing = read_standing(act, signals=signals)
    rows = _prepare(act, asked, clock=clock)
    stands = match_standing(asked, standing)
    new = np.flatnonzero(stands == NONE)
    groups = group_rows(key_things(asked)[new])
    task = standing["task"].to_numpy()[stands] if standing.num_rows else stands.copy()
    task[new] = first + groups.of_row
    rows = rows.append_column("task", pa.array(task))
    act.run_many(INSERT_TASK, rows.take(pa.array(new[groups.head])).to_pylist())
    act.run_many(INSERT_BASIS, rows.select(["task", "signal", "exposure", "now"]).to_pylist())
    joining = rows.filter(pa.array(stands != NONE))
    act.run_many(TIGHTEN, joining.select(["task", "weight", "due_at", "due_day"]).to_pylist())
    opened = task[new[groups.head]]
    act.note("tasks.opened", count=opened.size, ids=opened, joining=joining.num_rows)
    return task


def read_task(act: Act, task_id: int) -> Task:
    """A task by number; NotFound when there is none."""
    [task] = read_tasks(act, [task_id])
    return task


def read_tasks(act: Act, task_ids: Sequence[int]) -> list[Task]:
    """Tasks by number, each once; NotFound when there is none of a number."""
    found = {row.task_id: row for row in act.rows_among(TASKS_BY_ID, task_ids)}
    missing = [task_id for task_id in task_ids if task_id not in found]
    if missing:
        raise NotFound("there is no task {task_id}; `ringfence tasks list` shows yours", task_id=missing[0])
    return [_task(row) for row in found.values()]


def list_tasks(desk: Desk, *, scope: Scope, owner: str = "") -> list[Task]:
    """What is still to be done in the reader's areas, or by one unit of them: by deadline, then the heaviest first."""
    return [_task(row) for row in desk.rows(VISIBLE_TASKS, scope=scope, owner=owner)]


def _check_signals(act: Act, signals: list[int]) -> None:
    """Whoever responds needs the right where the signal is, wherever the exposed live."""
    for number in signals:
        signal = read_signal(act, number)
        check_can(act, Permission.SIGNAL_RESPOND, area_path=signal.area_path)
        if signal.status not in {SignalStatus.RAISED, SignalStatus.VERIFIED}:
            raise TransitionRefused(
                "signal {signal_id} is {found}; nothing may follow from it until it is raised again",
                signal_id=number,
                found=signal.status,
            )


def _prepare(act: Act, asked: pa.Table, *, clock: Clock) -> pa.Table:
    """The rows as the statements want them."""
    for name in ASKED.names:
        if asked[name].null_count:
            raise InputRefused("a task to be opened has no {column}; dispatch it first", column=name)
    levels = {row.unit_id: row.level for row in act.rows(UNIT_LEVELS)}
    owners = asked["owner"].combine_chunks().dictionary_encode()
    for owner in owners.dictionary.to_pylist():
        if owner not in levels:
            raise InputRefused("there is no unit {unit}; put it in first", unit=owner)
    level = pa.array([levels[owner] for owner in owners.dictionary.to_pylist()], pa.string()).take(owners.indices)
    ends = asked["due_at"].combine_chunks().dictionary_encode()
    days = pa.array([clock.day_of(from_us(end)) for end in ends.dictionary.to_pylist()], pa.int64()).take(ends.indices)
    none = pa.nulls(asked.num_rows, pa.int64())
    return (
        asked.select(ASKED.names)
        .append_column("exposure", asked["exposure"] if "exposure" in asked.column_names else none)
        .append_column("subject_key", pc.cast(asked["subject"], pa.string()))
        .append_column("level", level)
        .append_column("due_day", days)
        .append_column("now", pc.fill_null(none, to_us(act.now)))
    )


def _task(row: Row[Any]) -> Task:
    return Task(
        task_id=row.task_id,
        subject=Subject(SubjectKind(row.subject_kind), row.subject_key),
        kind=TaskKind(row.kind),
        owner=row.owner,
        area_path=row.area_path,
        due_at=from_us(row.due_at),
        status=TaskStatus(row.status),
        level=Level(row.level),
        weight=row.weight,
        reason=Reason.from_json(row.reason),
    )
