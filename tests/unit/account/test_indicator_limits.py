"""Where a limit is met to the microsecond: still in time, and one later no more."""

import pytest
from account_desk import TASK, AccountDesk

from ringfence.account import Period, read_indicators
from ringfence.store import Act

SIGNAL = {
    "signal_id": 7,
    "kind": "positive_test",
    "subject_kind": "person",
    "subject_key": "9",
    "disease": "covid19",
    "area_path": "1/11/",
    "status": "verified",
    "reason": "{}",
    "origin": "test",
    "raised_by": "test",
    "raised_at": 0,
    "recorded_at": 0,
}
BATCH = {
    "batch_no": 901,
    "batch_id": "test",
    "feed": "trace",
    "department": "test",
    "purpose": "tracing",
    "source_digest": "",
    "rows_accepted": 1,
    "rows_rejected": 0,
    "status": "committed",
    "received_by": "test",
    "recorded_at": 0,
}


def numerator(desk: AccountDesk, key: str) -> int:
    def count(act: Act) -> int:
        period = Period.of(desk.today, policy=desk.policy(), clock=desk.store.clock, now=desk.now)
        act.note("test.counted")
        return sum(one.numerator for one in read_indicators()[key].count(act, period))

    return desk.act(count)


@pytest.fixture
def listed(desk: AccountDesk) -> AccountDesk:
    """Person 1, listed 25 hours ago for a signal verified then, by a rule that may carry an order; limits end today."""
    desk.put_units(g111="grid")
    desk.put("signal", SIGNAL | {"decided_at": desk.at(-25)})
    exposure = {"exposure_id": 1, "signal_id": 7, "subject_kind": "person", "subject_key": "1", "ring": 1}
    days = {"first_day": desk.today - 3, "last_day": desk.today - 2, "minutes": 30, "weight": 1.0}
    desk.put(
        "exposure",
        exposure
        | days
        | {"area_path": "1/11/111/", "is_identified": True, "status": "listed", "recorded_at": desk.at(-25)},
    )
    reason = {"exposure_id": 1, "reason_no": 1, "rule": "household", "source_kind": "person", "source_key": "9"}
    reason["direction"] = "forward"
    times = {"first_at": 0, "last_at": 0, "minutes": 30, "weight": 1.0, "reason": "{}", "recorded_at": 0}
    desk.put("exposure_reason", reason | times)
    desk.put("task", TASK | {"task_id": 1, "opened_at": desk.at(-25), "due_at": desk.at(9)})
    desk.put("task_basis", {"task_id": 1, "signal_id": 7, "exposure_id": 1, "recorded_at": desk.at(-25)})
    return desk


@pytest.mark.parametrize(("later", "counted"), [(0, 1), (1, 0)])
def test_an_order_signed_at_the_limit_is_in_time(listed: AccountDesk, later: int, counted: int) -> None:
    order = {"person_no": 1, "measure": "central_quarantine", "legal_basis": "", "reason": "{}", "day_zero": 0}
    days = {"from_day": listed.today - 1, "review_day": listed.today, "to_day": listed.today + 9}
    signed = {"status": "signed", "signed_at": listed.at(-1) + later, "drafted_by": "test", "drafted_at": 0}
    listed.put("measure_order", order | days | signed | {"order_id": 1, "area_path": "1/11/111/", "recorded_at": 0})
    assert numerator(listed, "measures_in_time") == counted


@pytest.mark.parametrize(("later", "counted"), [(0, 1), (1, 0)])
def test_a_message_below_the_cut_that_reached_somebody_at_the_limit_is_in_time(
    listed: AccountDesk, later: int, counted: int
) -> None:
    listed.put("batch", BATCH)
    below = {"signal_id": 7, "batch_no": 901, "group_no": 1, "found_at": listed.at(-25), "row_count": 1}
    below |= {"status": "counted", "recorded_at": listed.at(-1)}
    listed.put("exposure_below_cut", below)
    done = {"kind": "message", "status": "done", "outcome": "reached", "ended_at": listed.at(-1) + later}
    listed.put("task", TASK | done | {"task_id": 2, "opened_at": listed.at(-25), "due_at": listed.at(9)})
    listed.put("task_basis", {"task_id": 2, "signal_id": 7, "recorded_at": listed.at(-25)})
    assert numerator(listed, "found_reached_in_time") == counted


def report_case(desk: AccountDesk, reported_at: int, *, person: int = 1) -> None:
    case = {
        "person_no": person,
        "disease": "covid19",
        "episode": 1,
        "classification": "confirmed",
        "is_imported": False,
    }
    desk.put("case_episode", case | {"reported_at": reported_at, "area_path": "1/11/111/", "recorded_at": 0})


@pytest.mark.parametrize(("before", "counted"), [(0, 0), (1, 1)])
def test_who_was_listed_at_the_very_moment_of_the_report_was_not_listed_before(
    listed: AccountDesk, before: int, counted: int
) -> None:
    report_case(listed, listed.at(-1))
    listed.change("update task_basis set recorded_at = :at", at=listed.at(-1) - before)
    assert numerator(listed, "cases_listed_before") == counted


@pytest.mark.parametrize(("later", "counted"), [(0, 0), (1, 1)])
def test_whose_task_was_withdrawn_by_the_moment_of_the_report_was_not_listed_any_more(
    listed: AccountDesk, later: int, counted: int
) -> None:
    report_case(listed, listed.at(-1))
    listed.change("update task set status = 'withdrawn', ended_at = :at", at=listed.at(-1) + later)
    assert numerator(listed, "cases_listed_before") == counted


@pytest.mark.parametrize(("way", "counted"), [([(9, 1)], 1), ([(1, 9)], 1), ([(9, 5), (1, 5)], 1), ([(9, 5)], 0)])
def test_who_was_listed_under_another_number_of_theirs_was_listed_before(
    listed: AccountDesk, way: list[tuple[int, int]], counted: int
) -> None:
    report_case(listed, listed.at(-1), person=9)
    alias = {"kind": "merged", "reason": "{}", "decided_by": "test", "recorded_at": 0}
    listed.put("person_alias", *(alias | {"from_no": one, "to_no": other} for one, other in way))
    assert numerator(listed, "cases_listed_before") == counted
