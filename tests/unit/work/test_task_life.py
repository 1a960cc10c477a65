"""A task's steps, who may take them, and what becomes of it when its signals fall."""

from datetime import datetime, timedelta

import pyarrow as pa
import pytest
from fake_trace import EPIDEMIOLOGIST, Exposed, exposures, put_exposures, verified_signal, withdraw

from ringfence.errors import InputRefused, NotAllowed, TransitionRefused
from ringfence.store import Act, Store
from ringfence.terms import Actor, Outcome, Task, TaskStatus
from ringfence.work import (
    acknowledge_tasks,
    close_tasks,
    hand_over_tasks,
    open_tasks,
    read_roster,
    read_task,
    withdraw_for_signal,
)

WORKER, TOWNSHIP, CITY = Actor("grid_worker@111"), Actor("township_officer@111"), Actor("city_officer")
STEPS = "select action, actor, count from ledger where action like 'tasks.%' order by seq"


def open_for(store: Store, now: datetime, *rows: Exposed) -> list[int]:
    """A visit for each exposure, whatever the capacity."""

    def run(act: Act) -> list[int]:
        kept = put_exposures(act, exposures(rows))
        common = {"kind": "visit", "owner": "111-g1", "reason": '{"code":"same_household"}'}
        for name, text in common.items():
            kept = kept.append_column(name, pa.array([text] * kept.num_rows))
        due = pa.array([int(now.timestamp() * 1e6)] * kept.num_rows, pa.int64())
        return [int(task) for task in open_tasks(act, kept.append_column("due_at", due), clock=store.clock)]

    return store.act(run, actor=EPIDEMIOLOGIST, now=now)


def open_one(store: Store, now: datetime) -> int:
    [task] = open_for(store, now, Exposed(signal=verified_signal(store, now=now), subject=1))
    return task


def read(store: Store, task_id: int, now: datetime) -> Task:
    def run(act: Act) -> Task:
        return read_task(act, task_id)

    return store.act(run, actor=EPIDEMIOLOGIST, now=now)


def acknowledge(store: Store, now: datetime, *tasks: int, actor: Actor = WORKER) -> int:
    return store.act(lambda act: acknowledge_tasks(act, tasks), actor=actor, now=now)


def close(store: Store, now: datetime, *tasks: int, outcome: Outcome = Outcome.REACHED, actor: Actor = WORKER) -> int:
    return store.act(lambda act: close_tasks(act, tasks, outcome=outcome, store=store), actor=actor, now=now)


def test_a_task_is_acknowledged_then_done_and_saying_so_twice_says_it_once(manned: Store, now: datetime) -> None:
    task = open_one(manned, now)
    assert [acknowledge(manned, now, task) for _ in range(2)] == [1, 0]
    assert [close(manned, now, task) for _ in range(2)] == [1, 0]
    assert read(manned, task, now).status is TaskStatus.DONE
    kept = manned.desk.rows(STEPS)
    assert [tuple(row) for row in kept] == [
        ("tasks.opened", "epidemiologist", 1),
        ("tasks.acknowledged", "grid_worker@111", 1),
        ("tasks.done", "grid_worker@111", 1),
    ]


def test_nothing_is_done_with_another_outcome_than_its_own_or_before_it_was_acknowledged(
    manned: Store, now: datetime
) -> None:
    task = open_one(manned, now)
    with pytest.raises(TransitionRefused, match="is open; from there it cannot become done"):
        close(manned, now, task)
    acknowledge(manned, now, task)
    for outcome in set(Outcome) - {Outcome.REACHED, Outcome.CARRIED_OUT}:
        with pytest.raises(InputRefused, match=rf"'{outcome}' does not end task {task} \(visit\), 'reached' does"):
            close(manned, now, task, outcome=outcome)
    with pytest.raises(InputRefused, match="with evidence only"):
        close(manned, now, task, outcome=Outcome.CARRIED_OUT)
    assert read(manned, task, now).status is TaskStatus.ACKNOWLEDGED


def test_each_step_needs_its_right_where_the_task_is(manned: Store, now: datetime) -> None:
    task = open_one(manned, now)
    for user in ("grid_worker@1111", "county_officer@11", "auditor"):
        with pytest.raises(NotAllowed):
            acknowledge(manned, now, task, actor=Actor(user))
    acknowledge(manned, now, task)
    with pytest.raises(NotAllowed):
        close(manned, now, task, actor=Actor("grid_worker@121"))
    with pytest.raises(NotAllowed):
        manned.act(lambda act: hand_over_tasks(act, [task], owner="111-g2"), actor=Actor("epidemiologist"), now=now)


