"""Every indicator against counting by hand, on desks with anything on them and on days of 23, 24 and 25 hours."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

import pytest
from account_oracle import ORACLES, Totals, count_by_hand
from desk_state import DeskState, make_desk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ringfence.account import Period, read_indicators
from ringfence.policy import Policy, read_defaults
from ringfence.store import Act, Store
from ringfence.terms import SYSTEM, Clock, day_number

DAYS = [
    ("Asia/Shanghai", date(2022, 3, 1)),
    ("Europe/Berlin", date(2022, 3, 27)),  # 23 hours
    ("Europe/Berlin", date(2022, 10, 30)),  # 25 hours
]


class TakenBackError(Exception):
    """Ends an act so that nothing of it stays."""


def period_of(zone: str, day: date, *, hours: float) -> Period:
    """A local day as far as it had passed so many hours after its midnight."""
    clock, number = Clock(ZoneInfo(zone)), day_number(day)
    now = clock.midnight(number) + timedelta(hours=hours)
    return Period.of(number, policy=Policy(read_defaults(), number), clock=clock, now=now)


def look_at(store: Store, desk: DeskState, look: Callable[[Act], None]) -> None:
    """Do something on a desk that is gone afterwards."""

    def fill_and_look(act: Act) -> None:
        desk.put(act)
        look(act)
        raise TakenBackError

    with pytest.raises(TakenBackError):
        store.act(fill_and_look, actor=SYSTEM, now=store.clock.midnight(19_052))


@cache
def desk_of(seed: int) -> tuple[DeskState, Period]:
    """A desk and a period; the same seed gives the same ones."""
    rng = Random(seed)
    zone, day = rng.choice(DAYS)
    period = period_of(zone, day, hours=rng.choice([11.5, 24, 30, 80]))
    return make_desk(rng, period), period


def test_every_indicator_has_an_oracle() -> None:
    assert set(ORACLES) == set(read_indicators())


@pytest.mark.parametrize("key", ORACLES)
def test_desks_are_drawn_on_which_an_indicator_counts_some_and_not_all(key: str) -> None:
    totals = [total for seed in range(300) for total in count_by_hand(key, *desk_of(seed)).values()]
    assert any(numerator > 0 for numerator, _ in totals)
    assert any(numerator < denominator for numerator, denominator in totals) or key == "release_overdue_hours"


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1))
def test_every_indicator_counts_what_counting_by_hand_counts(store: Store, seed: int) -> None:
    desk, period = desk_of(seed)
    counted: dict[str, Totals] = {}

    def look(act: Act) -> None:
        for key, indicator in read_indicators().items():
            sums: Totals = {}
            for path, numerator, denominator in indicator.count(act, period):
                n, d = sums.get(path, (0, 0))
                sums[path] = n + numerator, d + denominator
            counted[key] = {path: total for path, total in sums.items() if total != (0, 0)}

    look_at(store, desk, look)
    assert counted == {key: count_by_hand(key, desk, period) for key in ORACLES}
