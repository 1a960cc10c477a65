"""Seats and named contacts against twins that compare every two persons by hand."""

from dataclasses import dataclass
from itertools import product
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.terms import LAYOUTS, Clock, RecordKind
from ringfence.trace import ALIASES, SOURCES, Question, RuleSettings, Visible, trace_ring

DAYS = range(19_050, 19_056)
ROWS = {"rail": 2, "air": 1, "road": 0}
RULES = {"same_seat_rows": {"rail_rows": 2, "air_rows": 1, "road_rows": 0, "days": 1}, "named_contact": {}}
LEG = ("person", "trip", "carriage", "seat_row", "board_stop", "alight_stop", "day")
NAMED = ("person", "contact", "first_day", "last_day")


@dataclass
class Journeys:
    """Rows of LEG, how each trip travels, rows of NAMED, one case's window (first day, last day) and aliases."""

    legs: list[tuple[int | None, ...]]
    kinds: dict[int, str]
    named: list[tuple[int, int, int | None, int | None]]
    window: tuple[int, int]
    aliases: dict[int, int]


def maybe(values: st.SearchStrategy[int]) -> st.SearchStrategy[int | None]:
    return st.one_of(st.none(), values)


@st.composite
def journeys(draw: st.DrawFn) -> Journeys:
    person, day = st.integers(1, 6), st.sampled_from(DAYS)
    stop, row = maybe(st.integers(0, 4)), maybe(st.integers(1, 6))
    leg = st.tuples(person, st.integers(1, 2), maybe(st.integers(1, 2)), row, stop, stop, day)
    told = st.tuples(person, person, maybe(day), maybe(day))
    return Journeys(
        draw(st.lists(leg, min_size=2, max_size=8)),
        {trip: draw(st.sampled_from(sorted(ROWS))) for trip in (1, 2)},
        draw(st.lists(told, max_size=5)),
        draw(st.tuples(day, day).map(lambda days: (min(days), max(days)))),
        draw(st.sampled_from([{}, {6: 1}, {5: 2, 6: 2}])),
    )


@given(journeys())
@settings(max_examples=25, deadline=None)
def test_rides_and_names_make_the_contacts_that_comparing_every_two_makes(drawn: Journeys) -> None:
    check(drawn)


@pytest.mark.verify
@given(journeys())
@settings(max_examples=200, deadline=None)
def test_rides_and_names_make_them_on_many_more_journeys(drawn: Journeys) -> None:
    check(drawn)


def check(drawn: Journeys) -> None:
    found = trace(drawn)
    assert {(row["subject"], row["first_day"], row["distance"]) for row in found["same_seat_rows"]} == rides(drawn)
    assert {(row["subject"], row["first_day"], row["last_day"]) for row in found["named_contact"]} == names(drawn)


def trace(drawn: Journeys) -> dict[str, list[dict[str, object]]]:
    legs = [{**dict(zip(LEG, leg, strict=True)), "trip_kind": drawn.kinds[leg[1]]} for leg in drawn.legs]  # type: ignore[index]
    named = [dict(zip(NAMED, row, strict=True)) for row in drawn.named]
    records = {
        "leg": pa.Table.from_pylist(legs, LAYOUTS[RecordKind.LEG].schema),
        "named_contact": pa.Table.from_pylist(named, LAYOUTS[RecordKind.NAMED_CONTACT].schema),
    }
    protocol = RuleSettings(
        minimum_minutes=15,
        linger_minutes=0,
        rules=RULES,
        second_ring_rules=(),
        weights=dict.fromkeys(RULES, 1.0),
        second_ring_share=0.1,
    )
    first, last = drawn.window
    case = dict(zip(SOURCES.names, (7, 70, 1, "forward", first, 0, last, 86_400), strict=True))
    aliases = pa.table([list(drawn.aliases), list(drawn.aliases.values())], schema=ALIASES)
    clock = Clock(ZoneInfo("Asia/Shanghai"))
    with Visible(records, days=DAYS, clock=clock, aliases=aliases, threads=1) as visible:
        visible.put_sources(pa.Table.from_pylist([case], SOURCES))
        question = Question(visible, protocol)
        return {rule: trace_ring(question, rules=(rule,)).to_pylist() for rule in RULES}


def rides(drawn: Journeys) -> set[tuple[int, int, int | None]]:
    met: dict[tuple[int, int], list[int | None]] = {}
    for mine, theirs in product(drawn.legs, drawn.legs):
        subject = home(drawn, theirs[0])
        if home(drawn, mine[0]) != 1 or subject == 1 or mine[1] != theirs[1] or not rides_in_window(drawn, mine):
            continue
        apart = None if None in {mine[3], theirs[3]} else abs(mine[3] - theirs[3])  # type: ignore[operator]
        is_near = apart is None or apart <= ROWS[drawn.kinds[mine[1]]]  # type: ignore[index]
        day = max(mine[6], theirs[6])  # type: ignore[type-var]
        if is_near and same(mine[2], theirs[2]) and before(mine[4], theirs[5]) and before(theirs[4], mine[5]):
            met.setdefault((subject, day), []).append(apart)  # type: ignore[arg-type]
    return {
        (*key, min((d for d in apart if d is not None), default=None)) for key, apart in met.items() if key[1] in DAYS
    }


def names(drawn: Journeys) -> set[tuple[int, int, int]]:
    days: dict[int, set[int]] = {}
    for one, other, first, last in drawn.named:
        span = set(range(max(first or 0, drawn.window[0]), min(last or DAYS[-1], drawn.window[1]) + 1))
        for source, subject in ((home(drawn, one), home(drawn, other)), (home(drawn, other), home(drawn, one))):
            if source == 1 and subject != 1 and span:
                days.setdefault(subject, set()).update(span)
    return {(subject, min(span), max(span)) for subject, span in days.items()}


def rides_in_window(drawn: Journeys, leg: tuple[int | None, ...]) -> bool:
    return any(drawn.window[0] <= day <= drawn.window[1] for day in (leg[6], leg[6] + 1))  # type: ignore[operator]


def same(one: int | None, other: int | None) -> bool:
    return one is None or other is None or one == other


def before(board: int | None, alight: int | None) -> bool:
    return board is None or alight is None or board < alight


def home(drawn: Journeys, person: int | None) -> int:
    return drawn.aliases.get(person, person)  # type: ignore[arg-type,return-value]
