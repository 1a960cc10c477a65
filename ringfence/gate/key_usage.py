"""What a signer may sign: certificates of a kind, in a time (EU health certificates, volume 1, annex)."""

from ringfence.gate.claims import Claims
from ringfence.gate.health_certificate import CertificateKind, kinds_of
from ringfence.gate.verdicts import NextStep, Verdict
from ringfence.seal import VerifyingKey
from ringfence.terms import ReasonCode

TEST_USAGE, VACCINATION_USAGE, RECOVERY_USAGE = (f"1.3.6.1.4.1.1847.2021.1.{last}" for last in (1, 2, 3))

USAGES = {
    CertificateKind.TEST: {TEST_USAGE, "1.3.6.1.4.1.0.1847.2021.1.1"},  # the stray .0. was published and is in use
    CertificateKind.VACCINATION: {VACCINATION_USAGE, "1.3.6.1.4.1.0.1847.2021.1.2"},
    CertificateKind.RECOVERY: {RECOVERY_USAGE, "1.3.6.1.4.1.0.1847.2021.1.3"},
}
KNOWN = frozenset().union(*USAGES.values())


def check_key_usage(key: VerifyingKey, *, claims: Claims) -> Verdict | None:
    """Why the key may not have signed this; None where it may.

    A key whose certificate names none of the three usages is not limited to one (other usages say nothing of health
    certificates). One that is limited must be allowed everything the certificate speaks of.
    """
    limits = KNOWN & (key.usages or frozenset())
    kinds = kinds_of(claims.payload)
    if limits and not (kinds and all(USAGES[kind] & limits for kind in kinds)):
        return Verdict.refuse(ReasonCode.SIGNER_NOT_ENTITLED, NextStep.COUNTER, key_id=key.key_id.hex())
    if key.period and not (claims.issued_at and key.period.holds(claims.issued_at)):
        return Verdict.recheck(ReasonCode.SIGNER_OUT_OF_TIME, NextStep.SHOW_ANOTHER_PROOF, key_id=key.key_id.hex())
    return None
