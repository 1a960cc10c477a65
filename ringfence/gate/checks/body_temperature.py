"""Body temperature below the city's limit; what no living body has is a fault of the instrument (policy 1.2)."""

from datetime import datetime

from ringfence.gate.standards import Standards
from ringfence.gate.traveller import Traveller
from ringfence.gate.verdicts import NextStep, Verdict
from ringfence.terms import ReasonCode


def check(traveller: Traveller, *, standards: Standards, now: datetime) -> Verdict:  # noqa: ARG001 (all checks ask alike)
    """A fever is measured once more after a rest; it is no refusal by itself."""
    lowest, fever = (standards.policy.number(f"gate.{name}_celsius") for name in ("lowest", "fever"))
    if traveller.celsius is None or not lowest <= traveller.celsius:
        return Verdict.recheck(ReasonCode.TEMPERATURE_NOT_MEASURED, NextStep.MEASURE_AGAIN)
    if not traveller.celsius < fever:
        return Verdict.recheck(ReasonCode.FEVER, NextStep.WAITING_AREA)
    return Verdict.admit()
