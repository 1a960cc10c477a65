"""Small tables of records, and a trace over them; days count from DAY, times of day are written 9:30 or 23:59:30."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from ringfence.terms import LAYOUTS, Clock, RecordKind, cell
from ringfence.trace import (
    ALIASES,
    FENCED_AREAS,
    FENCED_GROUPS,
    FENCED_PLACES,
    FENCED_STOPS,
    FENCES,
    PLACES,
    SOURCES,
    Question,
    RuleSettings,
    Traced,
    Visible,
    trace_exposures,
    trace_ring,
)

DAY = 19_050
DAYS = range(DAY, DAY + 7)
CLOCK = Clock(ZoneInfo("Asia/Shanghai"))
PROTOCOL: dict[str, Any] = {
    "minimum_minutes": 15,
    "linger_minutes": 0,
    "rules": {
        "same_place": {},
        "household": {},
        "near_in_place_and_day": {"metres": 500, "days": 1},
        "same_seat_rows": {"rail_rows": 3, "air_rows": 2, "road_rows": 1, "days": 1},
    },
    "second_ring_rules": ("household",),
    "weights": {"same_place": 1.0, "household": 500.0, "near_in_place_and_day": 2.0},
    "second_ring_share": 0.2,
}


def second(time: str) -> int:
    """The second of the day of a time."""
    hours, minutes, *seconds = (int(part) for part in time.split(":"))
    return hours * 3600 + minutes * 60 + sum(seconds)


def visits(*rows: tuple[int, int, int, str, str]) -> dict[str, pa.Table]:
    """Both copies of visits: person, place, day, from, to."""
    return raw_visits(*((p, place, day, second(a), second(b) - second(a)) for p, place, day, a, b in rows))


def raw_visits(*rows: tuple[int, int, int, int, int]) -> dict[str, pa.Table]:
    """Both copies of visits as they are kept: person, place, day, enter_s, stay_s."""
    names = ("cell", "person", "enter_s", "stay_s")
    table = _table(
        RecordKind.VISIT, [dict(zip(names, (cell(DAY + d, q), p, e, s), strict=True)) for p, q, d, e, s in rows]
    )
    return {"visit_by_cell": table, "visit_by_person": table}


def homes(
    *rows: tuple[int, int] | tuple[int, int, int | None, int | None], kind: str = "household"
) -> dict[str, pa.Table]:
    """Memberships: person, group, and the first and last day where they are known."""
    names = ("person", "group_no", "from_day", "to_day")
    members = [
        dict(zip(names, (*row[:2], *(None if d is None else DAY + d for d in row[2:])), strict=False)) for row in rows
    ]
    return {"membership": _table(RecordKind.MEMBERSHIP, [{**member, "group_kind": kind} for member in members])}


def routes(
    *rows: tuple[int, int, float | None, float | None] | tuple[int, int, float, float, int],
) -> dict[str, pa.Table]:
    """Route points: person, day, longitude, latitude, and the precision where it is known."""
    names = ("person", "day", "longitude", "latitude", "precision_m")
    points = [dict(zip(names, (row[0], DAY + row[1], *row[2:]), strict=False)) for row in rows]
    return {"route_point": _table(RecordKind.ROUTE_POINT, points)}


def named(*rows: tuple[int, int] | tuple[int, int, int, int]) -> dict[str, pa.Table]:
    """Named contacts: who named whom, and the first and last day of contact where they are known."""
    names = ("person", "contact", "first_day", "last_day")
    told = [dict(zip(names, (*row[:2], *(DAY + day for day in row[2:])), strict=False)) for row in rows]
    return {"named_contact": _table(RecordKind.NAMED_CONTACT, told)}


def legs(*rows: tuple[int | None, ...], trip: int = 4, kind: str = "rail", day: int = 1) -> dict[str, pa.Table]:
    """Rides on one trip: person, carriage, row, and the stops boarded and alighted at where they are known."""
    names = ("person", "carriage", "seat_row", "board_stop", "alight_stop")
    rides = [dict(zip(names, row, strict=False)) for row in rows]
    return {
        "leg": _table(RecordKind.LEG, [{**ride, "trip": trip, "trip_kind": kind, "day": DAY + day} for ride in rides])
    }


def fence(
    visible: Visible,
    *risk_areas: tuple[int, int],
    areas: Sequence[str] = (),
    places: Sequence[int] = (),
    groups: Sequence[tuple[str, int]] = (),
    stops: Sequence[tuple[int, int, int]] = (),
    days: tuple[int, int] = (0, 6),
) -> None:
    """Fences around areas, places, groups by kind and number, stops by trip, number and day; all with one window."""
    rows = [(signal, number, DAY + days[0], DAY + days[1]) for signal, number in risk_areas]
    numbers = [number for _, number in risk_areas]
    visible.put_fences(
        pa.Table.from_pylist([dict(zip(FENCES.names, row, strict=True)) for row in rows], FENCES),
        areas=pa.Table.from_pylist([{"risk_area": n, "area": area} for n in numbers for area in areas], FENCED_AREAS),
        places=pa.Table.from_pylist(
            [{"risk_area": n, "place": place} for n in numbers for place in places], FENCED_PLACES
        ),
        groups=pa.Table.from_pylist(
            [{"risk_area": n, "group_kind": kind, "group_no": no} for n in numbers for kind, no in groups],
            FENCED_GROUPS,
        ),
        stops=pa.Table.from_pylist(
            [{"risk_area": n, "trip": t, "stop_no": s, "day": DAY + d} for n in numbers for t, s, d in stops],
            FENCED_STOPS,
        ),
    )


def residences(*rows: tuple[int, str, int | None, int | None]) -> dict[str, pa.Table]:
    """Where people live: person, area code, and the first and last day where they are known."""
    names = ("person", "area", "from_day", "to_day")
    lived = [(*row[:2], *(None if d is None else DAY + d for d in row[2:])) for row in rows]
    return {"residence": _table(RecordKind.RESIDENCE, [dict(zip(names, row, strict=True)) for row in lived])}


def stays(*rows: tuple[int, str, int | None, int | None]) -> dict[str, pa.Table]:
    """Who is said to have been where: person, area code, first and last day where they are known."""
    names = ("person", "area", "from_day", "to_day")
    stayed = [(*row[:2], *(None if d is None else DAY + d for d in row[2:])) for row in rows]
    return {"stay": _table(RecordKind.STAY, [dict(zip(names, row, strict=True)) for row in stayed])}


def passages(*rows: tuple[int | None, str, int]) -> dict[str, pa.Table]:
    """Passages at a gate: person, area they come from, day."""
    names = ("person", "origin_area", "day")
    passed = [dict(zip(names, (person, area, DAY + day), strict=True)) for person, area, day in rows]
    return {"passage": _table(RecordKind.PASSAGE, passed)}


def join(*records: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """Records of several makings, those of one kind one after the other."""
    kinds = dict.fromkeys(kind for each in records for kind in each)
    return {kind: pa.concat_tables(each[kind] for each in records if kind in each) for kind in kinds}


def places(*rows: tuple[int, float | None, float | None] | tuple[int, float | None, float | None, str]) -> pa.Table:
    """Places: number, longitude, latitude, and the kind where it matters."""
    return pa.Table.from_pylist([dict(zip(PLACES.names, row, strict=False)) for row in rows], PLACES)


def sources(
    *rows: tuple[int, int], direction: str = "forward", window: tuple[int, str, int, str] = (0, "0:00", 6, "24:00")
) -> pa.Table:
    """Cases: signal (its case has ten times the number) and person, all with one window."""
    first_day, first, last_day, last = window
    bounds = (direction, DAY + first_day, second(first), DAY + last_day, second(last))
    return pa.Table.from_pylist(
        [dict(zip(SOURCES.names, (signal, signal * 10, person, *bounds), strict=True)) for signal, person in rows],
        SOURCES,
    )


def protocol(**numbers: object) -> RuleSettings:
    """PROTOCOL with other numbers."""
    return RuleSettings(**{**PROTOCOL, **numbers})


def see(records: Mapping[str, pa.Table], *, aliases: dict[int, int] | None = None, **given: object) -> Visible:
    """Some records made visible."""
    led = aliases or {}
    table = pa.table([list(led), list(led.values())], schema=ALIASES)
    return Visible(records, **{"days": DAYS, "clock": CLOCK, "aliases": table, "threads": 1, **given})


def contacts(
    rule: str,
    records: Mapping[str, pa.Table],
    cases: pa.Table,
    *,
    settings: RuleSettings | None = None,
    **given: object,
) -> list[dict[str, Any]]:
    """The rows one rule answers with."""
    with see(records, **given) as visible:
        visible.put_sources(cases)
        return trace_ring(Question(visible, settings or protocol()), rules=(rule,)).to_pylist()


def trace(
    records: Mapping[str, pa.Table], cases: pa.Table, *, settings: RuleSettings | None = None, **given: object
) -> Traced:
    """A whole trace, until noon of the last day."""
    with see(records, **given) as visible:
        return trace_exposures(
            visible, sources=cases, settings=settings or protocol(), until_day=DAYS[-1], until_s=second("12:00")
        )


def _table(kind: RecordKind, rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, LAYOUTS[kind].schema)
