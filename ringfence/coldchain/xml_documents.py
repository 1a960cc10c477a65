"""XML 2.0 documents in the shape of the JSON binding (EPCIS 2.0, 9.5 beside 10); no document type, so no entities.

A document that declares a document type is refused before anything in it is believed: what an entity would pull in,
or blow up to, never happens.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from ringfence.coldchain.namespaces import Namespaces
from ringfence.errors import InputRefused

DEEPEST = 64  # levels of elements; the standard's own reach 9
EPCIS_XML = "urn:epcglobal:epcis:xsd:2"
QUERY_XML = "urn:epcglobal:epcis-query:xsd:2"
DOCUMENTS = {
    f"{{{EPCIS_XML}}}EPCISDocument": "EPCISDocument",
    f"{{{EPCIS_XML}}}EPCISQueryDocument": "EPCISQueryDocument",
    f"{{{QUERY_XML}}}EPCISQueryDocument": "EPCISQueryDocument",
}
WRAPPERS = {"extension", "baseExtension"}  # older documents hide newer fields in them
TEXT = "#text"
_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"


@dataclass
class Element:
    """One element: its name as `{namespace}local`, and what is in it."""

    name: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    def own(self) -> list["Element"]:
        """Its children, those in wrappers of older documents among them."""
        found = []
        for child in self.children:
            found.extend(child.own() if child.name in WRAPPERS else [child])
        return found


def read_xml(content: bytes) -> tuple[dict[str, Any], list[Any], Namespaces]:
    """What stands around the events, the events, and the prefixes of an XML document."""
    root, namespaces = _parse(content)
    kind = DOCUMENTS.get(root.name)
    if kind is None:
        raise InputRefused("this XML is a {name}, not an EPCIS 2.0 document", name=root.name)
    header: dict[str, Any] = {name: text for name, text in root.attributes.items() if not name.startswith(_INSTANCE)}
    header["type"] = kind
    header |= {child.name: _extension(child) for child in root.children if child.name.startswith("{")}
    events = _find(root, "EventList")
    if events is None:
        raise InputRefused("this XML holds no EPCIS events")
    return header, [_event(child) for child in events.own()], namespaces


class _Reader:
    """Builds the tree of one document; the parser calls it."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self.open: list[Element] = []
        self.namespaces = Namespaces()

    def declare(self, prefix: str | None, address: str) -> None:
        if prefix and prefix not in {"epcis", "xsi", "epcisq"}:
            self.namespaces.prefixes[prefix] = address

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.open) >= DEEPEST:
            raise InputRefused("this XML is more than {levels} levels deep", levels=DEEPEST)
        named = {_braced(key): value.strip() for key, value in attributes.items()}
        element = Element(_braced(name), named)
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def end(self, _name: str) -> None:
        element = self.open.pop()
        element.text = element.text.strip()

    def read(self, text: str) -> None:
        self.open[-1].text += text


def _parse(content: bytes) -> tuple[Element, Namespaces]:
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartNamespaceDeclHandler = reader.declare
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.read
    try:
        parser.Parse(content, True)  # noqa: FBT003 (expat takes it by place: this is all there is)
    except expat.ExpatError as error:
        raise InputRefused("this is no well-formed XML: {why}", why=error) from error
    if reader.root is None:  # pragma: no cover - expat refuses a document without a root
        raise InputRefused("this XML holds no EPCIS events")
    return reader.root, reader.namespaces


def _refuse_document_type(*_declared: object) -> None:
    raise InputRefused("this XML declares a document type, which may pull in other files; send it without")


def _braced(name: str) -> str:
    address, space, local = name.rpartition(" ")
    return f"{{{address}}}{local}" if space else local


def _find(element: Element, name: str) -> Element | None:
    if element.name == name:
        return element
    return next((found for child in element.children if (found := _find(child, name))), None)


def _event(element: Element) -> dict[str, Any]:
    """An event in the shape of the JSON binding; numbers stay text."""
    event: dict[str, Any] = {"type": element.name}
    for child in element.own():
        _put(event, child.name, _field(child))
    return event


def _field(element: Element) -> Any:  # noqa: ANN401 (whatever JSON could hold)
    """One field of an event."""
    return FIELDS.get(element.name, _extension)(element)


def _epcs(element: Element) -> list[str]:
    return [child.text for child in element.children]


def _quantities(element: Element) -> list[dict[str, str]]:
    return [{part.name: part.text for part in child.children} for child in element.children]


def _typed(element: Element) -> list[dict[str, str]]:
    return [child.attributes | {child.name: child.text} for child in element.children]


def _error_declaration(element: Element) -> dict[str, Any]:
    return {
        child.name: _epcs(child) if child.name == "correctiveEventIDs" else _extension(child) for child in element.own()
    }


def _sensor_elements(element: Element) -> list[dict[str, Any]]:
    return [_sensor_element(child) for child in element.children]


def _sensor_element(element: Element) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for child in element.own():
        if child.name == "sensorReport":
            read.setdefault("sensorReport", []).append(child.attributes | _parts(child))
        elif child.name == "sensorMetadata":
            read["sensorMetadata"] = child.attributes | _parts(child)
        else:
            _put(read, child.name, _extension(child))
    return read


def _listed(element: Element) -> dict[str, list[str]]:
    read: dict[str, list[str]] = {}
    for child in element.children:
        read.setdefault(child.name, []).append(child.text)
    return read


def _parts(element: Element) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for child in element.own():
        _put(read, child.name, _extension(child))
    return read


def _extension(element: Element) -> Any:  # noqa: ANN401 (whatever JSON could hold)
    """An element of somebody's own: its text, or its attributes and children."""
    read: dict[str, Any] = {name: text for name, text in element.attributes.items() if not name.startswith(_INSTANCE)}
    for child in element.children:
        _put(read, child.name, _extension(child))
    if not read:
        return element.text
    return read | {TEXT: element.text} if element.text else read


def _put(record: dict[str, Any], name: str, found: object) -> None:
    """A field; said again, it becomes a list."""
    if name not in record:
        record[name] = found
    elif isinstance(record[name], list):
        record[name].append(found)
    else:
        record[name] = [record[name], found]


FIELDS: Mapping[str, Callable[[Element], Any]] = (
    dict.fromkeys(["epcList", "childEPCs", "inputEPCList", "outputEPCList"], _epcs)
    | dict.fromkeys(["quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"], _quantities)
    | dict.fromkeys(["bizTransactionList", "sourceList", "destinationList"], _typed)
    | dict.fromkeys(["readPoint", "bizLocation", "ilmd"], _parts)
    | {"persistentDisposition": _listed, "errorDeclaration": _error_declaration, "sensorElementList": _sensor_elements}
)
