"""Each gap check finds its gap, says whose it is, and finds nothing where there is none."""

from typing import Any

import pytest
from account_desk import HOUR, TASK, AccountDesk

from ringfence.account.gaps import PACKAGE
from ringfence.plugins import find_plugins
from ringfence.signals import put_observations
from ringfence.terms import Finding, Observation, Reason, ReasonCode, Subject, SubjectKind

SIGNAL = {
    "signal_id": 7,
    "kind": "positive_test",
    "subject_kind": "person",
    "subject_key": "1",
    "disease": "covid19",
    "area_path": "1/11/",
    "status": "verified",
    "reason": "{}",
    "origin": "test",
    "raised_by": "test",
    "recorded_at": 0,
}
EXPOSURE = {
    "exposure_id": 1,
    "signal_id": 7,
    "subject_kind": "person",
    "subject_key": "1",
    "ring": 1,
    "weight": 1.0,
    "minutes": 0,
    "first_day": 0,
    "last_day": 0,
    "area_path": "1/11/111/",
    "is_identified": True,
    "status": "listed",
    "recorded_at": 0,
}
ORDER = {
    "order_id": 1,
    "person_no": 1,
    "measure": "home_quarantine",
    "legal_basis": "",
    "reason": "{}",
    "day_zero": 0,
    "status": "signed",
    "area_path": "1/11/111/",
    "drafted_by": "test",
    "drafted_at": 0,
    "signed_at": 0,
    "recorded_at": 0,
}


@pytest.fixture
def whole(desk: AccountDesk) -> AccountDesk:
    """Every area has a unit on duty: nothing is amiss."""
    desk.put_units(m1="city", c11="county", c12="county", t111="township", t1111="township", t121="township")
    desk.put_units(t122="township", g111="grid")
    desk.put_duty("m1", "c11", "c12", "t111", "t1111", "t121", "t122", "g111")
    return desk


def only_finding(desk: AccountDesk, *, hours: float = 0) -> tuple[str, Finding]:
    assert desk.find(hours=hours).opened == 1
    [(key, found)] = desk.findings().items()
    return key, found


def values(found: Finding) -> dict[str, Any]:
    return dict(found.reason.values)


def put_signal(desk: AccountDesk) -> None:
    desk.put("signal", SIGNAL | {"raised_at": desk.at(-60), "decided_at": desk.at(-50)})


def test_nothing_is_found_where_nothing_is_amiss(whole: AccountDesk) -> None:
    assert whole.find().opened == 0


def test_every_check_is_found_in_its_folder() -> None:
    assert sorted(find_plugins(PACKAGE, "check")) == [
        "dispute_unanswered",
        "follow_up_not_attempted",
        "late_at_city_level",
        "listed_without_owner",
        "no_owner_on_duty",
        "observed",
        "past_review_day",
        "pool_unresolved",
        "release_overdue",
        "untold_below_the_cut",
    ]


def test_a_late_task_below_city_level_is_not_yet_a_finding(whole: AccountDesk) -> None:
    whole.put("task", TASK | {"task_id": 1, "level": "county", "opened_at": whole.at(-50), "due_at": whole.at(-30)})
    assert whole.find().opened == 0
    whole.change("update task set level = 'city'")
    key, found = only_finding(whole)
    assert (key, found.owner) == ("late_at_city_level/unit:g111", "m1")


def test_an_area_with_nobody_on_duty_is_a_finding_of_whoever_stands_above_it(whole: AccountDesk) -> None:
    whole.change("delete from duty where unit_id = 't121'")
    key, found = only_finding(whole)
    assert (key, found.owner, found.area_path) == ("no_owner_on_duty/area:121", "c12", "1/12/121/")
    assert values(found) == {"area": "121", "day": "2022-03-01"}


def test_a_county_with_nobody_on_duty_is_the_citys_to_answer_for(whole: AccountDesk) -> None:
    whole.change("delete from duty where unit_id = 'c12'")
    key, found = only_finding(whole)
    assert (key, found.owner) == ("no_owner_on_duty/area:12", "m1")


def test_without_any_unit_every_lowest_area_is_a_finding_and_still_has_a_named_owner(desk: AccountDesk) -> None:
    assert desk.find().opened == 4
    assert {key: found.owner for key, found in desk.findings().items()} == {
        "no_owner_on_duty/area:111": "area:1/11/",
        "no_owner_on_duty/area:1111": "area:1/11/",
        "no_owner_on_duty/area:121": "area:1/12/",
        "no_owner_on_duty/area:122": "area:1/12/",
    }


def test_listed_without_a_task_is_a_finding(whole: AccountDesk) -> None:
    put_signal(whole)
    whole.put("exposure", EXPOSURE)
    key, found = only_finding(whole)
    assert (key, found.owner, values(found)) == ("listed_without_owner/area:111", "t111", {"count": 1})


