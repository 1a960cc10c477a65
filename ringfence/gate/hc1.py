"""The HC1 text form (EU health certificates, volume 1): prefix, base45, zlib, and inside them a COSE_Sign1."""

from ringfence.errors import TokenRefused
from ringfence.gate.base45 import read_base45, write_base45
from ringfence.gate.stages import Stage
from ringfence.seal import deflate

PREFIX = "HC1:"
TEXT_LIMIT = 4296  # characters: what the largest QR code holds of the alphanumeric kind (ISO/IEC 18004, table 7)
MESSAGE_LIMIT = 1 << 14  # bytes unpacked; the largest certificates of the field stay below a tenth of it


def read_prefix(text: str) -> str:
    """What follows the prefix; TokenRefused where there is none."""
    if text.startswith(PREFIX):
        return text[len(PREFIX) :]
    raise TokenRefused("the text does not begin with {prefix}", prefix=PREFIX, stage=Stage.UNPREFIXED)


def read_packed(body: str) -> bytes:
    """The compressed bytes that the characters stand for; TokenRefused for more than a QR code holds."""
    if len(body) > TEXT_LIMIT:
        raise TokenRefused(
            "{size} characters are more than the {limit} allowed", size=len(body), limit=TEXT_LIMIT, stage=Stage.BASE45
        )
    return read_base45(body)


def write_hc1(message: bytes) -> str:
    """A signed message as a text."""
    return PREFIX + write_base45(deflate(message))
