"""Shapes against the rules themselves: with or without them, a document has the same problems."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_rules import BROKEN, DOCUMENT, NOW, changed

from ringfence.coldchain import check, checking, read_document
from ringfence.coldchain.shapes import read_shape

EVERY = DOCUMENT["epcisBody"]["eventList"]  # type: ignore[index]
VALUES = st.sampled_from(
    [
        None, 7, -7, 2.5, 0, "", " ", "x", "ADD", [], {}, [None], [7], [{}], {"id": 7}, True, "2022-03-01T08:00:00Z",
        "2999-03-01T08:00:00Z", "urn:epc:id:sscc:4012345.0000000333", "urn:epc:class:lgtin:4012345.012345.L1",
        "https://id.gs1.org/01/04012345123457/21/1", ["urn:epc:id:sscc:4012345.0000000333"] * 2, "ex:thing", "KGM",
        "urn:epc:id:sgtin:4012345.012345.A-1 ", ["urn:epc:id:sscc:4012345.000000033a"],
        "urn:epc:id:sgln:4012345.00005.0",
    ]
)  # fmt: skip


def repeated(document: dict[str, Any]) -> bytes:
    """A document whose events come after sound ones of the same shapes: then shapes have something to go by."""
    primed = copy.deepcopy(document)
    body = primed["epcisBody"]["eventList"]
    primed["epcisBody"]["eventList"] = [
        *(one | {"eventID": f"urn:uuid:first-{n}"} for n, one in enumerate(copy.deepcopy(EVERY))),
        *body,
    ]
    return json.dumps(primed).encode()


def told(content: bytes) -> list[object]:
    return [(one.rule.name, one.event, one.path, one.found) for one in check(read_document(content), now=NOW)]


def both(document: dict[str, Any]) -> tuple[list[object], list[object]]:
    content = repeated(document)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checking, "read_shape", lambda *_raw, **_until: None)
        slow = told(content)
    return told(content), slow


def test_most_sound_events_have_a_shape() -> None:
    shaped = [read_shape(one, until=NOW.timestamp()) for one in EVERY]
    assert [n for n, one in enumerate(shaped) if one is None] == [0, 8]  # a persistent disposition, a declaration


@pytest.mark.parametrize(("place", "found"), [broken[1:] for broken in BROKEN if isinstance(broken[1][0], int)])
def test_what_one_field_breaks_is_found_beside_sound_events_of_its_shape(place: tuple[Any, ...], found: object) -> None:
    quick, slow = both(changed(place, found))
    assert quick == slow


@settings(max_examples=150)
@given(st.data())
def test_no_value_in_any_field_hides_behind_a_shape(data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(EVERY) - 1))
    name = data.draw(st.sampled_from(sorted({name for one in EVERY for name in one})))
    value = data.draw(VALUES)
    place: tuple[Any, ...] = (number, name)
    if isinstance(EVERY[number].get(name), list) and data.draw(st.booleans()):
        place = (*place, 0)
        if isinstance(EVERY[number][name][0], dict) and data.draw(st.booleans()):
            place = (*place, data.draw(st.sampled_from(sorted(EVERY[number][name][0]))))
    quick, slow = both(changed(place, value))
    assert quick == slow
