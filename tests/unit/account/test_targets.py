"""Targets: a share to be reached by a day, held against the scorecard."""

import pytest
from account_desk import TASK, AccountDesk

from ringfence.account import TargetState, compare_targets, put_target
from ringfence.errors import InputRefused, NotAllowed, NotFound
from ringfence.terms import SYSTEM, Actor, Target

COMMAND = Actor("city_officer")


def target(indicator: str = "tasks_done_in_time", at_least: float = 0.5) -> Target:
    return Target(target_id="t1", clause="7.3", indicator=indicator, at_least=at_least, due_day=19_100)


def put(desk: AccountDesk, wanted: Target, *, actor: Actor = COMMAND) -> None:
    desk.act(lambda act: put_target(act, wanted, areas=desk.areas), actor=actor)


def states(desk: AccountDesk, user: str = "city_officer") -> dict[str, TargetState]:
    found = compare_targets(desk.store.desk, desk.today, scope=desk.scope(user))
    return {state.area_path: state for state in found}


def test_an_area_meets_a_target_misses_it_or_had_nothing_to_judge(desk: AccountDesk) -> None:
    desk.put_units(g111="grid")
    times = {"opened_at": desk.at(-5), "due_at": desk.at(-1), "ended_at": desk.at(-2)}
    desk.put("task", TASK | times | {"task_id": 1, "status": "done", "outcome": "reached"})
    desk.put("task", *(TASK | times | {"task_id": n, "area_path": "1/12/121/"} for n in (2, 3)))
    desk.score()
    put(desk, target(at_least=1 / 3))
    found = states(desk)
    assert {path: state.is_met for path, state in found.items()} == {
        "1/": True,
        "1/11/": True,
        "1/11/111/": True,
        "1/11/1111/": None,
        "1/12/": False,
        "1/12/121/": False,
        "1/12/122/": None,
    }
    assert set(states(desk, "county_officer@12")) == {"1/12/", "1/12/121/", "1/12/122/"}


def test_a_target_set_anew_takes_the_place_of_the_old_one(desk: AccountDesk) -> None:
    put(desk, target(at_least=0.5))
    put(desk, target(at_least=0.9))
    desk.score()
    assert {state.target.at_least for state in states(desk).values()} == {0.9}


def test_a_target_asks_for_an_indicator_that_exists_and_is_to_rise(desk: AccountDesk) -> None:
    with pytest.raises(NotFound, match="no indicator happiness"):
        put(desk, target("happiness"))
    with pytest.raises(InputRefused, match="gets better as it falls"):
        put(desk, target("follow_up_lost"))


@pytest.mark.parametrize("at_least", [0, -1, 1.01, float("nan")])
def test_a_target_is_a_share(desk: AccountDesk, at_least: float) -> None:
    with pytest.raises(InputRefused, match="a share lies above 0"):
        put(desk, target(at_least=at_least))


@pytest.mark.parametrize("actor", [SYSTEM, Actor("county_officer"), Actor("auditor")])
def test_only_the_command_sets_targets(desk: AccountDesk, actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        put(desk, target(), actor=actor)
