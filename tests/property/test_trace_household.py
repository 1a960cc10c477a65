"""Household against a twin that walks day by day, and rings and merging against loops over lists."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.terms import LAYOUTS, Clock, RecordKind
from ringfence.trace import ALIASES, SOURCES, RuleSettings, Traced, Visible, trace_exposures

CLOCK = Clock(ZoneInfo("Asia/Shanghai"))
DAYS = range(19_050, 19_056)
UNTIL = (DAYS[-1], 43_200)
HOUSEHOLD, SHARE = 40.0, 0.25
DAY_S = 86_400


@dataclass
class Homes:
    """Memberships (person, household, from_day, to_day), windows as rows of SOURCES, aliases."""

    memberships: list[tuple[int, int, int | None, int | None]]
    windows: list[tuple[int, int, int, str, int, int, int, int]]
    aliases: dict[int, int]


@st.composite
def homes(draw: st.DrawFn) -> Homes:
    person, day = st.integers(1, 6), st.sampled_from(DAYS)
    bound = st.one_of(st.none(), day)
    second = st.sampled_from([0, 30_000, 60_000, DAY_S, 90_000])
    window = st.tuples(
        st.integers(7, 8),
        st.integers(70, 71),
        person,
        st.sampled_from(["forward", "backward"]),
        day,
        second,
        day,
        second,
    )
    return Homes(
        draw(st.lists(st.tuples(person, st.integers(1, 3), bound, bound), min_size=2, max_size=8)),
        draw(st.lists(window, min_size=1, max_size=3)),
        draw(st.sampled_from([{}, {}, {6: 1}, {5: 2, 6: 2}])),
    )


@given(homes())
@settings(max_examples=15, deadline=None)
def test_rings_by_household_are_those_a_walk_from_door_to_door_finds(drawn: Homes) -> None:
    check_rings(drawn)


@pytest.mark.verify
@given(homes())
@settings(max_examples=300, deadline=None)
def test_rings_are_so_in_many_more_towns(drawn: Homes) -> None:
    check_rings(drawn)


def check_rings(drawn: Homes) -> None:
    traced = trace(drawn)
    assert reasons_of(traced) == expected_reasons(drawn)
    assert exposures_of(traced) == expected_exposures(drawn)


def trace(drawn: Homes) -> Traced:
    memberships = [
        {"person": p, "group_kind": "household", "group_no": g, "from_day": first, "to_day": last}
        for p, g, first, last in drawn.memberships
    ] + [{"person": p, "group_kind": "class", "group_no": 1} for p in range(1, 7)]
    protocol = RuleSettings(
        minimum_minutes=15,
        linger_minutes=0,
        rules={"household": {}},
        second_ring_rules=("household",),
        weights={"household": HOUSEHOLD},
        second_ring_share=SHARE,
    )
    records = {"membership": pa.Table.from_pylist(memberships, LAYOUTS[RecordKind.MEMBERSHIP].schema)}
    aliases = pa.table([list(drawn.aliases), list(drawn.aliases.values())], schema=ALIASES)
    sources = pa.Table.from_pylist([dict(zip(SOURCES.names, w, strict=True)) for w in drawn.windows], SOURCES)
    with Visible(records, days=DAYS, clock=CLOCK, aliases=aliases, threads=1) as visible:
        return trace_exposures(visible, sources=sources, settings=protocol, until_day=UNTIL[0], until_s=UNTIL[1])


def reasons_of(traced: Traced) -> list[tuple[object, ...]]:
    keys = ("signal", "subject", "ring", "direction", "case_no", "source", "first_at", "last_at", "weight")
    return sorted(tuple(row[key] for key in keys) for row in traced.reasons.to_pylist())


def exposures_of(traced: Traced) -> list[tuple[object, ...]]:
    keys = ("signal", "subject", "ring", "directions", "first_day", "last_day", "weight", "reasons", "is_case")
    rows = traced.exposures.to_pylist()
    assert all((row["subject_kind"], row["rules"], row["minutes"]) == ("person", "household", 0) for row in rows)
    return [tuple(row[key] for key in keys) for row in rows]


def expected_reasons(drawn: Homes) -> list[tuple[object, ...]]:
    cases = {(w[0], w[1], home(drawn, w[2]), w[3]) for w in drawn.windows}
    first = []
    for signal, case, person, direction in cases:
        mine = [
            w[4:] for w in drawn.windows if (w[0], w[1], home(drawn, w[2]), w[3]) == (signal, case, person, direction)
        ]
        spans = [span for window in mine for span in housemates(drawn, person, window)]
        first += [(signal, case, person, direction, *span) for span in whole(spans)]
    ring = {(signal, subject) for signal, _, _, _, subject, _, _ in first}
    second = []
    for signal, case in {row[:2] for row in first}:
        person = next(c[2] for c in cases if c[:2] == (signal, case))
        known = {c[2] for c in cases if c[:2] == (signal, case)}
        for member in {row[4] for row in first if row[:2] == (signal, case) and row[3] == "forward"}:
            begins = min(r[5] for r in first if r[:2] == (signal, case) and r[3:5] == ("forward", member))
            window = (*divmod(begins, DAY_S), *UNTIL)
            for subject, begin, end in whole(housemates(drawn, member, window)):
                if (signal, subject) not in ring and subject not in known:
                    second.append((signal, case, member, "forward", subject, begin, end))
        assert person in known
    rows = [(1, HOUSEHOLD, row) for row in first] + [(2, HOUSEHOLD * SHARE, row) for row in second]
    return sorted(
        (signal, subject, ring_no, direction, case, source, utc_us(begin), utc_us(end), weight)
        for ring_no, weight, (signal, case, source, direction, subject, begin, end) in rows
    )


def expected_exposures(drawn: Homes) -> list[tuple[object, ...]]:
    persons = {home(drawn, w[2]) for w in drawn.windows}
    by_subject: dict[tuple[object, object], list[tuple[object, ...]]] = {}
    for row in expected_reasons(drawn):
        by_subject.setdefault((row[0], row[1]), []).append(row)
    answer = []
    for (signal, subject), rows in sorted(by_subject.items()):
        dated = [row for row in rows if row[3] == "forward"] or rows
        answer.append(
            (
                *(signal, subject, rows[0][2], ",".join(sorted({row[3] for row in rows}))),
                *(local_day(min(row[6] for row in dated)), local_day(max(row[7] for row in dated) - 1)),
                *(sum(row[8] for row in rows), len(rows), subject in persons),
            )
        )
    return answer


def home(drawn: Homes, person: int) -> int:
    return drawn.aliases.get(person, person)


def housemates(drawn: Homes, person: int, window: tuple[int, ...]) -> list[tuple[int, int, int]]:
    """Each other person of a shared household with the first and last second of every unbroken span together."""
    spans = []
    for who, group, first, last in drawn.memberships:
        for other, their_group, their_first, their_last in drawn.memberships:
            if home(drawn, who) == person != home(drawn, other) and group == their_group:
                days = [d for d in DAYS if lasts(first, last, d) and lasts(their_first, their_last, d)]
                for day in days:
                    begin = max(day * DAY_S, window[0] * DAY_S + min(window[1], DAY_S))
                    end = min((day + 1) * DAY_S, window[2] * DAY_S + min(window[3], DAY_S))
                    if begin < end:
                        spans.append((home(drawn, other), begin, end))
    return spans


def lasts(first: int | None, last: int | None, day: int) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)


def whole(spans: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """One span a person, from the first second to the last."""
    return [
        (person, min(s[1] for s in spans if s[0] == person), max(s[2] for s in spans if s[0] == person))
        for person in {s[0] for s in spans}
    ]


def utc_us(second: int) -> int:
    return (second - 8 * 3600) * 1_000_000


def local_day(us: int) -> int:
    return (us // 1_000_000 + 8 * 3600) // DAY_S
