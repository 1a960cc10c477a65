"""Who is on duty when, how much they have to do already, and who may say so."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from ringfence.errors import InputRefused, NotAllowed
from ringfence.store import Act, Store
from ringfence.terms import Actor, Duty, Level, Unit
from ringfence.work import put_duties, put_units, read_roster

ADMINISTRATOR = Actor("administrator")
GRID = Unit(
    unit_id="g1", area_path="1/11/111/", level=Level.GRID, daily_capacity=4, task_kinds=frozenset({"visit", "call"})
)


def on_duty(store: Store, now: datetime) -> list[str]:
    def read(act: Act) -> list[str]:
        return [unit.unit_id for unit in read_roster(act, clock=store.clock).on_duty]

    return store.act(read, actor=ADMINISTRATOR, now=now)


def put(store: Store, now: datetime, units: Sequence[Unit], duties: Sequence[Duty]) -> None:
    store.act(lambda act: put_units(act, dict(enumerate(units, start=1))), actor=ADMINISTRATOR, now=now)
    store.act(lambda act: put_duties(act, dict(enumerate(duties, start=1))), actor=ADMINISTRATOR, now=now)


def test_a_unit_answers_from_the_first_second_of_its_duty_until_before_the_last(
    staffed: Store, now: datetime, day: int
) -> None:
    eight, ten = 8 * 3600, 22 * 3600
    put(staffed, now, [GRID], [Duty(unit_id="g1", day=day, from_s=eight, to_s=ten, leader="officer-1")])
    moments = {second: staffed.clock.instant(day, second) for second in (eight - 1, eight, ten - 1, ten)}
    assert {second: on_duty(staffed, moment) for second, moment in moments.items()} == {
        eight - 1: [],
        eight: ["g1"],
        ten - 1: ["g1"],
        ten: [],
    }
    assert on_duty(staffed, now + timedelta(days=1)) == []


def test_a_unit_comes_back_as_it_was_put_in_and_is_changed_by_the_next_roster(staffed: Store, now: datetime) -> None:
    put(staffed, now, [GRID], [])
    larger = Unit(**{**vars(GRID), "daily_capacity": 9})
    put(staffed, now, [larger], [])
    roster = staffed.act(lambda act: read_roster(act, clock=staffed.clock), actor=ADMINISTRATOR, now=now)
    assert roster.units == (larger,)
    assert roster.capacity.tolist() == [9]
    assert roster.takes("visit").tolist() == [True]
    assert roster.takes("message").tolist() == [False]


def test_a_roster_that_cannot_be_is_refused_with_its_row(staffed: Store, now: datetime, day: int) -> None:
    put(staffed, now, [GRID], [])
    backwards = Duty(unit_id="g1", day=day, from_s=5, to_s=5, leader="officer-1")
    unknown = Duty(unit_id="g9", day=day, from_s=0, to_s=5, leader="officer-1")
    for wrong, sentence in ((backwards, "row 1: the duty of unit g1 ends"), (unknown, "row 1: there is no unit g9")):
        with pytest.raises(InputRefused, match=sentence):
            put(staffed, now, [], [wrong])
    with pytest.raises(InputRefused, match="row 1: unit g1 has a capacity below zero"):
        put(staffed, now, [Unit(**{**vars(GRID), "daily_capacity": -1})], [])


def test_rosters_are_edited_where_one_may(staffed: Store, now: datetime) -> None:
    units = {1: GRID}
    for user in ("county_officer@12", "grid_worker@111", "auditor"):
        with pytest.raises(NotAllowed):
            staffed.act(lambda act: put_units(act, units), actor=Actor(user), now=now)
    staffed.act(lambda act: put_units(act, units), actor=Actor("county_officer@11"), now=now)
