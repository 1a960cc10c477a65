"""A late task rises, no faster and no slower than the policy says."""

from datetime import datetime, timedelta

import pyarrow as pa
import pytest
from fake_trace import EPIDEMIOLOGIST, verified_signal

from ringfence.policy import Policy
from ringfence.store import Act, Store
from ringfence.terms import SYSTEM, Actor, Level, TaskStatus, to_us
from ringfence.work import ASKED, acknowledge_tasks, escalate_tasks, find_level, hand_over_tasks, open_tasks, read_task

HOUR = timedelta(hours=1)
STAYS = {Level.GRID: 2 * HOUR, Level.TOWNSHIP: 6 * HOUR, Level.COUNTY: 12 * HOUR}


@pytest.mark.parametrize(
    ("owner_level", "late_hours", "level"),
    [
        (Level.GRID, -5, Level.GRID),
        (Level.GRID, 1.99, Level.GRID),
        (Level.GRID, 2, Level.TOWNSHIP),
        (Level.GRID, 7.99, Level.TOWNSHIP),
        (Level.GRID, 8, Level.COUNTY),
        (Level.GRID, 20, Level.CITY),
        (Level.GRID, 9_000, Level.CITY),
        (Level.TOWNSHIP, 5.99, Level.TOWNSHIP),
        (Level.TOWNSHIP, 6, Level.COUNTY),
        (Level.TOWNSHIP, 18, Level.CITY),
        (Level.COUNTY, 12, Level.CITY),
        (Level.CITY, 9_000, Level.CITY),
    ],
)
def test_a_late_task_stays_at_each_level_as_long_as_the_policy_says(
    owner_level: Level, late_hours: float, level: Level
) -> None:
    assert find_level(owner_level, late=late_hours * HOUR, stays=STAYS) is level


@pytest.fixture
def tasks(manned: Store, now: datetime) -> dict[str, int]:
    """One task for each of some owners, all due now."""
    signal = verified_signal(manned, now=now)
    owners = ["111-g1", "111-t", "11-c", "city"]
    rows = [
        {
            "signal": signal,
            "subject_kind": "person",
            "subject": number,
            "kind": "visit",
            "owner": owner,
            "area_path": "1/11/111/",
            "weight": 1.0,
            "reason": '{"code":"same_household"}',
            "due_at": to_us(now),
        }
        for number, owner in enumerate(owners)
    ]

    def run(act: Act) -> list[int]:
        return [int(task) for task in open_tasks(act, pa.Table.from_pylist(rows, schema=ASKED), clock=manned.clock)]

    return dict(zip(owners, manned.act(run, actor=EPIDEMIOLOGIST, now=now), strict=True))


def levels(store: Store, tasks: dict[str, int], now: datetime) -> list[Level]:
    def run(act: Act) -> list[Level]:
        return [read_task(act, task).level for task in tasks.values()]

    return store.act(run, actor=EPIDEMIOLOGIST, now=now)


def escalate(store: Store, policy: Policy, now: datetime) -> dict[Level, int]:
    return store.act(lambda act: escalate_tasks(act, policy=policy), actor=SYSTEM, now=now)


@pytest.mark.parametrize("hours", [[20], [1, 2, 5, 6, 8, 12, 19, 20]], ids=["looked at once", "looked at often"])
def test_in_the_database_they_rise_as_high_however_often_somebody_looks(
    manned: Store, tasks: dict[str, int], policy: Policy, now: datetime, hours: list[int]
) -> None:
    stays = {level: policy.hours(f"escalation.{level}_hours") for level in STAYS}
    for late in hours:
        escalate(manned, policy, now + late * HOUR)
        owner_levels = [Level.GRID, Level.TOWNSHIP, Level.COUNTY, Level.CITY]
        expected = [find_level(level, late=late * HOUR, stays=stays) for level in owner_levels]
        assert levels(manned, tasks, now) == expected
    assert escalate(manned, policy, now + hours[-1] * HOUR) == {Level.TOWNSHIP: 0, Level.COUNTY: 0, Level.CITY: 0}


def test_only_the_level_changes_and_a_new_owner_does_not_lower_it(
    manned: Store, tasks: dict[str, int], policy: Policy, now: datetime
) -> None:
    task = tasks["111-t"]
    manned.act(lambda act: acknowledge_tasks(act, [task]), actor=Actor("grid_worker"), now=now)
    before = manned.act(lambda act: read_task(act, task), actor=EPIDEMIOLOGIST, now=now)
    escalate(manned, policy, now + 6 * HOUR)
    after = manned.act(lambda act: read_task(act, task), actor=EPIDEMIOLOGIST, now=now)
    assert {**vars(before), "level": Level.COUNTY} == vars(after)
    assert after.status is TaskStatus.ACKNOWLEDGED
    manned.act(lambda act: hand_over_tasks(act, [task], owner="111-g1"), actor=Actor("city_officer"), now=now)
    escalate(manned, policy, now + 7 * HOUR)  # late enough for the township only, counted from the grid
    assert levels(manned, {"handed over": task}, now) == [Level.COUNTY]
