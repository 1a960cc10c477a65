"""EPCIS events as typed records (EPCIS 2.0, 7.3 and 7.4); what does not fit its field is left out and told by its path.

Whatever the form of the document, numbers may be text. Extensions, and fields the standard does not have, are kept.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from ringfence.coldchain.documents import RawEvent
from ringfence.coldchain.hashing import NO_PART, kind_of

Extensions: TypeAlias = Mapping[str, Any]


class Kind(StrEnum):
    """The five types of events."""

    OBJECT = "ObjectEvent"
    AGGREGATION = "AggregationEvent"
    TRANSACTION = "TransactionEvent"
    TRANSFORMATION = "TransformationEvent"
    ASSOCIATION = "AssociationEvent"


class Action(StrEnum):
    """How an event relates to the life of what it is about."""

    ADD = "ADD"
    OBSERVE = "OBSERVE"
    DELETE = "DELETE"


@dataclass(frozen=True, slots=True)
class Quantity:
    """So much of a class; a number of pieces where no unit is said, and any amount where no number is."""

    epc_class: str
    quantity: float | None
    uom: str | None


@dataclass(frozen=True, slots=True)
class Typed:
    """A business transaction, a source or a destination, with its type."""

    uri: str
    type: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """A read point or business location."""

    uri: str
    extensions: Extensions


@dataclass(frozen=True, slots=True)
class SensorReport:
    """One observation: texts, numbers and the time, by the standard's names."""

    texts: Mapping[str, str]
    numbers: Mapping[str, float]
    times: Mapping[str, datetime]
    boolean: bool | None
    extensions: Extensions


@dataclass(frozen=True, slots=True)
class SensorElement:
    """Observations of one device or period, and what is said of all of them."""

    texts: Mapping[str, str]
    times: Mapping[str, datetime]
    reports: tuple[SensorReport, ...]
    extensions: Extensions


@dataclass(frozen=True, slots=True)
class ErrorDeclaration:
    """That an earlier event was wrong, since when, why, and which events say it right."""

    declared_at: datetime | None
    reason: str | None
    corrective_ids: tuple[str, ...]
    extensions: Extensions


@dataclass(slots=True)
class Event:
    """One event of any type; a field that was not said, or not well, is empty."""

    kind: Kind
    raw: RawEvent
    said: frozenset[str] = frozenset()
    texts: dict[str, str] = field(default_factory=dict)
    times: dict[str, datetime] = field(default_factory=dict)
    epcs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    quantities: dict[str, tuple[Quantity, ...]] = field(default_factory=dict)
    typed: dict[str, tuple[Typed, ...]] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    sensors: tuple[SensorElement, ...] = ()
    set_words: tuple[str, ...] = ()
    unset_words: tuple[str, ...] = ()
    certifications: tuple[str, ...] = ()
    ilmd: Extensions = field(default_factory=dict)
    error: ErrorDeclaration | None = None
    extensions: Extensions = field(default_factory=dict)

    @property
    def action(self) -> Action | None:
        """Its action, where it has one that exists."""
        text = self.texts.get("action")
        return Action(text) if text in set(Action) else None

    @property
    def event_time(self) -> datetime | None:
        """When it happened."""
        return self.times.get("eventTime")


@dataclass
class Reader:
    """Reads values of one event and keeps the paths of those that do not fit their field."""

    wrong: list[str] = field(default_factory=list)

    def text(self, path: str, found: object) -> str | None:
        """A text that says something."""
        if isinstance(found, str) and found.strip():
            return found.strip()
        self.wrong.append(path)
        return None

    def number(self, path: str, found: object) -> float | None:
        """A finite number, or a text that is one."""
        if not isinstance(found, bool) and isinstance(found, int | float | str):
            try:
                number = float(found)
            except (ValueError, OverflowError):
                number = math.nan
            if math.isfinite(number):
                return number
        self.wrong.append(path)
        return None

    def time(self, path: str, found: object) -> datetime | None:
        """An instant with seconds and a zone."""
        if isinstance(found, str) and TIME.fullmatch(found.strip()):
            try:
                return datetime.fromisoformat(found.strip())
            except ValueError:
                pass
        self.wrong.append(path)
        return None

    def boolean(self, path: str, found: object) -> bool | None:
        """True or false, also as text."""
        if isinstance(found, str):
            found = {"true": True, "1": True, "false": False, "0": False}.get(found.strip(), found)
        if isinstance(found, bool):
            return found
        self.wrong.append(path)
        return None

    def records(self, path: str, found: object) -> list[tuple[str, RawEvent]]:
        """The records of a list, each with its path."""
        if not isinstance(found, list):
            self.wrong.append(path)
            return []
        listed = [(f"{path}[{place}]", one) for place, one in enumerate(found)]
        self.wrong.extend(place for place, one in listed if not isinstance(one, dict))
        return [(place, one) for place, one in listed if isinstance(one, dict)]

    def record(self, path: str, found: object) -> RawEvent:
        """A record; empty where it is none."""
        if isinstance(found, dict):
            return found
        self.wrong.append(path)
        return {}

    def list_of_texts(self, path: str, found: object) -> tuple[str, ...]:
        """Texts of a list, or one alone."""
        many = found if isinstance(found, list) else [found]
        read = (self.text(f"{path}[{place}]", one) for place, one in enumerate(many))
        return tuple(text for text in read if text is not None)


TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
EPC_FIELDS = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
QUANTITY_FIELDS = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
TYPED_FIELDS = {"bizTransactionList": "bizTransaction", "sourceList": "source", "destinationList": "destination"}
PLACE_FIELDS = ("readPoint", "bizLocation")
TEXT_FIELDS = ("eventID", "eventTimeZoneOffset", "action", "parentID", "transformationID", "bizStep", "disposition")
TIME_FIELDS = ("eventTime", "recordTime")
SENSOR_TEXTS = ("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod")
METADATA_TEXTS = (*SENSOR_TEXTS, "bizRules")
METADATA_TIMES = ("time", "startTime", "endTime")
REPORT_TEXTS = (
    *SENSOR_TEXTS,
    "type", "exception", "microorganism", "chemicalSubstance", "component", "stringValue", "hexBinaryValue", "uriValue",
    "uom", "coordinateReferenceSystem",
)  # fmt: skip
REPORT_NUMBERS = ("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue")


def read_event(raw: RawEvent) -> tuple[Event | None, list[str]]:
    """The event a record is, None where its type is none of the five; and the paths of what does not fit."""
    kind = kind_of(raw)
    if kind not in set(Kind):
        return None, [".type"]
    reader = Reader()
    event = Event(Kind(kind), raw, frozenset(name for name, found in raw.items() if found is not None))
    own = {}
    for name, found in raw.items():
        read = READERS.get(name)
        if read is not None and found is not None:
            read(event, reader, name, found)
        elif read is None and name not in NO_PART:
            own[name] = found
    event.extensions = own
    return event, reader.wrong


def _read_text(event: Event, reader: Reader, name: str, found: object) -> None:
    text = reader.text(f".{name}", found)
    if text is not None:
        event.texts[name] = text


def _read_time(event: Event, reader: Reader, name: str, found: object) -> None:
    time = reader.time(f".{name}", found)
    if time is not None:
        event.times[name] = time


def _read_epcs(event: Event, reader: Reader, name: str, found: object) -> None:
    if isinstance(found, list):
        event.epcs[name] = reader.list_of_texts(f".{name}", found)
    else:
        reader.record(f".{name}", None)


def _read_quantities(event: Event, reader: Reader, name: str, found: object) -> None:
    read = []
    for path, one in reader.records(f".{name}", found):
        epc_class = reader.text(f"{path}.epcClass", one.get("epcClass"))
        quantity = reader.number(f"{path}.quantity", one["quantity"]) if one.get("quantity") is not None else None
        uom = reader.text(f"{path}.uom", one["uom"]) if one.get("uom") is not None else None
        if epc_class is not None:
            read.append(Quantity(epc_class, quantity, uom))
    event.quantities[name] = tuple(read)


def _read_typed(event: Event, reader: Reader, name: str, found: object) -> None:
    read = []
    for path, one in reader.records(f".{name}", found):
        uri = reader.text(f"{path}.{TYPED_FIELDS[name]}", one.get(TYPED_FIELDS[name]))
        kind = reader.text(f"{path}.type", one["type"]) if one.get("type") is not None else None
        if uri is not None:
            read.append(Typed(uri, kind))
    event.typed[name] = tuple(read)


def _read_place(event: Event, reader: Reader, name: str, found: object) -> None:
    record = reader.record(f".{name}", found)
    if record:
        uri = reader.text(f".{name}.id", record.get("id", record.get("@id")))
        if uri is not None:
            own = {key: one for key, one in record.items() if key not in {"id", "@id", "type"}}
            event.places[name] = Place(uri, own)


