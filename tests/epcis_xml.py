"""EPCIS documents of the JSON binding written as XML, for tests: the same events in the other form."""

from typing import Any
from xml.sax.saxutils import escape, quoteattr

CBV_URNS = {
    "bizStep": "urn:epcglobal:cbv:bizstep:",
    "disposition": "urn:epcglobal:cbv:disp:",
    "set": "urn:epcglobal:cbv:disp:",
    "unset": "urn:epcglobal:cbv:disp:",
    "bizTransaction": "urn:epcglobal:cbv:btt:",
    "source": "urn:epcglobal:cbv:sdt:",
    "destination": "urn:epcglobal:cbv:sdt:",
    "reason": "urn:epcglobal:cbv:er:",
}
EPCS = {"epcList": "epc", "childEPCs": "epc", "inputEPCList": "epc", "outputEPCList": "epc"}
TYPED = {"bizTransactionList": "bizTransaction", "sourceList": "source", "destinationList": "destination"}


def write_xml(document: dict[str, Any]) -> str:
    """A whole document; prefixes as its context declares them."""
    is_query = document["type"] == "EPCISQueryDocument"
    prefixes = {"epcis": "urn:epcglobal:epcis:xsd:2"}
    for part in document.get("@context", []):
        if isinstance(part, dict):
            prefixes |= part
    declared = "".join(f" xmlns:{prefix}={quoteattr(address)}" for prefix, address in prefixes.items())
    body = document["epcisBody"]
    events = body["queryResults"]["resultsBody"]["eventList"] if is_query else body["eventList"]
    listed = f"<EventList>{''.join(_event(event) for event in events)}</EventList>"
    if is_query:
        listed = f"<queryResults><resultsBody>{listed}</resultsBody></queryResults>"
    own = "".join(
        f"<{name}>{''.join(f'<{field}/>' for field in fields)}</{name}>"
        for name, fields in document.items()
        if name.endswith(":ignoreFields")
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<epcis:{document["type"]} schemaVersion="2.0" '
        f'creationDate="2022-02-17T11:30:47.0Z"{declared}>{own}<EPCISBody>{listed}</EPCISBody>'
        f"</epcis:{document['type']}>"
    )


def _event(event: dict[str, Any]) -> str:
    fields = "".join(_field(name, found) for name, found in event.items() if name != "type")
    return f"<{event['type']}>\n  {fields}\n</{event['type']}>"


def _field(name: str, found: Any) -> str:  # noqa: ANN401
    if name in EPCS:
        inside = "".join(_text(EPCS[name], epc) for epc in found)
    elif name.lower().endswith("quantitylist"):
        inside = "".join(_plain("quantityElement", element) for element in found)
    elif name in TYPED:
        inside = "".join(_typed(TYPED[name], one) for one in found)
    elif name == "sensorElementList":
        inside = "".join(_sensor(element) for element in found)
    elif name == "persistentDisposition":
        inside = "".join(_text(field, _urn(field, word)) for field, words in found.items() for word in words)
    elif name == "errorDeclaration":
        corrective = "".join(_text("correctiveEventID", one) for one in found.get("correctiveEventIDs", []))
        inside = "".join(
            f"<{field}>{corrective}</{field}>" if field == "correctiveEventIDs" else _text(field, _urn(field, one))
            for field, one in found.items()
        )
    else:
        return _plain(name, _urn(name, found) if isinstance(found, str) else found)
    return f"<{name}>{inside}</{name}>"


def _urn(name: str, word: str) -> str:
    return CBV_URNS[name] + word if name in CBV_URNS and word.replace("_", "").isalpha() else word


def _typed(name: str, one: dict[str, str]) -> str:
    return f"<{name} type={quoteattr(_urn(name, one['type']))}>{escape(one[name])}</{name}>"


def _sensor(element: dict[str, Any]) -> str:
    inside = ""
    for name, found in element.items():
        if name == "sensorMetadata":
            inside += f"<{name}{_attributes(found)}/>"
        elif name == "sensorReport":
            inside += "".join(f"<{name}{_attributes(report)}/>" for report in found)
        else:
            inside += _plain(name, found)
    return f"<sensorElement>{inside}</sensorElement>"


def _attributes(record: dict[str, Any]) -> str:
    words = {"Temperature", "AbsoluteHumidity", "Dimensionless", "ALARM_CONDITION", "ERROR_CONDITION"}
    return "".join(
        f" {name}={quoteattr(('gs1:' if found in words else '') + _said(found))}" for name, found in record.items()
    )


def _plain(name: str, found: Any) -> str:  # noqa: ANN401
    if isinstance(found, list):
        return "".join(_plain(name, one) for one in found)
    if isinstance(found, dict):
        return f"<{name}>{''.join(_plain(field, one) for field, one in found.items())}</{name}>"
    return _text(name, _said(found))


def _text(name: str, text: str) -> str:
    return f"<{name}> {escape(text)}\n</{name}>"


def _said(found: object) -> str:
    return str(found).lower() if isinstance(found, bool) else str(found)
