"""EPC URN and GS1 Digital Link turned into each other (`ringfence coldchain convert`)."""

from functools import lru_cache

from ringfence.coldchain.epc_urns import NO_EXTENSION, START, read_urn, write_urn
from ringfence.coldchain.gs1_keys import Key, check_digit_expected, read_link, write_link
from ringfence.errors import InputRefused


def convert(uri: str, *, prefix_digits: int | None = None) -> str:
    """The canonical Digital Link of an EPC URN, or the EPC URN of a Digital Link.

    A Digital Link does not say how long its company prefix is: `prefix_digits` (6 to 12) must be named for that way.
    """
    if uri.startswith(START):
        return write_link(read_urn(uri)[0])
    key = read_link(uri)
    if key is None:
        raise InputRefused("{uri} is neither an EPC URN nor a GS1 Digital Link", uri=uri)
    expected = check_digit_expected(key)
    if expected is not None:
        raise InputRefused("{uri}: the check digit of {key} should be {expected}", uri=uri, key=key.value,
                           expected=expected)  # fmt: skip
    if prefix_digits is None:
        raise InputRefused("{uri}: a Digital Link does not say how long its company prefix is; name it", uri=uri)
    return write_urn(key, prefix_digits=prefix_digits)


def canonical_link(uri: str) -> str | None:
    """The canonical Digital Link of a URN or of another link; None for any other URI, and for a malformed URN."""
    if not uri.startswith(START):
        key = read_link(uri) if uri.startswith("http") else None
        return write_link(key) if key else None
    front, _, tail = uri.rpartition(".")
    if len(tail) <= PLAIN_TAIL and tail.isalnum() and tail.isascii() and tail != NO_EXTENSION:
        link = _link_before_tail(front)
        if link:
            return link + tail
    key = read_key(uri)
    return write_link(key) if key else None


def read_key(uri: str) -> Key | None:
    """The key of a URN or Digital Link; None for any other URI, and for a URN that is not well-formed."""
    if uri.startswith(START):
        try:
            return read_urn(uri)[0]
        except InputRefused:
            return None
    return read_link(uri) if uri.startswith("http") else None


PLAIN_TAIL = 20  # characters that every serial number, lot and extension may have


@lru_cache(maxsize=1 << 14)  # serial numbers are new, their products and places come again and again
def _link_before_tail(front: str) -> str | None:
    """The link of a URN up to its serial number, lot or extension of letters and digits; None where it has none."""
    key = read_key(front + ".A")
    return write_link(key).removesuffix("A") if key and key.qualifier else None
