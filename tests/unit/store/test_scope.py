"""The scoped query: exactly the reader's areas, and no way around (policy 6.4)."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_rows import NOW, OFFICER

from ringfence.errors import NotAllowed, Unusable
from ringfence.store import EVERYWHERE, PROTECTED, Act, Scope, Store, migrations
from ringfence.store.migrations.ddl import read_statements
from ringfence.store.scope import REACHED_THROUGH, scope_query, tables_of

PATHS = [
    "1402/",
    "1402/14021/",
    "1402/14021/1/",
    "1402/14021/9/9/",
    "1402/140210/",
    "1402/140211/",
    "1402/140211/1/",
    "1402/14022/",
    "14020/",
    "1403/",
    "9/",
]

INSERT_UNIT = """
insert into unit (unit_id, area_code, area_path, level, daily_capacity, task_kinds, recorded_at)
values (:path, '', :path, 'grid', 1, '', 1)
"""

VISIBLE_UNITS = "select area_path from visible_unit order by area_path"


def put_units(store: Store, paths: list[str]) -> None:
    def work(act: Act) -> None:
        act.run_many(INSERT_UNIT, [{"path": path} for path in paths])
        act.note("units.put", count=len(paths))

    store.act(work, actor=OFFICER, now=NOW)


def visible(store: Store, *paths: str) -> list[str]:
    rows = store.desk.rows(VISIBLE_UNITS, scope=Scope({"unit": paths}))
    return [row.area_path for row in rows]


def test_a_reader_sees_exactly_what_lies_in_their_areas(store: Store) -> None:
    put_units(store, PATHS)
    for area in PATHS:
        assert visible(store, area) == sorted(path for path in PATHS if path.startswith(area)), area
    assert visible(store, "1402/14021/") == ["1402/14021/", "1402/14021/1/", "1402/14021/9/9/"]
    assert visible(store, "1402/14021/1/", "9/") == ["1402/14021/1/", "9/"]
    assert visible(store, "1402/", "1402/14021/") == sorted(path for path in PATHS if path.startswith("1402/"))
    assert visible(store, EVERYWHERE) == sorted(PATHS)
    assert visible(store, "8/") == []


def test_a_path_without_its_last_slash_opens_nothing(store: Store) -> None:
    put_units(store, PATHS)
    assert visible(store, "1402") == []


@settings(max_examples=30, deadline=None)
@given(paths=st.lists(st.text("012/甲\U0001f600", max_size=6).map(lambda text: text + "/"), min_size=1, unique=True))
def test_everywhere_is_everywhere_whatever_the_codes_are_made_of(paths: list[str]) -> None:
    _, values = scope_query(VISIBLE_UNITS, Scope({"unit": (EVERYWHERE,)}))
    assert all(values["unit_from_0"].encode() <= path.encode() < values["unit_to_0"].encode() for path in paths)


@pytest.mark.parametrize(
    "query",
    [
        "select * from task",
        "select * from  \n task t",
        "select * from visible_unit u join task on true",
        "select * from area, task",
        "select * from TASK",
        'select * from "task"',
        "select * from [task]",
        "select * from `task`",
        "select * from main.task",
        "select * from public.task",
        "select * from/**/task",
        "select * from (task)",
        "table task",
        "select (select count(*) from task)",
        "with x as (select * from task) select * from x",
        "delete from task",
        "update task set status = 'done'",
        "select 'a' -- '\n from task",
        "select 'it''s' from task",
    ],
)
def test_a_query_that_reaches_around_the_scope_is_refused(embedded: Store, query: str) -> None:
    with pytest.raises(NotAllowed, match="reads task around the scope"):
        embedded.desk.rows(query, scope=Scope.of_system())


@pytest.mark.parametrize(
    "query",
    [
        "select area_path from visible_task where kind = 'task'",
        "select t.task_id from visible_task t -- the task of the day\n",
        "select task_id /* a task */ from visible_task",
        "select unit_id, signal_id from duty, task_basis",
    ],
)
def test_words_that_only_look_like_a_protected_table_are_no_matter(query: str) -> None:
    assert set(tables_of(query)) <= {"task"}


def test_a_table_the_scope_does_not_open_is_refused(embedded: Store) -> None:
    for scope in (Scope({}), Scope({"task": ("1/",)}), Scope({"unit": ()})):
        with pytest.raises(NotAllowed, match="do not open unit"):
            embedded.desk.rows(VISIBLE_UNITS, scope=scope)
    with pytest.raises(NotAllowed, match="do not open ledger"):
        embedded.desk.rows("select * from visible_ledger", scope=Scope({"ledger": ("1/",)}))


def test_a_scoped_query_keeps_its_own_steps(store: Store) -> None:
    put_units(store, PATHS)
    scope = Scope({"unit": ("9/",), "task": ("9/",)})
    steps = "with mine as (select * from visible_unit) select count(*) as n from mine"
    recursive = """
    with recursive up (n) as (select 1 union all select n + 1 from up where n < 3)
    select (select max(n) from up) + (select count(*) from visible_unit) + (select count(*) from visible_task) as n
    """
    assert store.desk.rows(steps, scope=scope)[0].n == 1
    assert store.desk.rows(recursive, scope=scope)[0].n == 4


@pytest.mark.parametrize("table", sorted(REACHED_THROUGH))
def test_a_table_without_an_area_of_its_own_is_read_beside_its_scoped_parent(store: Store, table: str) -> None:
    everybodys = [f"select count(*) from {table}", f"select count(*) from visible_scorecard g, {table.upper()} c"]  # noqa: S608
    beside = [f"select count(*) from visible_{parent} p, {table} c" for parent in REACHED_THROUGH[table]]  # noqa: S608
    narrow = Scope(dict.fromkeys(PROTECTED, ("1402/",)))
    for query in everybodys:
        with pytest.raises(NotAllowed, match=f"reads {table} around the scope"):
            store.desk.rows(query, scope=narrow)
        assert store.desk.rows(query, scope=Scope.of_system()) == [(0,)]
    for query in beside:
        assert store.desk.rows(query, scope=narrow) == [(0,)]


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_every_table_that_follows_a_protected_one_has_an_area_or_is_reached_through_it(dialect: str) -> None:
    """By the foreign keys: whatever refers to a protected table speaks of its rows."""
    tables = [text for text in read_statements("ground.sql", dialect) if text.startswith("create table")]
    follows = {text.split()[2]: set(re.findall(r"references (\w+)", text)) & PROTECTED for text in tables}
    unguarded = {table for table, parents in follows.items() if parents} - PROTECTED - REACHED_THROUGH.keys()
    assert unguarded == {"access_link", "duty", "unit_device", "unit_member"}  # a unit's own, nothing of people in data
    assert all(REACHED_THROUGH[table] >= follows[table] - {"unit"} for table in REACHED_THROUGH)


def test_values_of_the_query_and_of_the_scope_do_not_meet(store: Store) -> None:
    put_units(store, PATHS)
    query = "select area_path from visible_unit where area_path <> :path order by area_path"
    rows = store.desk.rows(query, scope=Scope({"unit": ("1402/14021/",)}), path="1402/14021/1/")
    assert [row.area_path for row in rows] == ["1402/14021/", "1402/14021/9/9/"]


def test_reading_the_desk_changes_nothing(store: Store) -> None:
    put_units(store, ["9/"])
    for writes in (
        "update target set due_day = 1 returning due_day",
        "insert into counter (name, next_value) values ('x', 1) returning name",
    ):
        with pytest.raises(Unusable):
            store.desk.rows(writes)
    assert store.desk.rows("select name from counter where name = 'x'") == []


# Row-level security is PostgreSQL's; SQLite has the scoped query alone.
fenced = pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.verify)], indirect=True)


@pytest.fixture
def as_reader(store: Store) -> Iterator[Callable[..., list[Any]]]:
    """Asks PostgreSQL as the role that reads, past every layer of ours."""
    with store.desk.engine.connect() as connection:
        connection.exec_driver_sql("set role ringfence_reader")

        def ask(sql: str, **scope: list[str]) -> list[Any]:
            connection.exec_driver_sql("select set_config('ringfence.scope', %s, false)", (json.dumps(scope),))
            return [row[0] for row in connection.exec_driver_sql(sql)]

        yield ask


@fenced
def test_whoever_goes_around_the_layer_sees_nothing_outside_their_areas(
    store: Store, as_reader: Callable[..., list[Any]]
) -> None:
    put_units(store, PATHS)
    every = "select area_path from unit order by area_path"
    assert as_reader(every) == []
    assert as_reader(every, task=["1402/"]) == []
    assert as_reader(every, unit=["1402/14021/", "9/"]) == [
        path for path in sorted(PATHS) if path.startswith(("1402/14021/", "9/"))
    ]
    assert as_reader(every, unit=[""]) == sorted(PATHS)


@fenced
def test_nothing_is_seen_before_a_scope_was_ever_set(store: Store) -> None:
    put_units(store, PATHS)
    with store.desk.engine.connect() as connection:
        connection.exec_driver_sql("set role ringfence_reader")
        assert connection.exec_driver_sql("select area_path from unit").all() == []


@fenced
def test_every_protected_table_and_what_is_reached_through_it_has_a_policy(as_reader: Callable[..., list[Any]]) -> None:
    tables = "select relname from pg_class where relrowsecurity"
    assert set(as_reader(tables)) == PROTECTED | REACHED_THROUGH.keys()
    assert set(as_reader("select tablename from pg_policies")) == PROTECTED | REACHED_THROUGH.keys()


@fenced
@pytest.mark.parametrize("table", sorted(PROTECTED | REACHED_THROUGH.keys()))
def test_every_policy_can_be_asked(as_reader: Callable[..., list[Any]], table: str) -> None:
    assert as_reader(f"select count(*) from {table}", **{name: ["1/"] for name in PROTECTED}) == [0]  # noqa: S608


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_every_table_with_an_area_path_is_protected_but_areas_and_places(dialect: str) -> None:
    tables = [text for text in read_statements("ground.sql", dialect) if text.startswith("create table")]
    with_path = {text.split()[2] for text in tables if "area_path" in text}
    assert with_path - PROTECTED == {"area", "place", "sentinel_site"}  # where things are, and nobody in them
    assert with_path >= PROTECTED
    assert Path(migrations.__file__).exists()
