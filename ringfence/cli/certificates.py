"""Certificates and times as the command line takes them."""

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from cryptography.x509 import Certificate

from ringfence import seal
from ringfence.errors import InputRefused


def read_trust(given: Iterable[str]) -> seal.Keys:
    """The keys of certificates to believe."""
    return seal.keys_by_id(seal.verifying_key(read_certificate(text)) for text in given)


def read_certificate(given: str) -> Certificate:
    """A certificate in PEM, DER or base64: the file of that name, else the text itself."""
    return seal.read_certificate(_bytes_of(given))


def passphrase() -> bytes | None:
    """What protects key files, from the environment: a command's words can be seen by others."""
    return os.environ.get("RINGFENCE_PASSPHRASE", "").encode() or None


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
