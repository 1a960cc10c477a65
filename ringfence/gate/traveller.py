"""One traveller at a lane, as far as the checks need it: what is shown, measured and known (policy 1.2)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from msgspec import UNSET

from ringfence.errors import InputRefused
from ringfence.gate.health_certificate import DETECTED, NOT_DETECTED, NUCLEIC_ACID, HealthCertificate
from ringfence.gate.verification import Verification
from ringfence.terms import RiskLevel


class Proof(StrEnum):
    """How somebody says who they are; each of them does, and a phone is only one (policy 1.5)."""

    PHONE = "phone"
    IDENTITY_CARD = "identity_card"
    PASSPORT = "passport"
    PERMIT = "permit"
    PAPER = "paper"
    GUARDIAN = "guardian"


class Colour(StrEnum):
    """Of a local health code."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class Emergency(StrEnum):
    """Who passes to care now and is recorded after (policy 1.5)."""

    LIFE_THREATENING = "life_threatening"
    LABOUR = "labour"
    DIALYSIS = "dialysis"
    UNACCOMPANIED_CHILD = "unaccompanied_child"


class Assay(StrEnum):
    """What was looked for in a sample."""

    NUCLEIC_ACID = "nucleic_acid"
    OTHER = "other"


class AssayResult(StrEnum):
    """What was found in it."""

    NOT_DETECTED = "not_detected"
    DETECTED = "detected"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, kw_only=True)
class HealthCode:
    """A local code's colour and the instant it was seen on, as staff or an adapter attest."""

    colour: Colour
    seen_at: datetime


@dataclass(frozen=True, kw_only=True)
class LaboratoryTest:
    """A test and the instant its sample was taken."""

    kind: Assay
    result: AssayResult
    sampled_at: datetime

    def __post_init__(self) -> None:
        """InputRefused for a time without a zone: taken for another zone's, an old test would look new."""
        if self.sampled_at.tzinfo is None:
            raise InputRefused("a sample's time must name its zone; look at the test again")


@dataclass(frozen=True, kw_only=True)
class Traveller:
    """What is shown and known of one traveller; what is missing is None, and missing is not refused.

    `is_holder_seen`: staff compared the traveller with the certificate's name and birth date. `origin_level` is the
    level of the risk area they come from. `test` is one looked up or on paper; a certificate's own is used without it.
    """

    proof: Proof | None = None
    health_code: HealthCode | None = None
    certificate: Verification | None = None
    is_holder_seen: bool = False
    celsius: float | None = None
    test: LaboratoryTest | None = None
    origin_level: RiskLevel | None = None
    emergency: Emergency | None = None

    @property
    def nucleic_acid_test(self) -> LaboratoryTest | None:
        """The newest nucleic acid test there is, looked up or in a certificate that was verified."""
        shown = self.certificate.certificate if self.certificate and self.certificate.verdict.admits else None
        tests = [test for test in (self.test, shown and test_of(shown)) if test and test.kind is Assay.NUCLEIC_ACID]
        return max(tests, key=lambda test: test.sampled_at, default=None)


RESULTS = {NOT_DETECTED: AssayResult.NOT_DETECTED, DETECTED: AssayResult.DETECTED}


def test_of(certificate: HealthCertificate) -> LaboratoryTest | None:
    """The test a certificate is about, if it is about one; a result that is neither code is inconclusive."""
    if certificate.t is UNSET:
        return None
    [entry] = certificate.t
    return LaboratoryTest(
        kind=Assay.NUCLEIC_ACID if entry.tt == NUCLEIC_ACID else Assay.OTHER,
        result=RESULTS.get(entry.tr, AssayResult.INCONCLUSIVE),
        sampled_at=entry.sc,
    )
