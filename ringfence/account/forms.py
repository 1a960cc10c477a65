"""Any superior's form: a workbook whose cells name indicators comes back filled; a new form is no code (7.3, 7.4).

What a cell may say, alone or within a text:

    {{area}}  {{day}}                      the area the form is about, and the day
    {{tasks_done_in_time}}                 the indicator's share in that area
    {{tasks_done_in_time.numerator}}       how many; or .denominator: of how many
    {{tasks_done_in_time.county}}          its share in each county: this cell and those below it, in order of codes
    {{tasks_done_in_time.county.numerator}}, {{area.county}}   the counts and the names beside them

Numbers are those that are shown where persons are not: a count too small to show stays empty (`shown`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ringfence.account.indicator import read_indicators
from ringfence.account.shown import read_shown_scorecard
from ringfence.errors import InputRefused
from ringfence.policy import Policy
from ringfence.store import Desk, Scope
from ringfence.terms import Area, calendar_day

_NAME = re.compile(r"\{\{([^{}]*)\}\}")
_AREA, _DAY = "area", "day"
_PARTS = ("numerator", "denominator")

Score = tuple[int | None, int | None]


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a form is filled from: the area it is about, all areas, the day, scores by indicator and area path."""

    area: Area
    areas: Mapping[str, Area]
    day: int
    scores: Mapping[tuple[str, str], Score]

    def find_level(self, level: str) -> list[Area]:
        """The areas of a level within the form's own, in order of their codes."""
        inside = [one for one in self.areas.values() if one.path.startswith(self.area.path) and one.level == level]
        return sorted(inside, key=lambda one: one.code)


@dataclass(frozen=True)
class Asked:
    """What a name asks for: a thing, of each area of a level (empty: of the form's own), as a share or a part of it."""

    thing: str
    level: str
    part: str


def fill_form(
    template: Path,
    out: Path,
    *,
    desk: Desk,
    scope: Scope,
    area: Area,
    areas: Mapping[str, Area],
    policy: Policy,
) -> int:
    """Write the template with every name filled in from the policy's day; how many cells were.

    InputRefused for a file that is no workbook, and for the first name nobody declared, with its cell.
    """
    book = _open(template)
    rows = read_shown_scorecard(desk, policy.day, scope=scope, policy=policy).to_pylist()
    scores = {(row["indicator"], row["area_path"]): (row["numerator"], row["denominator"]) for row in rows}
    page = Page(area=area, areas=areas, day=policy.day, scores=scores)
    named = [cell for sheet in book for row in sheet.iter_rows() for cell in row if _is_named(cell)]
    asked = [(cell, [_read_name(name, cell, page) for name in _NAME.findall(cell.value)]) for cell in named]
    filled = sum(_fill(cell, names, page) for cell, names in asked)
    book.save(out)
    return filled


def _open(template: Path) -> Any:  # noqa: ANN401 - a workbook of a library that ships no types
    import openpyxl  # type: ignore[import-untyped]  # noqa: PLC0415 - 30 MB that few processes need

    try:
        return openpyxl.load_workbook(template)
    except Exception as error:
        raise InputRefused(
            "{file} is no workbook (.xlsx) that can be read; save it as one", file=template.name
        ) from error


def _is_named(cell: Any) -> bool:  # noqa: ANN401 - a cell of a sheet
    return isinstance(cell.value, str) and bool(_NAME.search(cell.value))


def _read_name(name: str, cell: Any, page: Page) -> Asked:  # noqa: ANN401 - a cell of a sheet
    thing, *rest = name.strip().split(".")
    levels = {area.level for area in page.areas.values()}
    level = rest.pop(0) if rest and rest[0] in levels else ""
    part = rest.pop(0) if rest and rest[0] in _PARTS else ""
    known = thing in read_indicators() or (thing == _AREA and not part) or (thing == _DAY and not (part or level))
    if rest or not known:
        raise InputRefused(
            "cell {cell} of sheet {sheet} names '{name}', which is not declared; `docs/indicators.md` lists the names",
            cell=cell.coordinate,
            sheet=cell.parent.title,
            name=name.strip(),
        )
    return Asked(thing, level, part)


def _fill(cell: Any, names: Sequence[Asked], page: Page) -> int:  # noqa: ANN401 - a cell of a sheet
    """Fill a cell, and those below it where it asks for every area of a level; how many."""
    template, levels = str(cell.value), {asked.level for asked in names if asked.level}
    areas = page.find_level(levels.pop()) if levels else [page.area]
    sheet = cell.parent
    if not areas:
        cell.value = None
    for place, area in enumerate(areas):
        target = sheet.cell(cell.row + place, cell.column)
        values = [_value(asked, area if asked.level else page.area, page) for asked in names]
        target.value = _write(template, values)
        if place:
            target._style = cell._style  # noqa: SLF001 - the way openpyxl copies a cell's look
    return len(areas)


def _write(template: str, values: Sequence[object]) -> object:
    """A name alone becomes its value, a number where it is one; within a text it becomes text."""
    if _NAME.fullmatch(template.strip()):
        return values[0]
    texts = iter(["" if value is None else str(value) for value in values])
    return _NAME.sub(lambda _: next(texts), template)


def _value(asked: Asked, area: Area, page: Page) -> object:
    if asked.thing == _AREA:
        return area.name
    if asked.thing == _DAY:
        return calendar_day(page.day).isoformat()
    numerator, denominator = page.scores.get((asked.thing, area.path), (None, None))
    if asked.part:
        return numerator if asked.part == "numerator" else denominator
    return numerator / denominator if numerator is not None and denominator else None
