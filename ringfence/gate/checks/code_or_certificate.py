"""The health code, or a certificate; and whoever has neither is known by card, paper or guardian (policy 1.2, 1.5)."""

from datetime import datetime, timedelta

from ringfence.gate.standards import Standards
from ringfence.gate.traveller import Colour, HealthCode, Traveller
from ringfence.gate.verdicts import NextStep, Verdict
from ringfence.terms import ReasonCode


def check(traveller: Traveller, *, standards: Standards, now: datetime) -> Verdict:
    """No phone and no code is never a refusal; a certificate is held to its own check."""
    if traveller.health_code:
        return _check_code(traveller.health_code, standards=standards, now=now)
    if traveller.certificate or traveller.proof:
        return Verdict.admit()
    return Verdict.recheck(ReasonCode.NOBODY_KNOWN, NextStep.COUNTER)


def _check_code(code: HealthCode, *, standards: Standards, now: datetime) -> Verdict:
    if code.colour is Colour.RED:
        return Verdict.refuse(ReasonCode.CODE_NOT_GREEN, NextStep.WAITING_AREA, colour=code.colour)
    if code.colour is not Colour.GREEN:
        return Verdict.recheck(ReasonCode.CODE_NOT_GREEN, NextStep.COUNTER, colour=code.colour)
    if not timedelta(0) <= now - code.seen_at <= standards.policy.hours("gate.code_max_age_hours"):
        return Verdict.recheck(ReasonCode.CODE_NOT_NEW, NextStep.SCAN_AGAIN)
    return Verdict.admit()
