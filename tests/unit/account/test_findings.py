"""A finding's life: opened once, corrected by one, judged by another, and open again when the gap is still there."""

import pytest
from account_desk import TASK, AccountDesk

from ringfence.account import list_actions
from ringfence.errors import ApprovalMissing, InputRefused, NotAllowed, NotFound, TransitionRefused
from ringfence.terms import SYSTEM, Actor, Finding, FindingStatus

KEY = "late_at_city_level/unit:g111"


@pytest.fixture
def gap(desk: AccountDesk) -> AccountDesk:
    """One unit whose only late task has risen to the city, and nothing else amiss."""
    desk.put_units(g111="grid", t111="township", c11="county", m1="city")
    desk.put_duty("g111", "t111", "c11", "m1")
    late = {"task_id": 1, "level": "city", "opened_at": desk.at(-50), "due_at": desk.at(-30.5)}
    desk.put("task", TASK | late)
    return desk


def finding(desk: AccountDesk) -> Finding:
    return desk.findings()[KEY]


def test_a_gap_is_opened_once_however_often_the_checks_run(gap: AccountDesk) -> None:
    assert (gap.find().opened, gap.find(hours=1).opened, gap.find(hours=2).standing) == (1, 0, 1)
    assert list(gap.findings()) == [KEY]


def test_a_finding_has_an_owner_a_deadline_and_the_gap_in_figures(gap: AccountDesk) -> None:
    gap.find()
    found = finding(gap)
    assert (found.owner, found.area_path, found.clause, found.status) == ("m1", "1/11/111/", "7.1", FindingStatus.OPEN)
    assert dict(found.reason.values) == {"count": 1, "hours": 30}
    assert found.due_at - gap.now == gap.policy().hours("finding.correct_within_hours")


def test_whoever_corrected_a_finding_does_not_prove_it(gap: AccountDesk) -> None:
    gap.find()
    number = finding(gap).finding_id
    assert gap.correct(number, actor="inspector").status is FindingStatus.CORRECTING
    with pytest.raises(ApprovalMissing, match=f"who corrected finding {number}"):
        gap.prove(number, is_effective=True, actor="inspector")
    assert gap.prove(number, is_effective=True).status is FindingStatus.PROVEN


def test_a_gap_that_is_still_there_after_the_proof_opens_its_finding_again(gap: AccountDesk) -> None:
    gap.find()
    number = finding(gap).finding_id
    gap.correct(number)
    gap.prove(number, is_effective=True, hours=1)
    run = gap.find(hours=2)
    assert (run.opened, run.reopened, run.standing) == (0, 1, 0)
    again = finding(gap)
    assert (again.finding_id, again.status) == (number, FindingStatus.REOPENED)
    assert dict(again.reason.values) == {"count": 1, "hours": 32}
    assert gap.find(hours=3).reopened == 0


def test_a_finding_whose_gap_is_gone_stays_proven(gap: AccountDesk) -> None:
    gap.find()
    number = finding(gap).finding_id
    gap.correct(number)
    gap.prove(number, is_effective=True, hours=1)
    gap.change("update task set status = 'done', ended_at = due_at, outcome = 'reached'")
    assert gap.find(hours=2).reopened == 0
    assert finding(gap).status is FindingStatus.PROVEN


def test_a_gap_that_goes_away_by_itself_closes_nothing(gap: AccountDesk) -> None:
    gap.find()
    gap.change("update task set status = 'done', ended_at = due_at, outcome = 'reached'")
    gap.find(hours=2)
    assert finding(gap).status is FindingStatus.OPEN


def test_a_correction_without_effect_gets_a_new_deadline_and_is_corrected_anew(gap: AccountDesk) -> None:
    gap.find()
    number = finding(gap).finding_id
    gap.correct(number)
    again = gap.prove(number, is_effective=False, hours=5)
    assert again.status is FindingStatus.REOPENED
    assert again.due_at > finding_due_at_first(gap)
    gap.correct(number, actor="township_officer", hours=6, proof="doc-2")
    actions = list_actions(gap.store.desk, number, scope=gap.scope("city_officer"))
    assert [(action.taken_by, action.proof) for action in actions] == [
        ("county_officer", "doc-1"),
        ("township_officer", "doc-2"),
    ]


def finding_due_at_first(desk: AccountDesk) -> object:
    return desk.now + desk.policy().hours("finding.correct_within_hours")


def test_no_step_is_left_out(gap: AccountDesk) -> None:
    gap.find()
    number = finding(gap).finding_id
    with pytest.raises(TransitionRefused, match=f"finding {number} is open"):
        gap.prove(number, is_effective=True)
    gap.correct(number)
    with pytest.raises(TransitionRefused, match=f"finding {number} is correcting"):
        gap.correct(number)


def test_a_correction_needs_a_proof_and_a_finding_that_exists(gap: AccountDesk) -> None:
    gap.find()
    with pytest.raises(InputRefused, match="proof"):
        gap.correct(finding(gap).finding_id, proof=" ")
    with pytest.raises(NotFound, match="no finding 99"):
        gap.correct(99)


def test_findings_are_corrected_and_proven_in_ones_own_areas_and_never_by_the_system(gap: AccountDesk) -> None:
    gap.find()
    number = finding(gap).finding_id
    with pytest.raises(NotAllowed):
        gap.correct(number, actor="county_officer@12")
    assert gap.correct(number, actor="county_officer@11").status is FindingStatus.CORRECTING
    for actor in ("county_officer@11", SYSTEM.actor_id):
        with pytest.raises(NotAllowed):
            gap.prove(number, is_effective=True, actor=actor)
    assert KEY not in gap.findings("county_officer@12")
    assert KEY in gap.findings("county_officer@11")


def test_only_who_may_run_the_account_opens_findings(gap: AccountDesk) -> None:
    with pytest.raises(NotAllowed):
        gap.find(actor=Actor("county_officer"))
    assert gap.find(actor=Actor("city_officer")).opened == 1
