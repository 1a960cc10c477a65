"""Rules about what becomes of things: seen, packed, joined, traded, turned into others (EPCIS 2.0, 7.4.2 to 7.4.7)."""

from collections.abc import Iterator

from ringfence.coldchain.events import Action, Event, Kind
from ringfence.coldchain.rules.rule import Asked, Found, rule
from ringfence.coldchain.rules.things import same

HOLDING = {Kind.AGGREGATION, Kind.ASSOCIATION}


def _has(event: Event, *names: str) -> bool:
    return any(event.epcs.get(name) or event.quantities.get(name) for name in names)


@rule("7.4.2 ObjectEvent")
def object_event_is_about_something(event: Event, _asked: Asked) -> Iterator[Found]:
    """An object event names things or quantities, or says what a sensor saw."""
    if event.kind is Kind.OBJECT and not _has(event, "epcList", "quantityList") and not event.sensors:
        yield ".epcList", None


@rule("7.4.3 AggregationEvent")
def holding_needs_a_parent(event: Event, _asked: Asked) -> Iterator[Found]:
    """Who packs or unpacks says into or out of what."""
    if event.kind in HOLDING and event.action in {Action.ADD, Action.DELETE} and "parentID" not in event.texts:
        yield ".parentID", None


@rule("7.4.3 AggregationEvent")
def packing_needs_children(event: Event, _asked: Asked) -> Iterator[Found]:
    """Who packs says what; only who unpacks may mean all of it by saying nothing."""
    if event.kind in HOLDING and event.action is Action.ADD and not _has(event, "childEPCs", "childQuantityList"):
        yield ".childEPCs", None


@rule("7.4.3 AggregationEvent")
def sight_needs_something(event: Event, _asked: Asked) -> Iterator[Found]:
    """Who sees an aggregation names the parent or a child of it."""
    is_seen = event.kind in HOLDING and event.action is Action.OBSERVE
    if is_seen and "parentID" not in event.texts and not _has(event, "childEPCs", "childQuantityList"):
        yield ".childEPCs", None


@rule("7.4.3 AggregationEvent")
def nothing_holds_itself(event: Event, _asked: Asked) -> Iterator[Found]:
    """A parent is not among its own children, however it is written."""
    parent = event.texts.get("parentID")
    if parent and event.kind in HOLDING:
        for place, child in enumerate(event.epcs.get("childEPCs", ())):
            if same(child) == same(parent):
                yield f".childEPCs[{place}]", child


@rule("7.4.5 TransactionEvent")
def transaction_is_about_something(event: Event, _asked: Asked) -> Iterator[Found]:
    """A transaction event that adds or sees names things, quantities or a parent."""
    is_empty = "parentID" not in event.texts and not _has(event, "epcList", "quantityList")
    if event.kind is Kind.TRANSACTION and event.action in {Action.ADD, Action.OBSERVE} and is_empty:
        yield ".epcList", None


@rule("7.4.6 TransformationEvent")
def transformation_has_both_ends(event: Event, _asked: Asked) -> Iterator[Found]:
    """A transformation names inputs and outputs; with a transformation id, at least one of both."""
    if event.kind is not Kind.TRANSFORMATION:
        return
    inputs, outputs = (
        _has(event, "inputEPCList", "inputQuantityList"),
        _has(event, "outputEPCList", "outputQuantityList"),
    )
    if not (inputs or outputs) or ("transformationID" not in event.texts and not (inputs and outputs)):
        yield (".outputEPCList" if inputs else ".inputEPCList"), None


@rule("7.4.6 TransformationEvent")
def nothing_becomes_itself(event: Event, _asked: Asked) -> Iterator[Found]:
    """No thing and no lot goes into a transformation and comes out of the same."""
    inputs = {same(epc) for epc in event.epcs.get("inputEPCList", ())}
    inputs |= {same(one.epc_class) for one in event.quantities.get("inputQuantityList", ())}
    for place, epc in enumerate(event.epcs.get("outputEPCList", ())):
        if same(epc) in inputs:
            yield f".outputEPCList[{place}]", epc
    for place, one in enumerate(event.quantities.get("outputQuantityList", ())):
        if same(one.epc_class) in inputs:
            yield f".outputQuantityList[{place}].epcClass", one.epc_class
