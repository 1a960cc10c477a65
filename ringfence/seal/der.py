"""The purposes a certificate is limited to, read from its bytes.

`cryptography` reads all extensions or none: one malformed extension, and the field has them, hides the rest. Here the
one that matters is found by itself, and what cannot be read is said to be unreadable, never unlimited.
"""

from collections.abc import Iterator
from itertools import pairwise

from ringfence.errors import InputRefused

SEQUENCE, OCTET_STRING, OBJECT_ID, EXTENSIONS = 0x30, 0x04, 0x06, 0xA3  # X.690 section 8; RFC 5280 section 4.1
EXTENDED_KEY_USAGE = bytes.fromhex("551d25")  # 2.5.29.37
OPEN_LENGTH = 0x80  # not allowed in DER; above it, the number of length bytes that follow
LAST_OCTET_BELOW = 0x80
MULTI_BYTE_TAG = 0x1F

Element = tuple[int, bytes]


def read_key_purposes(tbs_certificate: bytes) -> frozenset[str] | None:
    """The object identifiers of the extended key usage (RFC 5280 section 4.2.1.12), from the part that is signed.

    None where the certificate has no such extension; empty where the extension names nothing, which the standard
    forbids and issuers did. InputRefused where it cannot be read.
    """
    try:
        found = [_only(value, SEQUENCE) for name, value in _extensions(tbs_certificate) if name == EXTENDED_KEY_USAGE]
        if not found:
            return None
        (purposes,) = found
        return frozenset(_dotted(_of_tag(element, OBJECT_ID)) for element in _elements(purposes))
    except (ValueError, IndexError) as error:
        raise InputRefused("a certificate's purposes cannot be read; ask its issuer for a sound one") from error


def _extensions(tbs_certificate: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and value of each extension."""
    for tag, content in _elements(_only(tbs_certificate, SEQUENCE)):
        if tag != EXTENSIONS:
            continue
        for extension in _elements(_only(content, SEQUENCE)):
            name, *_, value = _elements(_of_tag(extension, SEQUENCE))
            yield _of_tag(name, OBJECT_ID), _of_tag(value, OCTET_STRING)


def _elements(data: bytes) -> Iterator[Element]:
    """Tag and content of each element, one after the other; ValueError or IndexError where they do not fit."""
    start = 0
    while start < len(data):
        tag, size, body = data[start], data[start + 1], start + 2
        if size == OPEN_LENGTH or tag & MULTI_BYTE_TAG == MULTI_BYTE_TAG:
            raise ValueError("a head that DER, or X.509, does not have")
        if size > OPEN_LENGTH:
            body += size - OPEN_LENGTH
            size = int.from_bytes(data[start + 2 : body])
        start = body + size
        if start > len(data):
            raise ValueError("an element that breaks off")
        yield tag, data[body:start]


def _only(data: bytes, tag: int) -> bytes:
    """The content of the one element that the bytes are."""
    (element,) = _elements(data)
    return _of_tag(element, tag)


def _of_tag(element: Element, tag: int) -> bytes:
    """The content of an element of this tag."""
    if element[0] != tag:
        raise ValueError(f"tag {element[0]} where {tag} was expected")
    return element[1]


def _dotted(content: bytes) -> str:
    """An object identifier in its usual form (X.690 section 8.19)."""
    ends = [index + 1 for index, octet in enumerate(content) if octet < LAST_OCTET_BELOW]
    if not ends or ends[-1] != len(content):
        raise ValueError("an object identifier breaks off")
    first, *rest = (_base_128(content[start:end]) for start, end in pairwise([0, *ends]))
    top = min(first // 40, 2)
    return ".".join(map(str, (top, first - 40 * top, *rest)))


def _base_128(octets: bytes) -> int:
    number = 0
    for octet in octets:
        number = number << 7 | octet & 0x7F
    return number
