"""Verification of one health certificate: the stages in their order, each with a reason where it fails (policy 1.2).

Fail-closed: nothing is admitted but a certificate that passed every stage. Stages that need nothing of a failed one
still report, so that a gate sees all that is wrong at once; what the certificate says is told only when its signature
holds. Nothing is kept.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import ParamSpec, TypeVar

from ringfence.errors import InputRefused, TokenRefused
from ringfence.gate.claims import Claims, read_claims
from ringfence.gate.hc1 import MESSAGE_LIMIT, PREFIX, read_packed, read_prefix
from ringfence.gate.health_certificate import HealthCertificate, Payload, read_certificate
from ringfence.gate.key_usage import check_key_usage
from ringfence.gate.revocations import Revocations, marks_of
from ringfence.gate.stages import Stage
from ringfence.gate.verdicts import NextStep, Verdict
from ringfence.seal import (
    Keys,
    Message,
    VerifyingKey,
    check_algorithm,
    check_signature,
    find_keys,
    inflate,
    read_codes,
    read_message,
)
from ringfence.seal import Stage as SealStage
from ringfence.terms import ReasonCode

T = TypeVar("T")
Given = ParamSpec("Given")

MOST_PIXELS = 1 << 21  # a lane has no time for more: the largest code needs a hundredth of it


SAID_TO: Mapping[str, Verdict] = {
    Stage.UNPREFIXED: Verdict.unreadable(ReasonCode.NOT_A_CERTIFICATE, NextStep.SHOW_ANOTHER_PROOF),
    Stage.BASE45: Verdict.unreadable(ReasonCode.TEXT_DAMAGED, NextStep.SCAN_AGAIN),
    SealStage.COMPRESSION: Verdict.unreadable(ReasonCode.COMPRESSION_BROKEN, NextStep.SCAN_AGAIN),
    SealStage.COSE: Verdict.unreadable(ReasonCode.MESSAGE_BROKEN, NextStep.SHOW_ANOTHER_PROOF),
    SealStage.CBOR: Verdict.unreadable(ReasonCode.CONTENT_UNREADABLE, NextStep.SHOW_ANOTHER_PROOF),
    SealStage.KEY_ID: Verdict.recheck(ReasonCode.SIGNER_UNKNOWN, NextStep.SHOW_ANOTHER_PROOF),
    SealStage.ALGORITHM: Verdict.refuse(ReasonCode.ALGORITHM_WRONG, NextStep.COUNTER),
    SealStage.SIGNATURE: Verdict.refuse(ReasonCode.SIGNATURE_FALSE, NextStep.COUNTER),
}
"""What a gate says where a reader refuses, by the stage that the refusal names."""

_ADMIT = Verdict.admit()
_ALL_PASSED: Mapping[Stage, bool | None] = MappingProxyType(dict.fromkeys(Stage, True))
_REVOKED = Verdict.refuse(ReasonCode.CERTIFICATE_REVOKED, NextStep.COUNTER)
_OFF_SCHEMA = Verdict.recheck(ReasonCode.CONTENT_OFF_SCHEMA, NextStep.SHOW_ANOTHER_PROOF)


@dataclass(frozen=True, kw_only=True)
class Verification:
    """How far a certificate came.

    `passed` says yes, no or None (not reached) for each stage. `certificate` is what it says, typed, and `payload` as
    it stood there; both are None unless the signature holds, and the first also unless it keeps to the schema.
    `verdict` is about the certificate alone: whether its holder may pass is for the checks to say.
    """

    passed: Mapping[Stage, bool | None]
    verdict: Verdict
    payload: Payload | None = None
    certificate: HealthCertificate | None = None

    def report(self) -> dict[str, object]:
        """The answer of `ringfence gate verify`: a key a stage, then verdict, reason and payload."""
        expired = self.passed[Stage.EXPIRED]
        return {
            **{stage.value: passed for stage, passed in self.passed.items()},
            Stage.EXPIRED.value: None if expired is None else not expired,
            "verdict": self.verdict.decision,
            "reason": self.verdict.reason.code if self.verdict.reason else None,
            "payload": self.payload,
        }


class _Course:
    """The stages gone through so far, and why they stopped the certificate; the first reason counts."""

    def __init__(self) -> None:
        self.reached: list[Stage] = []
        self.failed: list[Stage] = []
        self.stopped_by: list[Verdict] = []

    @property
    def verdict(self) -> Verdict:
        """What the stages come to."""
        return self.stopped_by[0] if self.stopped_by else _ADMIT

    @property
    def passed(self) -> Mapping[Stage, bool | None]:
        """What each stage said, nothing where it was not reached."""
        if not self.failed and len(self.reached) == len(_ALL_PASSED):
            return _ALL_PASSED
        said = {**dict.fromkeys(self.reached, True), **dict.fromkeys(self.failed, False)}
        return {stage: said.get(stage) for stage in Stage}

    def tell(self, stage: Stage, stopped_by: Verdict | None) -> None:
        """Keep what a stage said."""
        self.reached.append(stage)
        if stopped_by:
            self.failed.append(stage)
            self.stopped_by.append(stopped_by)

    def attempt(self, stage: Stage, read: Callable[Given, T], *given: Given.args, **named: Given.kwargs) -> T | None:
        """What a reader reads; None where it refuses, with what the gate says to that."""
        try:
            found = read(*given, **named)
        except TokenRefused as refusal:
            self.tell(stage, SAID_TO[str(refusal.values["stage"])])
            return None
        self.reached.append(stage)
        return found


def verify(text: str, *, trust: Keys, now: datetime, revoked: Revocations | None = None) -> Verification:
    """How far the certificate in a text comes at this moment, where these keys are believed.

    One that is on the list of `revoked` ones is refused though it passes every stage.
    """
    course = _Course()
    message = _open(course, text)
    if message is None:
        return Verification(passed=course.passed, verdict=course.verdict)
    claims = course.attempt(Stage.CBOR, read_claims, message.payload)
    key = course.attempt(Stage.SIGNATURE, _find_signer, message, trust=trust)
    if claims is None:
        return Verification(passed=course.passed, verdict=course.verdict)
    if key:
        course.tell(Stage.KEY_USAGE, check_key_usage(key, claims=claims))
    course.tell(Stage.EXPIRED, _check_period(claims, now=now))
    certificate = read_certificate(claims.payload)
    course.tell(Stage.SCHEMA, None if certificate else _OFF_SCHEMA)
    if key and certificate and revoked and _is_revoked(revoked, certificate, claims, message, key):
        course.stopped_by.append(_REVOKED)
    return Verification(
        passed=course.passed,
        verdict=course.verdict,
        payload=claims.payload if key else None,
        certificate=certificate if key else None,
    )


def read_picture(picture: bytes) -> str | None:
    """The certificate's text in a picture; None where no code can be read, or several say different things."""
    try:
        texts = set(read_codes(picture, most_pixels=MOST_PIXELS))
    except InputRefused:
        return None
    found = {text for text in texts if text.startswith(PREFIX)} or texts
    return found.pop() if len(found) == 1 else None


