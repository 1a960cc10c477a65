"""When somebody may go, and how late they were told."""

from datetime import datetime, timedelta

import pytest
from fake_trace import SAID, Exposed, exposures, put_exposures, verified_signal

from ringfence.errors import NotAllowed, NotFound, TransitionRefused
from ringfence.policy import Policy, Tier
from ringfence.store import Act, Scope, Store
from ringfence.terms import SYSTEM, Actor
from ringfence.work import (
    Release,
    draft_orders,
    expire_orders,
    find_overdue,
    list_releases,
    release_order,
    sign_order,
    tell_release,
)

COUNTY, TOWNSHIP = Actor("county_officer@11"), Actor("township_officer@111")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("told_after", "now_after", "overdue"),
    [
        (None, 0.5, 0),
        (None, 1, 0),
        (None, 3, 2),
        (0.5, 9, 0),
        (1, 9, 0),
        (4, 9, 3),
        (-1, 9, 0),
    ],
)
def test_overdue_is_what_lies_beyond_the_time_allowed(
    now: datetime, told_after: float | None, now_after: float, overdue: float
) -> None:
    told_at = None if told_after is None else now + told_after * HOUR
    found = find_overdue(now, told_at=told_at, within=HOUR, now=now + now_after * HOUR)
    assert found == overdue * HOUR


@pytest.fixture
def orders(manned: Store, policy: Policy, now: datetime) -> list[int]:
    """Fourteen days central and seven at home for person 5, exposed today; both signed."""
    signal = verified_signal(manned, now=now)
    exposed = exposures([Exposed(signal=signal, subject=5, last_day=manned.clock.day_of(now))])

    def draft(act: Act) -> list[int]:
        put_exposures(act, exposed)
        return draft_orders(
            act,
            person_no=5,
            disease="covid19",
            tier=Tier.VISIT,
            order_rules={"household"},
            policy=policy,
            clock=manned.clock,
        )

    drafted = manned.act(draft, actor=SYSTEM, now=now)
    for order in drafted:
        manned.act(lambda act, order=order: sign_order(act, order, clock=manned.clock), actor=COUNTY, now=now)  # type: ignore[misc]
    return drafted


def releases(store: Store, policy: Policy, now: datetime) -> list[Release]:
    return list_releases(store.desk, scope=Scope.of_system(), policy=policy, clock=store.clock, now=now)


def test_whose_next_order_follows_is_not_released_yet(
    manned: Store, orders: list[int], policy: Policy, now: datetime
) -> None:
    after_central = now + 15 * DAY
    expired = manned.act(lambda act: expire_orders(act, clock=manned.clock), actor=SYSTEM, now=after_central)
    assert expired == orders[:1]
    assert releases(manned, policy, after_central) == []


@pytest.mark.parametrize("is_marked", [True, False], ids=["marked as expired", "nobody looked"])
def test_who_may_go_after_the_last_day_waits_from_midnight_on(
    manned: Store, orders: list[int], policy: Policy, now: datetime, is_marked: bool
) -> None:
    today = manned.clock.day_of(now)
    midnight = manned.clock.midnight(today + 22)
    if is_marked:
        manned.act(lambda act: expire_orders(act, clock=manned.clock), actor=SYSTEM, now=midnight + 2 * HOUR)
    [release] = releases(manned, policy, midnight + 3 * HOUR)
    assert (release.order_id, release.person_no, release.area_path) == (orders[1], 5, "1/11/111/")
    assert (release.eligible_at, release.told_at, release.overdue) == (midnight, None, 2 * HOUR)


def test_who_is_released_early_waits_from_that_moment_and_is_told_once(
    manned: Store, orders: list[int], policy: Policy, now: datetime
) -> None:
    for order in orders:
        manned.act(lambda act, order=order: release_order(act, order, reason=SAID), actor=COUNTY, now=now)  # type: ignore[misc]
    for told_at in (now + 3 * HOUR, now + 9 * HOUR):
        manned.act(lambda act: tell_release(act, orders[1]), actor=TOWNSHIP, now=told_at)
    [release] = releases(manned, policy, now + 2 * DAY)
    assert (release.order_id, release.eligible_at) == (orders[1], now)
    assert (release.told_at, release.overdue) == (now + 3 * HOUR, 2 * HOUR)


def test_who_is_released_from_a_step_may_go_until_the_next_one_begins(
    manned: Store, orders: list[int], policy: Policy, now: datetime
) -> None:
    early = now + 5 * DAY
    manned.act(lambda act: release_order(act, orders[0], reason=SAID), actor=COUNTY, now=early)
    [release] = releases(manned, policy, early + 3 * HOUR)
    assert (release.order_id, release.eligible_at, release.overdue) == (orders[0], early, 2 * HOUR)
    last = [one.order_id for one in releases(manned, policy, now + 40 * DAY)]
    assert last == orders, "held anew from the fifteenth day on, and released anew after the last"


def test_ending_a_step_that_has_not_begun_releases_nobody(
    manned: Store, orders: list[int], policy: Policy, now: datetime
) -> None:
    manned.act(lambda act: release_order(act, orders[1], reason=SAID), actor=COUNTY, now=now + 5 * DAY)
    assert releases(manned, policy, now + 6 * DAY) == []
    [release] = releases(manned, policy, now + 20 * DAY)
    today = manned.clock.day_of(now)
    assert (release.order_id, release.eligible_at) == (orders[0], manned.clock.midnight(today + 15))


def test_nobody_is_told_of_a_release_before_it_or_by_a_stranger(
    manned: Store, orders: list[int], now: datetime
) -> None:
    with pytest.raises(TransitionRefused, match="is signed; nobody is released from it before it ends"):
        manned.act(lambda act: tell_release(act, orders[0]), actor=TOWNSHIP, now=now)
    with pytest.raises(NotAllowed):
        manned.act(lambda act: tell_release(act, orders[0]), actor=Actor("grid_worker@1111"), now=now)
    with pytest.raises(NotFound, match="no order 99"):
        manned.act(lambda act: tell_release(act, 99), actor=TOWNSHIP, now=now)
