"""The stages a sealed thing passes on its way to being believed; every refusal names the one it failed at."""

from enum import StrEnum


class Stage(StrEnum):
    """In the order they are passed; a `TokenRefused` of this package carries its stage under the value `stage`."""

    TEXT = "text"
    COSE = "cose"
    KEY_ID = "key_id"
    ALGORITHM = "algorithm"
    SIGNATURE = "signature"
    KIND = "kind"
    USAGE = "usage"
    COMPRESSION = "compression"
    CBOR = "cbor"
    CLAIMS = "claims"
    PERIOD = "period"
    VERSION = "version"
