"""EPC URN and GS1 Digital Link turned into each other (`ringfence coldchain convert`)."""

from ringfence.coldchain.epc_urns import START, read_urn, write_urn
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


def read_key(uri: str) -> Key | None:
    """The key of a URN or Digital Link; None for any other URI, and for a URN that is not well-formed."""
    if uri.startswith(START):
        try:
            return read_urn(uri)[0]
        except InputRefused:
            return None
    return read_link(uri) if uri.startswith("http") else None
