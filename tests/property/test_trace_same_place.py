"""Same place against a twin that counts seconds one by one, over visits across midnight, lingering air and odd days."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.terms import LAYOUTS, Clock, RecordKind, cell, day_number, to_us
from ringfence.trace import ALIASES, SOURCES, Question, RuleSettings, Visible, trace_ring

DAYS = 3
BEGINNINGS = [
    ("Asia/Shanghai", date(2022, 3, 1)),
    ("Europe/Berlin", date(2022, 3, 26)),  # the second day has 23 hours
    ("Europe/Berlin", date(2022, 10, 29)),  # the second day has 25 hours
    ("America/Havana", date(2022, 3, 12)),  # the second day has no midnight
]


@dataclass
class Town:
    """Visits as (person, place, day, enter_s, stay_s), windows as rows of SOURCES, and the protocol's two numbers."""

    clock: Clock
    days: range
    visits: list[tuple[int, int, int, int, int]]
    windows: list[tuple[int, int, int, str, int, int, int, int]]
    aliases: dict[int, int]
    minimum_minutes: int
    linger_minutes: int


@st.composite
def towns(draw: st.DrawFn) -> Town:
    zone, first = draw(st.sampled_from(BEGINNINGS))
    clock = Clock(ZoneInfo(zone))
    days = range(day_number(first), day_number(first) + DAYS)
    day = st.sampled_from(days)
    person, place = st.sampled_from([1, 1, 1, 2, 3, 11, 12]), st.sampled_from([1, 1, 1, 2, 0])
    visits = draw(
        st.lists(
            st.tuples(person, place, day, st.integers(-100, 600), st.sampled_from([-60, 0, 60, 100_000, 2**31 - 1])),
            max_size=2,
        )
    )
    around_midnight = st.tuples(day, st.one_of(st.integers(-300, 300), st.integers(40_000, 40_200)))
    for who, where, (on, offset_s), seconds in draw(
        st.lists(st.tuples(person, place, around_midnight, st.integers(1, 400)), min_size=2, max_size=12)
    ):
        enter = clock.midnight(on) + timedelta(seconds=offset_s)
        stays = clock.split_at_midnight(enter, enter + timedelta(seconds=seconds))
        visits += [(who, where, stay.day, stay.enter_s, stay.stay_s) for stay in stays if stay.day in days]
    second = st.sampled_from([0, 0, 150, 40_100, 86_300, 90_000, 90_000])
    case = st.tuples(
        st.just(7), st.integers(70, 71), person, st.sampled_from(["forward", "backward"]), day, second, day, second
    )
    whole = st.tuples(
        *(st.just(7), st.just(70), person, st.sampled_from(["forward", "backward"])),
        *(st.just(days[0]), st.just(0), st.just(days[-1]), st.just(90_000)),
    )
    return Town(
        clock,
        days,
        visits,
        [draw(whole), *draw(st.lists(case, max_size=2))],
        draw(st.sampled_from([{}, {11: 1}, {11: 1, 12: 1}, {11: 2, 12: 3}])),
        draw(st.integers(0, 3)),
        draw(st.integers(0, 3)),
    )


@given(towns())
@settings(max_examples=15, deadline=None)
def test_every_pair_has_the_seconds_a_count_one_by_one_gives(town: Town) -> None:
    assert contacts(town) == expected_contacts(town)


@pytest.mark.verify
@given(towns())
@settings(max_examples=300, deadline=None)
def test_every_pair_has_those_seconds_in_many_more_towns(town: Town) -> None:
    assert contacts(town) == expected_contacts(town)


def contacts(town: Town) -> dict[tuple[object, ...], tuple[int, ...]]:
    schema = LAYOUTS[RecordKind.VISIT].schema
    visits = pa.table(
        [
            pa.array([cell(day, place) for _, place, day, _, _ in town.visits], pa.int64()),
            *(pa.array([visit[n] for visit in town.visits], pa.int64()) for n in (0, 3, 4)),
            *(pa.array([1] * len(town.visits)) for _ in range(4)),
        ],
        names=schema.names,
    )
    rules = RuleSettings(
        minimum_minutes=town.minimum_minutes,
        linger_minutes=town.linger_minutes,
        rules={"same_place": {}},
        second_ring_rules=(),
        weights={},
        second_ring_share=0,
    )
    aliases = pa.table([list(town.aliases), list(town.aliases.values())], schema=ALIASES)
    records = {"visit_by_cell": visits, "visit_by_person": visits}
    with Visible(records, days=town.days, clock=town.clock, aliases=aliases, threads=1) as visible:
        visible.put_sources(
            pa.Table.from_pylist([dict(zip(SOURCES.names, w, strict=True)) for w in town.windows], SOURCES)
        )
        found = trace_ring(Question(visible, rules), rules=("same_place",)).to_pylist()
    keys = ("signal", "case_no", "direction", "source", "subject", "place", "first_day")
    answer = {
        tuple(row[k] for k in keys): (row["first_s"], row["last_s"], row["seconds"], row["crowd"]) for row in found
    }
    assert len(answer) == len(found)
    assert all(row["first_day"] == row["last_day"] for row in found)
    return answer


