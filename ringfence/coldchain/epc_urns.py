"""EPC URNs as keys and back: every identifier class of the EPC Tag Data Standard that has a Digital Link.

A class is a row of `CLASSES`: how many digits company prefix and reference have together, where the reference's first
digit goes, and what follows the check digit. Classes without a Digital Link (GID, ADI, USDOD, BIC, IMOVN) are refused.
Source: EPC Tag Data Standard 2.0, chapters 6 (URN syntax) and 7 (correspondence to GS1 keys).
"""

from dataclasses import dataclass
from enum import StrEnum, auto
from functools import cached_property, lru_cache
from urllib.parse import unquote

from ringfence.coldchain.gs1_keys import COMPOSITIONS, PREFIX_DIGITS, TAILS, Key, check_digit
from ringfence.errors import InputRefused

START = "urn:epc:"
ANY = "*"  # what a pattern says in place of a serial number
NO_EXTENSION = "0"  # an SGLN of a whole location (TDS 6.3.3)
PIECES = 4  # digits of piece and total in an ITIP

_ESCAPES = str.maketrans({character: f"%{ord(character):02X}" for character in '"#%&/<>?'})  # TDS table 6-1


class Head(StrEnum):
    """Where company prefix and reference go in a key."""

    INDICATOR = auto()  # the reference's first digit leads: GTIN, SSCC
    PLAIN = auto()  # one after the other, then the check digit
    ZERO = auto()  # as plain, after a filling zero: GRAI
    UNCHECKED = auto()  # one after the other, of any length, without a check digit


class Tail(StrEnum):
    """Where the rest of a URN goes in a key."""

    NONE = auto()
    QUALIFIER = auto()
    JOINED = auto()  # directly after the check digit
    PIECES = auto()  # piece and total after the check digit, the serial number as a qualifier


@dataclass(frozen=True)
class EpcClass:
    """One identifier class: `digits` of prefix and reference together."""

    name: str
    ai: str
    head: Head
    digits: int
    tail: Tail = Tail.NONE
    qualifier: str = ""

    @cached_property
    def is_pattern(self) -> bool:
        """Whether it stands for all instances of a class."""
        return self.name.startswith("idpat:")

    @cached_property
    def fields(self) -> int:
        """How many fields, parted by dots, its URN has; the last may hold dots."""
        return {Tail.NONE: 2, Tail.QUALIFIER: 3, Tail.JOINED: 3, Tail.PIECES: 5}[self.tail]


_INSTANCES = (
    EpcClass("id:sgtin", "01", Head.INDICATOR, 13, Tail.QUALIFIER, "21"),
    EpcClass("id:sscc", "00", Head.INDICATOR, 17),
    EpcClass("id:sgln", "414", Head.PLAIN, 12, Tail.QUALIFIER, "254"),
    EpcClass("id:grai", "8003", Head.ZERO, 12, Tail.JOINED),
    EpcClass("id:giai", "8004", Head.UNCHECKED, 30),
    EpcClass("id:gsrn", "8018", Head.PLAIN, 17),
    EpcClass("id:gsrnp", "8017", Head.PLAIN, 17),
    EpcClass("id:gdti", "253", Head.PLAIN, 12, Tail.JOINED),
    EpcClass("id:cpi", "8010", Head.UNCHECKED, 30, Tail.QUALIFIER, "8011"),
    EpcClass("id:sgcn", "255", Head.PLAIN, 12, Tail.JOINED),
    EpcClass("id:ginc", "401", Head.UNCHECKED, 30),
    EpcClass("id:gsin", "402", Head.PLAIN, 16),
    EpcClass("id:itip", "8006", Head.INDICATOR, 13, Tail.PIECES, "21"),
    EpcClass("id:upui", "01", Head.INDICATOR, 13, Tail.QUALIFIER, "235"),
    EpcClass("id:pgln", "417", Head.PLAIN, 12),
    EpcClass("class:lgtin", "01", Head.INDICATOR, 13, Tail.QUALIFIER, "10"),
)
_PATTERNS = tuple(
    EpcClass(known.name.replace("id:", "idpat:"), known.ai, known.head, known.digits, known.tail, known.qualifier)
    for known in _INSTANCES
    if known.name in {"id:sgtin", "id:grai", "id:gdti", "id:cpi", "id:sgcn", "id:itip", "id:upui"}
)
CLASSES = {START + known.name: known for known in (*_INSTANCES, *_PATTERNS)}

_SGLN = CLASSES["urn:epc:id:sgln"]
_OF_KEY = {("414", ""): _SGLN} | {(known.ai, known.qualifier): known for known in _INSTANCES}
_OF_CLASS = {known.ai: known for known in reversed(_PATTERNS)}  # sgtin before upui: a GTIN alone is no upui


