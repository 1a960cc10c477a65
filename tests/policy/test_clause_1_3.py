"""Clause 1.3: arrivals are registered, become records after, and are summed up upward in time."""

from datetime import datetime, timedelta

import pytest
from gate_lane import TOO_OLD, car, fence_off, open_gate, register, traveller

from ringfence import flow
from ringfence.gate import NextStep, Occupant, Verdict
from ringfence.store import Scope, Store
from ringfence.terms import SYSTEM, Area, Reason, ReasonCode, RecordKind, RiskLevel

HOUR = timedelta(hours=1)
EVERYTHING = Scope.of_system()
REPORTS = "select * from visible_arrival_report order by from_at, report_id"
OBSERVED = "select subject_kind, subject_key, reason, area_path from visible_observation order by subject_key"
IN_LABOUR = Occupant(verdict=Verdict(Verdict.admit().decision, Reason.of(ReasonCode.EMERGENCY, kind="labour"),
                                     NextStep.CARE_NOW))  # fmt: skip


@pytest.fixture
def gate(staffed: Store, areas: dict[str, Area], now: datetime) -> int:
    return open_gate(staffed, areas=areas, now=now)


def arrive(store: Store, now: datetime, *, is_hurried: bool = True) -> flow.Arrivals:
    return flow.arrive(store, is_hurried=is_hurried, actor=SYSTEM, now=now)


def reports(store: Store) -> list[tuple[int, ...]]:
    names = ("passages", "people", "admitted", "emergencies", "not_admitted", "late")
    return [tuple(getattr(row, name) for name in names) for row in store.desk.rows(REPORTS, scope=EVERYTHING)]


def test_who_was_let_through_is_known_by_number_and_lies_in_the_lake(staffed: Store, gate: int, now: datetime) -> None:
    register(staffed, car(1, traveller(1), traveller(2, TOO_OLD), gate=gate, passed_at=now), now=now)
    register(staffed, car(2, traveller(1), traveller(3), gate=gate, passed_at=now + HOUR), now=now + HOUR)
    done = arrive(staffed, now + HOUR)
    assert (done.linked, done.laid) == (3, 3)
    laid = staffed.lake.read(RecordKind.PASSAGE).sort_by("passed_at")["person"].to_pylist()
    assert laid[0] in laid[1:]
    assert len(set(laid)) == 2
    assert set(staffed.lake.read(RecordKind.LINK)["person"].to_pylist()) == set(laid)
    assert arrive(staffed, now + HOUR).laid == 0


def test_who_was_linked_once_is_the_same_person_the_next_day(staffed: Store, gate: int, now: datetime) -> None:
    for day in range(2):
        moment = now + day * 24 * HOUR
        register(staffed, car(day, traveller(1), gate=gate, passed_at=moment), now=moment)
        arrive(staffed, moment)
    assert len(set(staffed.lake.read(RecordKind.PASSAGE)["person"].to_pylist())) == 1


def test_linking_waits_a_quarter_of_an_hour_for_others_to_be_linked_with(
    staffed: Store, gate: int, now: datetime
) -> None:
    register(staffed, car(1, traveller(1), gate=gate, passed_at=now), now=now)
    later = now + HOUR / 4
    register(staffed, car(2, traveller(2), gate=gate, passed_at=later), now=later)
    assert arrive(staffed, later - timedelta(seconds=1), is_hurried=False).linked == 0
    assert arrive(staffed, later, is_hurried=False).linked == 2


def test_who_comes_from_a_risk_area_is_observed_once_and_nobody_else(staffed: Store, gate: int, now: datetime) -> None:
    fence_off(staffed, "12", RiskLevel.HIGH, now=now)
    register(
        staffed,
        car(1, traveller(1), traveller(2, TOO_OLD), gate=gate, passed_at=now, origin="121"),
        car(2, traveller(3), gate=gate, passed_at=now, origin="111"),
        now=now,
    )
    arrive(staffed, now)
    arrive(staffed, now)
    [seen] = staffed.desk.rows(OBSERVED, scope=EVERYTHING)
    [person] = {
        row["person"] for row in staffed.lake.read(RecordKind.PASSAGE).to_pylist() if row["origin_area"] == "121"
    }
    assert (seen.subject_kind, seen.subject_key, seen.area_path) == ("person", str(person), "1/11/111/")
    assert Reason.from_json(seen.reason) == Reason.of(
        ReasonCode.ARRIVED_FROM_RISK_AREA, area="121", level="high", gate=gate
    )


def test_a_day_is_summed_up_when_it_is_over_and_what_comes_late_adds_up(
    staffed: Store, gate: int, now: datetime
) -> None:
    midnight = staffed.clock.midnight(staffed.clock.day_of(now) + 1)
    register(staffed, car(1, traveller(1), traveller(2, TOO_OLD), gate=gate, passed_at=now), now=now)
    register(staffed, car(2, IN_LABOUR, gate=gate, passed_at=now), now=now)
    assert arrive(staffed, midnight - timedelta(seconds=1)).reported == 0
    assert arrive(staffed, midnight).reported == 1
    assert reports(staffed) == [(2, 3, 2, 1, 1, 0)]
    late = midnight + 40 * HOUR
    register(staffed, car(3, traveller(3), gate=gate, passed_at=now), now=late)
    assert [arrive(staffed, late).reported, arrive(staffed, late).reported] == [1, 0]
    assert reports(staffed) == [(2, 3, 2, 1, 1, 0), (1, 1, 1, 0, 0, 1)]


def test_a_refusal_sent_three_days_late_is_counted_and_gone_the_same_minute(
    staffed: Store, gate: int, now: datetime
) -> None:
    late = now + 71 * HOUR
    register(staffed, car(1, traveller(1, TOO_OLD), gate=gate, passed_at=now), now=late)
    done = arrive(staffed, late)
    assert (done.reported, done.purged) == (1, 1)
    assert reports(staffed) == [(1, 1, 0, 0, 1, 1)]
    assert staffed.desk.rows("select count(*) as n from visible_passage", scope=EVERYTHING)[0].n == 0


def test_following_up_the_day_does_what_clocks_would_have_done(staffed: Store, gate: int, now: datetime) -> None:
    register(staffed, car(1, traveller(1), traveller(2, TOO_OLD), gate=gate, passed_at=now), now=now)
    later = now + 49 * HOUR
    flow.follow_up(staffed, day=staffed.clock.day_of(later), actor=SYSTEM, now=later)
    assert staffed.lake.read(RecordKind.PASSAGE).num_rows == 1
    assert reports(staffed) == [(1, 2, 1, 0, 1, 2)]
    [kept] = staffed.desk.rows(
        "select o.verdict from visible_passage p join passage_occupant o on o.passage_id = p.passage_id",
        scope=EVERYTHING,
    )
    assert kept.verdict == "admit"
