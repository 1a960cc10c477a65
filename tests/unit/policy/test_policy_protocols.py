"""The shipped protocols, field by field where their sources print a number."""

import re
from datetime import date

import pytest

from ringfence.errors import NotFound
from ringfence.policy import Contact, Protocol, Reach, read_defaults
from ringfence.terms import Direction, Ring, WindowBasis, day_number


def protocol_of(disease: str, *day: int) -> Protocol:
    return read_defaults().protocol_on(disease, day_number(date(*day)))


def test_covid19_has_three_editions_each_from_its_day() -> None:
    names = [
        protocol_of("covid19", *day).edition.split(",")[-1].strip()
        for day in [(2020, 1, 1), (2021, 5, 13), (2021, 5, 14), (2022, 6, 27), (2022, 6, 28)]
    ]
    assert names == ["WHO interim guidance", "WHO interim guidance", "8th edition", "8th edition", "9th edition"]


def test_an_edition_knows_the_day_it_is_in_force_from() -> None:
    assert protocol_of("covid19", 2022, 12, 1).from_day == date(2022, 6, 28)


def test_who_counts_two_days_before_and_ten_after_and_three_more_with_symptoms() -> None:
    who = protocol_of("covid19", 2020, 3, 1)
    assert who.infectious[WindowBasis.ONSET] == Reach(days_before=2, days_after=13)
    assert who.infectious[WindowBasis.SAMPLING] == Reach(days_before=2, days_after=10)
    assert who.contact == Contact(minimum_minutes=15, linger_minutes=0)
    assert who.ring(Ring.FIRST).follow_up_days == 14


def test_who_traces_no_second_ring() -> None:
    who = protocol_of("covid19", 2020, 3, 1)
    assert who.second_ring_rules == ()
    with pytest.raises(NotFound, match="the edition WHO interim guidance traces no second ring"):
        who.ring(Ring.SECOND)


def test_the_9th_edition_moved_the_second_ring_home() -> None:
    eighth, ninth = protocol_of("covid19", 2022, 6, 27), protocol_of("covid19", 2022, 6, 28)
    steps = [plan.ring(Ring.SECOND).measures["visit"][0] for plan in (eighth, ninth)]
    assert [(step.measure, step.days) for step in steps] == [("central_quarantine", 7), ("home_quarantine", 7)]
    assert ninth.rules["came_from_risk_area"].parameters["look_back_days"] == 7


def test_mers_spreads_from_onset_on_and_is_watched_for_its_longest_incubation() -> None:
    mers = protocol_of("mers", 2015, 5, 20)
    assert mers.infectious[WindowBasis.ONSET].days_before == 0
    assert (mers.incubation.min_days, mers.incubation.max_days) == (2, 14)
    assert mers.first_ring.follow_up_days == mers.incubation.max_days
    assert (mers.case_release.negative_tests, mers.case_release.hours_apart) == (2, 24)
    assert set(mers.second_ring_rules) == {"household", "ward", "named_contact"}


def test_measles_hangs_in_the_air_for_two_hours() -> None:
    measles = protocol_of("measles", 2022, 3, 1)
    assert measles.contact == Contact(minimum_minutes=1, linger_minutes=120)
    assert measles.infectious[WindowBasis.ONSET] == Reach(days_before=4, days_after=4)
    assert measles.first_ring.follow_up_days == measles.incubation.max_days == 21


def test_a_shared_place_exposes_nobody_to_mpox_and_only_points_to_the_source_of_cholera() -> None:
    assert not {"same_place", "near_in_place_and_day"} & set(protocol_of("mpox", 2023, 1, 1).rules)
    cholera = protocol_of("cholera", 2022, 3, 1).rules
    assert {name for name, use in cholera.items() if use.direction} == {"same_place", "near_in_place_and_day"}
    assert {use.direction for use in cholera.values() if use.direction} == {Direction.BACKWARD}


@pytest.mark.parametrize("disease", read_defaults().protocols)
def test_every_edition_says_where_its_numbers_come_from(disease: str) -> None:
    for edition in read_defaults().protocols[disease].editions.values():
        for source in (edition.source, edition.incubation.source, edition.serial_interval.source):
            assert re.search(r"\b20[0-2]\d\b|\bchosen\b|\bundated\b", source)
