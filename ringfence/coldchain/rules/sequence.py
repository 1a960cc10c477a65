"""Rules about all events of a document together: ids, corrections, and the life of a thing (EPCIS 2.0, 7.4).

Events that an error declaration takes back do not count for the life of a thing.
"""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from ringfence.coldchain.events import Action, Event, Kind
from ringfence.coldchain.rules.rule import Asked, Level, rule_of_events
from ringfence.coldchain.rules.things import is_class, same

Placed: TypeAlias = tuple[int, Event]
FoundAt: TypeAlias = tuple[int, str, object]


def _standing(events: Sequence[Placed]) -> list[Placed]:
    """The events that nobody took back."""
    taken_back = {event.texts.get("eventID") for _, event in events if event.error} - {None}
    return [(place, event) for place, event in events
            if event.error is None and event.texts.get("eventID", "") not in taken_back]  # fmt: skip


@rule_of_events("7.4.1 EPCISEvent, eventID")
def event_ids_are_unique(events: Sequence[Placed], _asked: Asked) -> Iterator[FoundAt]:
    """Two events have two ids; only an event and the declaration that it was wrong share one."""
    seen = set()
    for place, event in sorted(events, key=lambda placed: placed[0]):
        event_id = event.texts.get("eventID")
        name = (event_id, event.error is not None)
        if event_id and name in seen:
            yield place, ".eventID", event_id
        seen.add(name)


@rule_of_events("7.4.1.2 ErrorDeclaration", level=Level.WARNING)
def corrections_are_here(events: Sequence[Placed], _asked: Asked) -> Iterator[FoundAt]:
    """An event that corrects another is in the same document; else it must have come before."""
    known = {event.texts.get("eventID") for _, event in events}
    for place, event in events:
        for number, event_id in enumerate(event.error.corrective_ids if event.error else ()):
            if event_id not in known:
                yield place, f".errorDeclaration.correctiveEventIDs[{number}]", event_id


@rule_of_events("7.4.3 AggregationEvent", level=Level.WARNING)
def things_have_one_parent(events: Sequence[Placed], _asked: Asked) -> Iterator[FoundAt]:
    """A thing is packed into another only after it was unpacked from where it was."""
    parent_of: dict[str, str] = {}
    for place, event in _standing(events):
        if event.kind is not Kind.AGGREGATION or event.action is None or event.action is Action.OBSERVE:
            continue
        parent = same(event.texts.get("parentID", ""))
        children = [same(child) for child in event.epcs.get("childEPCs", ())]
        if event.action is Action.DELETE:
            emptied = children or [child for child, holder in parent_of.items() if holder == parent]
            for child in emptied:
                parent_of.pop(child, None)
            continue
        for number, child in enumerate(children):
            if parent_of.get(child, parent) != parent:
                yield place, f".childEPCs[{number}]", event.epcs["childEPCs"][number]
            parent_of[child] = parent


@rule_of_events("7.4.2 ObjectEvent; 7.4.6 TransformationEvent", level=Level.WARNING)
def what_is_gone_stays_gone(events: Sequence[Placed], _asked: Asked) -> Iterator[FoundAt]:
    """A single thing that was used up or taken out of service is not seen again.

    A transformation with an id may be told in several events; what it uses up may stand in each of them.
    """
    gone: dict[str, str | None] = {}
    for place, event in _standing(events):
        transformation = event.texts.get("transformationID")
        for name, epcs in event.epcs.items():
            for number, epc in enumerate(epcs):
                if same(epc) in gone and (transformation is None or gone[same(epc)] != transformation):
                    yield place, f".{name}[{number}]", epc
        leaving = set(event.epcs.get("inputEPCList", ()))
        if event.kind is Kind.OBJECT and event.action is Action.DELETE:
            leaving |= set(event.epcs.get("epcList", ()))
        gone |= {same(epc): transformation for epc in leaving}


@rule_of_events("7.4.2 ObjectEvent", level=Level.WARNING)
def things_begin_once(events: Sequence[Placed], _asked: Asked) -> Iterator[FoundAt]:
    """A single thing is put into service, or comes out of a transformation, once."""
    begun: set[str] = set()
    for place, event in _standing(events):
        names = ["outputEPCList"]
        if event.kind is Kind.OBJECT and event.action is Action.ADD:
            names.append("epcList")
        for name in names:
            for number, epc in enumerate(event.epcs.get(name, ())):
                if same(epc) in begun and not is_class(epc):
                    yield place, f".{name}[{number}]", epc
                begun.add(same(epc))


@rule_of_events("7.4.2 ObjectEvent", level=Level.WARNING)
def nothing_is_seen_before_it_begins(events: Sequence[Placed], _asked: Asked) -> Iterator[FoundAt]:
    """A single thing that a document brings into being was not seen earlier in it."""
    seen: set[str] = set()
    for place, event in _standing(events):
        for name, epcs in event.epcs.items():
            begins = name == "outputEPCList" or (event.kind is Kind.OBJECT and event.action is Action.ADD)
            for number, epc in enumerate(epcs):
                if begins and same(epc) in seen:
                    yield place, f".{name}[{number}]", epc
                if not begins:
                    seen.add(same(epc))
