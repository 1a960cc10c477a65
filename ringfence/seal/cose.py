"""COSE_Sign1 (RFC 9052): one signature over one payload, checked in stages that never believe the message about itself.

The stages stand apart, so that a gate can say how far a certificate came: `read_message` (structure), `find_keys`
(key id), `check_algorithm`, `check_signature`; `verify_message` is all four. Each refuses by a `TokenRefused` that
carries its `Stage`, so a caller who forgets to look has refused.

What is accepted, and why (the cases are pinned in tests):
- Tag 18; tag 61 around tag 18 (RFC 8392 section 6); no tag at all, where the place says what is expected (RFC 9052
  section 2): issuers in the field do all three. Tag 61 around nothing tagged and tag 18 twice are refused.
- Algorithm and key id from the protected header, else from the unprotected one. An unprotected algorithm is harmless:
  the key fixes the algorithm, and a message that names another one, or none, is refused.
- An empty protected header counts as zero bytes under the signature however it was written (RFC 9052 section 4.4).
- ECDSA signatures are malleable (s and n - s both hold): never tell two messages apart by their signature.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

from cbor2 import CBORTag, dumps

from ringfence.errors import TokenRefused
from ringfence.seal.cbor import read_cbor, write_cbor
from ringfence.seal.keys import KEY_ID_BYTES, Algorithm, Keys, VerifyingKey
from ringfence.seal.signers import Signer
from ringfence.seal.stages import Stage

SIGN1_TAG, CWT_TAG = 18, 61
ACCEPTED_TAGS = ((SIGN1_TAG,), (CWT_TAG, SIGN1_TAG), ())
MESSAGE_LIMIT = 1 << 16  # bytes; the largest QR code holds less than 3 kB

HeaderMap: TypeAlias = Mapping[int | str, object]


class Header(IntEnum):
    """The header parameters that are understood (RFC 9052 section 3.1, RFC 9596)."""

    ALGORITHM = 1
    CRITICAL = 2
    CONTENT_TYPE = 3
    KEY_ID = 4
    TYPE = 16


UNDERSTOOD = tuple(Header)


@dataclass(frozen=True, kw_only=True)
class Message:
    """A COSE_Sign1 taken apart, nothing of it believed; `signed_header` is the protected header as it was signed."""

    protected: HeaderMap
    unprotected: HeaderMap
    signed_header: bytes
    payload: bytes
    signature: bytes

    def header(self, label: Header) -> object:
        """A header parameter, the protected one first; None where there is none."""
        return self.protected.get(label, self.unprotected.get(label))


@dataclass(frozen=True)
class Verified:
    """A message whose signature holds, and the key that made it."""

    message: Message
    key: VerifyingKey


def sign_message(
    payload: bytes, *, signer: Signer, external_aad: bytes = b"", headers: HeaderMap | None = None
) -> bytes:
    """The payload as a tagged COSE_Sign1 with algorithm, key id and whatever else is given in the protected header."""
    protected = write_cbor({**(headers or {}), Header.ALGORITHM: Algorithm.ES256, Header.KEY_ID: signer.key_id})
    signature = signer.sign(to_be_signed(protected, payload=payload, external_aad=external_aad))
    return dumps(CBORTag(SIGN1_TAG, [protected, {}, payload, signature]))


def verify_message(data: bytes, *, keys: Keys, external_aad: bytes = b"", limit: int = MESSAGE_LIMIT) -> Verified:
    """The message and the key that signed it; TokenRefused with the stage where it failed."""
    message = read_message(data, limit=limit)
    candidates = check_algorithm(message, candidates=find_keys(message, keys=keys))
    return Verified(message, check_signature(message, candidates=candidates, external_aad=external_aad))


def read_message(data: bytes, *, limit: int = MESSAGE_LIMIT) -> Message:
    """The four parts of a COSE_Sign1 of at most `limit` bytes."""
    if len(data) > limit:
        raise TokenRefused(
            "{size} bytes are more than the {limit} allowed", size=len(data), limit=limit, stage=Stage.COSE
        )
    tags, item = _without_tags(read_cbor(data, tags=frozenset({SIGN1_TAG, CWT_TAG}), stage=Stage.COSE))
    if tags not in ACCEPTED_TAGS:
        raise TokenRefused("tags {tags} do not mark a COSE_Sign1", tags=tags, stage=Stage.COSE)
    match item:
        case [bytes(protected), Mapping() as unprotected, bytes(payload), bytes(signature)]:
            return _read_parts(protected, unprotected=unprotected, payload=payload, signature=signature)
    raise TokenRefused("the message does not have the four parts of a COSE_Sign1", stage=Stage.COSE)


def find_keys(message: Message, *, keys: Keys) -> tuple[VerifyingKey, ...]:
    """The trusted keys with the key id that the message names, one or more."""
    key_id = message.header(Header.KEY_ID)
    if not isinstance(key_id, bytes):
        raise TokenRefused("the message does not name its key", stage=Stage.KEY_ID)
    if not (found := keys.get(key_id, ())):
        shown = key_id[:KEY_ID_BYTES].hex()
        raise TokenRefused(
            "no trusted key has the id {key_id}; fetch the newest trust list or do not believe it",
            key_id=shown,
            stage=Stage.KEY_ID,
        )
    return found


def check_algorithm(message: Message, *, candidates: tuple[VerifyingKey, ...]) -> tuple[VerifyingKey, ...]:
    """Those of the keys whose own algorithm is the one the message names."""
    named = message.header(Header.ALGORITHM)
    fitting = tuple(key for key in candidates if type(named) is int and key.algorithm == named)
    if not fitting:
        raise TokenRefused("the message does not name the algorithm of its key", stage=Stage.ALGORITHM)
    return fitting


def check_signature(
    message: Message, *, candidates: tuple[VerifyingKey, ...], external_aad: bytes = b""
) -> VerifyingKey:
    """The key of several that made the signature."""
    signed = to_be_signed(message.signed_header, payload=message.payload, external_aad=external_aad)
    for key in candidates:
        if key.has_signed(signed, signature=message.signature):
            return key
    raise TokenRefused(
        "the signature does not hold: this was forged or changed; do not believe it", stage=Stage.SIGNATURE
    )


def to_be_signed(protected: bytes, *, payload: bytes, external_aad: bytes) -> bytes:
    """The Sig_structure of a COSE_Sign1 (RFC 9052 section 4.4)."""
    return dumps(["Signature1", protected, external_aad, payload])


def _without_tags(item: object) -> tuple[tuple[int, ...], object]:
    tags: tuple[int, ...] = ()
    while isinstance(item, CBORTag):
        tags, item = (*tags, item.tag), item.value
    return tags, item


def _read_parts(protected: bytes, *, unprotected: Mapping[object, object], payload: bytes, signature: bytes) -> Message:
    header = _labelled(read_cbor(protected, stage=Stage.COSE)) if protected else {}
    message = Message(
        protected=header,
        unprotected=_labelled(unprotected),
        signed_header=protected if header else b"",
        payload=payload,
        signature=signature,
    )
    _check_demands(message)
    return message


def _check_demands(message: Message) -> None:
    """Refuse a message that demands (crit) what is not understood, or not under protection (RFC 9052 section 3.1)."""
    protected, unprotected = message.protected, message.unprotected
    if Header.CRITICAL not in protected and Header.CRITICAL not in unprotected:
        return
    labels = protected.get(Header.CRITICAL)
    if isinstance(labels, list) and labels and all(label in UNDERSTOOD and label in protected for label in labels):
        return
    raise TokenRefused("the message demands a header that is not understood", stage=Stage.COSE)


def _labelled(header: object) -> HeaderMap:
    """A header map; refused unless every label is an integer or a text (Python takes true and 1.0 for 1)."""
    if isinstance(header, Mapping) and all(type(label) in {int, str} for label in header):
        return header
    raise TokenRefused("a header of the message is no map from numbers and texts", stage=Stage.COSE)
