"""The workbook that units and their people come in: two sheets of declared columns, every bad row named (policy 7.1).

Accounts are keys, never names: a key of other signs than letters, digits and `. _ - @` is refused.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias, TypeVar

from python_calamine import CalamineError, CalamineWorkbook, load_workbook

from ringfence.access.members import Member
from ringfence.errors import InputRefused
from ringfence.store import Desk, Scope
from ringfence.terms import Level, Reason, ReasonCode, Role, TaskKind, Unit

AREA_PATHS = "select area_code, area_path from area"

UNITS_KNOWN = "select unit_id from visible_unit"

UNITS, PEOPLE = "units", "people"

COLUMNS = {
    UNITS: ("unit_id", "area_code", "level", "task_kinds", "daily_capacity"),
    PEOPLE: ("user_id", "unit_id", "role"),
}
"""The columns of each sheet, by the names in its first row, in any order; other columns are passed over."""

MOST_BYTES = 20_000_000
MOST_ROWS = 100_000
LONGEST_KEY = 100
MOST_A_DAY = 100_000  # tasks; a unit that does more in a day is a mistyped one

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]*")
_WHOLE = re.compile(r"[0-9]{1,9}")

Cell: TypeAlias = int | float | str | bool | date | datetime | time | timedelta
Row: TypeAlias = Mapping[str, str]
Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with a row, counted as the workbook counts it: the columns' names stand in row 1."""

    sheet: str
    row: int
    reason: Reason


@dataclass(frozen=True)
class UnitsBook:
    """What a workbook says: units by their row, people in order; it can be put in when nothing is wrong with it."""

    units: Mapping[int, Unit]
    members: Sequence[Member]
    problems: Sequence[RowProblem]

    def check_is_whole(self) -> None:
        """InputRefused when any row is bad: units are put in all together or not at all."""
        if self.problems:
            raise InputRefused(
                "{count} rows cannot be used, so nothing was put in; mend them and send the workbook again",
                count=len({(problem.sheet, problem.row) for problem in self.problems}),
            )


@dataclass
class _Reading:
    """The rows of a sheet as they are read, with everything that is wrong with them."""

    sheet: str
    row: int = 1
    problems: list[RowProblem] = field(default_factory=list)

    def refuse(self, code: ReasonCode, **values: str | int) -> None:
        self.problems.append(RowProblem(self.sheet, self.row, Reason.of(code, **values)))

    def key(self, cells: Row, column: str) -> str:
        found = cells[column]
        if not found:
            self.refuse(ReasonCode.EMPTY_FIELD, column=column)
        elif len(found) > LONGEST_KEY:
            self.refuse(ReasonCode.TEXT_TOO_LONG, column=column, limit=LONGEST_KEY, found=found[:20])
        elif not _KEY.fullmatch(found):
            self.refuse(ReasonCode.UNKNOWN_CODE, column=column, found=found)
        return found

    def code(self, cells: Row, column: str, words: type[Word]) -> Word | None:
        found = cells[column]
        if found in set(words):
            return words(found)
        self.refuse(ReasonCode.UNKNOWN_CODE if found else ReasonCode.EMPTY_FIELD, column=column, found=found)
        return None

    def whole(self, cells: Row, column: str, *, most: int) -> int:
        found = cells[column]
        if not found:
            self.refuse(ReasonCode.EMPTY_FIELD, column=column)
        elif not _WHOLE.fullmatch(found):
            self.refuse(ReasonCode.BAD_NUMBER, column=column, found=found)
        elif int(found) > most:
            self.refuse(ReasonCode.NUMBER_OUT_OF_RANGE, column=column, found=found)
        return int(found) if _WHOLE.fullmatch(found) else 0


def read_units_book(desk: Desk, file: Path) -> UnitsBook:
    """The units and people of a workbook, checked against the areas and units there are; InputRefused for no workbook.

    A sheet that is left out holds nothing; one of the two must be there.
    """
    sheets = _read_sheets(file)
    areas = {row.area_code: row.area_path for row in desk.rows(AREA_PATHS)}
    units, problems = _read_units(sheets.get(UNITS, []), areas)
    known = {row.unit_id for row in desk.rows(UNITS_KNOWN, scope=Scope.of_system())}
    members, more = _read_members(sheets.get(PEOPLE, []), known | {unit.unit_id for unit in units.values()})
    return UnitsBook(units, members, [*problems, *more])


