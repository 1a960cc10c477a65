"""Sealed texts: signed claims as a short text, for links, exit certificates and order papers (policy 2.4, 2.6).

A sealed text is `RF1.` and the base64url form (RFC 4648 section 5, no padding) of a COSE_Sign1, so it can stand in an
address and in a QR code. What is signed is the compressed claims set (RFC 8392): expiry (4), issue (6) and the claims.
Compression lies inside the signature: nothing is unpacked that no trusted key has signed, and no byte of the text can
be changed without being noticed. The kind stands in the protected header as the type of the whole (RFC 9596), and a
certificate limited to purposes must be allowed that kind: a link is never taken for an exit certificate.
"""

import base64
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import TypeAlias

from ringfence.errors import InputRefused, TokenRefused
from ringfence.seal.cbor import read_cbor, write_cbor
from ringfence.seal.certificates import usage_of
from ringfence.seal.compression import deflate, inflate
from ringfence.seal.cose import Header, Verified, sign_message, verify_message
from ringfence.seal.keys import Keys
from ringfence.seal.signers import Signer
from ringfence.seal.stages import Stage
from ringfence.terms import from_us, to_us

PREFIX = "RF1."
TEXT_LIMIT = 1 << 16  # characters, and bytes when unpacked: far more than a QR code holds
SECOND_US = 1_000_000
LAST_SECOND = to_us(datetime.max.replace(tzinfo=UTC)) // SECOND_US

Claims: TypeAlias = Mapping[str, object]


class Claim(IntEnum):
    """The keys of the claims set: RFC 8392 section 4, and one of our own from its private range (section 9.1.1)."""

    EXPIRES = 4
    ISSUED = 6
    OURS = -65537


@dataclass(frozen=True, kw_only=True)
class SealedText:
    """What a sealed text says once it is believed; `expires_at` is None where it never ends."""

    kind: str
    claims: Claims
    issued_at: datetime
    expires_at: datetime | None
    key_id: bytes


def sign_text(kind: str, *, claims: Claims, signer: Signer, now: datetime, expires_at: datetime | None) -> str:
    """The claims sealed as a text of this kind, from now (whole seconds, cut down) until it expires.

    Claims are numbers, texts, bytes, true, false, null, lists and maps of them; TokenRefused for anything else.
    InputRefused when it would expire before it is issued.
    """
    issued = to_us(now) // SECOND_US
    claims_set: dict[int, object] = {Claim.ISSUED: issued, Claim.OURS: claims}
    if expires_at is not None:
        claims_set[Claim.EXPIRES] = expires = to_us(expires_at) // SECOND_US
        if expires <= issued:
            raise InputRefused("a {kind} cannot expire before it is issued; name a later time", kind=kind)
    payload = deflate(write_cbor(claims_set))
    message = sign_message(payload, signer=signer, headers={Header.TYPE: _media_type(kind)})
    return _armoured(message)


def read_text(text: str, *, kind: str, trust: Keys, now: datetime, limit: int = TEXT_LIMIT) -> SealedText:
    """What a text of this kind says, signed by a trusted key that was allowed to, and holding now.

    TokenRefused, with the stage where it failed, for every other text; `limit` bounds its characters and what they
    unpack to.
    """
    verified = verify_message(_without_armour(text, limit=limit), keys=trust, limit=limit)
    _check_kind(verified, kind=kind)
    plain = inflate(verified.message.payload, limit=limit)
    sealed = _read_claims(read_cbor(plain), kind=kind, key_id=verified.key.key_id)
    _check_period(sealed, verified=verified, now=now)
    return sealed


def _media_type(kind: str) -> str:
    return f"application/vnd.ringfence.{kind}"


def _armoured(message: bytes) -> str:
    return PREFIX + base64.urlsafe_b64encode(message).rstrip(b"=").decode()


def _without_armour(text: str, *, limit: int) -> bytes:
    """The bytes of the text; only the one way to write them is accepted."""
    if len(text) > limit:
        raise TokenRefused(
            "{size} characters are more than the {limit} allowed", size=len(text), limit=limit, stage=Stage.TEXT
        )
    body = text.removeprefix(PREFIX)
    with suppress(ValueError):
        data = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
        if _armoured(data) == text:
            return data
    raise TokenRefused("this is not a whole sealed text; copy all of it", stage=Stage.TEXT)


def _check_kind(verified: Verified, *, kind: str) -> None:
    """Refuse a text of another kind, and one whose key was not given for this kind."""
    if verified.message.protected.get(Header.TYPE) != _media_type(kind):
        raise TokenRefused("this is something else than a {kind}; use it where it belongs", kind=kind, stage=Stage.KIND)
    usages = verified.key.usages
    if usages is not None and usage_of(kind) not in usages:
        raise TokenRefused(
            "the key that signed this may not sign a {kind}; ask the one who issued it", kind=kind, stage=Stage.USAGE
        )


def _read_claims(item: object, *, kind: str, key_id: bytes) -> SealedText:
    """The claims set with its times as instants."""
    match item:
        case {Claim.ISSUED: issued, Claim.OURS: dict(claims), **others} if others.keys() <= {Claim.EXPIRES}:
            return SealedText(
                kind=kind,
                claims=claims,
                issued_at=_instant(issued),
                expires_at=_instant(others[Claim.EXPIRES]) if others else None,
                key_id=key_id,
            )
    raise TokenRefused("a sealed text must hold its time of issue and its claims, and no more", stage=Stage.CLAIMS)


def _instant(seconds: object) -> datetime:
    """The instant of a NumericDate (RFC 8392 section 2), in whole seconds as `sign_text` writes it."""
    if isinstance(seconds, int) and 0 <= seconds <= LAST_SECOND:
        return from_us(seconds * SECOND_US)
    raise TokenRefused("a sealed text holds a time that no calendar has", stage=Stage.CLAIMS)


def _check_period(sealed: SealedText, *, verified: Verified, now: datetime) -> None:
    """Refuse what is not yet issued, no longer holds, or was signed outside its key's time."""
    if now < sealed.issued_at:
        raise TokenRefused(
            "this was issued at {issued_at}, which is still to come; set this clock right",
            issued_at=sealed.issued_at,
            stage=Stage.PERIOD,
        )
    if sealed.expires_at is not None and now >= sealed.expires_at:
        raise TokenRefused(
            "this expired at {expires_at}; ask for a new one", expires_at=sealed.expires_at, stage=Stage.PERIOD
        )
    period = verified.key.period
    if period is not None and not period.holds(sealed.issued_at):
        raise TokenRefused(
            "this was signed at {issued_at}, when its key was not valid; ask for a new one",
            issued_at=sealed.issued_at,
            stage=Stage.PERIOD,
        )
