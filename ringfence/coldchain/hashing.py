"""The event hash of CBV 2.0 (8.9.2): one name for an event, whatever the form it was sent in.

An event is written out in one way only (the pre-hash string): fields in the standard's order, identifiers as canonical
Digital Links, words and prefixes in full, times in UTC with milliseconds, lists sorted. Its SHA-256 as a `ni` URI
(RFC 6920) is the event's id where it has none. `eventID`, `recordTime` and an error declaration do not take part, so an
event and the declaration that corrects it have the same hash.

Two things the standard's text leaves open are read as its published vectors have them: destinations stand before
sources, and `certificationInfo` after the zone's offset.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from hashlib import sha256
from typing import Any, TypeAlias

from ringfence.coldchain.documents import Document, RawEvent
from ringfence.coldchain.identities import identify
from ringfence.coldchain.namespaces import STANDARD_PREFIXES, Namespaces
from ringfence.coldchain.vocabulary import (
    BIZ_STEPS,
    COMPONENTS,
    DISPOSITIONS,
    EPCIS,
    EXCEPTIONS,
    MEASUREMENTS,
    PARTY_TYPES,
    TRANSACTION_TYPES,
    write_out_urn,
)
from ringfence.coldchain.xml_documents import TEXT
from ringfence.errors import InputRefused

VERSION = "CBV2.0"
COMMENT = f"{{{STANDARD_PREFIXES['rdfs']}}}comment"
NO_PART = frozenset({"type", "@type", "isA", "eventID", "recordTime", "errorDeclaration", "@context", COMMENT})

Writer: TypeAlias = Callable[[str, Any, Namespaces], str]

_INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)")
_DECIMAL = re.compile(r"[+-]?\d+\.\d*")


def hash_events(document: Document) -> Iterator[str]:
    """The hash of each event of a document, in its order; InputRefused for one that cannot be written out."""
    for index, event in enumerate(document.events):
        if not isinstance(event, dict):
            raise InputRefused("{path} is no event", path=document.path_of(index))
        try:
            yield hash_event(event, namespaces=document.names_of(event), ignored=document.ignored)
        except InputRefused as error:
            where = InputRefused("{path}: {why}", path=document.path_of(index), why=error)
            raise where from error


def hash_event(event: RawEvent, *, namespaces: Namespaces, ignored: frozenset[str] = frozenset()) -> str:
    """The hash of one event as a `ni` URI."""
    written = write_prehash(event, namespaces=namespaces, ignored=ignored)
    return f"ni:///sha-256;{sha256(written.encode()).hexdigest()}?ver={VERSION}"


def write_prehash(event: RawEvent, *, namespaces: Namespaces, ignored: frozenset[str] = frozenset()) -> str:
    """An event written out in the one way that is hashed."""
    kind = kind_of(event)
    if not kind:
        raise InputRefused("the event does not say its type")
    parts = ["eventType=" + kind]
    standard = event.keys() & FIELDS.keys()
    for name in sorted(standard, key=PLACE_OF.__getitem__):
        found = event[name]
        if found is not None:
            parts.append(FIELDS[name](name, found, namespaces))
    if len(event) > len(standard) + 1:  # more than the standard's fields: extensions, or fields without part
        parts.extend(_own_fields(event, namespaces, NO_EXTENSION, ignored))
    return "".join(parts)


def kind_of(event: RawEvent) -> str:
    """The type of an event without prefix or address; empty where it says none."""
    kind = event.get("type") or event.get("@type") or event.get("isA") or ""
    return str(kind).removeprefix("epcis:").removeprefix(EPCIS)


def _own_fields(
    record: RawEvent, namespaces: Namespaces, standard: set[str] | frozenset[str], ignored: frozenset[str] = frozenset()
) -> list[str]:
    """The extensions of a record, each written out, sorted."""
    written = []
    for key, found in record.items():
        if key not in standard:
            name = namespaces.name_of(key)
            if name not in ignored and name != COMMENT:
                written.extend(_extension(name, found, namespaces))
    written.sort()
    return written


def _extension(name: str, found: object, namespaces: Namespaces) -> list[str]:
    """A field of somebody's own; one that is said several times stands several times."""
    if found is None:
        return []
    if isinstance(found, list):
        return [written for one in found for written in _extension(name, one, namespaces)]
    if isinstance(found, dict):
        text = canonical(found[TEXT], namespaces) if TEXT in found else ""
        return ["".join([name, "=" + text if text else "", *_own_fields(found, namespaces, {TEXT})])]
    text = canonical(found, namespaces)
    return [f"{name}={text}" if text else name]


