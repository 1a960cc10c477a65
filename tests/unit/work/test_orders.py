"""Orders: on which path they are proposed, who decides, and how they end."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import pytest
from fake_trace import EPIDEMIOLOGIST, SAID, Exposed, exposures, put_exposures, verified_signal, withdraw

from ringfence.errors import ApprovalMissing, NotAllowed, NotFound, TransitionRefused
from ringfence.policy import Policy, Tier
from ringfence.store import Act, Scope, Store
from ringfence.terms import SYSTEM, Actor, Measure, Order, OrderStatus, ReasonCode, SignalKind
from ringfence.work import (
    decline_order,
    draft_orders,
    expire_orders,
    list_orders,
    orders_in_force,
    read_order,
    release_for_signal,
    release_order,
    sign_order,
)

T = TypeVar("T")

COUNTY, CITY, TOWNSHIP = Actor("county_officer@11"), Actor("city_officer"), Actor("township_officer@111")
EVERYTHING = Scope.of_system()
DAY = timedelta(days=1)


class Desk:
    """A manned deployment on one day, as officers use it."""

    def __init__(self, store: Store, policy: Policy, now: datetime) -> None:
        self.store, self.policy, self.now = store, policy, now
        self.today = store.clock.day_of(now)

    def act(self, work: Callable[[Act], T], *, actor: Actor = SYSTEM, after: timedelta = timedelta(0)) -> T:
        return self.store.act(work, actor=actor, now=self.now + after)

    def expose(
        self, *, days_ago: int = 2, kind: SignalKind = SignalKind.POSITIVE_TEST, origin: str = "a", **row: object
    ) -> int:
        """Person 5 was exposed to a verified signal; the number of the signal."""
        signal = verified_signal(self.store, now=self.now, kind=kind, origin=origin)
        exposed = Exposed(**{"signal": signal, "subject": 5, "last_day": self.today - days_ago, **row})  # type: ignore[arg-type]
        self.act(lambda act: put_exposures(act, exposures([exposed])), actor=EPIDEMIOLOGIST)
        return signal

    def draft(
        self,
        *,
        tier: Tier = Tier.VISIT,
        actor: Actor = SYSTEM,
        after: timedelta = timedelta(0),
    ) -> list[int]:
        return self.act(
            lambda act: draft_orders(
                act,
                person_no=5,
                disease="covid19",
                tier=tier,
                order_rules={"household", "same_place"},
                policy=self.policy,
                clock=self.store.clock,
            ),
            actor=actor,
            after=after,
        )

    def sign(self, order: int, *, actor: Actor = COUNTY, after: timedelta = timedelta(0)) -> Order:
        return self.act(lambda act: sign_order(act, order, clock=self.store.clock), actor=actor, after=after)

    def read(self, order: int) -> Order:
        return self.act(lambda act: read_order(act, order))

    def in_force(self, day: int) -> list[int]:
        found = orders_in_force(self.store.desk, scope=EVERYTHING, day=day, now=self.store.clock.midnight(day))
        return [order.order_id for order in found]


@pytest.fixture
def desk(manned: Store, policy: Policy, now: datetime) -> Desk:
    return Desk(manned, policy, now)


def test_one_order_is_drafted_for_each_step_counted_from_the_last_unprotected_exposure(desk: Desk) -> None:
    desk.expose(days_ago=2)
    orders = [desk.read(number) for number in desk.draft()]
    day_zero = desk.today - 2
    assert [(one.measure, one.from_day, one.to_day) for one in orders] == [
        (Measure.CENTRAL_QUARANTINE, desk.today, day_zero + 14),
        (Measure.HOME_QUARANTINE, day_zero + 15, day_zero + 21),
    ]
    for one in orders:
        assert (one.day_zero, one.status, one.signed_by) == (day_zero, OrderStatus.DRAFTED, None)
        assert (one.reason.code, one.reason.values) == (ReasonCode.EXPOSED_UNTIL, {"day": "2022-02-27"})
        assert "article 39" in one.legal_basis
    assert [one.review_day for one in orders] == [desk.today + 7, day_zero + 21]


def test_the_tier_decides_the_measure_and_what_is_over_is_not_drafted(desk: Desk) -> None:
    desk.expose(days_ago=16)
    assert desk.draft(tier=Tier.MESSAGE) == []
    [order] = [desk.read(number) for number in desk.draft()]
    assert (order.measure, order.from_day, order.to_day) == (Measure.HOME_QUARANTINE, desk.today, desk.today + 5)


def test_the_same_draft_is_made_once_and_a_later_exposure_makes_a_new_one(desk: Desk) -> None:
    desk.expose(days_ago=2)
    first = desk.draft()
    assert desk.draft() == []
    desk.act(lambda act: decline_order(act, first[0], reason=SAID), actor=COUNTY)
    assert desk.draft() == []
    desk.sign(first[1])
    desk.expose(days_ago=0, origin="b")
    later = desk.draft()
    assert [desk.read(number).to_day for number in later] == [desk.today + 14, desk.today + 21]
    assert desk.read(first[1]).to_day == desk.today - 2 + 21


def test_without_a_certain_link_there_is_no_order(desk: Desk) -> None:
    desk.expose(is_identified=False)
    with pytest.raises(NotAllowed, match="asked at the door first"):
        desk.draft()


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        (SignalKind.POSITIVE_POOL, "household"),  # its members are tested first
        (SignalKind.POSITIVE_LOT, "household"),  # what lies on a package asks for tests
        (SignalKind.REPORT, "household"),  # a creditor's list labelled epidemiological
        (SignalKind.ABERRATION, "household"),
        (SignalKind.POSITIVE_TEST, "near_in_place_and_day"),  # a rule that may not carry orders
    ],
)
def test_only_what_is_proven_by_a_rule_that_may_carry_it_ends_in_an_order(
    desk: Desk, kind: SignalKind, rule: str
) -> None:
    desk.expose(kind=kind, rule=rule)
    with pytest.raises(NotAllowed, match="no proven path leads from person 5"):
        desk.draft()


def test_nobody_is_ordered_for_an_exposure_that_fell_or_was_somebody_elses(desk: Desk) -> None:
    desk.expose(subject=6)
    with pytest.raises(NotAllowed, match="no proven path leads"):
        desk.draft()
    signal = desk.expose(origin="b")
    desk.act(lambda act: withdraw(act, signal), actor=CITY)
    with pytest.raises(NotAllowed, match="no proven path leads"):
        desk.draft()
    assert desk.store.desk.rows("select order_id from visible_measure_order", scope=EVERYTHING) == []


def test_a_named_officer_signs_and_neither_the_system_nor_the_drafter_nor_a_stranger(desk: Desk) -> None:
    desk.expose()
    [order, _] = desk.draft(actor=COUNTY)
    with pytest.raises(NotAllowed, match="ringfence may not do"):
        desk.sign(order, actor=SYSTEM)
    with pytest.raises(ApprovalMissing, match=f"who drafted order {order} cannot sign it"):
        desk.sign(order, actor=COUNTY)
    for user in ("county_officer@12", "township_officer@111", "grid_worker", "epidemiologist"):
        with pytest.raises(NotAllowed):
            desk.sign(order, actor=Actor(user))
    signed = desk.sign(order, actor=CITY)
    assert (signed.status, signed.signed_by, signed.signed_at) == (OrderStatus.SIGNED, "city_officer", desk.now)
    with pytest.raises(TransitionRefused, match="is signed; from there it cannot become signed"):
        desk.sign(order, actor=Actor("county_officer"))


def test_an_order_is_in_force_from_its_signature_to_its_last_day_and_on_no_other(desk: Desk) -> None:
    desk.expose(days_ago=0)
    [first, second] = desk.draft()
    assert desk.in_force(desk.today + 1) == []
    signed = desk.sign(first, after=3 * DAY)
    assert (signed.from_day, signed.to_day) == (desk.today + 3, desk.today + 14)
    desk.sign(second)
    in_force = {day: desk.in_force(desk.today + day) for day in (2, 3, 14, 15, 21, 22)}
    assert in_force == {2: [], 3: [first], 14: [first], 15: [second], 21: [second], 22: []}


def test_what_nobody_signed_before_its_end_can_be_signed_no_more(desk: Desk) -> None:
    desk.expose(days_ago=0)
    order = desk.draft()[0]
    with pytest.raises(TransitionRefused, match="was to end on 2022-03-15"):
        desk.sign(order, after=15 * DAY)


def test_a_draft_whose_basis_fell_cannot_be_signed(desk: Desk) -> None:
    signal = desk.expose()
    order = desk.draft()[0]
    desk.act(lambda act: withdraw(act, signal), actor=CITY)
    with pytest.raises(NotAllowed, match=f"what order {order} stood on is gone"):
        desk.sign(order)


def test_orders_end_by_themselves_and_proposals_nobody_decided_lapse(desk: Desk) -> None:
    desk.expose(days_ago=0)
    [first, second] = desk.draft()
    desk.sign(first)
    for days, ended in ((14, []), (15, [first]), (22, [second]), (23, [])):
        assert desk.act(lambda act: expire_orders(act, clock=desk.store.clock), after=days * DAY) == ended
    assert [desk.read(order).status for order in (first, second)] == [OrderStatus.EXPIRED, OrderStatus.DECLINED]


def test_an_officer_declines_or_releases_with_a_reason_on_the_ledger(desk: Desk) -> None:
    desk.expose()
    [first, second] = desk.draft()
    desk.act(lambda act: decline_order(act, second, reason=SAID), actor=COUNTY)
    desk.sign(first)
    with pytest.raises(NotAllowed):
        desk.act(lambda act: release_order(act, first, reason=SAID), actor=TOWNSHIP)
    desk.act(lambda act: release_order(act, first, reason=SAID), actor=CITY)
    assert desk.in_force(desk.today) == []
    with pytest.raises(TransitionRefused, match="is released; from there it cannot become released"):
        desk.act(lambda act: release_order(act, first, reason=SAID), actor=CITY)
    with pytest.raises(NotFound, match="no order 99"):
        desk.read(99)
    lines = desk.store.desk.rows("select action, details from ledger where action like 'order.%' order by seq")
    assert [line.action for line in lines] == ["order.declined", "order.signed", "order.released"]
    assert '"reason":"said_by"' in lines[2].details


def test_orders_fall_with_the_signal_they_stand_on(desk: Desk) -> None:
    signal = desk.expose()
    [first, second] = desk.draft()
    desk.sign(first)
    assert desk.act(lambda act: release_for_signal(act, signal)) == []
    desk.act(lambda act: withdraw(act, signal), actor=CITY)
    assert desk.act(lambda act: release_for_signal(act, signal)) == [first, second]
    assert [desk.read(order).status for order in (first, second)] == [OrderStatus.RELEASED, OrderStatus.DECLINED]
    assert list_orders(desk.store.desk, scope=EVERYTHING) == []


def test_on_another_path_the_same_measure_can_be_proposed_again(desk: Desk) -> None:
    signal = desk.expose()
    desk.expose(origin="b")
    released = desk.draft()
    desk.act(lambda act: withdraw(act, signal), actor=CITY)
    desk.act(lambda act: release_for_signal(act, signal))
    assert len(desk.draft()) == len(released) == 2
