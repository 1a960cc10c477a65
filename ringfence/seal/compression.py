"""zlib (RFC 1950) opened with a limit: a few bytes can stand for gigabytes."""

import zlib

from ringfence.errors import TokenRefused
from ringfence.seal.stages import Stage


def inflate(data: bytes, *, limit: int) -> bytes:
    """What the bytes stand for, at most `limit` bytes of it.

    TokenRefused when it is more, when the stream breaks off, and when bytes follow it.
    """
    stream = zlib.decompressobj()
    try:
        plain = stream.decompress(data, limit + 1)
    except zlib.error as error:
        raise TokenRefused(
            "the {size} bytes are not compressed by zlib", size=len(data), stage=Stage.COMPRESSION
        ) from error
    if len(plain) > limit:
        raise TokenRefused("the bytes unpack to more than the {limit} allowed", limit=limit, stage=Stage.COMPRESSION)
    if not stream.eof or stream.unused_data:
        raise TokenRefused("the compressed bytes do not end where they say", stage=Stage.COMPRESSION)
    return plain


def deflate(data: bytes) -> bytes:
    """The bytes made as small as zlib can."""
    return zlib.compress(data, level=9)
