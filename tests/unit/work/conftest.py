"""A staffed deployment whose small city has a duty roster."""

from datetime import datetime

import pytest

from ringfence.policy import Policy, read_in_force
from ringfence.store import Store
from ringfence.terms import Actor, Duty, Level, Unit
from ringfence.work import put_duties, put_units

ADMINISTRATOR = Actor("administrator")
AT_THE_DOOR = frozenset({"visit", "call", "identify"})
AT_THE_OFFICE = frozenset({"call", "message", "retest", "venue_alert", "recall", "correct"})
ALL_DAY = (0, 90_000)


def unit(unit_id: str, area_path: str, level: Level, capacity: int, kinds: frozenset[str] = AT_THE_DOOR) -> Unit:
    return Unit(unit_id=unit_id, area_path=area_path, level=level, daily_capacity=capacity, task_kinds=kinds)


UNITS = [
    unit("111-g1", "1/11/111/", Level.GRID, 4),
    unit("111-g2", "1/11/111/", Level.GRID, 2),
    unit("111-t", "1/11/111/", Level.TOWNSHIP, 3),
    unit("1111-g1", "1/11/1111/", Level.GRID, 2),
    unit("121-g1", "1/12/121/", Level.GRID, 2),
    unit("11-c", "1/11/", Level.COUNTY, 5, AT_THE_OFFICE),
    unit("12-c", "1/12/", Level.COUNTY, 5, AT_THE_OFFICE),
    unit("city", "1/", Level.CITY, 2, AT_THE_OFFICE),
]


def duty(unit_id: str, day: int, hours: tuple[int, int] = ALL_DAY) -> Duty:
    return Duty(unit_id=unit_id, day=day, from_s=hours[0], to_s=hours[1], leader="officer-0001")


@pytest.fixture
def day(staffed: Store, now: datetime) -> int:
    """The local day of `now`."""
    return staffed.clock.day_of(now)


@pytest.fixture
def manned(staffed: Store, now: datetime, day: int) -> Store:
    """Every unit on duty all day for thirty days."""
    duties = [duty(one.unit_id, day + n) for one in UNITS for n in range(30)]

    def lay(act: object) -> None:
        put_units(act, dict(enumerate(UNITS, start=1)))  # type: ignore[arg-type]
        put_duties(act, dict(enumerate(duties, start=1)))  # type: ignore[arg-type]

    staffed.act(lay, actor=ADMINISTRATOR, now=now)
    return staffed


@pytest.fixture
def policy(staffed: Store, now: datetime, day: int) -> Policy:
    return Policy(read_in_force(staffed.desk, now=now), day)
