"""Clause 7.1: every task has one owner and a deadline, and a missed one rises a level; no duty hangs in the air."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from fake_trace import Exposed, exposures

from ringfence.policy import Policy, read_defaults
from ringfence.terms import Level, ReasonCode, TaskKind, Unit
from ringfence.work import STANDING, Roster, Worklist, dispatch_exposures, find_level

DAY = 19_052
POLICY = Policy(read_defaults(), DAY)
KINDS = frozenset({"visit", "call", "message"})


def dispatch(now: datetime, *, off_duty: frozenset[str] = frozenset()) -> Worklist:
    """Twenty persons of two townships; a grid unit of four tasks a day in each, the county above them."""
    units = [
        Unit(unit_id=path, area_path=path, level=level, daily_capacity=4, task_kinds=KINDS)
        for path, level in (("1/11/", Level.COUNTY), ("1/11/111/", Level.GRID), ("1/11/112/", Level.GRID))
    ]
    roster = Roster(
        DAY,
        tuple(units),
        np.array([unit.unit_id not in off_duty for unit in units]),
        np.zeros(len(units), dtype=np.int64),
    )
    rows = [Exposed(signal=1, subject=number, area_path=f"1/11/11{1 + number % 2}/") for number in range(1, 21)]
    return dispatch_exposures(
        exposures(rows), roster=roster, standing=STANDING.empty_table(), policy=POLICY, now=now, seed=1
    )


def test_nobody_is_listed_without_an_owner_and_a_deadline_and_nobody_is_dropped(now: datetime) -> None:
    found = dispatch(now)
    assert found.listed["owner"].null_count == found.listed["due_at"].null_count == 0
    assert (found.listed.num_rows, found.below.num_rows) == (12, 8)
    assert found.below["owner"].null_count == 0


def test_every_kind_of_task_has_a_deadline_in_the_policy() -> None:
    assert all(POLICY.hours(f"task.{kind}_hours") > timedelta(0) for kind in TaskKind)


def test_where_nobody_is_on_duty_the_next_level_answers_and_the_gap_is_noticed(now: datetime) -> None:
    found = dispatch(now, off_duty=frozenset({"1/11/111/"}))
    answering = {
        row["owner"] for row in [*found.listed.to_pylist(), *found.below.to_pylist()] if row["area_path"] == "1/11/111/"
    }
    assert answering == {"1/11/"}
    assert [(one.area_path, one.reason.code) for one in found.observations] == [
        ("1/11/111/", ReasonCode.NO_OWNER_ON_DUTY)
    ]


@pytest.mark.parametrize("owner", list(Level))
def test_a_missed_one_rises_level_by_level_to_the_city_and_never_sinks(owner: Level) -> None:
    stays = {level: POLICY.hours(f"escalation.{level}_hours") for level in list(Level)[:-1]}
    levels = [find_level(owner, late=timedelta(hours=hours), stays=stays) for hours in range(-3, 30)]
    heights = [list(Level).index(level) for level in levels]
    assert levels[0] is owner
    assert heights == sorted(heights)
    assert set(levels) == set(list(Level)[list(Level).index(owner) :])
