"""Public keys that check signatures: each fixes its own algorithm and carries its certificate's limits (policy 1.2)."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from ringfence.errors import InputRefused

KEY_ID_BYTES = 8
COORDINATE_BYTES = 32  # of P-256: an ES256 signature is r and s of this width, one after the other
MIN_RSA_BITS = 2048  # RFC 8230 section 2

PublicKey: TypeAlias = ec.EllipticCurvePublicKey | rsa.RSAPublicKey

_ECDSA = ec.ECDSA(hashes.SHA256())
_PSS = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=padding.PSS.DIGEST_LENGTH)


class Algorithm(IntEnum):
    """The signature algorithms that are checked, by COSE number (RFC 9053 section 2.1, RFC 8230 section 2)."""

    ES256 = -7
    PS256 = -37


@dataclass(frozen=True, kw_only=True)
class Period:
    """From one instant to another, both included, as X.509 counts them (RFC 5280 section 4.1.2.5)."""

    starts_at: datetime
    ends_at: datetime

    def holds(self, instant: datetime) -> bool:
        """Whether the instant lies within."""
        return self.starts_at <= instant <= self.ends_at


@dataclass(frozen=True, kw_only=True)
class VerifyingKey:
    """A public key with what its certificate says of it.

    `usages` are the purposes (object identifiers) it is limited to, None where its certificate sets no limit;
    `period` is when it may sign, None where nothing says so; `certificate` is the DER form, empty for a bare key.
    """

    key_id: bytes
    public_key: PublicKey
    algorithm: Algorithm
    usages: frozenset[str] | None = None
    period: Period | None = None
    certificate: bytes = b""

    def has_signed(self, message: bytes, *, signature: bytes) -> bool:
        """Whether the signature, in COSE's form, was made over the message with this key's private half."""
        try:
            if isinstance(self.public_key, rsa.RSAPublicKey):
                self.public_key.verify(signature, message, _PSS, hashes.SHA256())
            else:
                self.public_key.verify(_to_der(signature), message, _ECDSA)
        except (InvalidSignature, ValueError):
            return False
        return True


Keys: TypeAlias = Mapping[bytes, tuple[VerifyingKey, ...]]
"""Trusted keys by key id; an id is 8 bytes, so two keys may share one and then both are tried."""


def keys_by_id(keys: Iterable[VerifyingKey]) -> Keys:
    """The keys as signatures look them up; the same key given twice is tried once."""
    found: dict[bytes, tuple[VerifyingKey, ...]] = {}
    for key in keys:
        others = found.get(key.key_id, ())
        found[key.key_id] = others if key in others else (*others, key)
    return found


def key_id_of(certificate: bytes) -> bytes:
    """The first 8 bytes of SHA-256 of a certificate's DER form (EU health certificates, volume 1, section 2.2)."""
    return hashlib.sha256(certificate).digest()[:KEY_ID_BYTES]


def algorithm_of(key: PublicKey) -> Algorithm:
    """The one algorithm a key is used with; InputRefused for a key that is neither P-256 nor RSA of 2048 bits."""
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return Algorithm.ES256
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= MIN_RSA_BITS:
        return Algorithm.PS256
    raise InputRefused("a key is neither P-256 nor RSA of {bits} bits or more; have a new one made", bits=MIN_RSA_BITS)


def _to_der(signature: bytes) -> bytes:
    """An ECDSA signature in the form `cryptography` checks; ValueError unless it is r and s of 32 bytes each."""
    if len(signature) != 2 * COORDINATE_BYTES:
        raise ValueError("an ES256 signature is r and s of 32 bytes each")
    r, s = signature[:COORDINATE_BYTES], signature[COORDINATE_BYTES:]
    return encode_dss_signature(int.from_bytes(r), int.from_bytes(s))
