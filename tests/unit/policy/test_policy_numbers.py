"""Numbers answer for a day, in their own unit, with their clause."""

from datetime import date, timedelta

import pytest

from ringfence.errors import NotFound, PolicyRefused
from ringfence.policy import Policy, read_defaults
from ringfence.terms import TaskKind, day_number

MARCH_31 = day_number(date(2022, 3, 31))
APRIL_1 = day_number(date(2022, 4, 1))


@pytest.fixture
def policy() -> Policy:
    return Policy(read_defaults(), APRIL_1)


def test_a_number_changes_on_its_day_and_not_before(policy: Policy) -> None:
    assert policy.hours("gate.test_max_age_hours") == timedelta(hours=24)
    assert policy.hours("gate.test_max_age_hours", on=MARCH_31) == timedelta(hours=48)


def test_each_unit_has_its_own_answer(policy: Policy) -> None:
    assert policy.days("order.review_days") == 7
    assert policy.integer("export.second_signature_rows") == 500
    assert policy.number("look.review_share") == 0.01
    assert policy.number("gate.fever_celsius") == 37.3
    assert policy.text("order.legal_basis").endswith("article 39")


def test_a_number_knows_its_clause(policy: Policy) -> None:
    assert policy.clause("gate.test_max_age_hours") == "1.2"


def test_a_retention_is_asked_for_like_any_number(policy: Policy) -> None:
    assert policy.hours("retention.record.passage.refused") == timedelta(hours=48)
    assert policy.days("retention.feed.passenger_list") == 14
    assert policy.clause("retention.record.passage.refused") == "1.5"


@pytest.mark.parametrize("key", ["gate.test_age", "retention.record.dream", "record.visit"])
def test_an_unknown_key_is_not_found(policy: Policy, key: str) -> None:
    with pytest.raises(NotFound, match=f"no policy number is called {key}; `ringfence policy show` lists them"):
        policy.days(key)


def test_a_day_before_the_first_value_is_not_found(policy: Policy) -> None:
    with pytest.raises(
        NotFound,
        match=r"gate.test_max_age_hours has no value on 2021-12-31, its first is of 2022-01-01; ask for a later day",
    ):
        policy.hours("gate.test_max_age_hours", on=day_number(date(2021, 12, 31)))


def test_a_number_asked_for_in_another_unit_is_refused(policy: Policy) -> None:
    with pytest.raises(PolicyRefused, match=r"gate.test_max_age_hours is counted in hours, but was asked for as days"):
        policy.days("gate.test_max_age_hours")


@pytest.mark.parametrize("kind", TaskKind)
def test_every_kind_of_task_has_a_deadline(policy: Policy, kind: TaskKind) -> None:
    assert policy.hours(f"task.{kind}_hours") > timedelta(0)


def test_every_level_but_the_last_passes_a_late_task_on(policy: Policy) -> None:
    assert [policy.hours(f"escalation.{level}_hours") for level in ("grid", "township", "county")] == [
        timedelta(hours=2),
        timedelta(hours=6),
        timedelta(hours=12),
    ]
    with pytest.raises(NotFound):
        policy.hours("escalation.city_hours")


def test_the_replayed_outbreaks_find_their_numbers() -> None:
    for day in (date(2015, 5, 11), date(2020, 1, 20)):
        policy = Policy(read_defaults(), day_number(day))
        assert policy.hours("screening.find_within_hours") == timedelta(hours=24)
        assert policy.hours("task.visit_hours") == timedelta(hours=24)
        assert policy.days("follow_up.every_days") == 1
