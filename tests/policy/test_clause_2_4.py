"""Clause 2.4: central isolation, home isolation and health monitoring are carried out; a release rule ends each."""

from datetime import date
from itertools import pairwise

import pytest

from ringfence.policy import Protocol, RingPlan, Tier, date_measures, follow_up_window, read_defaults
from ringfence.terms import Measure, Ring, day_number

JUNE_27 = day_number(date(2022, 6, 27))
JUNE_28 = day_number(date(2022, 6, 28))

EDITIONS = [
    pytest.param(edition, id=f"{disease} from {day}")
    for disease, protocol in read_defaults().protocols.items()
    for day, edition in protocol.editions.items()
]


def plans(edition: Protocol) -> list[RingPlan]:
    return [edition.first_ring] + ([edition.second_ring] if edition.second_ring else [])


def steps_of(day: int, ring: Ring) -> list[tuple[Measure, int]]:
    plan = read_defaults().protocol_on("covid19", day).ring(ring)
    return [(step.measure, step.days) for step in plan.measures[Tier.VISIT]]


def test_on_28_june_2022_fourteen_days_and_seven_became_seven_and_three() -> None:
    assert steps_of(JUNE_27, Ring.FIRST) == [(Measure.CENTRAL_QUARANTINE, 14), (Measure.HOME_QUARANTINE, 7)]
    assert steps_of(JUNE_28, Ring.FIRST) == [(Measure.CENTRAL_QUARANTINE, 7), (Measure.HOME_QUARANTINE, 3)]


def test_who_was_exposed_before_the_change_keeps_the_days_of_that_day() -> None:
    ends = {}
    for day in (JUNE_27, JUNE_28):
        plan = read_defaults().protocol_on("covid19", day).first_ring
        ends[day] = date_measures(day, plan=plan, tier=Tier.VISIT)[-1].window.last_day
    assert ends == {JUNE_27: JUNE_27 + 21, JUNE_28: JUNE_28 + 10}


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_measure_begins_the_day_after_the_one_before_and_none_outlasts_the_follow_up(edition: Protocol) -> None:
    for plan in plans(edition):
        followed = follow_up_window(1000, plan=plan)
        for tier in Tier:
            dated = date_measures(1000, plan=plan, tier=tier)
            assert dated[0].window.first_day == 1001
            for earlier, later in pairwise(dated):
                assert later.window.first_day == earlier.window.last_day + 1
            assert dated[-1].window.last_day <= followed.last_day


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_test_falls_on_a_day_of_its_measure(edition: Protocol) -> None:
    for plan in plans(edition):
        for tier in Tier:
            for measure in date_measures(1000, plan=plan, tier=tier):
                assert all(measure.window.first_day <= day <= measure.window.last_day for day in measure.test_days)


@pytest.mark.parametrize("edition", EDITIONS)
def test_who_needs_tests_for_release_is_tested(edition: Protocol) -> None:
    for plan in plans(edition):
        for tier in (Tier.VISIT, Tier.CALL):
            tests = [day for step in date_measures(0, plan=plan, tier=tier) for day in step.test_days]
            assert bool(tests) == bool(plan.release.negative_tests)
