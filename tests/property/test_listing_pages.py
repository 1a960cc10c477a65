"""Pages of a list against a sorted list in memory, while rows come in; and how the databases read 300,000 rows."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from ringfence.store import Act, Scope, Store, read_page
from ringfence.store import pages as page_module
from ringfence.store.listing import page_sql
from ringfence.store.scope import Reach, scope_query
from ringfence.terms import Actor
from ringfence.work import TASKS

MANY_ROWS = 300_000
AREAS = ["1/", "1/11/", "1/11/111/", "1/111/", "1/12/"]
NOW = datetime(2022, 3, 1, 4, tzinfo=UTC)

INSERT_UNIT = """
insert into unit (unit_id, area_code, area_path, level, daily_capacity, task_kinds, recorded_at)
values ('u', '', '1/', 'city', 1, '', 1)
"""

INSERT_TASK = """
insert into task (task_id, subject_kind, subject_key, kind, owner, area_path, status, level, weight, reason, opened_at,
    due_at, due_day, outcome, recorded_at)
values (:task_id, 'person', '7', :kind, 'u', :area_path, :status, 'grid', :weight,
    '{"code":"said_by","actor":"x"}', 1, :due_at, 1, case when :status = 'done' then 'reached' end, 1)
"""

Row = dict[str, object]

rows = st.fixed_dictionaries(
    {
        "area_path": st.sampled_from(AREAS),
        "status": st.sampled_from(["open", "acknowledged", "done", "withdrawn"]),
        "kind": st.sampled_from(["visit", "call"]),
        "weight": st.sampled_from([0.0, 0.1, 0.30000000000000004, 1e300, -1.5]),
        "due_at": st.integers(-2, 2),
    }
)


def put(store: Store, found: list[Row], *, first: int) -> list[Row]:
    """Rows with the numbers that follow each other from one on."""
    numbered = [{"task_id": first + n, **row} for n, row in enumerate(found)]

    def write(act: Act) -> None:
        if not act.rows("select unit_id from unit"):
            act.run(INSERT_UNIT)
        act.run_many(INSERT_TASK, numbered)
        act.note("tasks.put", count=len(numbered))

    store.act(write, actor=Actor("steward"), now=NOW)
    return numbered


def walk(store: Store, *, path: str, sort: str, filters: dict[str, object], limit: int) -> Iterator[list[int]]:
    """The numbers on each page; between pages the caller may write."""
    after = None
    scope = Scope({"task": ("1/",)}).within(path)
    while True:
        page = read_page(store.desk, TASKS, scope=scope, sort=sort, filters=filters, after=after, limit=limit)
        yield [row["task_id"] for row in page.rows]
        if page.next_cursor is None:
            return
        after = page.next_cursor


def brute_force(found: list[Row], *, path: str, sort: str, filters: dict[str, object]) -> list[object]:
    chosen = [row for row in found if str(row["area_path"]).startswith(path)]
    chosen = [row for row in chosen if "kind" not in filters or row["kind"] == filters["kind"]]
    if "waiting" in filters:
        chosen = [row for row in chosen if (row["status"] in {"open", "acknowledged"}) is filters["waiting"]]
    column = sort.removeprefix("-")
    chosen.sort(key=lambda row: (row[column], row["task_id"]), reverse=sort.startswith("-"))
    return [row["task_id"] for row in chosen]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    stood=st.lists(rows, max_size=25),
    come=st.lists(st.lists(rows, max_size=3), max_size=4),
    path=st.sampled_from(AREAS),
    sort=st.sampled_from(["due_at", "-due_at", "weight", "-weight"]),
    filters=st.fixed_dictionaries({}, optional={"kind": st.just("call"), "waiting": st.booleans()}),
    limit=st.integers(1, 7),
    few=st.sampled_from([0, 5_000]),
)
def test_pages_are_the_sorted_list_and_rows_that_come_in_neither_repeat_nor_hide_others(
    store: Store,
    stood: list[Row],
    come: list[list[Row]],
    path: str,
    sort: str,
    filters: dict[str, object],
    limit: int,
    few: int,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page_module, "FEW", few)
        _empty(store)
        before = put(store, stood, first=1)
        asked = {"path": path, "sort": sort, "filters": filters}
        assert [n for page in walk(store, **asked, limit=limit) for n in page] == brute_force(before, **asked)
        seen, after, waiting = [], list(before), list(come)
        for page in walk(store, **asked, limit=limit):
            seen += page
            if waiting:
                after += put(store, waiting.pop(), first=len(after) + 1)
    expected, everything = brute_force(before, **asked), brute_force(after, **asked)
    assert len(seen) == len(set(seen))
    assert set(expected) <= set(seen)
    assert seen == [number for number in everything if number in set(seen)]


def _empty(store: Store) -> None:
    def clear(act: Act) -> None:
        act.run("delete from task")
        act.note("tasks.cleared")

    store.act(clear, actor=Actor("steward"), now=NOW)


@pytest.fixture
def city_of_tasks(store: Store) -> Store:
    """300,000 tasks in 132 townships, most of them done, after the database gathered its statistics."""
    draw = random.Random(20_220_301)
    paths = [f"1/{county}/{county}{town:02}/" for county in range(11, 22) for town in range(12)]
    found = [
        {
            "area_path": draw.choice(paths),
            "status": draw.choices(["open", "acknowledged", "done"], [2, 2, 96])[0],
            "kind": draw.choices(["visit", "call", "recall"], [800, 199, 1])[0],
            "weight": draw.random(),
            "due_at": draw.randrange(10**15),
        }
        for _ in range(MANY_ROWS)
    ]
    put(store, found, first=1)
    with store.desk.engine.connect() as connection:
        connection.exec_driver_sql("analyze")
        connection.commit()
    return store


@pytest.mark.verify
def test_no_first_page_of_300_000_rows_sorts_them_all(city_of_tasks: Store) -> None:
    city = Scope({"task": ("1/",)})
    for conditions in ((), ("status in ('open', 'acknowledged')",)):
        for sort in TASKS.sorts.values():
            plan = explain(city_of_tasks, city.reaching(Reach.MANY), sort, conditions)
            assert "TEMP B-TREE" not in plan, plan
            assert "Sort" not in plan, plan
            township = explain(city_of_tasks, city.within("1/11/1101/").reaching(Reach.FEW), sort, conditions)
            assert "task_by_path" in township, township
            assert "Seq Scan" not in township, township
            assert "SCAN task\n" not in township, township


def explain(store: Store, scope: Scope, sort: tuple[str, ...], conditions: tuple[str, ...]) -> str:
    sql = page_sql(TASKS, sort, is_descending=False, conditions=conditions, goes_on=False)
    scoped, bounds = scope_query(sql, scope)
    with store.desk.engine.connect() as connection:
        is_postgres = connection.dialect.name == "postgresql"
        head = "explain" if is_postgres else "explain query plan"
        found = connection.execute(text(f"{head} {scoped}"), {**bounds, "limit": 51}).all()
        return "\n".join(row[0] if is_postgres else str(row.detail) for row in found)
