"""The event hash of CBV 2.0 against the published vectors, in JSON and in XML, and what it must not depend on."""

import json
from pathlib import Path
from typing import Any

import pytest
from epcis_xml import write_xml

from ringfence.coldchain import hash_events, read_document
from ringfence.coldchain.hashing import canonical, canonical_instant, canonical_number
from ringfence.coldchain.namespaces import Namespaces
from ringfence.errors import InputRefused

VECTORS = 12


@pytest.fixture
def vectors(shared_data: Path) -> dict[str, tuple[dict[str, Any], list[str]]]:
    folder = shared_data / "epcis-hash"
    if not folder.is_dir():
        pytest.skip(f"shared vectors are missing: no folder {folder}; set RINGFENCE_SHARED")
    found = {
        file.stem: (json.loads(file.read_bytes()), file.with_suffix(".hashes").read_text().split())
        for file in sorted(folder.glob("*.jsonld"))
    }
    assert len(found) >= VECTORS
    return found


def hashes(document: object) -> list[str]:
    content = document if isinstance(document, str) else json.dumps(document)
    return list(hash_events(read_document(content.encode())))


def one(**fields: object) -> str:
    event = {"type": "ObjectEvent", "eventTime": "2022-03-01T08:00:00.000Z", "eventTimeZoneOffset": "+08:00"}
    context = {"ex": "https://ns.example.com/epcis/", "own": {"@id": "ex:owned"}}
    return hashes([{"@context": [context]} | event | fields])[0]


def test_every_published_event_has_its_published_hash(vectors: dict[str, Any]) -> None:
    assert {name: hashes(document) for name, (document, _) in vectors.items()} == {
        name: expected for name, (_, expected) in vectors.items()
    }


def test_every_published_event_has_the_same_hash_in_xml(vectors: dict[str, Any]) -> None:
    assert {name: hashes(write_xml(document)) for name, (document, _) in vectors.items()} == {
        name: expected for name, (_, expected) in vectors.items()
    }


def test_a_bare_list_and_one_event_alone_have_the_hashes_of_their_document(vectors: dict[str, Any]) -> None:
    document, expected = vectors["epcisDocWithVariousEventTypes"]
    events = [event | {"@context": document["@context"]} for event in document["epcisBody"]["eventList"]]
    assert hashes(events) == expected
    assert [hashes(event)[0] for event in events] == expected


def test_a_context_written_out_in_full_changes_nothing(vectors: dict[str, Any]) -> None:
    document, expected = vectors["ReferenceEventHashAlgorithm"]
    full = {
        "epcis": "https://ref.gs1.org/epcis/",
        "ObjectEvent": "epcis:ObjectEvent",
        "isA": "@type",
        "eventTime": {"@id": "epcis:eventTime", "@type": "xsd:dateTimeStamp"},
        "bizStep": {"@id": "epcis:bizStep", "@context": {"departing": "cbv:BizStep-departing"}},
        "example": "https://ns.example.com/epcis/",
    }
    assert hashes(document | {"@context": full}) == expected


def test_standard_fields_named_in_full_are_the_same_fields(vectors: dict[str, Any]) -> None:
    document, expected = vectors["epcisDocWithSingleEvent"]
    [event] = document["epcisBody"]["eventList"]
    assert hashes([{f"epcis:{name}" if name != "type" else name: found for name, found in event.items()}]) == expected
    assert hashes([{f"https://ref.gs1.org/epcis/{name}": found for name, found in event.items()}]) == expected


SAME = {
    "a word alone, with its prefix, as a URN, in full": [
        {"bizStep": "shipping"},
        {"bizStep": "cbv:BizStep-shipping"},
        {"bizStep": "urn:epcglobal:cbv:bizstep:shipping"},
        {"bizStep": " https://ref.gs1.org/cbv/BizStep-shipping "},
    ],
    "a lot as URN, as link, as link of another domain": [
        {"quantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.012345.L/1".replace("/", "%2F")}]},
        {"quantityList": [{"epcClass": "https://id.gs1.org/01/04012345123456/10/L%2F1"}]},
        {"quantityList": [{"epcClass": "http://shop.example/x/01/4012345123456/22/3/10/L%2f1?a=b"}]},
    ],
    "an instant": [
        {"eventTime": "2022-03-01T08:00:00Z"},
        {"eventTime": "2022-03-01T16:00:00.0+08:00"},
        {"eventTime": "2022-02-28T21:00:00.00049-11:00"},
        {"eventTime": "2022-03-01T07:59:59.9995Z"},
    ],
    "a number": [
        {"ilmd": {"ex:weight": 3.50}},
        {"ilmd": {"ex:weight": "3.500"}},
    ],
    "a quantity": [
        {"quantityList": [{"epcClass": "urn:x:y", "quantity": 100}]},
        {"quantityList": [{"quantity": 1e2, "epcClass": "urn:x:y"}]},
        {"quantityList": [{"quantity": "1.0E2", "epcClass": "urn:x:y"}]},
    ],
    "the order of a list": [
        {"epcList": ["urn:epc:id:sscc:4012345.0000000333", "urn:epc:id:sscc:4012345.0000000111"]},
        {"epcList": ["urn:epc:id:sscc:4012345.0000000111", "urn:epc:id:sscc:4012345.0000000333"]},
    ],
    "what is empty": [{}, {"epcList": []}, {"quantityList": []}, {"ilmd": {}}, {"action": None}],
    "what does not take part": [
        {},
        {"eventID": "urn:uuid:1", "recordTime": "2022-03-02T00:00:00Z"},
        {"errorDeclaration": {"declarationTime": "2022-03-02T00:00:00Z", "reason": "did_not_occur"}},
        {"rdfs:comment": "seen by the door"},
    ],
    "an extension's name": [
        {"ex:owned": "A"},
        {"own": "A"},
        {"https://ns.example.com/epcis/owned": "A"},
        {"{https://ns.example.com/epcis/}owned": "A"},
    ],
}
DIFFERENT = {
    "a leading zero": [{"ilmd": {"ex:lot": "0012"}}, {"ilmd": {"ex:lot": "12"}}],
    "the zone it was seen in": [{"eventTimeZoneOffset": "+08:00"}, {"eventTimeZoneOffset": "+07:00"}],
    "source and destination": [
        {"sourceList": [{"type": "location", "source": "urn:x:1"}]},
        {"destinationList": [{"type": "location", "destination": "urn:x:1"}]},
    ],
    "a serial number and a lot": [
        {"epcList": ["https://id.gs1.org/01/04012345123456/21/7"]},
        {"epcList": ["https://id.gs1.org/01/04012345123456/10/7"]},
    ],
    "an extension in one place and in another": [
        {"readPoint": {"id": "urn:x:1", "ex:door": "2"}, "bizLocation": {"id": "urn:x:3"}},
        {"readPoint": {"id": "urn:x:1"}, "bizLocation": {"id": "urn:x:3", "ex:door": "2"}},
    ],
    "true and a text": [{"ex:flag": True}, {"ex:flag": "True"}],
}


