"""Pages of a list: in order, each row once, within the reader's areas; and what is refused."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from store_rows import NOW, OFFICER

from ringfence import access, account, areas, gate, signals, trace, work
from ringfence.errors import CursorRefused, InputRefused, NotAllowed
from ringfence.store import BATCHES, LEDGER, PROTECTED, Act, Listing, Scope, Store, count_rows, read_page, stream_rows
from ringfence.store import pages as page_module
from ringfence.store.listing import look_up, page_sql
from ringfence.store.scope import Reach, scope_query
from ringfence.terms import TaskStatus, from_us, to_us
from ringfence.work import TASKS

LISTINGS = [
    *(work.TASKS, work.ORDERS, work.DISPUTES, work.FOLLOW_UPS, work.UNITS),
    *(signals.SIGNALS, signals.CASES, signals.OBSERVATIONS, trace.SIGNAL_EXPOSURES),
    *(account.FINDINGS, access.USERS, access.GRANTS, access.APPROVALS),
    *(areas.AREAS, gate.ARRIVAL_REPORTS, BATCHES, LEDGER),
]

INSERT_UNIT = """
insert into unit (unit_id, area_code, area_path, level, daily_capacity, task_kinds, recorded_at)
values ('u', '', '1/', 'city', 1, '', 1)
"""

INSERT_TASK = """
insert into task (task_id, subject_kind, subject_key, kind, owner, area_path, status, level, weight, reason, opened_at,
    due_at, due_day, recorded_at)
values (:task_id, 'person', '7', 'visit', 'u', :area_path, :status, 'grid', :weight,
    '{"code":"said_by","actor":"x"}', 1, :due_at, 1, 1)