def _read_persistent(event: Event, reader: Reader, name: str, found: object) -> None:
    record = reader.record(f".{name}", found)
    if "set" in record:
        event.set_words = reader.list_of_texts(f".{name}.set", record["set"])
    if "unset" in record:
        event.unset_words = reader.list_of_texts(f".{name}.unset", record["unset"])


def _read_sensors(event: Event, reader: Reader, name: str, found: object) -> None:
    event.sensors = tuple(_read_sensor(reader, path, one) for path, one in reader.records(f".{name}", found))


def _read_sensor(reader: Reader, path: str, record: RawEvent) -> SensorElement:
    metadata = reader.record(f"{path}.sensorMetadata", record.get("sensorMetadata", {}))
    said = record.get("sensorReport")
    reports = reader.records(f"{path}.sensorReport", [said] if isinstance(said, dict) else said)
    known = {*METADATA_TEXTS, *METADATA_TIMES}
    own = {key: one for key, one in record.items() if key not in {"sensorMetadata", "sensorReport", "type"}}
    return SensorElement(
        _texts(reader, f"{path}.sensorMetadata", metadata, METADATA_TEXTS),
        _times(reader, f"{path}.sensorMetadata", metadata, METADATA_TIMES),
        tuple(_read_report(reader, place, one) for place, one in reports),
        own | {key: one for key, one in metadata.items() if key not in known},
    )


def _read_report(reader: Reader, path: str, record: RawEvent) -> SensorReport:
    numbers = {name: reader.number(f"{path}.{name}", record[name]) for name in REPORT_NUMBERS if name in record}
    boolean = reader.boolean(f"{path}.booleanValue", record["booleanValue"]) if "booleanValue" in record else None
    known = {*REPORT_TEXTS, *REPORT_NUMBERS, "time", "booleanValue"}
    return SensorReport(
        _texts(reader, path, record, REPORT_TEXTS),
        {name: number for name, number in numbers.items() if number is not None},
        _times(reader, path, record, ("time",)),
        boolean,
        {key: one for key, one in record.items() if key not in known},
    )


def _texts(reader: Reader, path: str, record: RawEvent, names: tuple[str, ...]) -> dict[str, str]:
    read = {name: reader.text(f"{path}.{name}", record[name]) for name in names if record.get(name) is not None}
    return {name: text for name, text in read.items() if text is not None}


def _times(reader: Reader, path: str, record: RawEvent, names: tuple[str, ...]) -> dict[str, datetime]:
    read = {name: reader.time(f"{path}.{name}", record[name]) for name in names if record.get(name) is not None}
    return {name: time for name, time in read.items() if time is not None}


def _read_error(event: Event, reader: Reader, name: str, found: object) -> None:
    record = reader.record(f".{name}", found)
    times = _times(reader, f".{name}", record, ("declarationTime",))
    texts = _texts(reader, f".{name}", record, ("reason",))
    said = record.get("correctiveEventIDs") or []
    known = {"declarationTime", "reason", "correctiveEventIDs"}
    event.error = ErrorDeclaration(
        times.get("declarationTime"),
        texts.get("reason"),
        reader.list_of_texts(f".{name}.correctiveEventIDs", said),
        {key: one for key, one in record.items() if key not in known},
    )


def _read_ilmd(event: Event, reader: Reader, name: str, found: object) -> None:
    event.ilmd = reader.record(f".{name}", found)


def _read_certifications(event: Event, reader: Reader, name: str, found: object) -> None:
    event.certifications = reader.list_of_texts(f".{name}", found)


READERS: Mapping[str, Callable[[Event, Reader, str, object], None]] = (
    dict.fromkeys(TEXT_FIELDS, _read_text)
    | dict.fromkeys(TIME_FIELDS, _read_time)
    | dict.fromkeys(EPC_FIELDS, _read_epcs)
    | dict.fromkeys(QUANTITY_FIELDS, _read_quantities)
    | dict.fromkeys(TYPED_FIELDS, _read_typed)
    | dict.fromkeys(PLACE_FIELDS, _read_place)
    | {"persistentDisposition": _read_persistent, "sensorElementList": _read_sensors, "errorDeclaration": _read_error}
    | {"ilmd": _read_ilmd, "certificationInfo": _read_certifications}
)
