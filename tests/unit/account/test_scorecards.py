"""Scorecards: every indicator for every area, added up the hierarchy, written anew as often as one likes."""

import pytest
from account_desk import TASK, AccountDesk

from ringfence.account import SCORECARD, Count, read_indicators, read_scorecard
from ringfence.account.rollup import lead_up, roll_up
from ringfence.errors import InputRefused, NotAllowed
from ringfence.store import Scope
from ringfence.terms import Actor

DONE = {"status": "done", "outcome": "reached"}


def shares(
    desk: AccountDesk, indicator: str, *, user: str = "city_officer", days_back: int = 0
) -> dict[str, tuple[int, int]]:
    card = read_scorecard(desk.store.desk, desk.today - days_back, scope=desk.scope(user))
    return {
        row["area_path"]: (row["numerator"], row["denominator"])
        for row in card.to_pylist()
        if row["indicator"] == indicator
    }


@pytest.fixture
def two_tasks(desk: AccountDesk) -> AccountDesk:
    """One done in time in 子镇, one not done in 寅镇, both due an hour ago."""
    desk.put_units(g111="grid")
    times = {"opened_at": desk.at(-5), "due_at": desk.at(-1)}
    desk.put("task", TASK | times | DONE | {"task_id": 1, "ended_at": desk.at(-2)})
    desk.put("task", TASK | times | {"task_id": 2, "area_path": "1/12/121/"})
    return desk


def test_every_area_gets_the_sum_of_what_lies_below_it(two_tasks: AccountDesk) -> None:
    two_tasks.score()
    assert shares(two_tasks, "tasks_done_in_time") == {
        "1/": (1, 2),
        "1/11/": (1, 1),
        "1/11/111/": (1, 1),
        "1/11/1111/": (0, 0),
        "1/12/": (0, 1),
        "1/12/121/": (0, 1),
        "1/12/122/": (0, 0),
    }


def test_every_indicator_is_there_for_every_area_even_where_there_was_nothing_to_judge(desk: AccountDesk) -> None:
    assert desk.score() == len(read_indicators()) * len(desk.areas)


def test_the_same_day_written_again_takes_the_place_of_what_was_written(two_tasks: AccountDesk) -> None:
    rows = two_tasks.score()
    assert two_tasks.score() == rows
    two_tasks.change("update task set status = 'withdrawn', ended_at = due_at where task_id = 2")
    assert two_tasks.score() == rows
    assert shares(two_tasks, "tasks_done_in_time")["1/"] == (1, 1)


def test_a_running_day_counts_only_what_has_run_out(two_tasks: AccountDesk) -> None:
    two_tasks.change("update task set due_at = :later where task_id = 2", later=two_tasks.at(3))
    two_tasks.score()
    assert shares(two_tasks, "tasks_done_in_time")["1/"] == (1, 1)
    two_tasks.score(hours=4)
    assert shares(two_tasks, "tasks_done_in_time")["1/"] == (1, 2)


def test_a_day_that_has_passed_can_be_written_and_one_that_has_not_begun_cannot(two_tasks: AccountDesk) -> None:
    two_tasks.score(days_back=1)
    assert shares(two_tasks, "tasks_done_in_time", days_back=1)["1/"] == (0, 0)
    with pytest.raises(InputRefused, match="2022-03-02 has not begun"):
        two_tasks.score(days_back=-1)


def test_a_reader_sees_the_scorecard_of_their_own_areas(two_tasks: AccountDesk) -> None:
    two_tasks.score()
    assert set(shares(two_tasks, "tasks_done_in_time", user="county_officer@12")) == {
        "1/12/",
        "1/12/121/",
        "1/12/122/",
    }
    with pytest.raises(NotAllowed):
        read_scorecard(two_tasks.store.desk, two_tasks.today, scope=Scope({}))


@pytest.mark.parametrize("user", ["county_officer", "epidemiologist", "auditor", "inspector", "nobody"])
def test_only_who_may_run_the_account_writes_a_scorecard(desk: AccountDesk, user: str) -> None:
    with pytest.raises(NotAllowed):
        desk.score(actor=Actor(user))


def test_the_command_may_run_the_account_too(desk: AccountDesk) -> None:
    assert desk.score(actor=Actor("city_officer")) > 0


def test_a_scorecard_comes_as_a_typed_table(desk: AccountDesk) -> None:
    assert read_scorecard(desk.store.desk, desk.today, scope=desk.scope("city_officer")).schema == SCORECARD


def test_what_lies_in_no_known_area_is_added_up_along_its_own_path() -> None:
    sums = roll_up([Count("9/91/", 1, 2), Count("1/11/", 1, 1), Count("", 0, 1)], area_paths=["1/", "1/11/", "1/12/"])
    assert sums == {
        "1/": (1, 1),
        "1/11/": (1, 1),
        "1/12/": (0, 0),
        "9/": (1, 2),
        "9/91/": (1, 2),
        "": (0, 1),
    }


@pytest.mark.parametrize(("path", "way"), [("1/11/111/", ["1/11/111/", "1/11/", "1/"]), ("1/", ["1/"]), ("", [""])])
def test_the_way_up_from_an_area_ends_at_the_top(path: str, way: list[str]) -> None:
    assert list(lead_up(path)) == way
