"""Clause 1.5: care comes first, and no phone or no papers is never a refusal."""

from datetime import date, datetime, timedelta

import pytest

from ringfence.gate import (
    Assay,
    AssayResult,
    Colour,
    Decision,
    Emergency,
    HealthCode,
    LaboratoryTest,
    NextStep,
    Proof,
    Standards,
    Traveller,
    check,
)
from ringfence.policy import Policy, read_defaults
from ringfence.terms import ReasonCode, day_number


@pytest.fixture
def standards() -> Standards:
    return Standards(policy=Policy(read_defaults(), day_number(date(2022, 4, 2))), lists_issued_at=None)


def swabbed(now: datetime, *, hours_ago: int) -> LaboratoryTest:
    return LaboratoryTest(
        kind=Assay.NUCLEIC_ACID, result=AssayResult.NOT_DETECTED, sampled_at=now - timedelta(hours=hours_ago)
    )


def test_a_woman_in_labour_with_an_expired_test_passes_to_care_now(standards: Standards, now: datetime) -> None:
    traveller = Traveller(
        emergency=Emergency.LABOUR,
        test=swabbed(now, hours_ago=60),
        health_code=HealthCode(colour=Colour.YELLOW, seen_at=now),
        celsius=38.4,
    )
    verdict = check(traveller, standards=standards, now=now).verdict
    assert verdict.decision is Decision.ADMIT
    assert verdict.next_step is NextStep.CARE_NOW
    assert verdict.reason
    assert verdict.reason.code is ReasonCode.EMERGENCY


@pytest.mark.parametrize("emergency", Emergency)
def test_in_an_emergency_nothing_is_asked_for(standards: Standards, now: datetime, emergency: Emergency) -> None:
    checked = check(Traveller(emergency=emergency), standards=standards, now=now)
    assert checked.verdict.admits
    assert checked.said == {}


@pytest.mark.parametrize("proof", [proof for proof in Proof if proof is not Proof.PHONE])
def test_card_passport_permit_paper_and_guardian_do_as_well_as_a_phone(
    standards: Standards, now: datetime, proof: Proof
) -> None:
    traveller = Traveller(proof=proof, celsius=36.5, test=swabbed(now, hours_ago=5))
    assert check(traveller, standards=standards, now=now).verdict.admits


@pytest.mark.parametrize("proof", [None, *Proof])
def test_who_has_no_phone_no_papers_and_no_test_is_never_refused(
    standards: Standards, now: datetime, proof: Proof | None
) -> None:
    for celsius in (None, 36.5, 39.5):
        verdict = check(Traveller(proof=proof, celsius=celsius), standards=standards, now=now).verdict
        assert verdict.decision is Decision.RECHECK
        assert verdict.next_step
