"""Base45 (RFC 9285): two bytes as three characters of a QR code's alphanumeric set, read strictly."""

import struct

import numpy as np

from ringfence.errors import TokenRefused
from ringfence.gate.stages import Stage

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
BASE = len(ALPHABET)
UNKNOWN = 255
WEIGHTS = np.array([1, BASE, BASE * BASE], np.uint32)
BYTE_VALUES, PAIR_VALUES = 1 << 8, 1 << 16

_VALUES = bytes(ALPHABET.find(chr(code)) % (UNKNOWN + 1) for code in range(128)).ljust(256, bytes([UNKNOWN]))


def read_base45(text: str) -> bytes:
    """The bytes that the characters stand for; TokenRefused for any other way of writing than the standard's."""
    values = text.encode("ascii", "replace").translate(_VALUES)  # what is not ASCII becomes "?", which is not allowed
    whole = len(values) - len(values) % 3
    pairs = np.frombuffer(values, np.uint8, whole).reshape(-1, 3) @ WEIGHTS
    rest = values[whole:]
    last = rest[0] + BASE * rest[1] if len(rest) == 2 else 0  # noqa: PLR2004 (two characters stand for one byte)
    if UNKNOWN in values or len(rest) == 1 or last >= BYTE_VALUES or pairs.max(initial=0) >= PAIR_VALUES:
        raise TokenRefused(
            "the {size} characters are not base45; scan the code again", size=len(text), stage=Stage.BASE45
        )
    return pairs.astype(">u2").tobytes() + bytes([last] if rest else [])


def write_base45(data: bytes) -> str:
    """The characters that stand for the bytes."""
    whole = len(data) - len(data) % 2
    pairs = struct.unpack(f">{whole // 2}H", data[:whole])
    written = [_digits(pair, 3) for pair in pairs] + [_digits(byte, 2) for byte in data[whole:]]
    return "".join(written)


def _digits(number: int, count: int) -> str:
    """So many characters, the lowest first."""
    return "".join(ALPHABET[number // BASE**place % BASE] for place in range(count))
