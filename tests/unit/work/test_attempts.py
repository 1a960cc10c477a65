"""What follows when a worker comes back without having met the person."""

from datetime import datetime

import pytest
from fake_trace import Exposed, verified_signal
from test_task_life import WORKER, acknowledge, close, open_for, open_one, read

from ringfence.errors import InputRefused, TransitionRefused
from ringfence.policy import Policy
from ringfence.store import Scope, Store
from ringfence.terms import ATTEMPTS, ENDING, DisputeWay, Level, Outcome, SubjectKind, TaskKind, TaskStatus
from ringfence.work import list_disputes, record_attempts

EVERYTHING = Scope.of_system()
TRIED = "select outcome, attempted_by from task_attempt where task_id = :task_id order by attempted_at"


def attempt(store: Store, policy: Policy, now: datetime, *tasks: int, outcome: Outcome) -> list[int]:
    return store.act(lambda act: record_attempts(act, tasks, outcome=outcome, policy=policy), actor=WORKER, now=now)


def test_every_kind_of_task_has_one_outcome_that_ends_it_and_all_others_leave_it_to_be_done() -> None:
    assert set(ENDING) == set(TaskKind)
    assert set(ENDING.values()) | ATTEMPTS == set(Outcome)
    assert not set(ENDING.values()) & ATTEMPTS


@pytest.mark.parametrize(
    ("outcome", "level"),
    [
        (Outcome.UNREACHABLE, Level.GRID),
        (Outcome.REFUSED, Level.TOWNSHIP),
        (Outcome.MOVED, Level.COUNTY),
        (Outcome.WRONG_PERSON, Level.GRID),
    ],
)
def test_nobody_who_was_not_met_is_ticked_off_and_each_answer_goes_where_it_belongs(
    manned: Store, policy: Policy, now: datetime, outcome: Outcome, level: Level
) -> None:
    task = open_one(manned, now)
    acknowledge(manned, now, task)
    disputes = attempt(manned, policy, now, task, outcome=outcome)
    after = read(manned, task, now)
    assert (after.status, after.level) == (TaskStatus.ACKNOWLEDGED, level)
    assert [tuple(row) for row in manned.desk.rows(TRIED, scope=Scope.of_system(), task_id=task)] == [
        (outcome, "grid_worker@111")
    ]
    assert len(disputes) == (outcome is Outcome.WRONG_PERSON)
    assert close(manned, now, task) == 1


def test_not_this_person_is_a_dispute_at_the_door_about_exactly_that_task(
    manned: Store, policy: Policy, now: datetime
) -> None:
    task = open_one(manned, now)
    acknowledge(manned, now, task)
    [number] = attempt(manned, policy, now, task, outcome=Outcome.WRONG_PERSON)
    [dispute] = list_disputes(manned.desk, scope=EVERYTHING)
    assert (dispute.dispute_id, str(dispute.contested), dispute.way) == (number, f"task:{task}", DisputeWay.DOOR)
    assert attempt(manned, policy, now, task, outcome=Outcome.WRONG_PERSON) == [number], "said twice it is the same"


def test_a_level_already_higher_never_sinks(manned: Store, policy: Policy, now: datetime) -> None:
    task = open_one(manned, now)
    acknowledge(manned, now, task)
    attempt(manned, policy, now, task, outcome=Outcome.MOVED)
    attempt(manned, policy, now, task, outcome=Outcome.REFUSED)
    assert read(manned, task, now).level is Level.COUNTY


def test_what_ends_a_task_is_no_attempt_and_nobody_tries_what_they_have_not_acknowledged(
    manned: Store, policy: Policy, now: datetime
) -> None:
    task = open_one(manned, now)
    with pytest.raises(InputRefused, match="'reached' ends a task"):
        attempt(manned, policy, now, task, outcome=Outcome.REACHED)
    with pytest.raises(TransitionRefused, match="acknowledge it before you try it"):
        attempt(manned, policy, now, task, outcome=Outcome.REFUSED)


def test_a_place_cannot_be_out(manned: Store, policy: Policy, now: datetime) -> None:
    signal = verified_signal(manned, now=now)
    [task] = open_for(manned, now, Exposed(signal=signal, subject=1, subject_kind=SubjectKind.PLACE))
    acknowledge(manned, now, task)
    with pytest.raises(InputRefused, match="about nobody who could be out"):
        attempt(manned, policy, now, task, outcome=Outcome.UNREACHABLE)