def expected_contacts(town: Town) -> dict[tuple[object, ...], tuple[int, ...]]:
    answer = {}
    sources = {(signal, case, home(town, person), direction) for signal, case, person, direction, *_ in town.windows}
    for signal, case, person, direction in sources:
        windows = [w[4:] for w in town.windows if (*w[:2], home(town, w[2]), w[3]) == (signal, case, person, direction)]
        others = {home(town, visit[0]) for visit in town.visits} - {person}
        for place in {visit[1] for visit in town.visits} - {0}:
            shared = {other: seconds_together(town, person, other, place, direction, windows) for other in others}
            for other, by_day in shared.items():
                for day, seconds in by_day.items():
                    if is_long_enough(town, by_day, day):
                        crowd = sum(day in days for days in shared.values())
                        row = (min(seconds), max(seconds) + 1, len(seconds), crowd)
                        answer[signal, case, direction, person, other, place, day] = row
    return answer


def home(town: Town, person: int) -> int:
    return town.aliases.get(person, person)


def seconds_together(
    town: Town, person: int, other: int, place: int, direction: str, windows: list[tuple[int, ...]]
) -> dict[int, set[int]]:
    """The seconds of each local day in which one breathed the other's air."""
    inside = {s for window in windows for s in window_seconds(town, *window)}
    linger = town.linger_minutes * 60
    if direction == "forward":
        shedding, exposed = spans(town, person, place, inside), spans(town, other, place, None)
    else:
        shedding, exposed = spans(town, other, place, None), spans(town, person, place, inside)
    air = {s for stay in shedding if stay for s in range(min(stay), max(stay) + 1 + linger)}
    together = air & {s for stay in exposed for s in stay}
    midnights = [to_us(town.clock.midnight(day)) // 1_000_000 for day in range(town.days.start, town.days.stop + 1)]
    by_day: dict[int, set[int]] = {}
    for second in together:
        index = bisect_right(midnights, second) - 1
        if index < DAYS:
            by_day.setdefault(town.days[index], set()).add(second - midnights[index])
    return by_day


def spans(town: Town, person: int, place: int, inside: set[int] | None) -> list[set[int]]:
    """A person's stays at a place as sets of seconds without gaps; broken records are no stays."""
    stays = []
    for who, where, day, enter_s, stay_s in town.visits:
        if home(town, who) == person and where == place and enter_s >= 0 and stay_s > 0:
            start = to_us(town.clock.midnight(day)) // 1_000_000
            end = min(enter_s + stay_s, town.clock.seconds_in(day))
            seconds = {start + s for s in range(enter_s, end)}
            stays += [seconds] if inside is None else runs(seconds & inside)
    return stays


def runs(seconds: set[int]) -> list[set[int]]:
    """Seconds cut wherever one is missing: air lingers after each part of a stay that lies in a window."""
    parts: list[set[int]] = []
    for second in sorted(seconds):
        if parts and second - 1 in parts[-1]:
            parts[-1].add(second)
        else:
            parts.append({second})
    return parts


def window_seconds(town: Town, first_day: int, first_s: int, last_day: int, last_s: int) -> range:
    def utc(day: int, second: int) -> int:
        return to_us(town.clock.midnight(day)) // 1_000_000 + min(second, town.clock.seconds_in(day))

    return range(utc(first_day, first_s), utc(last_day, last_s))


def is_long_enough(town: Town, by_day: dict[int, set[int]], day: int) -> bool:
    seconds, last = by_day[day], town.clock.seconds_in(day) - 1
    total = len(seconds)
    if 0 in seconds and town.clock.seconds_in(day - 1) - 1 in by_day.get(day - 1, set()):
        total += len(by_day[day - 1])
    if last in seconds and 0 in by_day.get(day + 1, set()):
        total += len(by_day[day + 1])
    return total >= town.minimum_minutes * 60
