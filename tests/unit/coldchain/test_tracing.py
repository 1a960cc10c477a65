"""A lot followed from the dock to its buyers and back, as captured events tell it."""

import json
from datetime import datetime
from typing import Any

import pytest

from ringfence.coldchain import Traced, Way, capture, convert, trace_lot
from ringfence.errors import NotAllowed, NotFound
from ringfence.store import Store
from ringfence.terms import Actor

GLN, PGLN = "urn:epc:id:sgln:4012345.{:05d}.0", "urn:epc:id:pgln:4012345.{:05d}"
DOCK, KITCHEN, MARKET = (GLN.format(number) for number in (1, 2, 3))
BUYER = PGLN.format(9)
FISH, SALT, FILLET = (f"urn:epc:class:lgtin:4012345.01234{number}.L1" for number in (1, 2, 3))
OTHER = "urn:epc:class:lgtin:4012345.012344.L1"
CASE, PALLET = "urn:epc:id:sscc:4012345.0000000111", "urn:epc:id:sscc:4012345.0000000333"


def event(hour: int, kind: str, place: str, **fields: object) -> dict[str, Any]:
    return {
        "type": f"{kind}Event",
        "eventTime": f"2022-02-28T{hour:02d}:00:00+08:00",
        "eventTimeZoneOffset": "+08:00",
        "bizLocation": {"id": place},
    } | fields


def some(*lots: str) -> list[dict[str, object]]:
    return [{"epcClass": lot, "quantity": 10, "uom": "KGM"} for lot in lots]


ARRIVED = event(6, "Object", DOCK, action="OBSERVE", quantityList=some(FISH))
CUT = event(8, "Transformation", KITCHEN, inputQuantityList=some(FISH, SALT), outputQuantityList=some(FILLET))
PACKED = event(9, "Aggregation", KITCHEN, action="ADD", parentID=CASE, childQuantityList=some(FILLET))
STACKED = event(10, "Aggregation", KITCHEN, action="ADD", parentID=PALLET, childEPCs=[CASE])
SOLD = event(
    12, "Object", MARKET, action="OBSERVE", epcList=[PALLET],
    destinationList=[{"type": "possessing_party", "destination": BUYER}],
)  # fmt: skip
TAKEN_OUT = event(13, "Aggregation", MARKET, action="DELETE", parentID=PALLET, childEPCs=[CASE])
AGAIN = event(14, "Object", DOCK, action="OBSERVE", epcList=[PALLET])
REUSED = event(15, "Aggregation", DOCK, action="ADD", parentID=PALLET, childQuantityList=some(OTHER))
STORY = [ARRIVED, CUT, PACKED, STACKED, SOLD, TAKEN_OUT, AGAIN, REUSED]


@pytest.fixture
def tracing(staffed: Store, now: datetime) -> Any:  # noqa: ANN401 (a function)
    def take_in_and_trace(
        lot: str, *events: dict[str, Any], way: Way = Way.FORWARD, by: str = "epidemiologist"
    ) -> Traced:
        if events:
            capture(staffed, json.dumps(events).encode(), is_whole=True, actor=Actor("warehouse"), now=now)
        return trace_lot(staffed, lot, way=way, since=None, actor=Actor(by), now=now)

    return take_in_and_trace


def named(traced: Traced) -> set[str]:
    return {thing.thing for thing in traced.things}


def links(*urns: str) -> set[str]:
    return {convert(urn) for urn in urns}


def test_a_lot_is_followed_through_cutting_packing_and_stacking_to_its_buyer(tracing: Any) -> None:  # noqa: ANN401
    traced = tracing(FISH, *STORY)
    assert named(traced) == links(FISH, FILLET, CASE, PALLET)
    assert {place.name for place in traced.places} == links(DOCK, KITCHEN, MARKET)
    assert [holder.name for holder in traced.holders] == [convert(BUYER)]
    assert all(thing.is_certain for thing in traced.things)  # one lot came out of the kitchen


