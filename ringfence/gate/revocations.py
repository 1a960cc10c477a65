"""Revoked certificates as sorted hashes: the list says nothing of anybody, and millions of entries fit a terminal.

A certificate is looked up under three marks (EU revocation lists): its number (UCI), the issuing country and the
number, and its signature. Of an ES256 signature only the r half counts: whoever holds a pass can turn s into n - s
without the key, and the pass still verifies. A mark is the first 8 of the 16 bytes that lists of the field carry: among
two million entries a certificate that is not on the list is taken for one with a chance of one in 10^13.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from ringfence.errors import TokenRefused
from ringfence.seal import Algorithm, Keys, Signer, VerifyingKey, read_text, sign_text
from ringfence.seal import Stage as SealStage

REVOCATION_LIST = "revocation_list"
LIST_LIMIT = 1 << 26  # characters: over five million entries
MARK_BYTES = 8
HASH_BYTES = 16
COORDINATE_BYTES = 32

Marks = npt.NDArray[np.uint64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Revocations:
    """One version of the list: its marks, sorted, each once."""

    version: int
    issued_at: datetime
    marks: Marks

    def holds_any(self, marks: Marks) -> bool:
        """Whether one of the marks is on the list."""
        places = np.searchsorted(self.marks, marks)
        return bool((self.marks[np.minimum(places, len(self.marks) - 1)] == marks).any()) if len(self.marks) else False

    def is_stale(self, *, now: datetime, max_age: timedelta) -> bool:
        """Whether the list was issued longer ago than policy lets a reader rely on it."""
        return now - self.issued_at > max_age


def marks_of(*, uci: str, countries: Iterable[str], signature: bytes, key: VerifyingKey) -> Marks:
    """The marks under which a certificate may be on a list."""
    signed = signature[:COORDINATE_BYTES] if key.algorithm is Algorithm.ES256 else signature
    named = [(country + uci).encode() for country in ("", *countries)]
    return read_hashes(hashlib.sha256(one).digest()[:HASH_BYTES] for one in [signed, *named])


def read_hashes(hashes: Iterable[bytes]) -> Marks:
    """The marks of hashes as the field's lists carry them, in the order given."""
    return np.frombuffer(b"".join(one[:MARK_BYTES] for one in hashes), ">u8").astype(np.uint64)


def publish_revocations(hashes: Iterable[bytes], *, held: Revocations | None, signer: Signer, now: datetime) -> str:
    """The text of the version that follows the one held: its marks and those of the hashes added to it.

    A list only grows: a pass that was revoked stays so until it has expired anyway.
    """
    added = read_hashes(hashes)
    marks = np.union1d(held.marks, added) if held else np.unique(added)
    claims = {"version": held.version + 1 if held else 1, "marks": marks.astype(">u8").tobytes()}
    return sign_text(REVOCATION_LIST, claims=claims, signer=signer, now=now, expires_at=None)


def read_revocations(text: str, *, trust: Keys, now: datetime, held: Revocations | None = None) -> Revocations:
    """The list that a text holds, never older than the one held.

    TokenRefused, with its stage, when it is not a revocation list of a trusted signer, when its version lies below
    the held one's, and when it gives the held version another content.
    """
    sealed = read_text(text, kind=REVOCATION_LIST, trust=trust, now=now, limit=LIST_LIMIT)
    match sealed.claims:
        case {"version": int(version), "marks": bytes(packed), **rest} if (
            version > 0 and not rest and len(packed) % MARK_BYTES == 0
        ):
            marks = np.frombuffer(packed, ">u8").astype(np.uint64)
            if (marks[1:] > marks[:-1]).all():
                read = Revocations(version=version, issued_at=sealed.issued_at, marks=marks)
                _check_follows(read, held=held)
                return read
    raise TokenRefused("a revocation list must hold a version from 1 on and sorted marks", stage=SealStage.CLAIMS)


def _check_follows(read: Revocations, *, held: Revocations | None) -> None:
    if held is None or read.version > held.version:
        return
    if read.version < held.version or not np.array_equal(read.marks, held.marks):
        raise TokenRefused(
            "revocation list {version} would replace revocation list {held}; fetch the newest one",
            version=read.version,
            held=held.version,
            stage=SealStage.VERSION,
        )
