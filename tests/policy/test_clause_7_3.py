"""Clause 7.3: the command meeting sees coverage, timeliness and open findings."""

from datetime import datetime

from ringfence.account import read_indicators, read_scorecard, write_scorecard
from ringfence.policy import Policy, read_defaults
from ringfence.store import Scope, Store
from ringfence.terms import SYSTEM, Area

THE_MEETING_SEES = {
    "coverage": {"found_reached"},
    "timeliness": {
        "signals_decided_in_time",
        "signals_responded_in_time",
        "found_reached_in_time",
        "below_cut_told_in_time",
        "measures_in_time",
        "tasks_acknowledged_in_time",
        "tasks_done_in_time",
        "pool_members_retested_in_time",
        "release_told_in_time",
        "release_overdue_hours",
    },
    "follow-up, in WHO's words": {
        "found_reached_in_time",
        "follow_up_seen_daily",
        "follow_up_completed",
        "follow_up_lost",
        "cases_listed_before",
    },
    "findings": {"findings_open", "findings_late"},
}


def test_the_scorecard_shows_what_the_meeting_is_to_see_for_every_area(
    staffed: Store, areas: dict[str, Area], now: datetime
) -> None:
    day = staffed.clock.day_of(now)
    policy = Policy(read_defaults(), day)
    staffed.act(
        lambda act: write_scorecard(act, day, policy=policy, areas=areas, clock=staffed.clock), actor=SYSTEM, now=now
    )
    card = read_scorecard(staffed.desk, day, scope=Scope.of_system()).to_pylist()
    shown = {(row["area_path"], row["indicator"]) for row in card}
    wanted = set().union(*THE_MEETING_SEES.values())
    assert shown >= {(area.path, indicator) for area in areas.values() for indicator in wanted}


def test_every_indicator_says_what_it_counts_of_what_and_by_which_clock() -> None:
    for indicator in read_indicators().values():
        assert indicator.numerator
        assert indicator.denominator
        assert indicator.clock


def test_nobody_leaves_coverage_by_being_unreachable_refusing_or_below_the_cut() -> None:
    denominator = read_indicators()["found_reached"].denominator
    for word in ("listed", "unreachable", "refusing", "below the cut"):
        assert word in denominator
