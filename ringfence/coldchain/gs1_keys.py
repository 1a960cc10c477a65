"""The GS1 identification keys that have a Digital Link: how each is composed, read and written.

Sources: GS1 General Specifications (application identifiers, check digit in 7.9), GS1 Digital Link URI Syntax 1.2
(primary keys in 4.6 and 4.7, characters to escape in table 7-1).
"""

import re
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote

CHARACTERS_82 = r"!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z"  # General Specifications, figure 7.11-1
CHARACTERS_39 = r"#\-/0-9A-Z"  # figure 7.11-2
PREFIX_DIGITS = range(6, 13)  # of a GS1 company prefix in the Tag Data Standard

_DIGIT_ZERO = ord("0")
# Table 7-1, and what no URI may hold as it is.
_ESCAPES = str.maketrans({character: f"%{ord(character):02X}" for character in '!"#%&()*+,/:<>? '})


class Key(NamedTuple):
    """One key with at most one qualifier, the finest; values are plain text, nothing in them is escaped."""

    ai: str
    value: str
    qualifier: str = ""
    tail: str = ""


@dataclass(frozen=True, slots=True)
class Composition:
    """What a value of one application identifier looks like: digits up to the check digit, then what may follow."""

    digits: int
    rest: re.Pattern[str]

    def ends_well(self, value: str) -> bool:
        """Whether what follows the digits is allowed to."""
        return self.rest.fullmatch(value, self.digits) is not None

    def fits(self, value: str) -> bool:
        """Whether a value is composed like this; its check digit is not looked at."""
        head = value[: self.digits]
        return len(head) == self.digits and head.isascii() and (head.isdigit() or not head) and self.ends_well(value)


def _composed(digits: int, rest: str = "") -> Composition:
    return Composition(digits, re.compile(rest))


def _text(least: int, most: int) -> str:
    return f"[{CHARACTERS_82}]{{{least},{most}}}"


COMPOSITIONS = {
    "00": _composed(18),
    "01": _composed(14),
    "253": _composed(13, _text(0, 17)),
    "255": _composed(13, "[0-9]{0,12}"),
    "401": _composed(6, _text(0, 24)),  # it begins with a company prefix, and has no check digit
    "402": _composed(17),
    "414": _composed(13),
    "417": _composed(13),
    "8003": _composed(14, _text(0, 16)),
    "8004": _composed(6, _text(0, 24)),
    "8006": _composed(18),
    "8010": _composed(6, f"[{CHARACTERS_39}]{{0,24}}"),
    "8017": _composed(18),
    "8018": _composed(18),
}
# Where the check digit of a key stands: the number of digits before it.
CHECKED_DIGITS = {
    "00": 17, "01": 13, "253": 12, "255": 12, "402": 16, "414": 12, "417": 12, "8003": 13, "8006": 13, "8017": 17,
    "8018": 17,
}  # fmt: skip
# The qualifiers of each key, the finest first (CBV 2.0, 8.9.2: only the finest level counts).
QUALIFIERS = {
    "01": ("21", "235", "10", "22"),
    "8006": ("21", "10", "22"),
    "414": ("254",),
    "8010": ("8011",),
    "8017": ("8019",),
    "8018": ("8019",),
}
COARSE = {"22", "8019"}  # qualifiers that the constrained form leaves out
TAILS = {
    "21": _composed(0, _text(1, 20)),
    "10": _composed(0, _text(1, 20)),
    "22": _composed(0, _text(1, 20)),
    "235": _composed(0, _text(1, 28)),
    "254": _composed(0, _text(1, 20)),
    "8011": _composed(0, "[0-9]{1,12}"),
    "8019": _composed(0, "[0-9]{1,10}"),
}
# The words that Digital Link 1.0 and 1.1 allowed in place of numbers.
SHORT_NAMES = {
    "gtin": "01", "itip": "8006", "cpid": "8010", "gln": "414", "party": "417", "gsrnp": "8017", "gsrn": "8018",
    "gcn": "255", "sscc": "00", "gdti": "253", "ginc": "401", "gsin": "402", "grai": "8003", "giai": "8004",
    "cpv": "22", "lot": "10", "ser": "21", "cpsn": "8011", "glnx": "254", "srin": "8019", "tpx": "235",
}  # fmt: skip
GTIN_LENGTHS = {8, 12, 13}


def check_digit(digits: str) -> int:
    """The check digit that follows these ASCII digits: weights 3 and 1 from the right (General Specifications, 7.9)."""
    codes = digits.encode("ascii")
    heavy, light = codes[::-2], codes[-2::-2]
    total = 3 * (sum(heavy) - _DIGIT_ZERO * len(heavy)) + sum(light) - _DIGIT_ZERO * len(light)
    return -total % 10


def check_digit_expected(key: Key) -> str | None:
    """The digit that should stand where another one stands; None where the key is right or has no check digit."""
    place = CHECKED_DIGITS.get(key.ai)
    if place is None:
        return None
    expected = str(check_digit(key.value[:place]))
    return None if key.value[place] == expected else expected


def write_link(key: Key) -> str:
    """The canonical Digital Link of a key (Digital Link 1.2, 4.11): id.gs1.org, numbers, only what identifies."""
    written = f"https://id.gs1.org/{key.ai}/{_escape(key.value)}"
    return f"{written}/{key.qualifier}/{_escape(key.tail)}" if key.qualifier else written


def _escape(text: str) -> str:
    return text if text.isalnum() else text.translate(_ESCAPES)


def read_link(uri: str) -> Key | None:
    """The key in a Digital Link of any domain, at its finest level; None where a URI is no Digital Link.

    Links of versions 1.0 and 1.1 are read too: words for numbers, and GTINs not yet filled up to 14 digits.
    """
    scheme, _, rest = uri.partition("://")
    if scheme.lower() not in {"https", "http"}:
        return None
    segments = rest.partition("?")[0].partition("#")[0].rstrip("/").split("/")
    for first in range(1, len(segments) - 1):
        ai = SHORT_NAMES.get(segments[first], segments[first])
        if ai in COMPOSITIONS and (len(segments) - first) % 2 == 0:
            key = _read_pairs(ai, segments[first + 1 :])
            if key is not None:
                return key
    return None


def _read_pairs(ai: str, segments: list[str]) -> Key | None:
    """The key whose value and qualifiers these segments are."""
    value = _unescape(segments[0])
    if ai == "01" and len(value) in GTIN_LENGTHS:
        value = value.zfill(COMPOSITIONS["01"].digits)
    if not COMPOSITIONS[ai].fits(value):
        return None
    tails: dict[str, str] = {}
    allowed = QUALIFIERS.get(ai, ())
    for name, text in zip(segments[1::2], segments[2::2], strict=True):
        qualifier, tail = SHORT_NAMES.get(name, name), _unescape(text)
        if qualifier not in allowed or not TAILS[qualifier].fits(tail):
            return None
        tails[qualifier] = tail
    finest = next((qualifier for qualifier in allowed if qualifier in tails and qualifier not in COARSE), "")
    return Key(ai, value, finest, tails.get(finest, ""))


def _unescape(segment: str) -> str:
    return unquote(segment) if "%" in segment else segment
