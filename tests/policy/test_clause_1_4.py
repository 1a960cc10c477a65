"""Clause 1.4: a recheck or refusal has a reason and a next step; stricter where somebody comes from a risk area."""

from datetime import date, datetime, timedelta
from itertools import product

import pytest

from ringfence.gate import (
    Assay,
    AssayResult,
    Colour,
    Decision,
    HealthCode,
    LaboratoryTest,
    NextStep,
    Proof,
    Standards,
    Traveller,
    Verdict,
    Verification,
    check,
)
from ringfence.policy import Policy, read_defaults
from ringfence.terms import ReasonCode, RiskLevel, day_number

HOUR = timedelta(hours=1)
POLICY = Policy(read_defaults(), day_number(date(2022, 3, 1)))


def swabbed(hours_ago: float, now: datetime) -> LaboratoryTest:
    return LaboratoryTest(kind=Assay.NUCLEIC_ACID, result=AssayResult.NOT_DETECTED, sampled_at=now - hours_ago * HOUR)


def standards(issued_at: datetime | None) -> Standards:
    return Standards(policy=POLICY, lists_issued_at=issued_at)


def test_whatever_is_shown_who_is_not_admitted_learns_why_and_where_to_go(now: datetime) -> None:
    codes = [None, *(HealthCode(colour=colour, seen_at=now) for colour in Colour)]
    tests = [None, swabbed(1, now), swabbed(100, now), swabbed(-1, now)]
    decisions = set()
    for code, test, celsius, proof, level in product(
        codes, tests, (None, 36.5, 39.0), (None, *Proof), (None, *RiskLevel)
    ):
        traveller = Traveller(health_code=code, test=test, celsius=celsius, proof=proof, origin_level=level)
        verdict = check(traveller, standards=standards(now), now=now).verdict
        decisions.add(verdict.decision)
        assert verdict.admits or (verdict.reason and verdict.next_step)
    assert decisions == {Decision.ADMIT, Decision.RECHECK, Decision.REFUSE}


@pytest.mark.parametrize(
    ("level", "hours_ago", "reason"),
    [
        (None, 47, None),
        (RiskLevel.LOW, 23, None),
        (RiskLevel.LOW, 25, ReasonCode.TEST_TOO_OLD),
        (RiskLevel.MEDIUM, 1, ReasonCode.FROM_RISK_AREA),
        (RiskLevel.HIGH, 1, ReasonCode.FROM_RISK_AREA),
    ],
)
def test_who_comes_from_a_risk_area_is_looked_at_more_strictly_and_sampled_here(
    now: datetime, level: RiskLevel | None, hours_ago: float, reason: ReasonCode | None
) -> None:
    traveller = Traveller(proof=Proof.PHONE, test=swabbed(hours_ago, now), celsius=36.5, origin_level=level)
    verdict = check(traveller, standards=standards(now), now=now).verdict
    assert (verdict.reason.code if verdict.reason else None) == reason
    assert verdict.next_step == (None if reason is None else NextStep.SAMPLE_HERE)


@pytest.mark.parametrize("hours", [72.1, None])
def test_a_list_of_ours_that_is_too_old_means_a_look_by_hand_and_never_a_refusal(
    now: datetime, hours: float | None
) -> None:
    issued_at = None if hours is None else now - hours * HOUR
    unknown = Verdict.recheck(ReasonCode.SIGNER_UNKNOWN, NextStep.SHOW_ANOTHER_PROOF)
    for verdict in (Verdict.admit(), unknown):
        traveller = Traveller(
            certificate=Verification(passed={}, verdict=verdict),
            is_holder_seen=True,
            celsius=36.5,
            test=swabbed(1, now),
        )
        found = check(traveller, standards=standards(issued_at), now=now).verdict
        assert found.decision is Decision.RECHECK
        assert found.reason
        assert found.reason.code is ReasonCode.LISTS_STALE
        assert found.next_step is NextStep.COUNTER


def test_a_list_is_relied_on_for_as_long_as_policy_says(now: datetime) -> None:
    shown = Verification(passed={}, verdict=Verdict.admit())
    traveller = Traveller(certificate=shown, is_holder_seen=True, celsius=36.5, test=swabbed(1, now))
    assert check(traveller, standards=standards(now - 72 * HOUR), now=now).verdict.admits


def test_a_certificate_nobody_compared_with_its_bearer_lets_nobody_through(now: datetime) -> None:
    shown = Verification(passed={}, verdict=Verdict.admit())
    code = HealthCode(colour=Colour.GREEN, seen_at=now)
    for given in (None, code):
        traveller = Traveller(certificate=shown, health_code=given, celsius=36.5, test=swabbed(1, now))
        verdict = check(traveller, standards=standards(now), now=now).verdict
        assert verdict.reason
        assert verdict.reason.code is ReasonCode.HOLDER_NOT_SEEN
