"""Tasks are opened once, serve every signal, and only tighten."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pyarrow as pa
import pytest
from fake_trace import EPIDEMIOLOGIST, Exposed, exposures, put_exposures, verified_signal, withdraw

from ringfence.access import read_purpose, read_scope
from ringfence.errors import InputRefused, NotAllowed, NotFound, TransitionRefused
from ringfence.policy import Policy
from ringfence.store import Act, Scope, Store
from ringfence.terms import Actor, Level, Outcome, ReasonCode, SubjectKind, Task, TaskKind, TaskStatus, to_us
from ringfence.work import (
    ASKED,
    acknowledge_tasks,
    close_tasks,
    dispatch_exposures,
    list_tasks,
    open_tasks,
    read_roster,
    read_standing,
    read_task,
)

BASES = "select task_id, signal_id, exposure_id from task_basis order by task_id, signal_id"
CITY = Actor("city_officer")


def respond(store: Store, rows: Sequence[Exposed], policy: Policy, now: datetime) -> list[int]:
    """The task of each exposure listed, best rank first."""

    def run(act: Act) -> list[int]:
        found = exposures(rows)
        worklist = dispatch_exposures(
            found,
            roster=read_roster(act, clock=store.clock),
            standing=read_standing(act, signals=found["signal"].to_pylist()),
            policy=policy,
            now=act.now,
            seed=1,
        )
        tasks = open_tasks(act, put_exposures(act, worklist.listed), clock=store.clock)
        return [int(task) for task in tasks]

    return store.act(run, actor=EPIDEMIOLOGIST, now=now)


def read(store: Store, task_id: int, now: datetime) -> Task:
    def run(act: Act) -> Task:
        return read_task(act, task_id)

    return store.act(run, actor=EPIDEMIOLOGIST, now=now)


def bases(store: Store) -> list[tuple[int, int, int]]:
    return [tuple(row) for row in store.desk.rows(BASES, scope=Scope.of_system())]


def test_a_listed_exposure_becomes_a_task_with_owner_deadline_and_reason(
    manned: Store, policy: Policy, now: datetime
) -> None:
    signal = verified_signal(manned, now=now)
    [number] = respond(manned, [Exposed(signal=signal, subject=5, weight=2.5)], policy, now)
    task = read(manned, number, now)
    assert (str(task.subject), task.kind, task.status) == ("person:5", TaskKind.VISIT, TaskStatus.OPEN)
    assert (task.owner, task.level, task.area_path) == ("111-g1", Level.GRID, "1/11/111/")
    assert (task.due_at, task.weight) == (now + timedelta(hours=24), 2.5)
    assert task.reason.code is ReasonCode.EXPOSED_UNTIL
    with pytest.raises(NotFound, match="no task 99"):
        read(manned, 99, now)


def test_the_same_list_twice_opens_nothing_twice(manned: Store, policy: Policy, now: datetime) -> None:
    signal = verified_signal(manned, now=now)
    rows = [Exposed(signal=signal, subject=subject, weight=subject) for subject in (1, 2, 3)]
    first = respond(manned, rows, policy, now)
    before = bases(manned)
    assert respond(manned, rows, policy, now + timedelta(hours=3)) == first
    assert bases(manned) == before
    assert read(manned, first[0], now).due_at == now + timedelta(hours=24)


def test_one_visit_serves_every_signal_and_takes_the_heavier_weight(
    manned: Store, policy: Policy, now: datetime
) -> None:
    one, other = (verified_signal(manned, now=now, origin=origin) for origin in "ab")
    [task] = respond(manned, [Exposed(signal=one, subject=5, weight=2)], policy, now)
    [again] = respond(manned, [Exposed(signal=other, subject=5, weight=7)], policy, now + timedelta(hours=1))
    assert again == task
    assert [(basis[0], basis[1]) for basis in bases(manned)] == [(task, one), (task, other)]
    assert (read(manned, task, now).weight, read(manned, task, now).due_at) == (7, now + timedelta(hours=24))
    respond(manned, [Exposed(signal=other, subject=5, weight=1)], policy, now + timedelta(hours=1))
    assert read(manned, task, now).weight == 7


def asked(signal: int, now: datetime, *, hours: int = 24, **changed: object) -> pa.Table:
    row = {
        "signal": signal,
        "subject_kind": SubjectKind.PERSON,
        "subject": 5,
        "kind": TaskKind.VISIT,
        "owner": "111-g1",
        "area_path": "1/11/111/",
        "weight": 1.0,
        "reason": '{"code":"same_household"}',
        "due_at": to_us(now + timedelta(hours=hours)),
    }
    return pa.Table.from_pylist([row | changed], schema=ASKED)


def open_one(store: Store, table: pa.Table, now: datetime, *, actor: Actor = EPIDEMIOLOGIST) -> int:
    def run(act: Act) -> int:
        return int(open_tasks(act, table, clock=store.clock)[0])

    return store.act(run, actor=actor, now=now)


def test_a_deadline_comes_closer_but_never_moves_away(manned: Store, now: datetime) -> None:
    signal = verified_signal(manned, now=now)
    task = open_one(manned, asked(signal, now), now)
    for hours, expected in ((30, 24), (5, 5), (24, 5)):
        assert open_one(manned, asked(signal, now, hours=hours), now) == task
        assert read(manned, task, now).due_at == now + timedelta(hours=expected)


def test_a_sample_is_another_thing_than_a_visit_but_a_call_is_the_same(manned: Store, now: datetime) -> None:
    signal = verified_signal(manned, now=now)
    visit = open_one(manned, asked(signal, now), now)
    assert open_one(manned, asked(signal, now, kind=TaskKind.CALL), now) == visit
    retest = open_one(manned, asked(signal, now, kind=TaskKind.RETEST), now)
    assert retest != visit
    assert open_one(manned, asked(signal, now, kind=TaskKind.RETEST), now) == retest
    assert read(manned, visit, now).kind is TaskKind.VISIT


def test_who_was_reached_is_asked_again_for_a_new_signal_only(manned: Store, now: datetime) -> None:
    one, other = (verified_signal(manned, now=now, origin=origin) for origin in "ab")
    task = open_one(manned, asked(one, now), now)
    manned.act(lambda act: acknowledge_tasks(act, [task]), actor=Actor("grid_worker"), now=now)
    manned.act(
        lambda act: close_tasks(act, [task], outcome=Outcome.REACHED, store=manned), actor=Actor("grid_worker"), now=now
    )
    assert open_one(manned, asked(one, now), now) == task
    assert open_one(manned, asked(other, now), now) > task


def test_nothing_is_opened_for_a_signal_that_fell_or_that_one_may_not_respond_to(manned: Store, now: datetime) -> None:
    signal = verified_signal(manned, now=now)
    with pytest.raises(NotAllowed):
        open_one(manned, asked(signal, now), now, actor=Actor("county_officer@11"))
    manned.act(lambda act: withdraw(act, signal), actor=CITY, now=now)
    with pytest.raises(TransitionRefused, match=f"signal {signal} is withdrawn"):
        open_one(manned, asked(signal, now), now)


def test_whoever_responds_where_the_signal_is_reaches_the_exposed_wherever_they_live(
    manned: Store, now: datetime
) -> None:
    signal = verified_signal(manned, now=now, area_path="1/11/111/")
    elsewhere = asked(signal, now, owner="121-g1", area_path="1/12/121/")
    task = open_one(manned, elsewhere, now)
    assert read(manned, task, now).area_path == "1/12/121/"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"owner": None}, "has no owner"),
        ({"due_at": None}, "has no due_at"),
        ({"owner": "nobody"}, "there is no unit nobody"),
    ],
)
def test_no_task_is_opened_without_a_deadline_and_an_owner_on_the_roster(
    manned: Store, now: datetime, changed: dict[str, object], sentence: str
) -> None:
    signal = verified_signal(manned, now=now)
    with pytest.raises(InputRefused, match=sentence):
        open_one(manned, asked(signal, now, **changed), now)
    assert bases(manned) == []


def test_the_list_is_ordered_by_deadline_then_weight_and_shows_ones_own_areas_only(
    manned: Store, now: datetime
) -> None:
    signal = verified_signal(manned, now=now)
    for subject, hours, weight, area, owner in (
        (1, 9, 1.0, "1/11/111/", "111-g1"),
        (2, 5, 1.0, "1/11/111/", "111-g2"),
        (3, 9, 4.0, "1/11/111/", "111-g1"),
        (4, 1, 1.0, "1/12/121/", "121-g1"),
    ):
        table = asked(signal, now, hours=hours, subject=subject, weight=weight, area_path=area, owner=owner)
        open_one(manned, table, now)
    outreach = read_purpose(manned.desk, "outreach", now=now)

    def seen_by(user: str, owner: str = "") -> list[str]:
        scope = read_scope(manned.desk, Actor(user), outreach, now=now)
        return [task.subject.key for task in list_tasks(manned.desk, scope=scope, owner=owner)]

    assert seen_by("grid_worker@111") == ["2", "3", "1"]
    assert seen_by("grid_worker@111", "111-g1") == ["3", "1"]
    assert seen_by("county_officer@12") == ["4"]
    assert seen_by("grid_worker@122") == []
