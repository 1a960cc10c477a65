"""A certificate that is shown: believed, its bearer's own, verified by lists that are not stale (policy 1.2, 1.4)."""

from datetime import datetime

from ringfence.gate.standards import Standards
from ringfence.gate.traveller import Traveller
from ringfence.gate.verdicts import NextStep, Verdict
from ringfence.terms import ReasonCode


def check(traveller: Traveller, *, standards: Standards, now: datetime) -> Verdict:
    """A stale list of ours means a look by hand, and is never a reason to send anybody away."""
    if traveller.certificate is None:
        return Verdict.admit()
    verdict = traveller.certificate.verdict
    is_signer_unknown = verdict.reason is not None and verdict.reason.code is ReasonCode.SIGNER_UNKNOWN
    if (verdict.admits or is_signer_unknown) and standards.has_stale_lists(now=now):
        return Verdict.recheck(ReasonCode.LISTS_STALE, NextStep.COUNTER)
    if verdict.admits and not traveller.is_holder_seen:
        return Verdict.recheck(ReasonCode.HOLDER_NOT_SEEN, NextStep.COUNTER)
    return verdict
