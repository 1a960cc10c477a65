"""Orders that rest on no path: what they need before anybody may sign them."""

from collections.abc import Callable
from datetime import datetime

import pytest

from ringfence.access import add_user, grant_role
from ringfence.errors import ApprovalMissing, InputRefused, NotAllowed, NotFound
from ringfence.policy import Policy
from ringfence.store import Act, Store
from ringfence.terms import Actor, Grant, Measure, OrderStatus, Role
from ringfence.work import ManualOrder, approve_manual_order, draft_manual_order, read_order, sign_order

COUNTY, CITY, OTHER = Actor("county_officer@11"), Actor("city_officer"), Actor("county_officer@12")
CHANGE = "update measure_order set to_day = to_day + 30 where order_id = :order_id"

Draft = Callable[..., int]


@pytest.fixture
def draft(manned: Store, policy: Policy, now: datetime) -> Draft:
    def propose(*, list_key: str = "letter 12", days: int = 14) -> int:
        order = ManualOrder(
            person_no=7,
            measure=Measure.HOME_QUARANTINE,
            to_day=policy.day + days,
            list_key=list_key,
            area_path="1/11/111/",
        )
        return manned.act(
            lambda act: draft_manual_order(act, order, policy=policy, clock=manned.clock), actor=COUNTY, now=now
        )

    return propose


def approve(store: Store, now: datetime, order: int, *, actor: Actor = CITY) -> None:
    store.act(lambda act: approve_manual_order(act, order), actor=actor, now=now)


def sign(store: Store, now: datetime, order: int, *, actor: Actor) -> None:
    store.act(lambda act: sign_order(act, order, clock=store.clock), actor=actor, now=now)


def hire(store: Store, now: datetime, user: str, role: Role, area_path: str) -> Actor:
    def run(act: Act) -> None:
        add_user(act, user)
        grant_role(act, user, Grant(role=role, area_path=area_path))

    store.act(run, actor=Actor("administrator"), now=now)
    return Actor(user)


def test_three_people_of_two_units_are_needed(manned: Store, now: datetime, draft: Draft) -> None:
    order = draft()
    signer = hire(manned, now, "signer", Role.COUNTY_OFFICER, "1/11/")
    with pytest.raises(ApprovalMissing, match="is not approved"):
        sign(manned, now, order, actor=signer)
    approve(manned, now, order)
    with pytest.raises(ApprovalMissing, match="who drafted"):
        sign(manned, now, order, actor=COUNTY)
    with pytest.raises(ApprovalMissing, match="outside the unit of city_officer"):
        sign(manned, now, order, actor=CITY)
    sign(manned, now, order, actor=signer)
    found = manned.act(lambda act: read_order(act, order), actor=signer, now=now)
    assert (found.status, found.signed_by) == (OrderStatus.SIGNED, "signer")


def test_who_has_no_right_there_approves_nothing(manned: Store, now: datetime, draft: Draft) -> None:
    order = draft()
    for actor in (OTHER, Actor("grid_worker@111")):
        with pytest.raises(NotAllowed):
            approve(manned, now, order, actor=actor)


def test_an_approval_is_of_exactly_this_order(manned: Store, now: datetime, draft: Draft) -> None:
    order = draft()
    approve(manned, now, order)

    def stretch(act: Act) -> None:
        act.run(CHANGE, order_id=order)
        act.note("test.changed")

    manned.act(stretch, actor=CITY, now=now)
    signer = hire(manned, now, "signer", Role.COUNTY_OFFICER, "1/11/")
    with pytest.raises(ApprovalMissing, match="another plan"):
        sign(manned, now, order, actor=signer)


def test_it_names_what_it_rests_on_and_ends_in_the_future(draft: Draft) -> None:
    with pytest.raises(InputRefused, match="rests on a list"):
        draft(list_key=" ")
    with pytest.raises(InputRefused, match="which is over"):
        draft(days=-1)


def test_nobody_approves_what_is_not_there(manned: Store, now: datetime) -> None:
    with pytest.raises(NotFound):
        approve(manned, now, 99)