@pytest.mark.parametrize(("status", "gaps"), [("open", 0), ("done", 0), ("withdrawn", 1)])
def test_listed_with_a_task_that_was_withdrawn_is_as_good_as_without(
    whole: AccountDesk, status: str, gaps: int
) -> None:
    put_signal(whole)
    whole.put("exposure", EXPOSURE)
    ended = {
        "status": status,
        "outcome": "reached" if status == "done" else None,
        "opened_at": 0,
        "due_at": whole.at(9),
        "ended_at": 0,
    }
    whole.put("task", TASK | {"task_id": 1} | ended)
    whole.put("task_basis", {"task_id": 1, "signal_id": 7, "exposure_id": 1, "recorded_at": 0})
    assert whole.find().opened == gaps


def test_a_measure_past_its_end_of_which_nobody_was_told_is_a_finding_after_the_hour_allowed(
    whole: AccountDesk,
) -> None:
    last = {"from_day": whole.today - 7, "to_day": whole.today, "review_day": whole.today}
    whole.put_duty("m1", "c11", "c12", "t111", "t1111", "t121", "t122", "g111", days_ahead=1)
    whole.put("measure_order", ORDER | last)  # over at midnight, 12 hours after the moment
    assert whole.find(hours=12.9).opened == 0
    key, found = only_finding(whole, hours=15.5)
    assert (key, found.owner) == ("release_overdue/area:111", "t111")
    assert values(found) == {"count": 1, "hours": 3}  # the third hour has begun


def test_who_goes_on_to_another_measure_is_not_released_not_even_once_that_one_is_over_and_told(
    whole: AccountDesk,
) -> None:
    first = {"from_day": whole.today - 9, "to_day": whole.today - 5, "review_day": whole.today - 5}
    then = {"from_day": whole.today - 4, "to_day": whole.today + 3, "review_day": whole.today + 3}
    whole.put("measure_order", ORDER | first | {"status": "expired", "ended_at": whole.at(-108)})
    whole.put("measure_order", ORDER | then | {"order_id": 2})
    assert whole.find().opened == 0
    whole.change(
        "update measure_order set status = 'released', ended_at = :at, release_told_at = :at where to_day > :today",
        at=whole.at(-1),
        today=whole.today,
    )
    assert whole.find().opened == 0


def test_below_the_cut_and_untold_after_24_hours_is_a_finding(whole: AccountDesk) -> None:
    put_signal(whole)
    batch = dict.fromkeys(["batch_id", "feed", "department", "purpose", "source_digest", "received_by"], "test")
    counts = {"rows_accepted": 5, "rows_rejected": 0, "status": "committed", "recorded_at": 0}
    whole.put("batch", {"batch_no": 901} | batch | counts)
    below = {"signal_id": 7, "batch_no": 901, "group_no": 1, "found_at": whole.at(-23.5), "row_count": 5}
    below |= {"status": "counted", "recorded_at": whole.at(-1)}
    whole.put("exposure_below_cut", below)
    times = {"opened_at": whole.at(-9), "due_at": whole.at(9), "ended_at": whole.at(-1)}
    message = {"kind": "message", "status": "done", "outcome": "reached"} | times
    whole.put(
        "task", TASK | {"task_id": 1} | message, TASK | {"task_id": 2} | message | {"status": "open", "outcome": None}
    )
    whole.put("task_basis", *({"task_id": n, "signal_id": 7, "recorded_at": 0} for n in (1, 2)))
    assert whole.find().opened == 0
    key, found = only_finding(whole, hours=1)
    assert (key, found.owner) == ("untold_below_the_cut/area:11", "c11")
    assert values(found) == {"hours": 24}, "whoever reads it may not be told how few they are"


def test_a_positive_pool_whose_members_wait_too_long_is_a_finding(whole: AccountDesk) -> None:
    pool = {"pool_id": "p1", "status": "positive", "sampled_at": 0, "reported_at": whole.at(-11)}
    whole.put("sample_pool", pool | {"area_path": "1/12/122/", "recorded_at": 0})
    member = {"pool_id": "p1", "is_held": True, "recorded_at": 0}
    whole.put("pool_member", *(member | {"person_no": n, "row_no": n, "result": None} for n in (1, 2)))
    whole.put("pool_member", member | {"person_no": 3, "row_no": 3, "result": "negative", "retested_at": 0})
    assert whole.find().opened == 0
    key, found = only_finding(whole, hours=2)
    assert (key, found.owner) == ("pool_unresolved/area:122", "t122")
    assert values(found) == {"count": 2, "pools": 1, "hours": 12}


def put_follow_up(desk: AccountDesk, *statuses: str | None, status: str = "follow_up") -> None:
    """One person a status of yesterday; None where the day was never begun."""
    yesterday = desk.today - 1
    for n, of_day in enumerate(statuses, start=1):
        watch = {"follow_up_id": n, "person_no": n, "disease": "covid19", "ring": 1, "day_zero": yesterday - 2}
        days = {"from_day": yesterday - 1, "to_day": yesterday + 9}
        where = {"status": status, "unit_id": "g111", "area_path": "1/11/111/", "recorded_at": 0}
        desk.put("follow_up", watch | days | where)
        if of_day:
            desk.put("follow_up_day", {"follow_up_id": n, "day": yesterday, "status": of_day, "recorded_at": 0})