def read_urn(uri: str) -> tuple[Key, str]:
    """The key that an EPC URN stands for, and its company prefix; InputRefused says what is wrong with it."""
    *start, body = uri.split(":", 4)
    known = CLASSES.get(":".join(start))
    if known is None:
        raise InputRefused("{uri} is no EPC URN of a class that has a Digital Link", uri=uri)
    fields = body.split(".", known.fields - 1)
    if len(fields) != known.fields:
        raise InputRefused(
            "{uri} has {found} fields, not {expected}", uri=uri, found=len(fields), expected=known.fields
        )
    prefix = fields[0]
    if not (_is_digits(prefix) and len(prefix) in PREFIX_DIGITS):
        raise InputRefused("{uri}: a company prefix has 6 to 12 digits", uri=uri)
    key = _compose(known, prefix, fields[1:], uri)
    ends_well = TAILS[key.qualifier].ends_well(key.tail) if key.qualifier else True
    if not (ends_well and COMPOSITIONS[key.ai].ends_well(key.value)):
        raise InputRefused("{uri}: the serial part is too long, too short or of other characters than allowed", uri=uri)
    return key, prefix


def write_urn(key: Key, *, prefix_digits: int) -> str:
    """The EPC URN of a key, as TDS writes it; a key does not say itself how long its company prefix is."""
    known = _class_of(key)
    if known is None:
        raise InputRefused("there is no EPC URN for key {ai} with {qualifier}", ai=key.ai, qualifier=key.qualifier)
    reference, rest = _take_apart(known, key)
    if prefix_digits not in PREFIX_DIGITS or not _is_digits(reference[:prefix_digits]):
        raise InputRefused("key {key} does not begin with a company prefix of {digits} digits", key=key.value,
                           digits=prefix_digits)  # fmt: skip
    prefix, tail = reference[:prefix_digits], reference[prefix_digits:]
    if known.head is Head.INDICATOR:
        tail = key.value[0] + tail
    if known.head is Head.UNCHECKED and not tail:
        raise InputRefused("key {key} does not begin with a company prefix of {digits} digits", key=key.value,
                           digits=prefix_digits)  # fmt: skip
    return f"{START}{known.name}:" + ".".join([prefix, tail.translate(_ESCAPES), *rest])


def _compose(known: EpcClass, prefix: str, fields: list[str], uri: str) -> Key:
    """The key of the fields after the company prefix."""
    reference, rest = fields[0], fields[1:]
    if known.is_pattern and rest[-1] != ANY:
        raise InputRefused("{uri}: a pattern ends with an asterisk", uri=uri)
    if known.head is Head.UNCHECKED:
        value = prefix + _unescape(reference)
        if not reference:
            raise InputRefused("{uri} has no reference after the company prefix", uri=uri)
    else:
        value = _checked(known, prefix, reference, uri)
    if known.tail is Tail.PIECES:
        if not all(_is_digits(piece) and len(piece) == PIECES // 2 for piece in rest[:-1]):
            raise InputRefused("{uri}: piece and total have two digits each", uri=uri)
        value += rest[0] + rest[1]
    if known.tail is Tail.NONE or known.is_pattern:
        return Key(known.ai, value)
    tail = _unescape(rest[-1])
    if known.tail is Tail.JOINED:
        if not tail:
            raise InputRefused("{uri} has no serial number", uri=uri)
        return Key(known.ai, value + tail)
    if known is _SGLN and tail == NO_EXTENSION:
        return Key(known.ai, value)
    return Key(known.ai, value, known.qualifier, tail)


def _checked(known: EpcClass, prefix: str, reference: str, uri: str) -> str:
    """Prefix and reference in the order of the key, with its check digit."""
    digits = prefix + reference
    if len(digits) != known.digits or not _is_digits(digits):
        raise InputRefused(
            "{uri}: company prefix and reference have {expected} digits together, not {found}",
            uri=uri,
            expected=known.digits,
            found=len(digits),
        )
    return _with_check_digit(known.head, prefix, reference)


@lru_cache(maxsize=1 << 14)  # products and places come again and again
def _with_check_digit(head: Head, prefix: str, reference: str) -> str:
    if head is Head.INDICATOR:
        digits = reference[0] + prefix + reference[1:]
    elif head is Head.ZERO:
        digits = "0" + prefix + reference
    else:
        digits = prefix + reference
    return f"{digits}{check_digit(digits)}"


def _class_of(key: Key) -> EpcClass | None:
    """The class a key's URN belongs to: the pattern where nothing single is named, else the instance's."""
    pattern = _OF_CLASS.get(key.ai)
    if pattern and not key.qualifier:
        has_serial = pattern.tail is Tail.JOINED and len(key.value) > COMPOSITIONS[key.ai].digits
        if not has_serial:
            return pattern
    return _OF_KEY.get((key.ai, key.qualifier))


def _take_apart(known: EpcClass, key: Key) -> tuple[str, list[str]]:
    """Prefix and reference without indicator, filler and check digit; and the fields that come after them."""
    if known.head is Head.UNCHECKED:
        reference, after = key.value, ""
    else:
        begin = 0 if known.head is Head.PLAIN else 1
        end = known.digits + (known.head is Head.ZERO)
        reference, after = key.value[begin:end], key.value[end + 1 :]
    last = ANY if known.is_pattern else (key.tail if known.tail is not Tail.JOINED else after).translate(_ESCAPES)
    if known is _SGLN:
        last = last or NO_EXTENSION
    if known.tail is Tail.NONE:
        return reference, []
    return reference, [after[:2], after[2:], last] if known.tail is Tail.PIECES else [last]


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _unescape(field: str) -> str:
    return unquote(field) if "%" in field else field
