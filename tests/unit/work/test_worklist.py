"""Who is listed, for whom, how and until when; and that nobody is dropped."""

from collections import Counter
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from fake_trace import Exposed, exposures

from ringfence.errors import InputRefused
from ringfence.policy import Policy, read_defaults
from ringfence.terms import Level, Reason, ReasonCode, SubjectKind, Unit, to_us
from ringfence.work import STANDING, Roster, Worklist, dispatch_exposures

DAY = 19_052
NOBODY_ASKED = STANDING.empty_table()
DOOR, OFFICE = frozenset({"visit", "call"}), frozenset({"call", "message", "venue_alert", "recall"})
GRID = ("grid", "1/11/111/", Level.GRID, 2, DOOR)
COUNTY = ("county", "1/11/", Level.COUNTY, 1, OFFICE)
CITY = ("city", "1/", Level.CITY, 1, OFFICE)


def roster(*units: tuple[str, str, Level, int, frozenset[str]], off_duty: tuple[str, ...] = ()) -> Roster:
    return Roster(
        DAY,
        tuple(
            Unit(unit_id=name, area_path=path, level=level, daily_capacity=capacity, task_kinds=kinds)
            for name, path, level, capacity, kinds in units
        ),
        np.array([unit[0] not in off_duty for unit in units]),
        np.zeros(len(units), dtype=np.int64),
    )


def dispatch(
    rows: list[Exposed], men: Roster, now: datetime, *, standing: pa.Table = NOBODY_ASKED, seed: int = 1
) -> Worklist:
    policy = Policy(read_defaults(), DAY)
    return dispatch_exposures(exposures(rows), roster=men, standing=standing, policy=policy, now=now, seed=seed)


def listed(worklist: Worklist) -> list[tuple[int, str, str]]:
    """Subject, kind of task and owner, best rank first."""
    return [(row["subject"], row["kind"], row["owner"]) for row in worklist.listed.to_pylist()]


def below(worklist: Worklist) -> list[tuple[int, str | None]]:
    return [(row["subject"], row["owner"]) for row in worklist.below.to_pylist()]


def people(*weights: float) -> list[Exposed]:
    """Persons 1, 2, ... of these weights."""
    return [Exposed(signal=1, subject=number, weight=weight) for number, weight in enumerate(weights, start=1)]


def test_the_heaviest_are_visited_the_next_called_the_next_written_to_and_the_rest_counted(now: datetime) -> None:
    found = dispatch(people(1, 6, 5, 4, 3, 2), roster(GRID, COUNTY, CITY), now)
    assert listed(found) == [(2, "visit", "grid"), (3, "visit", "grid"), (4, "call", "county"), (5, "call", "city")]
    assert below(found) == [(6, "grid"), (1, "grid")]
    assert found.observations == ()


def test_who_writes_but_does_not_call_takes_those_whom_nobody_has_time_to_call(now: datetime) -> None:
    writers = ("city", "1/", Level.CITY, 9, frozenset({"message"}))
    found = dispatch(people(3, 2, 1), roster(COUNTY, writers), now)
    assert listed(found) == [(1, "call", "county"), (2, "message", "city"), (3, "message", "city")]


def test_the_deadline_is_the_policys_for_the_kind_of_task(now: datetime) -> None:
    found = dispatch(people(3, 2, 1), roster(GRID, COUNTY), now)
    due = [to_us(now + timedelta(hours=hours)) for hours in (24, 24, 12)]
    assert found.listed["due_at"].to_pylist() == due


def test_a_task_says_until_when_its_subject_was_exposed(now: datetime) -> None:
    found = dispatch([Exposed(signal=1, subject=1, last_day=19_050)], roster(GRID), now)
    assert Reason.from_json(found.listed["reason"][0].as_py()) == Reason.of(ReasonCode.EXPOSED_UNTIL, day="2022-02-27")


def test_a_household_goes_to_one_unit_takes_one_place_and_each_of_it_has_a_task(now: datetime) -> None:
    family = [Exposed(signal=1, subject=number, weight=5 / number, household=9) for number in (1, 2, 3)]
    others = [Exposed(signal=1, subject=number, weight=1) for number in (4, 5)]
    second = ("grid 2", "1/11/111/", Level.GRID, 1, DOOR)
    found = dispatch(family + others, roster(("grid", "1/11/111/", Level.GRID, 1, DOOR), second), now)
    assert listed(found)[:3] == [(number, "visit", "grid") for number in (1, 2, 3)]
    assert len(listed(found)) == 4
    assert len(below(found)) == 1


def test_who_is_not_certain_is_asked_at_the_door_and_never_called_or_written_to(now: datetime) -> None:
    unsure = [Exposed(signal=1, subject=number, weight=9 - number, is_identified=False) for number in (1, 2, 3)]
    found = dispatch([*unsure, *people(0, 0, 0, 1)[3:]], roster(GRID, COUNTY, CITY), now)
    assert listed(found) == [(1, "identify", "grid"), (2, "identify", "grid"), (4, "call", "county")]
    assert below(found) == [(3, "grid")]


