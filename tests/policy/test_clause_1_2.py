"""Clause 1.2: health code, body temperature, and a negative nucleic acid test at most so many hours old."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from ringfence.errors import InputRefused
from ringfence.gate import (
    Assay,
    AssayResult,
    Colour,
    Decision,
    HealthCode,
    LaboratoryTest,
    NextStep,
    Standards,
    Traveller,
    check,
)
from ringfence.plugins import find_plugins
from ringfence.policy import Policy, read_defaults
from ringfence.terms import ReasonCode, day_number

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def on(day: date, now: datetime) -> Standards:
    return Standards(policy=Policy(read_defaults(), day_number(day)), lists_issued_at=now)


@pytest.fixture
def standards(now: datetime) -> Standards:
    return on(date(2022, 3, 1), now)


@pytest.fixture
def traveller(now: datetime) -> Traveller:
    test = LaboratoryTest(kind=Assay.NUCLEIC_ACID, result=AssayResult.NOT_DETECTED, sampled_at=now - 10 * HOUR)
    code = HealthCode(colour=Colour.GREEN, seen_at=now)
    return Traveller(health_code=code, celsius=36.5, test=test)


def reason(traveller: Traveller, standards: Standards, now: datetime) -> ReasonCode | None:
    verdict = check(traveller, standards=standards, now=now).verdict
    assert verdict.admits == (verdict.reason is None)
    assert verdict.admits or verdict.next_step
    return verdict.reason.code if verdict.reason else None


def test_who_passes_all_three_checks_goes_on(traveller: Traveller, standards: Standards, now: datetime) -> None:
    assert reason(traveller, standards, now) is None


@pytest.mark.parametrize(
    ("kind", "result", "hours_ago", "expected"),
    [
        (Assay.NUCLEIC_ACID, AssayResult.NOT_DETECTED, 0, None),
        (Assay.NUCLEIC_ACID, AssayResult.NOT_DETECTED, 48, None),
        (Assay.NUCLEIC_ACID, AssayResult.NOT_DETECTED, 48.001, ReasonCode.TEST_TOO_OLD),
        (Assay.NUCLEIC_ACID, AssayResult.NOT_DETECTED, -0.001, ReasonCode.TEST_OF_THE_FUTURE),
        (Assay.NUCLEIC_ACID, AssayResult.DETECTED, 1, ReasonCode.TEST_NOT_NEGATIVE),
        (Assay.NUCLEIC_ACID, AssayResult.INCONCLUSIVE, 1, ReasonCode.TEST_NOT_NEGATIVE),
        (Assay.OTHER, AssayResult.NOT_DETECTED, 1, ReasonCode.NO_TEST),
    ],
)
def test_a_test_counts_when_it_is_there_nucleic_acid_negative_past_and_new(
    traveller: Traveller,
    standards: Standards,
    now: datetime,
    kind: Assay,
    result: AssayResult,
    hours_ago: float,
    expected: ReasonCode | None,
) -> None:
    test = LaboratoryTest(kind=kind, result=result, sampled_at=now - hours_ago * HOUR)
    assert reason(replace(traveller, test=test), standards, now) == expected


def test_no_test_at_all_is_made_up_for_on_the_spot(traveller: Traveller, standards: Standards, now: datetime) -> None:
    verdict = check(replace(traveller, test=None), standards=standards, now=now).verdict
    assert (verdict.decision, verdict.next_step) == (Decision.RECHECK, NextStep.SAMPLE_HERE)


def test_on_1_april_2022_forty_eight_hours_became_twenty_four(traveller: Traveller, now: datetime) -> None:
    test = LaboratoryTest(kind=Assay.NUCLEIC_ACID, result=AssayResult.NOT_DETECTED, sampled_at=now - 30 * HOUR)
    old = replace(traveller, test=test)
    assert reason(old, on(date(2022, 3, 31), now), now) is None
    assert reason(old, on(date(2022, 4, 1), now), now) is ReasonCode.TEST_TOO_OLD


def test_a_sample_time_without_a_zone_is_not_taken_for_any(now: datetime) -> None:
    with pytest.raises(InputRefused, match="zone"):
        LaboratoryTest(kind=Assay.NUCLEIC_ACID, result=AssayResult.NOT_DETECTED, sampled_at=now.replace(tzinfo=None))


def test_an_instant_is_the_same_in_every_zone(traveller: Traveller, standards: Standards, now: datetime) -> None:
    for zone in ("+08:00", "-10:00"):
        sampled_at = (now - 48 * HOUR).astimezone(datetime.fromisoformat(f"2022-01-01T00:00:00{zone}").tzinfo)
        test = LaboratoryTest(kind=Assay.NUCLEIC_ACID, result=AssayResult.NOT_DETECTED, sampled_at=sampled_at)
        assert reason(replace(traveller, test=test), standards, now) is None
        assert reason(replace(traveller, test=test), standards, now + SECOND) is ReasonCode.TEST_TOO_OLD


@pytest.mark.parametrize(
    ("celsius", "expected"),
    [
        (37.2, None),
        (34.0, None),
        (37.3, ReasonCode.FEVER),
        (42.0, ReasonCode.FEVER),
        (33.9, ReasonCode.TEMPERATURE_NOT_MEASURED),
        (None, ReasonCode.TEMPERATURE_NOT_MEASURED),
        (float("nan"), ReasonCode.TEMPERATURE_NOT_MEASURED),
        (float("inf"), ReasonCode.FEVER),
    ],
)
def test_temperature_is_measured_possible_and_below_the_limit(
    traveller: Traveller, standards: Standards, now: datetime, celsius: float | None, expected: ReasonCode | None
) -> None:
    assert reason(replace(traveller, celsius=celsius), standards, now) == expected


@pytest.mark.parametrize(
    ("colour", "minutes_ago", "expected"),
    [
        (Colour.GREEN, 60, None),
        (Colour.GREEN, 61, ReasonCode.CODE_NOT_NEW),
        (Colour.GREEN, -1, ReasonCode.CODE_NOT_NEW),
        (Colour.YELLOW, 0, ReasonCode.CODE_NOT_GREEN),
        (Colour.RED, 0, ReasonCode.CODE_NOT_GREEN),
    ],
)
def test_a_code_is_green_and_was_seen_just_now(
    traveller: Traveller,
    standards: Standards,
    now: datetime,
    colour: Colour,
    minutes_ago: int,
    expected: ReasonCode | None,
) -> None:
    code = HealthCode(colour=colour, seen_at=now - timedelta(minutes=minutes_ago))
    assert reason(replace(traveller, health_code=code), standards, now) == expected


def test_the_gravest_answer_counts_and_every_check_is_told(standards: Standards, now: datetime) -> None:
    code = HealthCode(colour=Colour.RED, seen_at=now)
    checked = check(Traveller(health_code=code), standards=standards, now=now)
    assert checked.verdict.decision is Decision.REFUSE
    assert checked.said.keys() == find_plugins("ringfence.gate.checks", "check").keys()
    assert checked.said["nucleic_acid_test"].next_step is NextStep.SAMPLE_HERE


def test_nothing_shown_at_all_is_never_admitted(standards: Standards) -> None:
    for moment in (datetime(2022, 3, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)):
        assert not check(Traveller(), standards=standards, now=moment).verdict.admits
