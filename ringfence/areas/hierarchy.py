"""The hierarchy of areas: any number of levels and any words for them, from a file of code, name, level and parent."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from ringfence.errors import AreasRefused, NotFound
from ringfence.store import EVERYWHERE, Act, Desk
from ringfence.terms import Area, Plan, to_us

HEADER = ["code", "name", "level", "parent_code"]

READ_AREAS = "select area_code, name, level, parent_code, area_path from area order by area_path"

UPSERT_AREA = """
insert into area (area_code, name, level, parent_code, area_path, recorded_at)
values (:area_code, :name, :level, :parent_code, :area_path, :recorded_at)
on conflict (area_code) do update set name = excluded.name, level = excluded.level, recorded_at = excluded.recorded_at
"""

AreaRow = tuple[int, str, str, str, str]
"""Line in the file, code, name, level, parent code."""


def read_areas(path: Path) -> dict[str, Area]:
    """The areas of a file by code, parents before children; AreasRefused says line and reason."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file)
        header = next(lines, [])
        if header != HEADER:
            raise AreasRefused(
                "{file} line 1: the columns must be {expected}, not {found}",
                file=path.name,
                expected=",".join(HEADER),
                found=",".join(header) or "nothing",
            )
        rows = [_row(line, fields, path.name) for line, fields in enumerate(lines, start=2) if fields]
    return lay_paths(rows, file=path.name)


def lay_paths(rows: Iterable[AreaRow], *, file: str) -> dict[str, Area]:
    """Areas with their paths, parents before children; AreasRefused for a double code, an unknown parent or a cycle."""
    by_code: dict[str, AreaRow] = {}
    for row in rows:
        line, code, *_ = row
        if code in by_code:
            raise AreasRefused(
                "{file} line {line}: area {code} stands in line {first} already; remove one of the two",
                file=file,
                line=line,
                code=code,
                first=by_code[code][0],
            )
        by_code[code] = row
    areas: dict[str, Area] = {}
    for code in by_code:
        _lay(code, by_code, areas, file=file)
    return areas


def _lay(code: str, by_code: Mapping[str, AreaRow], areas: dict[str, Area], *, file: str) -> None:
    """Put an area and its ancestors in, from the top down; the way up is remembered, so a cycle is seen."""
    way: list[str] = []
    while code and code not in areas:
        line, _, _, _, parent = by_code[code]
        if code in way:
            raise AreasRefused(
                "{file} line {line}: area {code} lies inside itself ({cycle}); mend the parent codes",
                file=file,
                line=line,
                code=code,
                cycle=" < ".join([*way[way.index(code) :], code]),
            )
        if parent and parent not in by_code:
            raise AreasRefused(
                "{file} line {line}: area {code} names parent {parent}, which is not in the file; "
                "add it or mend the code",
                file=file,
                line=line,
                code=code,
                parent=parent,
            )
        way.append(code)
        code = parent
    for one in reversed(way):
        _, _, name, level, parent = by_code[one]
        path = (areas[parent].path if parent else "") + one + "/"
        areas[one] = Area(code=one, name=name, level=level, parent_code=parent, path=path)


def plan_areas(desk: Desk, areas: Mapping[str, Area]) -> Plan:
    """What putting these areas in would add or rename; an area that changes its parent or disappears conflicts."""
    known = read_hierarchy(desk)
    added = [area for code, area in areas.items() if known.get(code) != area]
    moved = [area for area in added if area.code in known and known[area.code].path != area.path]
    missing = [area for code, area in known.items() if code not in areas]
    return Plan(
        kind="areas",
        basis=str(len(known)),
        added=tuple({"code": area.code, "level": area.level, "path": area.path} for area in added if area not in moved),
        conflicting=tuple({"code": area.code, "path": area.path} for area in [*moved, *missing]),
    )


def publish_areas(act: Act, areas: Mapping[str, Area], plan: Plan) -> int:
    """Put the plan's areas in; AreasRefused when areas already worked with would move or vanish."""
    if plan.conflicting:
        raise AreasRefused(
            "{count} areas in use would move or vanish, first {code}; keep them where they are, "
            "or make a new deployment",
            count=len(plan.conflicting),
            code=plan.conflicting[0]["code"],
        )
    chosen = [areas[str(line["code"])] for line in plan.added]
    act.run_many(
        UPSERT_AREA,
        [
            {
                "area_code": area.code,
                "name": area.name,
                "level": area.level,
                "parent_code": area.parent_code,
                "area_path": area.path,
                "recorded_at": to_us(act.now),
            }
            for area in chosen
        ],
    )
    act.note("areas.published", count=len(chosen))
    return len(chosen)


def read_hierarchy(desk: Desk) -> dict[str, Area]:
    """All areas by code, parents before children."""
    return {
        row.area_code: Area(
            code=row.area_code, name=row.name, level=row.level, parent_code=row.parent_code, path=row.area_path
        )
        for row in desk.rows(READ_AREAS)
    }


def path_of(areas: Mapping[str, Area], code: str) -> str:
    """The path of an area code; NotFound when it is not in the hierarchy."""
    if code not in areas:
        raise NotFound("area {code} is not in the hierarchy; publish the area file that has it", code=code)
    return areas[code].path


def top_paths(areas: Mapping[str, Area]) -> list[str]:
    """The paths of the areas that lie in no other; that of everywhere while there are none."""
    return [area.path for area in areas.values() if not area.parent_code] or [EVERYWHERE]


def _row(line: int, fields: list[str], file: str) -> AreaRow:
    if len(fields) != len(HEADER) or not fields[0]:
        raise AreasRefused(
            "{file} line {line}: {found} fields, {expected} belong there, the first not empty",
            file=file,
            line=line,
            found=len(fields),
            expected=len(HEADER),
        )
    code, name, level, parent = (field.strip() for field in fields)
    if "/" in code:
        raise AreasRefused("{file} line {line}: area code {code} may not hold a slash", file=file, line=line, code=code)
    return line, code, name, level, parent