def canonical(found: object, namespaces: Namespaces) -> str:
    """A value written the one way: links, words and prefixes in full, numbers without trailing zeros."""
    if type(found) is not str:
        return canonical_number(found) if isinstance(found, int | float) else str(found)
    text = found.strip()
    if text.startswith(("urn:", "http")):
        return _canonical_uri(text)
    if _DECIMAL.fullmatch(text):
        return text.rstrip("0").rstrip(".")
    return _canonical_uri(namespaces.value_of(text)) if ":" in text else text


def _canonical_uri(uri: str) -> str:
    return write_out_urn(uri) if uri.startswith("urn:epcglobal:") else identify(uri).link


def canonical_number(found: object) -> str:
    """A number, or text that is one, without exponent and trailing zeros; other text as it is."""
    if isinstance(found, bool):
        return str(found).lower()
    if isinstance(found, int):
        return str(found)
    try:
        exact = Decimal(str(found).strip())
    except InvalidOperation:
        return str(found).strip()
    if not exact.is_finite():
        return str(found)
    written = format(exact, "f")
    written = written.rstrip("0").rstrip(".") if "." in written else written
    return written.removeprefix("+") if written not in {"-0", "+0", ""} else "0"


@lru_cache(maxsize=1 << 12)
def canonical_instant(text: str) -> str:
    """A time in UTC with milliseconds, rounded half up; InputRefused without a zone."""
    match = _INSTANT.fullmatch(text.strip())
    if match is None:
        raise InputRefused("{found} is no time with seconds and a zone", found=text)
    second, fraction, zone = match.groups()
    digits = (fraction or "")[:4].ljust(4, "0")
    milliseconds = int(digits[:3]) + (digits[3] >= "5")
    try:
        instant = datetime.fromisoformat(second + zone).astimezone(UTC) + timedelta(milliseconds=milliseconds)
    except (ValueError, OverflowError) as error:
        raise InputRefused("{found} is no time with seconds and a zone", found=text) from error
    return instant.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def _value(name: str, found: object, namespaces: Namespaces) -> str:
    if type(found) is str:
        known = identify(found)
        if known.ai:  # most values are keys, and need no more
            return f"{name}={known.link}"
    text = canonical(found, namespaces)
    return f"{name}={text}" if text else ""


def _values(name: str, found: object, namespaces: Namespaces) -> str:
    many = found if isinstance(found, list) else [found]
    return "".join(sorted(_value(name, one, namespaces) for one in many))


def _instant(name: str, found: object, _namespaces: Namespaces) -> str:
    return f"{name}={canonical_instant(str(found))}"


def _number(name: str, found: object, _namespaces: Namespaces) -> str:
    return f"{name}={canonical_number(found)}"


def _text(name: str, found: object, _namespaces: Namespaces) -> str:
    return f"{name}={str(found).strip()}"


def _word(words: Mapping[str, str]) -> Writer:
    """How a field is written whose words stand in a vocabulary."""

    def write(name: str, found: object, namespaces: Namespaces) -> str:
        text = str(found).strip()
        return f"{name}={words.get(text) or canonical(text, namespaces)}"

    return write


def _word_list(words: Mapping[str, str]) -> Writer:
    write = _word(words)

    def write_list(name: str, found: object, namespaces: Namespaces) -> str:
        many = found if isinstance(found, list) else [found]
        return "".join(sorted(write(name, one, namespaces) for one in many))

    return write_list


def _epcs(name: str, found: object, namespaces: Namespaces) -> str:
    if not isinstance(found, list) or not found:
        return ""
    return name + "".join(sorted([_value("epc", one, namespaces) for one in found]))


