"""EPCIS 2.0 documents: whatever the form, a list of events in the shape of the JSON binding (EPCIS 2.0, 10).

JSON and JSON-LD are read as an EPCISDocument, an EPCISQueryDocument, a list of events or one event alone; XML as an
EPCISDocument or EPCISQueryDocument. Extensions keep their keys, with a prefix (JSON) or as `{namespace}local` (XML).
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec

from ringfence.coldchain.namespaces import Namespaces
from ringfence.coldchain.vocabulary import EPCIS
from ringfence.coldchain.xml_documents import read_xml
from ringfence.errors import InputRefused

RawEvent: TypeAlias = dict[str, Any]
IGNORE_FIELDS = "ignoreFields"

_decoder = msgspec.json.Decoder()


@dataclass(frozen=True)
class Document:
    """The events of a document, what stands around them, and where in the file they stand."""

    events: list[Any]
    header: RawEvent
    namespaces: Namespaces
    ignored: frozenset[str]
    path: str

    def names_of(self, event: RawEvent) -> Namespaces:
        """What the prefixes of an event stand for: an event may bring its own context."""
        context = event.get("@context")
        return self.namespaces.with_context(context) if context is not None else self.namespaces

    def path_of(self, index: int) -> str:
        """Where an event stands, as a JSON path."""
        return f"{self.path}[{index}]"

    def records(self) -> Iterator[tuple[int, RawEvent]]:
        """The events that are records at all, with their places."""
        return ((index, event) for index, event in enumerate(self.events) if isinstance(event, dict))


@contextmanager
def without_collector() -> Iterator[None]:
    """Python's collector of cycles at rest: events are trees, and looking for cycles in them costs as much as reading.

    What holds no cycle is freed without it.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def read_document(content: bytes) -> Document:
    """The events of a file; InputRefused where it is no EPCIS document that can be read."""
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"<" or content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        header, events, namespaces = read_xml(content)
        return Document(events, header, namespaces, _ignored(header, namespaces), _path_of(header))
    try:
        decoded = _decoder.decode(content.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise InputRefused("this is neither JSON nor XML that can be read: {why}", why=error) from error
    return _read_json(decoded)


def _plain(found: Any) -> Any:  # noqa: ANN401 (whatever JSON could hold)
    """A record whose standard fields are named in full or with their prefix, with plain names."""
    if isinstance(found, list):
        return [_plain(one) for one in found]
    if isinstance(found, dict):
        return {name.removeprefix("epcis:").removeprefix(EPCIS): _plain(one) for name, one in found.items()}
    return found


def _read_json(decoded: object) -> Document:
    if _is_named_in_full(decoded):
        decoded = _plain(decoded)
    if isinstance(decoded, list):
        return Document(decoded, {}, Namespaces(), frozenset(), "$")
    if not isinstance(decoded, dict):
        raise InputRefused("this JSON holds no EPCIS events")
    namespaces = Namespaces()
    if "@context" in decoded:
        namespaces = namespaces.with_context(decoded["@context"])
    body = decoded.get("epcisBody")
    if body is None and "eventTime" in decoded:
        return Document([decoded], {}, namespaces, frozenset(), "$")
    header = {name: value for name, value in decoded.items() if name != "epcisBody"}
    events = _events_in(body)
    if not isinstance(events, list):
        raise InputRefused("this JSON holds no EPCIS events")
    return Document(events, header, namespaces, _ignored(header, namespaces), _path_of(header))


def _is_named_in_full(decoded: object) -> bool:
    first = decoded[0] if isinstance(decoded, list) and decoded else decoded
    named = {"epcisBody", "eventTime"}
    return isinstance(first, dict) and any(start + name in first for name in named for start in ("epcis:", EPCIS))


def _events_in(body: object) -> object:
    """The list of events in the body of a document or query document, or the one event of an older one."""
    found: object = body
    for name in ("queryResults", "resultsBody"):
        if isinstance(found, dict) and name in found:
            found = found[name]
    if not isinstance(found, dict):
        return None
    return found["eventList"] if "eventList" in found else [found["event"]] if "event" in found else None


def _path_of(header: RawEvent) -> str:
    is_query = str(header.get("type")).endswith("QueryDocument")
    return "$.epcisBody.queryResults.resultsBody.eventList" if is_query else "$.epcisBody.eventList"


def _ignored(header: RawEvent, namespaces: Namespaces) -> frozenset[str]:
    """The fields that a repository added and listed as none of the event's own."""
    listed = [value for name, value in header.items() if name.endswith((":" + IGNORE_FIELDS, "}" + IGNORE_FIELDS))]
    names = [name for value in listed for name in (value if isinstance(value, list | dict) else [value])]
    return frozenset(namespaces.name_of(name) for name in names if isinstance(name, str) and namespaces.declares(name))
