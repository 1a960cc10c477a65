"""Certificates and times as the command line takes them."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from ringfence import seal
from ringfence.errors import InputRefused


def read_trust(given: Iterable[str]) -> seal.Keys:
    """The keys to believe, from certificates in PEM, DER or base64: files of that name, else the text itself."""
    return seal.keys_by_id(seal.verifying_key(seal.read_certificate(_bytes_of(text))) for text in given)


def read_instant(text: str) -> datetime:
    """An instant in ISO 8601 form that names its zone; InputRefused for any other."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise InputRefused("'{text}' is no time with its zone, such as 2022-03-01T08:00:00+08:00", text=text)
    return instant


def _bytes_of(text: str) -> bytes:
    try:
        return Path(text).read_bytes()
    except (OSError, ValueError):  # no such file, or no name a file can have: then it is the certificate
        return text.encode()
