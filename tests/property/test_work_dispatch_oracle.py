"""Worklists against brute force: one door after the other, looking for the one place that is next."""

from collections import defaultdict
from datetime import UTC, datetime

import numpy as np
import pytest
from fake_trace import Exposed, exposures
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.policy import Policy, read_defaults
from ringfence.terms import Level, SubjectKind, TaskKind, Unit
from ringfence.work import STANDING, Roster, Worklist, dispatch_exposures

NOW = datetime(2022, 3, 1, 4, tzinfo=UTC)
POLICY = Policy(read_defaults(), 19_052)
PATHS = ["1/", "1/11/", "1/11/111/", "1/11/1111/", "1/12/", "1/12/121/"]
WAYS = {
    SubjectKind.PERSON: [TaskKind.VISIT, TaskKind.CALL, TaskKind.MESSAGE],
    SubjectKind.HOUSEHOLD: [TaskKind.VISIT],
    SubjectKind.PLACE: [TaskKind.VENUE_ALERT],
    SubjectKind.LOT: [TaskKind.RECALL],
}
ORDER = [TaskKind.VISIT, TaskKind.VENUE_ALERT, TaskKind.RECALL, TaskKind.CALL, TaskKind.MESSAGE]

units = st.lists(
    st.tuples(
        st.sampled_from(PATHS),
        st.sampled_from(list(Level)),
        st.integers(0, 4),
        st.frozensets(st.sampled_from(ORDER), min_size=1),
        st.booleans(),
        st.integers(0, 3),
    ),
    max_size=7,
)
exposed = st.lists(
    st.builds(
        Exposed,
        signal=st.integers(1, 3),
        subject=st.integers(1, 12),
        subject_kind=st.sampled_from(
            [SubjectKind.PERSON] * 4 + [SubjectKind.HOUSEHOLD, SubjectKind.PLACE, SubjectKind.LOT]
        ),
        weight=st.sampled_from([0.5, 1.0, 2.0]),
        area_path=st.sampled_from(PATHS),
        household=st.sampled_from([None, 1, 2, 3]),
        is_identified=st.booleans(),
    ),
    max_size=25,
    unique_by=lambda row: (row.signal, row.subject_kind, row.subject),
)


def lay(rows: list[tuple[str, Level, int, frozenset[TaskKind], bool, int]]) -> Roster:
    men = [
        Unit(unit_id=f"u{number}", area_path=path, level=level, daily_capacity=capacity, task_kinds=frozenset(kinds))
        for number, (path, level, capacity, kinds, _, _) in enumerate(rows)
    ]
    return Roster(
        19_052,
        tuple(men),
        np.array([row[4] for row in rows], dtype=np.bool_),
        np.array([row[5] for row in rows], dtype=np.int64),
    )


def dispatch(rows: list[Exposed], men: Roster) -> Worklist:
    return dispatch_exposures(
        exposures(rows), roster=men, standing=STANDING.empty_table(), policy=POLICY, now=NOW, seed=7
    )


def covering(men: Roster, path: str) -> dict[tuple[int, int], list[int]]:
    """The units whose area holds a path, by level and distance, the first station first."""
    stations = defaultdict(list)
    for number, unit in enumerate(men.units):
        if path.startswith(unit.area_path):
            stations[list(Level).index(unit.level), -len(unit.area_path.split("/"))].append(number)
    return dict(sorted(stations.items()))


def door(row: dict[str, object]) -> tuple[object, ...]:
    if row["subject_kind"] == SubjectKind.PERSON and row["is_identified"] and row["household"] is not None:
        return ("door", row["household"])
    return (row["subject_kind"], row["subject"])


def list_by_hand(ranked: list[dict[str, object]], men: Roster) -> dict[tuple[object, ...], tuple[str, str]]:
    """The kind of task and the unit of each door that is listed; `ranked` holds every row, best rank first."""
    heads: dict[tuple[object, ...], dict[str, object]] = {}
    for row in ranked:
        heads.setdefault(door(row), row)
    load = men.load.tolist()
    places = sorted({place for path in PATHS for place in covering(men, path)})
    taken: dict[tuple[object, ...], tuple[str, str]] = {}
    for way in ORDER:
        for place in places:
            for key, row in heads.items():
                is_unsure = row["subject_kind"] == SubjectKind.PERSON and not row["is_identified"]
                if key in taken or way not in WAYS[SubjectKind(row["subject_kind"])] or (is_unsure and way != "visit"):
                    continue
                free = [
                    unit
                    for unit in covering(men, str(row["area_path"])).get(place, [])
                    if men.is_on_duty[unit]
                    and way in men.units[unit].task_kinds
                    and load[unit] < men.units[unit].daily_capacity
                ]
                if free:
                    unit = min(free, key=lambda one: ((load[one] + 1) / men.units[one].daily_capacity, one))
                    load[unit] += 1
                    taken[key] = ("identify" if is_unsure else way.value, men.units[unit].unit_id)
    return taken


@settings(max_examples=60, deadline=None)
@given(exposed, units)
def test_the_list_is_the_one_made_by_hand(
    rows: list[Exposed], men_rows: list[tuple[str, Level, int, frozenset[TaskKind], bool, int]]
) -> None:
    men = lay(men_rows)
    found = dispatch(rows, men)
    listed, below = found.listed.to_pylist(), found.below.to_pylist()
    ranked = sorted(listed + below, key=lambda row: row["rank"])
    by_hand = list_by_hand(ranked, men)
    assert {door(row): (row["kind"], row["owner"]) for row in listed} == by_hand
    assert not {door(row) for row in below} & by_hand.keys()


@settings(max_examples=60, deadline=None)
@given(exposed, units)
def test_nobody_is_dropped_and_whoever_could_answer_does(
    rows: list[Exposed], men_rows: list[tuple[str, Level, int, frozenset[TaskKind], bool, int]]
) -> None:
    men = lay(men_rows)
    found = dispatch(rows, men)
    out = sorted(found.listed.to_pylist() + found.below.to_pylist(), key=lambda row: row["rank"])
    assert [row["rank"] for row in out] == list(range(len(rows)))
    assert sorted((row["signal"], row["subject_kind"], row["subject"]) for row in out) == sorted(
        (row.signal, row.subject_kind, row.subject) for row in rows
    )
    weights = [row["weight"] for row in out]
    assert weights == sorted(weights, reverse=True)
    assert all(row["owner"] and row["due_at"] for row in found.listed.to_pylist())
    for row in found.below.to_pylist():
        stations = covering(men, row["area_path"])
        assert (row["owner"] is not None) == bool(stations) or row["household"] is not None


@pytest.mark.verify
@settings(max_examples=1_000, deadline=None)
@given(exposed, units)
def test_the_list_is_the_one_made_by_hand_many_times(
    rows: list[Exposed], men_rows: list[tuple[str, Level, int, frozenset[TaskKind], bool, int]]
) -> None:
    test_the_list_is_the_one_made_by_hand.hypothesis.inner_test(rows, men_rows)  # type: ignore[attr-defined]
