"""The claims set inside a certificate (CWT, RFC 8392; EU health certificates, volume 1): who, from when, until when."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from ringfence.errors import TokenRefused
from ringfence.gate.health_certificate import Payload
from ringfence.gate.stages import Stage
from ringfence.seal import read_cbor
from ringfence.terms import to_us

ISSUER, EXPIRES, ISSUED = 1, 4, 6  # RFC 8392 section 4
HEALTH_CERTIFICATE, FORM = -260, 1  # the claim, and the one form of it that there is
SECOND_US = 1_000_000
TEXT_DATE = 0  # RFC 8949 section 3.4.1: some issuers mark sample times as such; the text inside is all that is read
LAST_SECOND = to_us(datetime.max.replace(tzinfo=UTC)) // SECOND_US  # whole: as a float it would round into year 10000


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What the issuer says; a time is None where none is given, or none that a calendar has, an issuer likewise."""

    issuer: str | None
    issued_at: datetime | None
    expires_at: datetime | None
    payload: Payload


def read_claims(data: bytes) -> Claims:
    """The claims of a message's payload; TokenRefused unless they hold one health certificate."""
    match read_cbor(data, seen_through=frozenset({TEXT_DATE})):
        case {-260: {1: Mapping() as payload}, **others}:  # HEALTH_CERTIFICATE and FORM: a pattern takes no names
            issuer = others.get(ISSUER)
            return Claims(
                issuer=issuer if isinstance(issuer, str) else None,
                issued_at=_instant(others.get(ISSUED)),
                expires_at=_instant(others.get(EXPIRES)),
                payload=payload,
            )
    raise TokenRefused("the message holds no health certificate", stage=Stage.CBOR)


def _instant(seconds: object) -> datetime | None:
    """The instant of a NumericDate, whole or not (RFC 8392 section 2); true is no number here."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    if not (math.isfinite(seconds) and 0 <= seconds <= LAST_SECOND):
        return None
    return datetime.fromtimestamp(seconds, UTC)