def test_a_place_is_alerted_a_lot_recalled_and_a_household_visited(now: datetime) -> None:
    kinds = (SubjectKind.PLACE, SubjectKind.LOT, SubjectKind.HOUSEHOLD)
    rows = [Exposed(signal=1, subject=8, subject_kind=kind) for kind in kinds]
    found = dispatch(rows, roster(GRID, ("county", "1/11/", Level.COUNTY, 9, OFFICE)), now)
    assert Counter((kind, owner) for _, kind, owner in listed(found)) == {
        ("venue_alert", "county"): 1,
        ("recall", "county"): 1,
        ("visit", "grid"): 1,
    }


def test_one_subject_of_several_signals_takes_one_place(now: datetime) -> None:
    rows = [Exposed(signal=signal, subject=1, weight=signal) for signal in (1, 2, 3)] + people(0, 0.5)[1:]
    found = dispatch(rows, roster(GRID), now)
    assert listed(found) == [(1, "visit", "grid")] * 3 + [(2, "visit", "grid")]


def test_who_is_asked_already_stays_where_they_are_and_takes_no_second_place(now: datetime) -> None:
    soon = to_us(now + timedelta(hours=1))
    standing = pa.Table.from_pylist(
        [
            {"task": 70, "subject_kind": "person", "subject": 1, "kind": "call", "owner": "county", "due_at": soon},
            {"task": 71, "subject_kind": "person", "subject": 2, "kind": "retest", "owner": "city", "due_at": soon},
            {"task": 72, "signal": 1, "subject_kind": "person", "subject": 3, "kind": "visit", "owner": "city",
             "due_at": soon},
            {"task": 73, "signal": 5, "subject_kind": "person", "subject": 4, "kind": "visit", "owner": "city",
             "due_at": soon},
        ],
        schema=STANDING,
    )  # fmt: skip
    found = dispatch(people(4, 3, 2, 1), roster(GRID, COUNTY), now, standing=standing)
    assert [(*row, task) for row, task in zip(listed(found), found.listed["task"].to_pylist(), strict=True)] == [
        (1, "call", "county", 70),
        (2, "visit", "grid", None),  # another sample is another thing
        (3, "visit", "city", 72),  # was done for this signal
        (4, "visit", "grid", None),  # was done, but for another signal
    ]
    assert found.listed["due_at"].to_pylist()[0] == soon
    assert below(found) == []


def test_an_area_with_nobody_on_duty_goes_to_the_next_level_up_and_is_observed(now: datetime) -> None:
    found = dispatch(people(2, 1), roster(GRID, COUNTY, CITY, off_duty=("grid",)), now)
    assert listed(found) == [(1, "call", "county"), (2, "call", "city")]
    [noticed] = found.observations
    assert (str(noticed.subject), noticed.area_path) == ("area:111", "1/11/111/")
    assert noticed.reason == Reason.of(ReasonCode.NO_OWNER_ON_DUTY, area="111", day="2022-03-01")


def test_with_everybody_off_duty_nobody_is_listed_but_whoever_covers_the_area_answers(now: datetime) -> None:
    found = dispatch(people(2, 1), roster(GRID, off_duty=("grid",)), now)
    assert listed(found) == []
    assert below(found) == [(1, "grid"), (2, "grid")]
    assert len(found.observations) == 1


def test_equals_are_drawn_by_the_seed_and_by_nothing_else(now: datetime) -> None:
    rows = people(*[1.0] * 40)
    men = roster(GRID)
    first, again, other = (dispatch(rows, men, now, seed=seed) for seed in (5, 5, 6))
    assert listed(first) == listed(again)
    assert first.seed == 5
    assert listed(first) != listed(other)
    drawn = Counter(subject for seed in range(200) for subject, _, _ in listed(dispatch(rows, men, now, seed=seed)))
    assert len(drawn) == 40
    assert max(drawn.values()) < 26  # 10 of 200 on average; 26 lies more than five standard deviations off


@pytest.mark.parametrize("column", ["weight", "area_path", "is_identified", "last_day"])
def test_an_exposure_with_an_empty_field_is_refused(now: datetime, column: str) -> None:
    with pytest.raises(InputRefused, match=f"to be listed has no {column}"):
        dispatch([Exposed(**{"signal": 1, "subject": 1, column: None})], roster(GRID), now)  # type: ignore[arg-type]


def test_a_subject_nobody_can_be_sent_to_is_refused(now: datetime) -> None:
    with pytest.raises(InputRefused, match="subject of kind area"):
        dispatch([Exposed(signal=1, subject=1, subject_kind=SubjectKind.AREA)], roster(GRID), now)


def test_no_exposures_make_an_empty_list(now: datetime) -> None:
    found = dispatch([], roster(GRID), now)
    assert (found.listed.num_rows, found.below.num_rows, found.observations) == (0, 0, ())