@pytest.mark.parametrize("events", SAME.values(), ids=SAME.keys())
def test_the_hash_does_not_depend_on_how_it_is_written(events: list[dict[str, object]]) -> None:
    assert len({one(**event) for event in events}) == 1


@pytest.mark.parametrize("events", DIFFERENT.values(), ids=DIFFERENT.keys())
def test_what_was_seen_differently_has_another_hash(events: list[dict[str, object]]) -> None:
    assert len({one(**event) for event in events}) == len(events)


@pytest.mark.parametrize(
    ("found", "written"),
    [(1, "1"), (1.0, "1"), (0.1, "0.1"), (1e22, "1" + "0" * 22), (1e-7, "0.0000001"), (-0.0, "0"), ("007.50", "7.5"),
     ("+2", "2"), ("1e400", "1" + "0" * 400), ("much", "much"), ("NaN", "NaN"), (True, "true")],
)  # fmt: skip
def test_a_number_is_written_without_exponent_and_trailing_zeros(found: object, written: str) -> None:
    assert canonical_number(found) == written


def test_a_web_address_that_is_no_digital_link_stays_as_it_is() -> None:
    assert (
        canonical("http://transaction.acme.com/po/12345678", Namespaces()) == "http://transaction.acme.com/po/12345678"
    )
    assert canonical("Example: a note", Namespaces()) == "Example: a note"


@pytest.mark.parametrize(
    "text", ["2022-03-01", "2022-03-01T08:00:00", "2022-13-01T08:00:00Z", "9999-12-31T23:59:59.9999Z", "now", ""]
)
def test_a_time_without_zone_or_sense_is_refused(text: str) -> None:
    with pytest.raises(InputRefused, match="no time with seconds and a zone"):
        canonical_instant(text)


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"nobody:field": 1}, r"\$\[0\]: the prefix of nobody:field is not declared"),
        ({"eventTime": "yesterday"}, "yesterday is no time"),
        ({"ilmd": "text"}, "ilmd is no record"),
        ({"quantityList": {"epcClass": "urn:x:y"}}, "quantityList is no list"),
        ({"type": None}, "does not say its type"),
    ],
)
def test_an_event_that_cannot_be_written_out_is_refused_with_its_place(fields: dict[str, object], what: str) -> None:
    with pytest.raises(InputRefused, match=what):
        one(**fields)


XML = '<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2"><EPCISBody>{}</EPCISBody></epcis:EPCISDocument>'


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>' + XML.format("&b;"), "declares a document type"),
        ('<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://x.example/a.dtd"><a/>', "declares a document type"),
        (XML.format("<EventList>&b;</EventList>"), "no well-formed XML"),
        (XML.format("<EventList>"), "no well-formed XML"),
        (XML.format(""), "holds no EPCIS events"),
        (XML.format("<EventList>" + "<a>" * 80 + "</a>" * 80 + "</EventList>"), "levels deep"),
        ('<EPCISDocument xmlns="urn:epcglobal:epcis:xsd:1"/>', "not an EPCIS 2.0 document"),
        ("", "neither JSON nor XML"),
        ("{", "neither JSON nor XML"),
        ("[" * 5000, "neither JSON nor XML"),
        ("7", "holds no EPCIS events"),
        ("{}", "holds no EPCIS events"),
        ('{"epcisBody": {"eventList": 7}}', "holds no EPCIS events"),
        ("[7]", r"\$\[0\] is no event"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_document_is_refused_in_one_sentence(content: str, what: str) -> None:
    with pytest.raises(InputRefused, match=what):
        hashes(content)


def test_xml_of_another_encoding_is_read() -> None:
    event = (
        "<ObjectEvent><eventTime>2022-03-01T08:00:00Z</eventTime><x:place xmlns:x='urn:x:'>仓库</x:place></ObjectEvent>"
    )
    text = '<?xml version="1.0" encoding="UTF-16"?>' + XML.format(f"<EventList>{event}</EventList>")
    expected = [{"type": "ObjectEvent", "eventTime": "2022-03-01T08:00:00Z", "{urn:x:}place": "仓库"}]
    assert list(hash_events(read_document(text.encode("utf-16")))) == hashes(expected)