def _record(fields: Mapping[str, Writer]) -> Writer:
    """How a record within an event is written: its fields in order, then its extensions."""
    standard = {*fields, "type", "@type"}

    def write(name: str, found: object, namespaces: Namespaces) -> str:
        if not isinstance(found, dict):
            raise InputRefused("{field} is no record", field=name)
        parts = [name]
        for field, write_field in fields.items():
            part = found.get(field)
            if part is not None:
                parts.append(write_field(field, part, namespaces))
        if len(found) >= len(parts):
            parts.extend(_own_fields(found, namespaces, standard))
        return "".join(parts)

    return write


def _records(element: str, write: Writer) -> Writer:
    """How a list of records is written: its name once, then each record under the element's name, sorted."""

    def write_list(name: str, found: object, namespaces: Namespaces) -> str:
        if not isinstance(found, list):
            raise InputRefused("{field} is no list", field=name)
        return name + "".join(sorted([write(element, one, namespaces) for one in found])) if found else ""

    return write_list


def _place(name: str, found: object, namespaces: Namespaces) -> str:
    return PLACE(name, found if isinstance(found, dict) else {"id": found}, namespaces)


def _many(write: Writer) -> Writer:
    """How a field is written that stands once or as a list."""

    def write_each(name: str, found: object, namespaces: Namespaces) -> str:
        many = found if isinstance(found, list) else [found]
        return "".join(sorted([write(name, one, namespaces) for one in many]))

    return write_each


def _typed(element: str, words: Mapping[str, str]) -> Writer:
    """How a list of things with a type is written: the type first, the element's own name not at all."""
    return _records("", _record({"type": _word(words), element: _value}))


PLACE = _record({"id": _value, "@id": _value})
QUANTITIES = _records("quantityElement", _record({"epcClass": _value, "quantity": _number, "uom": _text}))
SENSOR_METADATA = _record(
    {"time": _instant, "startTime": _instant, "endTime": _instant}
    | dict.fromkeys(["deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules"], _value)
)
SENSOR_REPORT = _record(
    {"type": _word(MEASUREMENTS), "exception": _word(EXCEPTIONS)}
    | dict.fromkeys(["deviceID", "deviceMetadata", "rawData", "dataProcessingMethod"], _value)
    | {"time": _instant, "microorganism": _value, "chemicalSubstance": _value, "value": _number}
    | {"component": _word(COMPONENTS), "stringValue": _text, "booleanValue": _value, "hexBinaryValue": _text}
    | {"uriValue": _value}
    | dict.fromkeys(["minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue"], _number)
    | {"uom": _text, "coordinateReferenceSystem": _value}
)
SENSOR_ELEMENTS = _records(
    "sensorElement", _record({"sensorMetadata": SENSOR_METADATA, "sensorReport": _many(SENSOR_REPORT)})
)


def _ilmd(name: str, found: object, namespaces: Namespaces) -> str:
    if not isinstance(found, dict):
        raise InputRefused("{field} is no record", field=name)
    return "".join([name, *_own_fields(found, namespaces, frozenset())]) if found else ""


# The canonical property order of CBV 2.0, 8.9.2.
FIELDS: Mapping[str, Writer] = {
    "eventTime": _instant,
    "eventTimeZoneOffset": _text,
    "certificationInfo": _values,
    "epcList": _epcs,
    "parentID": _value,
    "inputEPCList": _epcs,
    "childEPCs": _epcs,
    "quantityList": QUANTITIES,
    "childQuantityList": QUANTITIES,
    "inputQuantityList": QUANTITIES,
    "outputEPCList": _epcs,
    "outputQuantityList": QUANTITIES,
    "action": _text,
    "transformationID": _value,
    "bizStep": _word(BIZ_STEPS),
    "disposition": _word(DISPOSITIONS),
    "persistentDisposition": _record({"set": _word_list(DISPOSITIONS), "unset": _word_list(DISPOSITIONS)}),
    "readPoint": _place,
    "bizLocation": _place,
    "bizTransactionList": _typed("bizTransaction", TRANSACTION_TYPES),
    "destinationList": _typed("destination", PARTY_TYPES),
    "sourceList": _typed("source", PARTY_TYPES),
    "sensorElementList": SENSOR_ELEMENTS,
    "ilmd": _ilmd,
}
PLACE_OF = {name: place for place, name in enumerate(FIELDS)}
NO_EXTENSION = FIELDS.keys() | NO_PART
