"""Clause 2.6: a measure is proposed by the system and decided by a named officer; it expires by itself."""

from datetime import date, datetime, timedelta

import pytest
from fake_trace import EPIDEMIOLOGIST, Exposed, exposures, put_exposures, verified_signal

from ringfence.errors import ApprovalMissing, NotAllowed
from ringfence.policy import Permission, Policy, Tier, read_defaults, read_in_force
from ringfence.store import Act, Scope, Store
from ringfence.terms import ORDER_NEXT, SYSTEM, Actor, Order, OrderStatus, Role, day_number
from ringfence.work import draft_orders, orders_in_force, read_order, sign_order

MEASURES = Scope.of_system()
DAY = timedelta(days=1)


@pytest.fixture
def policy(staffed: Store, now: datetime) -> Policy:
    return Policy(read_in_force(staffed.desk, now=now), staffed.clock.day_of(now))


@pytest.fixture
def today(staffed: Store, now: datetime) -> int:
    return staffed.clock.day_of(now)


def expose(
    store: Store, now: datetime, *, day: int, origin: str = "a", person: int = 5, is_identified: bool = True
) -> None:
    """A person shares a household with a case whose signal is verified."""
    signal = verified_signal(store, now=now, origin=origin)
    row = Exposed(signal=signal, subject=person, last_day=day, is_identified=is_identified)
    store.act(lambda act: put_exposures(act, exposures([row])), actor=EPIDEMIOLOGIST, now=now)


def draft(
    store: Store,
    policy: Policy,
    now: datetime,
    *,
    actor: Actor = SYSTEM,
    person: int = 5,
) -> list[int]:
    def propose(act: Act) -> list[int]:
        return draft_orders(
            act,
            person_no=person,
            disease="covid19",
            tier=Tier.VISIT,
            order_rules={"household"},
            policy=policy,
            clock=store.clock,
        )

    return store.act(propose, actor=actor, now=now)


def sign(store: Store, order: int, now: datetime, *, actor: str) -> None:
    store.act(lambda act: sign_order(act, order, clock=store.clock), actor=Actor(actor), now=now)


def read(store: Store, order: int, now: datetime) -> Order:
    def look(act: Act) -> Order:
        return read_order(act, order)

    return store.act(look, actor=SYSTEM, now=now)


def in_force(store: Store, day: int) -> list[int]:
    now = store.clock.midnight(day)
    return [order.order_id for order in orders_in_force(store.desk, scope=MEASURES, day=day, now=now)]


def test_the_system_proposes_and_only_a_named_officer_decides(
    staffed: Store, policy: Policy, now: datetime, today: int
) -> None:
    expose(staffed, now, day=today)
    order = draft(staffed, policy, now)[0]
    assert in_force(staffed, today + 1) == []
    with pytest.raises(NotAllowed):
        staffed.act(lambda act: sign_order(act, order, clock=staffed.clock), actor=SYSTEM, now=now)
    sign(staffed, order, now, actor="county_officer")
    assert in_force(staffed, today + 1) == [order]


def test_who_may_sign_is_an_officer_of_county_or_city() -> None:
    signers = {role for role, rights in read_defaults().roles.items() if Permission.ORDER_SIGN in rights.acts}
    assert signers == {Role.COUNTY_OFFICER, Role.CITY_OFFICER}


def test_nobody_signs_what_they_proposed(staffed: Store, policy: Policy, now: datetime, today: int) -> None:
    expose(staffed, now, day=today)
    order = draft(staffed, policy, now, actor=Actor("county_officer"))[0]
    with pytest.raises(ApprovalMissing):
        sign(staffed, order, now, actor="county_officer")
    sign(staffed, order, now, actor="city_officer")
    assert in_force(staffed, today + 1) == [order]


def test_every_order_carries_legal_basis_reason_start_review_and_end(
    staffed: Store, policy: Policy, now: datetime, today: int
) -> None:
    expose(staffed, now, day=today - 1)
    for order in [read(staffed, number, now) for number in draft(staffed, policy, now)]:
        assert order.legal_basis == policy.text("order.legal_basis")
        assert order.reason.values == {"day": "2022-02-28"}
        assert today <= order.from_day <= order.review_day <= order.to_day


def test_it_expires_by_itself_whether_or_not_anybody_looks(
    staffed: Store, policy: Policy, now: datetime, today: int
) -> None:
    expose(staffed, now, day=today)
    for order in draft(staffed, policy, now):
        sign(staffed, order, now, actor="county_officer")
    assert len(in_force(staffed, today + 21)) == 1
    assert in_force(staffed, today + 22) == []


def test_a_running_order_never_grows_longer(staffed: Store, policy: Policy, now: datetime, today: int) -> None:
    expose(staffed, now, day=today)
    order = draft(staffed, policy, now)[0]
    sign(staffed, order, now, actor="county_officer")
    expose(staffed, now, day=today + 5, origin="b")
    later = now + 5 * DAY
    drafted = draft(staffed, policy, later)
    assert order not in drafted
    assert in_force(staffed, today + 14) == [order]
    assert in_force(staffed, today + 15) == []  # the longer ones wait for a signature
    assert ORDER_NEXT[OrderStatus.SIGNED] == {OrderStatus.SUSPENDED, OrderStatus.RELEASED, OrderStatus.EXPIRED}


def test_7_and_3_days_lengthen_no_order_of_14_and_7_that_runs(staffed: Store) -> None:
    first, changed = day_number(date(2022, 6, 20)), day_number(date(2022, 6, 28))
    before, after = (staffed.clock.instant(day, 12 * 3600) for day in (first, changed))
    old, new = (Policy(read_in_force(staffed.desk, now=noon), staffed.clock.day_of(noon)) for noon in (before, after))
    expose(staffed, before, day=first)
    running = draft(staffed, old, before)
    for order in running:
        sign(staffed, order, before, actor="county_officer")
    ends = {order: read(staffed, order, before).to_day for order in running}
    assert sorted(end - first for end in ends.values()) == [14, 21]
    expose(staffed, after, day=first, origin="b")  # the same days, found once more after the change
    for order in draft(staffed, new, after):
        assert read(staffed, order, after).to_day <= max(ends.values())
    assert {order: read(staffed, order, after).to_day for order in running} == ends


def test_an_old_exposure_keeps_the_days_of_its_day(staffed: Store) -> None:
    ends = {}
    for person, last_exposed in enumerate((date(2022, 6, 27), date(2022, 6, 28))):
        day = day_number(last_exposed)
        noon = staffed.clock.instant(day_number(date(2022, 6, 28)), 12 * 3600)
        policy = Policy(read_in_force(staffed.desk, now=noon), day)
        expose(staffed, noon, day=day, origin=last_exposed.isoformat(), person=person)
        orders = [read(staffed, number, noon) for number in draft(staffed, policy, noon, person=person)]
        ends[last_exposed.day] = [order.to_day - day for order in orders]
    assert ends == {27: [14, 21], 28: [7, 10]}


def test_a_link_that_is_not_certain_never_carries_an_order(
    staffed: Store, policy: Policy, now: datetime, today: int
) -> None:
    expose(staffed, now, day=today, is_identified=False)
    with pytest.raises(NotAllowed, match="asked at the door first"):
        draft(staffed, policy, now)
