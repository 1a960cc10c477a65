"""Documents in both forms, shuffled, respelt and damaged: one hash, the same problems, and never a crash."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from epcis_xml import write_xml
from hypothesis import given
from hypothesis import strategies as st

from ringfence.coldchain import check, convert, hash_events, read_document
from ringfence.errors import InputRefused

NOW = datetime(2022, 3, 31, tzinfo=UTC)
CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"ex": "https://ns.example.com/epcis/"}]
BOXES = [f"urn:epc:id:sscc:4012345.{number:010d}" for number in range(6)]
LOTS = [f"urn:epc:class:lgtin:4012345.01234{number}.L-{number}/A".replace("/", "%2F") for number in range(6)]
WORDS = st.sampled_from(["shipping", "receiving", "packing", "urn:x:own", "https://own.example/steps/fishing"])
PLAIN = st.one_of(st.text("abc 019.-", max_size=6), st.integers(-5, 5), st.sampled_from([0.5, 2.25, 10.0]))
OWN = st.dictionaries(st.sampled_from(["ex:a", "ex:b", "ex:c"]), PLAIN, max_size=3)


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    at = datetime(2022, 3, 1, tzinfo=timezone(timedelta(hours=8))) + timedelta(milliseconds=draw(st.integers(0, 10**9)))
    event: dict[str, Any] = {"eventTime": at.isoformat(timespec="milliseconds"), "eventTimeZoneOffset": "+08:00"}
    event |= {"bizStep": draw(WORDS), "readPoint": {"id": "urn:epc:id:sgln:4012345.00005.0"}} | draw(OWN)
    boxes = st.lists(st.sampled_from(BOXES), max_size=3)
    amount = st.fixed_dictionaries(
        {"epcClass": st.sampled_from(LOTS)},
        optional={"quantity": st.sampled_from([1, 2.5, 100]), "uom": st.sampled_from(["KGM", "kg"])},
    )
    amounts = st.lists(amount, max_size=2)
    kind = draw(st.sampled_from(["ObjectEvent", "AggregationEvent", "TransformationEvent"]))
    if kind == "ObjectEvent":
        event |= {"epcList": draw(boxes), "quantityList": draw(amounts), "ilmd": draw(OWN)}
    elif kind == "AggregationEvent":
        event |= {"parentID": draw(st.sampled_from(BOXES)), "childEPCs": draw(boxes)}
    else:
        event |= {"inputEPCList": draw(boxes), "outputQuantityList": draw(amounts)}
    if kind != "TransformationEvent":
        event["action"] = draw(st.sampled_from(["ADD", "OBSERVE", "DELETE"]))
    return {"type": kind} | event


def document(listed: list[dict[str, Any]]) -> dict[str, Any]:
    head = {"@context": CONTEXT, "type": "EPCISDocument", "schemaVersion": "2.0"}
    return head | {"creationDate": "2022-03-30T00:00:00Z", "epcisBody": {"eventList": listed}}


def named(content: str) -> list[str]:
    return list(hash_events(read_document(content.encode())))


def told(content: str) -> list[tuple[str, str]]:
    return sorted((one.rule.name, one.path) for one in check(read_document(content.encode()), now=NOW))


@given(st.lists(events(), min_size=1, max_size=4))
def test_both_forms_have_the_same_hashes(listed: list[dict[str, Any]]) -> None:
    assert named(json.dumps(document(listed))) == named(write_xml(document(listed)))


def respelt(found: Any, random: Any) -> Any:  # noqa: ANN401
    """The same event in another order, with links for names and another zone for times."""
    if isinstance(found, dict):
        names = list(found)
        random.shuffle(names)
        return {name: respelt(found[name], random) for name in names}
    if isinstance(found, list):
        many = [respelt(one, random) for one in found]
        random.shuffle(many)
        return many
    if isinstance(found, str) and found.startswith("urn:epc:") and random.random() < 0.5:
        return convert(found).replace("id.gs1.org", "shop.example")
    if isinstance(found, str) and "T" in found and found.endswith("+08:00"):
        return datetime.fromisoformat(found).astimezone(UTC).isoformat().replace("+00:00", "Z")
    return found


@given(events(), st.randoms(use_true_random=False))
def test_another_spelling_of_an_event_has_its_hash(event: dict[str, Any], random: Any) -> None:  # noqa: ANN401
    assert named(json.dumps(document([event]))) == named(json.dumps(document([respelt(event, random)])))


@given(st.lists(events(), min_size=2, max_size=6))
def test_both_forms_are_told_the_same_problems(listed: list[dict[str, Any]]) -> None:
    def said(content: str) -> list[tuple[str, str]]:
        return [one for one in told(content) if one[0] != "values_fit_their_fields"]

    assert said(json.dumps(document(listed))) == said(write_xml(document(listed)))


@pytest.mark.verify
@given(st.lists(events(), min_size=1, max_size=3), st.data())
def test_a_damaged_file_is_read_or_refused_and_never_stops_the_check(
    listed: list[dict[str, Any]], data: st.DataObject
) -> None:
    whole = data.draw(st.sampled_from([json.dumps(document(listed)), write_xml(document(listed))])).encode()
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 20)))
    damaged = whole[:start] + data.draw(st.binary(max_size=8)) + whole[end:]
    try:
        read = read_document(damaged)
        check(read, now=NOW)
        list(hash_events(read))
    except InputRefused:
        pass
