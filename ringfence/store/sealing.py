"""AES-256-GCM for single values: what is sealed names its place, so a sealed value moved elsewhere does not open."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ringfence.errors import StoredDamaged

KEY_BYTES = 32
_NONCE_BYTES = 12


def new_key() -> bytes:
    """A fresh 256-bit key."""
    return os.urandom(KEY_BYTES)


def seal(key: bytes, plain: bytes, *, place: str) -> bytes:
    """Nonce and ciphertext of a value, bound to the place it is kept at."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, place.encode())


def unseal(key: bytes, sealed: bytes, *, place: str) -> bytes:
    """The value again; StoredDamaged when it was changed, moved or sealed under another key."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode())
    except (InvalidTag, ValueError) as error:  # ValueError: too short to hold a nonce
        raise StoredDamaged(
            "what is sealed at {place} does not open: it was changed or moved; restore it from a backup", place=place
        ) from error
