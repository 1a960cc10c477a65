"""Units and their people in a workbook: all of it is put in, or every bad row is named and nothing is."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from ringfence import work
from ringfence.access import UnitsBook, list_grants, list_members, put_members, read_link, read_scope, read_units_book
from ringfence.access.workbook import RowProblem
from ringfence.errors import InputRefused, NotAllowed
from ringfence.store import Act, Scope, Store
from ringfence.terms import Actor, Level, Purpose, ReasonCode, Unit

ADMINISTRATOR = Actor("administrator")
UNITS = [("unit_id", "area_code", "level", "task_kinds", "daily_capacity"), ("grid-1", 111, "grid", "visit, call", 30)]
PEOPLE = [("user_id", "unit_id", "role"), ("li", "grid-1", "grid_worker"), ("wang", "grid-1", "township_officer")]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "units.xlsx"


def write(file: Path, **sheets: Sequence[Sequence[object]]) -> Path:
    book = Workbook()
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(file)
    return file


def put(store: Store, book: UnitsBook, now: datetime, *, actor: Actor = ADMINISTRATOR) -> dict[str, str]:
    def act_on(act: Act) -> dict[str, str]:
        book.check_is_whole()
        work.put_units(act, book.units)
        return put_members(act, book.members, clock=store.clock)

    return store.act(act_on, actor=actor, now=now)


def codes(book: UnitsBook) -> list[tuple[str, int, ReasonCode]]:
    return [(problem.sheet, problem.row, problem.reason.code) for problem in book.problems]


def test_units_and_people_are_put_in_with_accounts_roles_and_links(staffed: Store, file: Path, now: datetime) -> None:
    book = read_units_book(staffed.desk, write(file, units=UNITS, people=PEOPLE))
    assert book.problems == []
    assert book.units == {
        2: Unit(
            unit_id="grid-1",
            area_path="1/11/111/",
            level=Level.GRID,
            daily_capacity=30,
            task_kinds=frozenset({"visit", "call"}),
        )
    }
    tokens = put(staffed, book, now)
    assert {user: read_link(staffed.desk, token, now=now).user_id for user, token in tokens.items()} == {
        "li": "li",
        "wang": "wang",
    }
    grants = list_grants(staffed.desk, scope=Scope.of_system())
    assert [(user, role, path) for _, user, role, path in grants if user in tokens] == [
        ("li", "grid_worker", "1/11/111/"),
        ("wang", "township_officer", "1/11/111/"),
    ]
    assert staffed.act(
        lambda act: (act.note("members.listed"), list_members(act, "grid-1"))[1], actor=ADMINISTRATOR, now=now
    ) == ["li", "wang"]
    assert read_scope(staffed.desk, Actor("li"), Purpose("outreach", "2.3"), now=now).paths["task"] == ("1/11/111/",)


def test_sending_it_again_changes_nothing_but_the_links_of_who_has_not_come_in(
    staffed: Store, file: Path, now: datetime
) -> None:
    book = read_units_book(staffed.desk, write(file, units=UNITS, people=PEOPLE))
    first = put(staffed, book, now)
    before = list_grants(staffed.desk, scope=Scope.of_system())
    second = put(staffed, read_units_book(staffed.desk, file), now)
    assert list_grants(staffed.desk, scope=Scope.of_system()) == before
    assert second.keys() == first.keys()
    with pytest.raises(Exception, match="was used"):
        read_link(staffed.desk, first["li"], now=now)


def test_every_bad_row_is_named_and_nothing_is_put_in(staffed: Store, file: Path, now: datetime) -> None:
    units = [
        UNITS[0],
        ("grid-1", 111, "grid", "visit", 30),
        ("", 111, "grid", "visit", 30),
        ("grid-2", 999, "ward", "visit; dance", "many"),
        (None, None, None, None, None),
        ("grid-1", 111, "grid", "visit", 200_000),
        ("李四的队", 111, "grid", "visit", 2.5),
    ]
    people = [
        PEOPLE[0],
        ("li", "grid-9", "king"),
        ("li", "grid-1", ""),
        ("li", "grid-1", "grid_worker"),
        ("x" * 101, "grid-1", "grid_worker"),
        ("李四", "grid-1", "grid_worker"),
    ]
    book = read_units_book(staffed.desk, write(file, units=units, people=people))
    assert codes(book) == [
        ("units", 3, ReasonCode.EMPTY_FIELD),
        ("units", 4, ReasonCode.UNKNOWN_CODE),
        ("units", 4, ReasonCode.UNKNOWN_AREA),
        ("units", 4, ReasonCode.UNKNOWN_CODE),
        ("units", 4, ReasonCode.BAD_NUMBER),
        ("units", 6, ReasonCode.NUMBER_OUT_OF_RANGE),
        ("units", 6, ReasonCode.DUPLICATE_ROW),
        ("units", 7, ReasonCode.UNKNOWN_CODE),
        ("units", 7, ReasonCode.BAD_NUMBER),
        ("people", 2, ReasonCode.UNKNOWN_CODE),
        ("people", 2, ReasonCode.UNKNOWN_CODE),
        ("people", 3, ReasonCode.EMPTY_FIELD),
        ("people", 4, ReasonCode.DUPLICATE_ROW),
        ("people", 5, ReasonCode.TEXT_TOO_LONG),
        ("people", 6, ReasonCode.UNKNOWN_CODE),
    ]
    assert isinstance(book.problems[0], RowProblem)
    with pytest.raises(InputRefused, match="9 rows cannot be used"):
        put(staffed, book, now)
    assert staffed.desk.rows("select unit_id from visible_unit", scope=Scope.of_system()) == []


def test_columns_may_stand_in_any_order_and_others_are_passed_over(staffed: Store, file: Path) -> None:
    units = [[*reversed(UNITS[0]), "Remark"], [*reversed(UNITS[1]), "beside the market"]]
    assert list(read_units_book(staffed.desk, write(file, units=units)).units) == [2]


def test_people_may_come_alone_for_units_there_are(staffed: Store, file: Path, now: datetime) -> None:
    put(staffed, read_units_book(staffed.desk, write(file, units=UNITS)), now)
    book = read_units_book(staffed.desk, write(file, people=PEOPLE))
    assert book.problems == []
    assert [member.user_id for member in book.members] == ["li", "wang"]


@pytest.mark.parametrize("heads", [UNITS[0][:-1], (*UNITS[0], "unit_id"), ("name",)])
def test_a_sheet_without_its_columns_is_refused(staffed: Store, file: Path, heads: Sequence[str]) -> None:
    with pytest.raises(InputRefused, match="needs exactly one column"):
        read_units_book(staffed.desk, write(file, units=[heads, UNITS[1]]))


def test_what_is_no_workbook_is_refused(staffed: Store, file: Path) -> None:
    with pytest.raises(InputRefused, match="neither a sheet"):
        read_units_book(staffed.desk, write(file, teams=UNITS))
    whole = write(file, units=UNITS).read_bytes()
    for broken in (b"", b"unit_id,area_code\n", whole[: len(whole) // 2]):
        file.write_bytes(broken)
        with pytest.raises(InputRefused, match=r"no workbook that can be read|neither a sheet"):
            read_units_book(staffed.desk, file)


def test_roles_are_given_only_where_the_actor_may_give_them(staffed: Store, file: Path, now: datetime) -> None:
    book = read_units_book(staffed.desk, write(file, units=UNITS, people=PEOPLE))
    with pytest.raises(NotAllowed):
        put(staffed, book, now, actor=Actor("county_officer@11"))  # may edit the roster, gives no roles
    assert staffed.desk.rows("select unit_id from visible_unit", scope=Scope.of_system()) == []