def test_follow_up_that_nobody_tried_yesterday_is_a_finding_of_its_unit(whole: AccountDesk) -> None:
    put_follow_up(whole, "seen_ok", "seen_not_ok", "missed", "not_attempted", None)
    key, found = only_finding(whole)
    assert (key, found.owner) == ("follow_up_not_attempted/unit:g111", "g111")
    assert values(found) == {"count": 2, "total": 5, "day": "2022-02-28"}


def test_follow_up_that_was_tried_in_vain_was_tried(whole: AccountDesk) -> None:
    put_follow_up(whole, "seen_ok", "missed")
    assert whole.find().opened == 0


@pytest.mark.parametrize("status", ["lost", "completed", "cancelled"])
def test_nobody_is_blamed_for_not_seeing_whom_they_no_longer_follow(whole: AccountDesk, status: str) -> None:
    put_follow_up(whole, None, status=status)
    assert whole.find().opened == 0


def test_an_order_past_its_review_day_is_a_finding(whole: AccountDesk) -> None:
    order = ORDER | {"from_day": whole.today - 8, "to_day": whole.today + 3}
    whole.put("measure_order", order | {"review_day": whole.today})
    assert whole.find().opened == 0
    whole.put("measure_order", order | {"review_day": whole.today - 1, "order_id": 2, "person_no": 2})
    key, found = only_finding(whole)
    assert (key, found.owner, values(found)) == ("past_review_day/area:111", "t111", {"count": 1})


def test_a_dispute_past_its_deadline_is_a_finding_of_whoever_stands_above(whole: AccountDesk) -> None:
    whole.put("task", TASK | {"task_id": 1, "opened_at": whole.at(-30), "due_at": whole.at(9)})
    contested = {"contested_kind": "task", "task_id": 1, "subject_kind": "person", "subject_key": "1"}
    said = {"ground": "not_me", "way": "door", "area_path": "1/11/111/", "raised_by": "w", "recorded_at": 0}
    whole.put("dispute", contested | said | {"status": "raised", "raised_at": whole.at(-24), "due_at": whole.at(0)})
    assert whole.find().opened == 0
    key, found = only_finding(whole, hours=0.1)
    assert (key, found.owner, found.clause) == ("dispute_unanswered/area:111", "c11", "2.6")
    assert values(found) == {"count": 1, "hours": 24}


def observe(desk: AccountDesk, reason: Reason, *, origin: str, hours: float = 0, person: int = 7) -> None:
    seen = Observation(
        subject=Subject(SubjectKind.PERSON, str(person)),
        reason=reason,
        observed_at=desk.now + (hours - 0.1) * HOUR,
        area_path="1/11/111/",
    )
    desk.act(lambda act: put_observations(act, [seen], origin=origin), hours=hours)


LOST = Reason.of(ReasonCode.LOST_TO_FOLLOW_UP, days=3)
ILL = Reason.of(ReasonCode.SEEN_ILL, day="2022-03-01")


def test_only_an_observation_that_stands_for_a_gap_becomes_a_finding(whole: AccountDesk) -> None:
    observe(whole, ILL, origin="a")
    assert whole.find().opened == 0
    observe(whole, LOST, origin="b")
    key, found = only_finding(whole)
    assert (key, found.clause, found.owner) == ("lost_to_follow_up/area:111", "2.3", "t111")


def test_no_persons_number_stands_in_a_finding(whole: AccountDesk) -> None:
    observe(whole, LOST, origin="a", person=123_456)
    whole.find()
    assert "123456" not in str(whole.findings())


def test_an_old_observation_does_not_reopen_what_was_proven_but_a_new_one_does(whole: AccountDesk) -> None:
    observe(whole, LOST, origin="a")
    _, found = only_finding(whole)
    whole.correct(found.finding_id)
    whole.prove(found.finding_id, is_effective=True, hours=1)
    assert whole.find(hours=2).reopened == 0
    observe(whole, LOST, origin="b", hours=3)
    assert whole.find(hours=4).reopened == 1


def test_what_a_check_and_an_observation_both_see_is_one_finding(whole: AccountDesk) -> None:
    whole.change("delete from duty where unit_id = 't121'")
    area = Subject(SubjectKind.AREA, "121")
    reason = Reason.of(ReasonCode.NO_OWNER_ON_DUTY, area="121", day="2022-03-01")
    seen = Observation(subject=area, reason=reason, observed_at=whole.now, area_path="1/12/121/")
    whole.act(lambda act: put_observations(act, [seen], origin="a"), hours=-1)
    assert whole.find().opened == 1
