"""A scorecard as it is shown where persons are not."""

from account_desk import TASK, AccountDesk

from ringfence.account import read_scorecard, read_shown_scorecard


def put_tasks(desk: AccountDesk, **late: int) -> None:
    """Tasks due an hour ago that nobody did, by the code of their area."""
    number = iter(range(1, 1000))
    times = {"opened_at": desk.at(-5), "due_at": desk.at(-1)}
    for code, count in late.items():
        path = {"area_path": desk.areas[code[1:]].path}
        desk.put("task", *(TASK | times | path | {"task_id": next(number)} for _ in range(count)))
    desk.score()


def shown(desk: AccountDesk, user: str = "city_officer") -> dict[str, tuple[int | None, int | None]]:
    scope = desk.scope(user)
    table = read_shown_scorecard(desk.store.desk, desk.today, scope=scope, policy=desk.policy())
    raw = read_scorecard(desk.store.desk, desk.today, scope=scope)
    assert table.select(["area_path", "indicator"]).equals(raw.select(["area_path", "indicator"]))
    return {
        row["area_path"]: (row["numerator"], row["denominator"])
        for row in table.to_pylist()
        if row["indicator"] == "tasks_done_in_time"
    }


def test_a_small_count_and_what_would_tell_it_are_held_back_and_the_rest_is_shown(desk: AccountDesk) -> None:
    desk.put_units(g111="grid")
    put_tasks(desk, a111=3, a1111=9, a121=20, a122=30)
    found = shown(desk)
    assert found["1/"] == (0, 62)
    assert found["1/12/121/"] == (0, 20)
    assert found["1/11/111/"][1] is None
    assert found["1/11/1111/"][1] is None


def test_two_readers_who_put_together_what_they_see_see_what_the_whole_city_shows(desk: AccountDesk) -> None:
    desk.put_units(g111="grid")
    put_tasks(desk, a111=3, a121=20, a122=30)
    whole = shown(desk)
    for user in ("county_officer@11", "county_officer@12"):
        part = shown(desk, user)
        assert part
        assert {path: whole[path] for path in part} == part
