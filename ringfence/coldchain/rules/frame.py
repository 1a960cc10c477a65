"""Rules about the document and about what every event must say: type, time, fields (EPCIS 2.0, 7.4.1)."""

import re
from collections.abc import Iterator

from ringfence.coldchain.documents import Document
from ringfence.coldchain.events import READERS, TIME, Event, Kind
from ringfence.coldchain.hashing import NO_PART, VERSION, hash_event
from ringfence.coldchain.identities import URI
from ringfence.coldchain.rules.rule import Asked, Found, Level, rule, rule_of_document
from ringfence.errors import InputRefused

EVENT = "7.4.1 EPCISEvent"
OFFSET = re.compile(r"[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00")
NEEDS_ACTION = set(Kind) - {Kind.TRANSFORMATION}
COMMON = {
    "eventTime", "recordTime", "eventTimeZoneOffset", "eventID", "errorDeclaration", "certificationInfo", "bizStep",
    "disposition", "persistentDisposition", "readPoint", "bizLocation", "bizTransactionList", "sourceList",
    "destinationList", "sensorElementList",
}  # fmt: skip
FIELDS_OF = {
    Kind.OBJECT: {"action", "epcList", "quantityList", "ilmd"},
    Kind.AGGREGATION: {"action", "parentID", "childEPCs", "childQuantityList"},
    Kind.ASSOCIATION: {"action", "parentID", "childEPCs", "childQuantityList"},
    Kind.TRANSACTION: {"action", "parentID", "epcList", "quantityList"},
    Kind.TRANSFORMATION: {
        "transformationID", "inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList", "ilmd",
    },
}  # fmt: skip


@rule_of_document("10 JSON binding, EPCISBody")
def events_are_listed(document: Document, _asked: Asked) -> Iterator[Found]:
    """A document holds at least one event."""
    if not document.events:
        yield document.path, []


@rule_of_document("9.3 Schema version", level=Level.WARNING)
def schema_version_is_known(document: Document, _asked: Asked) -> Iterator[Found]:
    """A document says that it is of version 2.0 or 2.1."""
    if document.header and str(document.header.get("schemaVersion")) not in {"2.0", "2.0.0", "2.1", "2.1.0"}:
        yield "$.schemaVersion", document.header.get("schemaVersion")


@rule_of_document("9.3 Document header", level=Level.WARNING)
def creation_is_dated(document: Document, _asked: Asked) -> Iterator[Found]:
    """A document says when it was made, with a zone."""
    if document.header and not TIME.fullmatch(str(document.header.get("creationDate"))):
        yield "$.creationDate", document.header.get("creationDate")


@rule(EVENT)
def event_time_is_said(event: Event, _asked: Asked) -> Iterator[Found]:
    """An event says when it happened."""
    if "eventTime" not in event.said:
        yield ".eventTime", None


@rule(EVENT)
def time_zone_is_said(event: Event, _asked: Asked) -> Iterator[Found]:
    """An event says the zone's offset where it happened, as hours and minutes up to 14:00."""
    offset = event.texts.get("eventTimeZoneOffset", "")
    if not OFFSET.fullmatch(offset):
        yield ".eventTimeZoneOffset", offset


@rule(EVENT)
def event_is_past(event: Event, asked: Asked) -> Iterator[Found]:
    """Nothing has happened before it happens."""
    if event.event_time and event.event_time > asked.now:
        yield ".eventTime", event.event_time


@rule(EVENT, level=Level.WARNING)
def record_follows_event(event: Event, _asked: Asked) -> Iterator[Found]:
    """An event is recorded no earlier than it happened."""
    recorded = event.times.get("recordTime")
    if recorded and event.event_time and recorded < event.event_time:
        yield ".recordTime", recorded


@rule(EVENT)
def event_id_is_a_uri(event: Event, _asked: Asked) -> Iterator[Found]:
    """An event's id is a URI."""
    event_id = event.texts.get("eventID")
    if event_id and not URI.fullmatch(event_id):
        yield ".eventID", event_id


@rule("CBV 2.0, 8.9.2 Event hash id", level=Level.WARNING)
def event_hash_is_its_own(event: Event, asked: Asked) -> Iterator[Found]:
    """An event's id that is an event hash is the hash of this event."""
    event_id = event.texts.get("eventID", "")
    if event_id.startswith("ni:///sha-256;") and event_id.endswith(VERSION):
        names = asked.document.names_of(event.raw)
        try:
            if hash_event(event.raw, namespaces=names, ignored=asked.document.ignored) != event_id:
                yield ".eventID", event_id
        except InputRefused:
            yield ".eventID", event_id


@rule("7.1.4 Extension mechanisms")
def prefixes_are_declared(event: Event, asked: Asked) -> Iterator[Found]:
    """The prefix of an extension is declared in the document."""
    names = asked.document.names_of(event.raw)
    yield from _undeclared("", event.raw, names.declares)


def _undeclared(path: str, found: object, declares: object) -> Iterator[Found]:
    if isinstance(found, dict):
        for name, one in found.items():
            if callable(declares) and not declares(name):
                yield f"{path}.{name}", name
            yield from _undeclared(f"{path}.{name}", one, declares)
    elif isinstance(found, list):
        for place, one in enumerate(found):
            yield from _undeclared(f"{path}[{place}]", one, declares)


@rule("7.1.4 Extension mechanisms", level=Level.WARNING)
def fields_are_known(event: Event, asked: Asked) -> Iterator[Found]:
    """A field without a prefix is one of the standard's."""
    terms = asked.document.names_of(event.raw).prefixes
    for name in event.raw:
        if ":" not in name and name not in READERS and name not in NO_PART and name not in terms:
            yield f".{name}", name


@rule(EVENT)
def fields_are_of_the_type(event: Event, _asked: Asked) -> Iterator[Found]:
    """An event has no field that belongs to events of another type."""
    for name in sorted((event.said & READERS.keys()) - COMMON - FIELDS_OF[event.kind] - {"action"}):
        yield f".{name}", name


@rule("7.3.2 Action type")
def action_is_said(event: Event, _asked: Asked) -> Iterator[Found]:
    """An event other than a transformation says its action: ADD, OBSERVE or DELETE."""
    if event.kind in NEEDS_ACTION and event.action is None:
        yield ".action", event.texts.get("action")


@rule("7.4.6 TransformationEvent")
def transformation_has_no_action(event: Event, _asked: Asked) -> Iterator[Found]:
    """A transformation has no action: it always uses up and brings forth."""
    if event.kind is Kind.TRANSFORMATION and "action" in event.said:
        yield ".action", event.texts.get("action")


@rule("7.3.6 Instance/Lot master data")
def master_data_comes_at_the_beginning(event: Event, _asked: Asked) -> Iterator[Found]:
    """Master data of instances and lots is given only where they begin: ADD, or a transformation."""
    if event.kind is Kind.OBJECT and event.ilmd and event.action is not None and event.action != "ADD":
        yield ".ilmd", event.action