def _read_units(rows: Sequence[Row], areas: Mapping[str, str]) -> tuple[dict[int, Unit], list[RowProblem]]:
    reading, units, first_rows = _Reading(UNITS), {}, dict[str, int]()
    for cells in _numbered(reading, rows):
        unit_id = reading.key(cells, "unit_id")
        area_code, level = cells["area_code"], reading.code(cells, "level", Level)
        if area_code not in areas:
            reading.refuse(ReasonCode.UNKNOWN_AREA, column="area_code", found=area_code)
        kinds = frozenset(filter(None, re.split(r"[,，、;；\s]+", cells["task_kinds"])))
        for kind in sorted(kinds - set(TaskKind)):
            reading.refuse(ReasonCode.UNKNOWN_CODE, column="task_kinds", found=kind)
        capacity = reading.whole(cells, "daily_capacity", most=MOST_A_DAY)
        if unit_id in first_rows:
            reading.refuse(ReasonCode.DUPLICATE_ROW, first=first_rows[unit_id])
        first_rows.setdefault(unit_id, reading.row)
        units[reading.row] = Unit(
            unit_id=unit_id,
            area_path=areas.get(area_code, ""),
            level=level or Level.GRID,
            daily_capacity=capacity,
            task_kinds=kinds,
        )
    return units, reading.problems


def _read_members(rows: Sequence[Row], units: set[str]) -> tuple[list[Member], list[RowProblem]]:
    reading, members, first_rows = _Reading(PEOPLE), [], dict[tuple[str, str], int]()
    for cells in _numbered(reading, rows):
        user_id, unit_id = reading.key(cells, "user_id"), reading.key(cells, "unit_id")
        role = reading.code(cells, "role", Role)
        if unit_id and unit_id not in units:
            reading.refuse(ReasonCode.UNKNOWN_CODE, column="unit_id", found=unit_id)
        if (user_id, unit_id) in first_rows:
            reading.refuse(ReasonCode.DUPLICATE_ROW, first=first_rows[user_id, unit_id])
        first_rows.setdefault((user_id, unit_id), reading.row)
        members.append(Member(user_id=user_id, unit_id=unit_id, role=role or Role.GRID_WORKER))
    return members, reading.problems


def _numbered(reading: _Reading, rows: Sequence[Row]) -> Iterator[Row]:
    """Each row that is not empty, with its number in the workbook put into the reading."""
    for number, cells in enumerate(rows, start=2):
        reading.row = number
        if any(cells.values()):
            yield cells


def _read_sheets(file: Path) -> dict[str, list[Row]]:
    if file.stat().st_size > MOST_BYTES:
        raise InputRefused("{file} is larger than any list of units; send it in parts", file=file.name)
    try:
        with load_workbook(file) as book:
            found = {name: _read_sheet(book, name, file.name) for name in COLUMNS if name in book.sheet_names}
    except (CalamineError, OSError, ValueError) as error:
        raise InputRefused(
            "{file} is no workbook that can be read; save it as .xlsx without a password", file=file.name
        ) from error
    if not found:
        raise InputRefused("{file} has neither a sheet 'units' nor one 'people'; name its sheets so", file=file.name)
    return found


def _read_sheet(book: CalamineWorkbook, name: str, file: str) -> list[Row]:
    sheet = book.get_sheet_by_name(name)
    if sheet.total_height > MOST_ROWS:
        raise InputRefused("{file} is larger than any list of units; send it in parts", file=file)
    rows = sheet.to_python(skip_empty_area=False)
    heads = [_text(cell).lower() for cell in rows[0]] if rows else []
    missing = [column for column in COLUMNS[name] if heads.count(column) != 1]
    if missing:
        raise InputRefused(
            "the sheet '{sheet}' needs exactly one column '{column}' in its first row; put it there",
            sheet=name,
            column=missing[0],
        )
    at = {column: heads.index(column) for column in COLUMNS[name]}
    return [{column: _text(row[place]) for column, place in at.items()} for row in rows[1:]]


def _text(cell: Cell) -> str:
    """A cell as text: a code typed as a number comes as one, and 140211.0 is meant as 140211."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