def test_a_pallet_is_clean_again_once_the_lot_is_off_it(tracing: Any) -> None:  # noqa: ANN401
    traced = tracing(FISH, *STORY)
    [dock] = [place for place in traced.places if place.name == convert(DOCK)]
    assert dock.last == datetime.fromisoformat(ARRIVED["eventTime"])
    [pallet] = [thing for thing in traced.things if thing.thing == convert(PALLET)]
    assert (pallet.is_carrier, pallet.until) == (True, datetime.fromisoformat(TAKEN_OUT["eventTime"]))
    assert convert(OTHER) not in named(traced)


def test_the_way_is_told_step_by_step(tracing: Any) -> None:  # noqa: ANN401
    traced = tracing(FISH, *STORY)
    [pallet] = [thing for thing in traced.things if thing.thing == convert(PALLET)]
    assert [(step.thing, step.by, step.at) for step in traced.way_to(pallet)] == [
        (convert(FISH), "start", datetime.fromisoformat(ARRIVED["eventTime"])),
        (convert(FILLET), "transformed", datetime.fromisoformat(CUT["eventTime"])),
        (convert(CASE), "packed", datetime.fromisoformat(PACKED["eventTime"])),
        (convert(PALLET), "packed", datetime.fromisoformat(STACKED["eventTime"])),
    ]


def test_back_from_a_case_are_all_lots_that_went_into_it(tracing: Any) -> None:  # noqa: ANN401
    traced = tracing(CASE, *STORY, way=Way.BACKWARD)
    assert links(FILLET, FISH, SALT) <= named(traced)
    assert convert(OTHER) not in named(traced)


def test_of_several_lots_in_and_several_out_each_is_only_possible(tracing: Any) -> None:  # noqa: ANN401
    mixed = event(8, "Transformation", KITCHEN, inputQuantityList=some(FISH, SALT),
                  outputQuantityList=some(FILLET, OTHER))  # fmt: skip
    certain = {thing.thing: thing.is_certain for thing in tracing(FISH, ARRIVED, mixed).things}
    assert certain == {convert(FISH): True, convert(FILLET): False, convert(OTHER): False}


def test_late_events_are_found_as_if_they_had_come_in_time(tracing: Any) -> None:  # noqa: ANN401
    assert named(tracing(FISH, ARRIVED, PACKED, SOLD)) == links(FISH)
    assert named(tracing(FISH, STACKED, TAKEN_OUT)) == links(FISH)
    assert named(tracing(FISH, CUT)) == links(FISH, FILLET, CASE, PALLET)


def test_an_event_that_was_declared_wrong_leads_nowhere(tracing: Any) -> None:  # noqa: ANN401
    assert convert(PALLET) in named(tracing(FISH, *STORY))
    wrong = {"errorDeclaration": {"declarationTime": "2022-02-28T20:00:00+08:00", "reason": "did_not_occur"}}
    assert named(tracing(FISH, CUT | wrong)) == links(FISH)


def test_a_lot_that_only_a_wrong_event_named_is_not_found(tracing: Any) -> None:  # noqa: ANN401
    wrong = {"errorDeclaration": {"declarationTime": "2022-02-28T20:00:00+08:00", "reason": "did_not_occur"}}
    for way in Way:
        with pytest.raises(NotFound):
            tracing(FISH, ARRIVED | {"x": way.value}, (ARRIVED | {"x": way.value}) | wrong, way=way)


def test_both_ways_are_both_ways(tracing: Any) -> None:  # noqa: ANN401
    traced = tracing(FILLET, *STORY, way=Way.BOTH)
    assert {thing.thing for thing in traced.things if thing.way is Way.BACKWARD} >= links(FISH, SALT)
    assert {thing.thing for thing in traced.things if thing.way is Way.FORWARD} == links(FILLET, CASE, PALLET)
    assert all(traced.way_to(thing)[0].thing == convert(FILLET) for thing in traced.things)
    assert all(traced.way_to(thing)[-1].thing == thing.thing for thing in traced.things)


def test_a_lot_nobody_named_is_not_found(tracing: Any) -> None:  # noqa: ANN401
    with pytest.raises(NotFound):
        tracing(FISH)
    with pytest.raises(NotFound):
        tracing(SALT, ARRIVED)


def test_who_may_not_trace_sees_nothing(tracing: Any) -> None:  # noqa: ANN401
    with pytest.raises(NotAllowed):
        tracing(FISH, ARRIVED, by="warehouse")
