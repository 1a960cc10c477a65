"""Trust lists: which certificates a terminal believes, signed and numbered, never rolled back (policy 1.2).

A list is a sealed text of its own kind. A terminal keeps the text of the newest list it has read and gives it as `held`
with the next one. A list has no expiry of its own: how old it may be is policy, and what to do about a stale one is the
reader's decision (a gate checks by hand; it refuses nobody because our list is late).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509

from ringfence.errors import TokenRefused
from ringfence.seal.certificates import read_certificate, verifying_key
from ringfence.seal.keys import Keys, key_id_of, keys_by_id
from ringfence.seal.sealed_text import SealedText, read_text, sign_text
from ringfence.seal.signers import Signer
from ringfence.seal.stages import Stage
from ringfence.terms import Line, Plan

TRUST_LIST = "trust_list"
TRUST_LIST_LIMIT = 1 << 24  # characters and unpacked bytes: over ten thousand certificates


@dataclass(frozen=True, kw_only=True)
class TrustList:
    """One version of the list: its certificates in DER form, sorted, each once, and their keys by key id."""

    version: int
    issued_at: datetime
    certificates: tuple[bytes, ...]
    keys: Keys = field(compare=False, repr=False)

    def is_stale(self, *, now: datetime, max_age: timedelta) -> bool:
        """Whether the list was issued longer ago than policy lets a reader rely on it."""
        return now - self.issued_at > max_age


def publish_trust_list(
    certificates: Iterable[x509.Certificate], *, held: TrustList | None, signer: Signer, now: datetime
) -> str:
    """The text of the version that follows the one held (1 where there was none).

    InputRefused when a certificate's key or purposes cannot be used: a reader would have to refuse the whole list.
    """
    keys = [verifying_key(certificate) for certificate in certificates]
    claims = {"version": held.version + 1 if held else 1, "certificates": sorted({key.certificate for key in keys})}
    return sign_text(TRUST_LIST, claims=claims, signer=signer, now=now, expires_at=None)


def read_trust_list(text: str, *, trust: Keys, now: datetime, held: TrustList | None = None) -> TrustList:
    """The list that a text holds, never older than the one held.

    TokenRefused, with its stage, when it is not a trust list of a trusted signer, when its version lies below the held
    one's, and when it gives the held version another content. InputRefused when a certificate in it cannot be used.
    """
    read = _read_list(read_text(text, kind=TRUST_LIST, trust=trust, now=now, limit=TRUST_LIST_LIMIT))
    if held and (read.version < held.version or (read.version == held.version and read != held)):
        raise TokenRefused(
            "trust list {version} would replace trust list {held}; fetch the newest one",
            version=read.version,
            held=held.version,
            stage=Stage.VERSION,
        )
    return read


def compare_trust_lists(new: TrustList, *, held: TrustList | None) -> Plan:
    """What the new list adds and what it no longer trusts, certificate by certificate."""
    before = set(held.certificates) if held else set()
    return Plan(
        kind=TRUST_LIST,
        basis=str(held.version if held else 0),
        added=tuple(_line(certificate) for certificate in new.certificates if certificate not in before),
        released=tuple(_line(certificate) for certificate in sorted(before.difference(new.certificates))),
    )


def _read_list(sealed: SealedText) -> TrustList:
    match sealed.claims:
        case {"version": int(version), "certificates": list(certificates), **rest} if (
            version > 0 and not rest and all(isinstance(certificate, bytes) for certificate in certificates)
        ):
            keys = [verifying_key(read_certificate(certificate)) for certificate in certificates]
            return TrustList(
                version=version,
                issued_at=sealed.issued_at,
                certificates=tuple(sorted({key.certificate for key in keys})),
                keys=keys_by_id(keys),
            )
    raise TokenRefused("a trust list must hold a version from 1 on and certificates", stage=Stage.CLAIMS)


def _line(certificate: bytes) -> Line:
    """A certificate as a plan shows it."""
    read = read_certificate(certificate)
    return {
        "key_id": key_id_of(certificate).hex(),
        "subject": read.subject.rfc4514_string(),
        "valid_until": read.not_valid_after_utc.isoformat(),
    }