def no_code_read() -> Verification:
    """What is said of a picture in which nothing was read."""
    return Verification(
        passed=dict.fromkeys(Stage),
        verdict=Verdict.unreadable(ReasonCode.NO_CODE_IN_PICTURE, NextStep.SCAN_AGAIN),
    )


def _open(course: _Course, text: str) -> Message | None:
    """The signed message in a text, nothing of it believed yet."""
    body = course.attempt(Stage.UNPREFIXED, read_prefix, text)
    packed = None if body is None else course.attempt(Stage.BASE45, read_packed, body)
    data = None if packed is None else course.attempt(Stage.ZLIB, inflate, packed, limit=MESSAGE_LIMIT)
    if data is None:
        return None
    message = course.attempt(Stage.COSE, read_message, data, limit=MESSAGE_LIMIT)
    if message is None:
        course.failed.append(Stage.SIGNATURE)  # what is no signed message has no signature that holds
    return message


def _find_signer(message: Message, *, trust: Keys) -> VerifyingKey:
    """The trusted key that signed the message, with the algorithm that is the key's own."""
    candidates = check_algorithm(message, candidates=find_keys(message, keys=trust))
    return check_signature(message, candidates=candidates)


def _check_period(claims: Claims, *, now: datetime) -> Verdict | None:
    """Why the certificate does not hold now; None where it does. One that names no end, or no beginning, does not."""
    if claims.issued_at is None or claims.expires_at is None:
        return Verdict.recheck(ReasonCode.CERTIFICATE_WITHOUT_PERIOD, NextStep.SHOW_ANOTHER_PROOF)
    if now < claims.issued_at:
        return Verdict.recheck(ReasonCode.CERTIFICATE_NOT_YET, NextStep.SHOW_ANOTHER_PROOF)
    if now > claims.expires_at:
        return Verdict.recheck(ReasonCode.CERTIFICATE_EXPIRED, NextStep.SHOW_ANOTHER_PROOF)
    return None


def _is_revoked(
    revoked: Revocations, certificate: HealthCertificate, claims: Claims, message: Message, key: VerifyingKey
) -> bool:
    countries = {certificate.country, claims.issuer or certificate.country}
    return revoked.holds_any(marks_of(uci=certificate.uci, countries=countries, signature=message.signature, key=key))
