"""COSE made by hand: CBOR written out head by head (RFC 8949 section 3) and signed by `cryptography` alone."""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

ES256 = bytes.fromhex("26")  # -7
PS256 = bytes.fromhex("3824")  # -37


def head(major: int, number: int) -> bytes:
    if number < 24:
        return bytes([major << 5 | number])
    width = next(width for width in (1, 2, 4, 8) if number < 1 << 8 * width)
    return bytes([major << 5 | 24 + width.bit_length() - 1]) + number.to_bytes(width)


def bstr(content: bytes) -> bytes:
    return head(2, len(content)) + content


def tstr(content: str) -> bytes:
    return head(3, len(content.encode())) + content.encode()


def array(*items: bytes) -> bytes:
    return head(4, len(items)) + b"".join(items)


def mapping(*pairs: tuple[bytes, bytes]) -> bytes:
    return head(5, len(pairs)) + b"".join(key + value for key, value in pairs)


def tag(number: int, item: bytes) -> bytes:
    return head(6, number) + item


def header(*, key_id: bytes | None = None, algorithm: bytes | None = None, more: tuple = ()) -> bytes:
    named = [(b"\x01", algorithm)] if algorithm is not None else []
    keyed = [(b"\x04", bstr(key_id))] if key_id is not None else []
    return mapping(*named, *keyed, *more)


def structure(protected: bytes, payload: bytes, aad: bytes = b"") -> bytes:
    return array(tstr("Signature1"), bstr(protected), bstr(aad), bstr(payload))


def es256(key: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    r, s = decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32) + s.to_bytes(32)


def ps256(key: rsa.RSAPrivateKey, message: bytes) -> bytes:
    return key.sign(message, padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32), hashes.SHA256())


def parts(protected: bytes, unprotected: bytes, payload: bytes, signature: bytes) -> bytes:
    return array(bstr(protected), unprotected, bstr(payload), bstr(signature))


def sign1(
    key: ec.EllipticCurvePrivateKey,
    *,
    protected: bytes,
    unprotected: bytes = b"\xa0",
    payload: bytes = b"the claims",
    aad: bytes = b"",
) -> bytes:
    """A COSE_Sign1 without a tag."""
    return parts(protected, unprotected, payload, es256(key, structure(protected, payload, aad)))
