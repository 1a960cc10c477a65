"""A negative nucleic acid test, at most so many hours old as the policy of the day says (policy 1.2)."""

from datetime import datetime, timedelta

from ringfence.gate.standards import Standards
from ringfence.gate.traveller import AssayResult, Traveller
from ringfence.gate.verdicts import NextStep, Verdict
from ringfence.terms import ReasonCode

HOUR = timedelta(hours=1)


def check(traveller: Traveller, *, standards: Standards, now: datetime) -> Verdict:
    """Admits only: present, nucleic acid, not detected, sampled at or before now and not longer ago than the limit.

    Whoever comes from a risk area of any level has the shorter limit. What is missing or too old is made up for here.
    """
    test = traveller.nucleic_acid_test
    if test is None:
        return Verdict.recheck(ReasonCode.NO_TEST, NextStep.SAMPLE_HERE)
    if test.result is not AssayResult.NOT_DETECTED:
        return Verdict.recheck(ReasonCode.TEST_NOT_NEGATIVE, NextStep.WAITING_AREA, result=test.result)
    key = "gate.test_max_age_hours" if traveller.origin_level is None else "gate.risk_area_test_max_age_hours"
    limit = standards.policy.hours(key)
    if now < test.sampled_at:
        return Verdict.recheck(ReasonCode.TEST_OF_THE_FUTURE, NextStep.COUNTER)
    if now - test.sampled_at > limit:
        return Verdict.recheck(ReasonCode.TEST_TOO_OLD, NextStep.SAMPLE_HERE, hours=limit / HOUR)
    return Verdict.admit()
