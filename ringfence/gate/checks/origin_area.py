"""Whoever comes from a risk area is sampled on arrival, from the level on that the city names (policy 1.1, 1.4)."""

from datetime import datetime

from ringfence.gate.standards import Standards
from ringfence.gate.traveller import Traveller
from ringfence.gate.verdicts import NextStep, Verdict
from ringfence.terms import ReasonCode, RiskLevel


def check(traveller: Traveller, *, standards: Standards, now: datetime) -> Verdict:  # noqa: ARG001 (all checks ask alike)
    """A stricter look and no refusal: the sample is taken here."""
    if traveller.origin_level is None:
        return Verdict.admit()
    levels = list(RiskLevel)
    if levels.index(traveller.origin_level) < levels.index(RiskLevel(standards.policy.text("gate.sampled_from_level"))):
        return Verdict.admit()
    return Verdict.recheck(ReasonCode.FROM_RISK_AREA, NextStep.SAMPLE_HERE, level=traveller.origin_level)
