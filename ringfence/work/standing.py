"""What is asked already: a subject with an open task is not given a second one about the same thing (policy 7.4)."""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.store import Act
from ringfence.terms import SubjectKind, TaskKind
from ringfence.work.arrays import NONE, Integers, find_rows
from ringfence.work.tables import STANDING

OPEN_TASKS = """
select task_id as task, null as signal, subject_kind, cast(subject_key as bigint) as subject, kind, owner, due_at
from task
where status in ('open', 'acknowledged') and subject_kind in ('person', 'household', 'place', 'lot')
order by task_id
"""

FINISHED_TASKS = """
select t.task_id as task, b.signal_id as signal, t.subject_kind, cast(t.subject_key as bigint) as subject, t.kind,
    t.owner, t.due_at
from task_basis b join task t on t.task_id = b.task_id
where b.signal_id = :signal_id and t.status = 'done' and t.subject_kind in ('person', 'household', 'place', 'lot')
order by t.task_id
"""

ABOUT = {kind: kind for kind in TaskKind} | dict.fromkeys(
    (TaskKind.CALL, TaskKind.MESSAGE, TaskKind.IDENTIFY), TaskKind.VISIT
)
"""What a task is about: visit, call, message and identification all mean to reach somebody."""

_SUBJECTS = list(SubjectKind)
_KINDS = list(TaskKind)
_ABOUT = np.array([_KINDS.index(ABOUT[kind]) for kind in _KINDS], dtype=np.int64)


def read_standing(act: Act, *, signals: Iterable[int]) -> pa.Table:
    """The open tasks, and those that were done for some signals (schema STANDING)."""
    rows = [*act.rows(OPEN_TASKS)]
    for signal in sorted(set(signals)):
        rows += act.rows(FINISHED_TASKS, signal_id=signal)
    columns = zip(*rows, strict=True) if rows else [()] * len(STANDING)
    return pa.table([list(column) for column in columns], schema=STANDING)


def match_standing(asked: pa.Table, standing: pa.Table) -> Integers:
    """For each row of `asked` the row of `standing` that does the same already, or NONE.

    `asked` has a signal, a subject and the kind of its task. An open task takes every further signal in; a finished one
    serves its own signals only: whoever is exposed anew is asked anew.
    """
    things, split = _things([asked, standing]), asked.num_rows
    signal = [asked["signal"].to_numpy(), pc.fill_null(standing["signal"], NONE).to_numpy()]
    signals, number = np.unique(np.concatenate([[NONE], *signal]), return_inverse=True)
    by_signal = things * signals.size + number[1:]
    openly = things[:split] * signals.size  # no signal is the first of them
    open_row = find_rows(openly, among=by_signal[split:])
    return np.where(open_row == NONE, find_rows(by_signal[:split], among=by_signal[split:]), open_row)


def key_subjects(table: pa.Table) -> Integers:
    """One integer a subject, equal where kind and number are."""
    numbers, codes = _integers(table["subject"]), pc.index_in(table["subject_kind"], value_set=pa.array(_SUBJECTS))
    return numbers * len(_SUBJECTS) + _integers(codes)


def key_things(table: pa.Table) -> Integers:
    """One integer a subject and what its task is about."""
    codes = pc.index_in(table["kind"], value_set=pa.array(_KINDS))
    return key_subjects(table) * len(_KINDS) + _ABOUT[_integers(codes)]


def _integers(column: pa.ChunkedArray) -> Integers:
    return np.asarray(column, dtype=np.int64)


def _things(tables: list[pa.Table]) -> Integers:
    """The things of several tables, numbered from 0 without gaps, one table's after the other's."""
    return np.unique(np.concatenate([key_things(table) for table in tables]), return_inverse=True)[1]
