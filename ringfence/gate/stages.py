"""The stages a health certificate passes on its way to being believed, in their order; each says yes, no or nothing."""

from enum import StrEnum


class Stage(StrEnum):
    """Named as `ringfence gate verify` reports them.

    Every stage reports whether it was passed, with one exception in the sense of its word: `expired` is true for a
    certificate that does not hold at the time asked (over, not yet begun, or without an end).
    """

    UNPREFIXED = "unprefixed"
    BASE45 = "base45"
    ZLIB = "zlib"
    COSE = "cose"
    CBOR = "cbor"
    SIGNATURE = "signature"
    KEY_USAGE = "key_usage"
    EXPIRED = "expired"
    SCHEMA = "schema"