def test_handed_over_it_is_open_again_for_another_unit_with_the_same_deadline(manned: Store, now: datetime) -> None:
    task = open_one(manned, now)
    due_at = read(manned, task, now).due_at
    acknowledge(manned, now, task)
    later = now + timedelta(hours=1)
    for expected in (1, 0):
        handed = manned.act(lambda act: hand_over_tasks(act, [task], owner="111-g2"), actor=TOWNSHIP, now=later)
        assert handed == expected
    after = read(manned, task, now)
    assert (after.owner, after.status, after.due_at) == ("111-g2", TaskStatus.OPEN, due_at)
    manned.act(lambda act: hand_over_tasks(act, [task], owner="11-c"), actor=TOWNSHIP, now=later)
    assert read(manned, task, now).owner == "11-c"


def test_it_is_handed_over_only_to_who_covers_its_area_and_only_while_it_is_to_be_done(
    manned: Store, now: datetime
) -> None:
    task = open_one(manned, now)
    for owner in ("121-g1", "nobody"):
        with pytest.raises(InputRefused, match=f"unit {owner} does not answer where task {task} is"):
            manned.act(lambda act, owner=owner: hand_over_tasks(act, [task], owner=owner), actor=TOWNSHIP, now=now)  # type: ignore[misc]
    acknowledge(manned, now, task)
    close(manned, now, task)
    with pytest.raises(TransitionRefused, match="is done; from there it cannot become open"):
        manned.act(lambda act: hand_over_tasks(act, [task], owner="111-g2"), actor=TOWNSHIP, now=now)


def test_one_refusal_takes_back_the_whole_bundle(manned: Store, now: datetime) -> None:
    signal = verified_signal(manned, now=now)
    first, second = open_for(manned, now, Exposed(signal=signal, subject=1), Exposed(signal=signal, subject=2))
    acknowledge(manned, now, first)
    with pytest.raises(TransitionRefused):
        close(manned, now, first, second)
    assert read(manned, first, now).status is TaskStatus.ACKNOWLEDGED


def test_a_unit_is_as_loaded_as_what_it_has_not_finished_and_what_it_finished_today(
    manned: Store, now: datetime
) -> None:
    signal = verified_signal(manned, now=now)
    tasks = open_for(manned, now, *[Exposed(signal=signal, subject=subject) for subject in (1, 2, 3)])
    acknowledge(manned, now, *tasks)
    close(manned, now, tasks[0])

    def load_at(moment: datetime) -> int:
        roster = manned.act(lambda act: read_roster(act, clock=manned.clock), actor=CITY, now=moment)
        return dict(zip([unit.unit_id for unit in roster.units], roster.load.tolist(), strict=True))["111-g1"]

    assert load_at(now) == 3
    assert load_at(now + timedelta(days=1)) == 2


def test_a_fallen_signal_takes_with_it_what_it_alone_justified(manned: Store, now: datetime) -> None:
    one, other = (verified_signal(manned, now=now, origin=origin) for origin in "ab")
    alone, shared, finished, _ = open_for(
        manned,
        now,
        Exposed(signal=one, subject=1),
        Exposed(signal=one, subject=2),
        Exposed(signal=one, subject=3),
        Exposed(signal=other, subject=2),
    )
    acknowledge(manned, now, alone, finished)
    close(manned, now, finished)

    def fall(signal: int) -> list[int]:
        manned.act(lambda act: withdraw(act, signal), actor=CITY, now=now)
        return manned.act(lambda act: withdraw_for_signal(act, signal, store=manned), actor=CITY, now=now)

    def statuses() -> list[TaskStatus]:
        return [read(manned, task, now).status for task in (alone, shared, finished)]

    standing = manned.act(lambda act: withdraw_for_signal(act, one, store=manned), actor=CITY, now=now)
    assert standing == []
    assert fall(one) == [alone]
    assert statuses() == [TaskStatus.WITHDRAWN, TaskStatus.OPEN, TaskStatus.DONE]
    assert fall(other) == [shared]
    assert statuses() == [TaskStatus.WITHDRAWN, TaskStatus.WITHDRAWN, TaskStatus.DONE]


def test_an_exposure_retracted_by_itself_takes_its_task_with_it(manned: Store, now: datetime) -> None:
    signal = verified_signal(manned, now=now)
    gone, stays = open_for(manned, now, Exposed(signal=signal, subject=1), Exposed(signal=signal, subject=2))

    def retract(act: Act) -> list[int]:
        act.run("update exposure set status = 'retracted' where subject_key = '1'")
        return withdraw_for_signal(act, signal, store=manned)

    assert manned.act(retract, actor=EPIDEMIOLOGIST, now=now) == [gone]
    assert read(manned, stays, now).status is TaskStatus.OPEN
