"""What an identifier is, found out once for all who ask: its canonical link, its class, and what is wrong with it."""

import re
from functools import lru_cache
from typing import NamedTuple

from ringfence.coldchain.converting import read_key
from ringfence.coldchain.epc_urns import NO_EXTENSION, START, read_urn
from ringfence.coldchain.gs1_keys import (
    CHECKED_DIGITS,
    COMPOSITIONS,
    PREFIX_DIGITS,
    Key,
    check_digit,
    check_digit_expected,
    write_link,
)
from ringfence.errors import InputRefused

ONLY_CLASSES = {("01", ""), ("01", "10"), ("8006", ""), ("8006", "10"), ("8010", "")}
JOINED = {"253", "255", "8003"}  # a class where no serial number follows the check digit
OTHER_SCHEMES = ("urn:epc:id:gid:", "urn:epc:id:usdod:", "urn:epc:id:adi:", "urn:epc:id:bic:", "urn:epc:id:imovn:")
PLAIN_TAIL = 20  # characters that any serial number, lot and extension may have; hyphens are written as they are
REMEMBERED = 1 << 16
SSCC, LOGISTIC_UNIT = "urn:epc:id:sscc:", "https://id.gs1.org/00/"

URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")


class Identity(NamedTuple):
    """What one text that should identify something comes to.

    `link` is what two ways of writing one identifier have in common, `ai` empty where it is no GS1 key, `is_class`
    empty where it does not tell, `wrong` what is wrong with its form.
    """

    link: str
    ai: str = ""
    is_class: bool | None = None
    wrong: str = ""
    is_uri: bool = True
    has_wrong_digit: bool = False


@lru_cache(maxsize=REMEMBERED)
def identify(uri: str) -> Identity:
    """What a URI identifies."""
    front, dot, tail = uri.rpartition(".")
    if dot and len(tail) <= PLAIN_TAIL and tail.replace("-", "A").isalnum() and tail.isascii() and tail != NO_EXTENSION:
        known = _identify_front(front)
        if known is not None:
            return Identity(known.link + tail, known.ai, known.is_class)
        if len(tail) == _digits_after(front) and tail.isdigit():
            digits = tail[0] + front[len(SSCC) :] + tail[1:]
            return Identity(f"{LOGISTIC_UNIT}{digits}{check_digit(digits)}", "00", is_class=False)
    return _identify(uri)


@lru_cache(maxsize=REMEMBERED)
def _digits_after(front: str) -> int:
    """How many digits follow the company prefix of a logistic unit; -1 of anything else."""
    prefix = front.removeprefix(SSCC)
    is_sound = front.startswith(SSCC) and prefix.isascii() and prefix.isdigit() and len(prefix) in PREFIX_DIGITS
    return CHECKED_DIGITS["00"] - len(prefix) if is_sound else -1


@lru_cache(maxsize=REMEMBERED)  # serial numbers are new, their products and places come again and again
def _identify_front(front: str) -> Identity | None:
    """What a sound URN with a qualifier is up to its serial number, lot or extension of letters, digits and hyphens."""
    if not front.startswith(START):
        return None
    key = read_key(front + ".A")
    if key is None or not key.qualifier or not key.tail:
        return None
    return _identify(front + ".A")._replace(link=write_link(key).removesuffix("A"))


def _identify(uri: str) -> Identity:
    is_uri = URI.fullmatch(uri) is not None
    if uri.startswith(START):
        return _identify_urn(uri, is_uri=is_uri)
    key = read_key(uri)
    if key is None:
        return Identity(uri, is_uri=is_uri)
    return Identity(
        write_link(key), key.ai, _is_class_key(key), is_uri=is_uri, has_wrong_digit=bool(check_digit_expected(key))
    )


def _identify_urn(uri: str, *, is_uri: bool) -> Identity:
    is_class = _is_class_urn(uri)
    try:
        key, _ = read_urn(uri)
    except InputRefused as refused:
        return Identity(uri, "", is_class, "" if uri.startswith(OTHER_SCHEMES) else str(refused), is_uri)
    return Identity(write_link(key), key.ai, is_class, is_uri=is_uri)


def _is_class_urn(uri: str) -> bool | None:
    if uri.startswith(("urn:epc:class:", "urn:epc:idpat:")):
        return True
    return False if uri.startswith("urn:epc:id:") else None


def _is_class_key(key: Key) -> bool:
    if key.ai in JOINED:
        return len(key.value) == COMPOSITIONS[key.ai].digits
    return (key.ai, key.qualifier) in ONLY_CLASSES