"""

CITY = Scope({"task": ("1/",)})
SAMPLES = {"signal": "1", "day": "2022-03-01", "person": "12", "unit": "u"}


def put_tasks(store: Store, *rows: tuple[int, int, str, str]) -> None:
    """Tasks as (number, due instant, area path, status)."""

    def write(act: Act) -> None:
        if not act.rows("select unit_id from unit"):
            act.run(INSERT_UNIT)
        columns = ("task_id", "due_at", "area_path", "status")
        act.run_many(INSERT_TASK, [dict(zip(columns, row, strict=True), weight=float(row[0] % 3)) for row in rows])
        act.note("tasks.put", count=len(rows))

    store.act(write, actor=OFFICER, now=NOW)


def walk(store: Store, *, scope: Scope = CITY, limit: int = 2, **asked: object) -> list[int]:
    """The numbers of all rows, a page after the other."""
    numbers, after = [], None
    while True:
        page = read_page(store.desk, TASKS, scope=scope, after=after, limit=limit, **asked)  # type: ignore[arg-type]
        numbers += [row["task_id"] for row in page.rows]
        if page.next_cursor is None:
            return numbers
        after = page.next_cursor


def test_pages_follow_the_sort_and_equal_values_follow_the_key(store: Store) -> None:
    put_tasks(store, (1, 5, "1/", "open"), (2, 3, "1/", "open"), (3, 5, "1/", "open"), (4, 3, "1/", "open"))
    assert walk(store) == [2, 4, 1, 3]
    assert walk(store, sort="-due_at") == [3, 1, 4, 2]
    assert walk(store, sort="weight") == [3, 1, 4, 2]
    assert walk(store, limit=4) == [2, 4, 1, 3]


def test_a_page_shows_only_rows_of_the_readers_areas(store: Store) -> None:
    put_tasks(store, (1, 1, "1/11/", "open"), (2, 2, "1/111/", "open"), (3, 3, "1/11/7/", "open"))
    assert walk(store, scope=Scope({"task": ("1/11/",)})) == [1, 3]
    assert walk(store, scope=CITY.within("1/11/")) == [1, 3]
    assert walk(store, scope=Scope({"task": ("1/11/7/", "1/111/")}).within("1/11/")) == [3]


def test_an_area_outside_the_readers_is_not_opened(store: Store) -> None:
    with pytest.raises(NotAllowed):
        read_page(store.desk, TASKS, scope=Scope({"task": ("1/11/",)}).within("1/12/"))
    with pytest.raises(NotAllowed):
        read_page(store.desk, TASKS, scope=Scope({"signal": ("1/",)}))
    with pytest.raises(NotAllowed):
        count_rows(store.desk, LEDGER, scope=Scope({"task": ("1/",)}))


def test_the_reader_of_many_rows_gets_the_same_pages(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    put_tasks(store, *[(n, n % 4, "1/11/" if n % 3 else "1/12/", "open") for n in range(1, 20)])
    few = [walk(store, scope=CITY.within(path)) for path in ("1/", "1/11/")]
    monkeypatch.setattr(page_module, "FEW", 3)
    assert [walk(store, scope=CITY.within(path)) for path in ("1/", "1/11/")] == few


def test_filters_choose_rows_and_read_their_values(store: Store) -> None:
    put_tasks(
        store, (1, to_us(NOW), "1/", "open"), (2, to_us(NOW) + 5, "1/", "withdrawn"), (3, 9, "1/", "acknowledged")
    )
    assert walk(store, filters={"status": "withdrawn"}) == [2]
    assert walk(store, filters={"waiting": True}) == [3, 1]
    assert walk(store, filters={"waiting": "false"}) == [2]
    assert walk(store, filters={"due_before": NOW.isoformat(), "waiting": "true"}) == [3]
    assert walk(store, filters={"due_before": NOW + timedelta(microseconds=1)}) == [3, 1]
    assert walk(store, filters={"person": "7", "status": TaskStatus.OPEN}) == [1]
    assert count_rows(store.desk, TASKS, scope=CITY, filters={"waiting": True}) == 2
    assert count_rows(store.desk, TASKS, scope=CITY, most=2) == 2


def test_a_row_says_what_its_columns_mean(store: Store) -> None:
    put_tasks(store, (1, to_us(NOW), "1/", "open"))
    [row] = read_page(store.desk, TASKS, scope=CITY).rows
    assert (row["due_at"], row["status"], row["acknowledged_at"]) == (NOW, TaskStatus.OPEN, None)
    assert row["opened_at"] == from_us(1)


def test_rows_that_come_in_between_pages_move_nothing(store: Store) -> None:
    put_tasks(store, *[(n, n * 10, "1/", "open") for n in range(1, 7)])
    first = read_page(store.desk, TASKS, scope=CITY, limit=3)
    put_tasks(store, (100, 5, "1/", "open"), (101, 45, "1/", "open"))
    second = read_page(store.desk, TASKS, scope=CITY, limit=10, after=first.next_cursor)
    assert [row["task_id"] for row in second.rows] == [4, 101, 5, 6]
    assert second.next_cursor is None


def test_all_rows_are_streamed_in_order(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    put_tasks(store, *[(n, -n, "1/", "open") for n in range(1, 12)])
    monkeypatch.setattr(page_module, "_STREAMED", 4)
    assert [row["task_id"] for row in stream_rows(store.desk, TASKS, scope=CITY)] == list(range(11, 0, -1))


@pytest.mark.parametrize(
    "asked",
    [
        {"sort": "area_path; drop table task"},
        {"sort": "--due_at"},
        {"filters": {"colour": "red"}},
        {"filters": {"status": "open' or '1'='1"}},
        {"filters": {"due_before": "2022-03-01"}},
        {"filters": {"waiting": "perhaps"}},
        {"filters": {"owner": "a\0b"}},
        {"filters": {"owner": "\ud800"}},
        {"limit": 0},
        {"limit": 1_001},
    ],
)
def test_what_the_list_does_not_have_is_refused(store: Store, asked: dict[str, object]) -> None:
    with pytest.raises(InputRefused):
        read_page(store.desk, TASKS, scope=CITY, **asked)  # type: ignore[arg-type]


def test_the_exposures_of_no_signal_and_a_number_beyond_all_numbers_are_refused(store: Store) -> None:
    scope = Scope({"exposure": ("1/",)})
    for filters in ({}, {"signal": str(2**70)}):
        with pytest.raises(InputRefused):
            read_page(store.desk, trace.SIGNAL_EXPOSURES, scope=scope, filters=filters)


def test_a_cursor_is_of_one_list_one_sort_and_one_filter(store: Store) -> None:
    put_tasks(store, *[(n, n, "1/", "open") for n in range(1, 5)])
    cursor = read_page(store.desk, TASKS, scope=CITY, limit=2).next_cursor
    assert cursor
    changed = cursor[:-3] + ("A" if cursor[-3] != "A" else "B") + cursor[-2:]
    asked: list[dict[str, object]] = [
        {"after": cursor, "sort": "-due_at"},
        {"after": cursor, "sort": "weight"},
        {"after": cursor, "filters": {"status": "open"}},
        *({"after": text} for text in (changed[1:], "", "e30", "WzFd", "bm9uc2Vuc2U", "µ", cursor * 2)),
    ]
    for one in asked:
        with pytest.raises(CursorRefused):
            read_page(store.desk, TASKS, scope=CITY, **one)  # type: ignore[arg-type]


@pytest.mark.parametrize("values", [["x", 1], [1.5, 1], [True, 1], [2**70, 1], [1], [1, 1, 1], [None, 1]])
def test_a_cursor_with_values_of_another_kind_is_refused(store: Store, values: list[object]) -> None:
    asked = look_up(TASKS, sort=None, filters={})
    forged = page_module._write_cursor(_Forged(values), asked)  # type: ignore[arg-type]
    with pytest.raises(CursorRefused):
        read_page(store.desk, TASKS, scope=CITY, after=forged)


class _Forged:
    """A row whose sort columns hold what no row holds."""

    def __init__(self, values: list[object]) -> None:
        self.due_at = values[0]
        self.task_id = values[1:] if len(values) != 2 else values[1]


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda one: one.name)
def test_every_filter_of_every_list_can_be_asked_both_ways(store: Store, listing: Listing) -> None:
    scope = Scope({listing.table: ("1/",)})
    for sort in listing.sorts:
        for way in ("", "-"):
            for name, declared in listing.filters.items():
                filters = dict.fromkeys(listing.needed, "1") | {name: _sample(name, declared.kind)}
                assert read_page(store.desk, listing, scope=scope, sort=way + sort, filters=filters).next_cursor is None


def _sample(name: str, kind: object) -> object:
    if isinstance(kind, type) and hasattr(kind, "__members__"):
        return next(iter(kind.__members__.values()))
    return SAMPLES.get(name) or {bool: "true", str: "x", int: "1"}.get(kind, NOW)  # type: ignore[call-overload]


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda one: one.name)
def test_every_sort_is_backed_by_an_index_and_never_null(store: Store, listing: Listing) -> None:
    nullable = _nullable(store, listing.table)
    for columns in listing.sorts.values():
        assert not nullable & set(columns)
        for is_descending in (False, True):
            plan = explain(store, listing, columns, is_descending=is_descending)
            assert "TEMP B-TREE" not in plan, plan
            assert "Sort" not in plan, plan


def explain(store: Store, listing: Listing, sort: tuple[str, ...], *, is_descending: bool) -> str:
    """How the database reads the first page of a reader of many rows, where it is told to avoid sorting if it can."""
    needed = tuple(f"{listing.filters[name].condition.replace(':value', '1')}" for name in sorted(listing.needed))
    sql = page_sql(listing, sort, is_descending=is_descending, conditions=needed, goes_on=False)
    scope = Scope({listing.table: ("1/",)}, Reach.MANY) if listing.table in PROTECTED else Scope({})
    scoped, bounds = scope_query(sql, scope)
    with store.desk.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("set enable_sort = off")
            connection.exec_driver_sql("set enable_seqscan = off")
            connection.exec_driver_sql("set enable_bitmapscan = off")
            rows = connection.execute(text(f"explain {scoped}"), {**bounds, "limit": 51}).all()
            return "\n".join(row[0] for row in rows)
        rows = connection.execute(text(f"explain query plan {scoped}"), {**bounds, "limit": 51}).all()
        return "\n".join(str(row.detail) for row in rows)


def _nullable(store: Store, table: str) -> set[str]:
    from sqlalchemy import inspect  # noqa: PLC0415 - only here

    columns = inspect(store.desk.engine).get_columns(table)
    key = set(inspect(store.desk.engine).get_pk_constraint(table)["constrained_columns"])
    return {column["name"] for column in columns if column["nullable"]} - key


def test_every_declared_list_is_among_the_tested() -> None:
    package = Path(page_module.__file__).parent.parent
    declared = sum(file.read_text(encoding="utf-8").count(" = Listing(") for file in package.rglob("listings.py"))
    assert declared == len(LISTINGS)
