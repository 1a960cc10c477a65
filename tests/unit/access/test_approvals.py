"""Two people: whoever proposes a plan cannot approve it, and an approval is of exactly one plan, once."""

from datetime import datetime

import pytest

from ringfence.access import approve, decline, propose, read_approval, use_approval
from ringfence.errors import ApprovalMissing, NotAllowed, NotFound
from ringfence.store import Store
from ringfence.terms import Actor, Plan

PLAN = Plan(kind="policy", basis="b", added=({"key": "gate.test_max_age_hours", "value": 24},))
ADMINISTRATOR, CITY = Actor("administrator"), Actor("city_officer")


def test_a_plan_is_carried_out_once_after_a_second_person_said_yes(staffed: Store, now: datetime) -> None:
    number = staffed.act(lambda act: propose(act, PLAN), actor=ADMINISTRATOR, now=now)
    with pytest.raises(ApprovalMissing, match="is not approved"):
        staffed.act(lambda act: read_approval(act, number), actor=ADMINISTRATOR, now=now)
    given = staffed.act(lambda act: approve(act, number, area_path="1/"), actor=CITY, now=now)
    assert (given.proposed_by, given.approved_by) == ("administrator", "city_officer")
    with pytest.raises(ApprovalMissing, match="approved for another plan"):
        staffed.act(lambda act: use_approval(act, Plan(kind="policy", basis="c"), number), actor=ADMINISTRATOR, now=now)
    staffed.act(
        lambda act: act.note("plan.used", subject=use_approval(act, PLAN, number)), actor=ADMINISTRATOR, now=now
    )
    with pytest.raises(ApprovalMissing, match="carried out already"):
        staffed.act(lambda act: use_approval(act, PLAN, number), actor=ADMINISTRATOR, now=now)


def test_nobody_approves_their_own_plan(staffed: Store, now: datetime) -> None:
    number = staffed.act(lambda act: propose(act, PLAN, area_path="1/"), actor=CITY, now=now)
    with pytest.raises(ApprovalMissing, match="who proposed a plan cannot approve it"):
        staffed.act(lambda act: approve(act, number, area_path="1/"), actor=CITY, now=now)


def test_a_declined_plan_cannot_be_approved_later(staffed: Store, now: datetime) -> None:
    number = staffed.act(lambda act: propose(act, PLAN), actor=ADMINISTRATOR, now=now)
    staffed.act(lambda act: decline(act, number, area_path="1/"), actor=CITY, now=now)
    with pytest.raises(NotFound, match="no proposal 1 waiting"):
        staffed.act(lambda act: approve(act, number, area_path="1/"), actor=CITY, now=now)


def test_who_has_no_such_right_neither_proposes_nor_approves(staffed: Store, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        staffed.act(lambda act: propose(act, PLAN), actor=Actor("grid_worker"), now=now)
    number = staffed.act(lambda act: propose(act, PLAN), actor=ADMINISTRATOR, now=now)
    with pytest.raises(NotAllowed):
        staffed.act(lambda act: approve(act, number, area_path="1/"), actor=Actor("auditor"), now=now)
