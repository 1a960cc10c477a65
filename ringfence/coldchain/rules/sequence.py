"""Rules about all events of a document together: ids, corrections, and the life of a thing (EPCIS 2.0, 7.4).

Events that an error declaration takes back do not count for the life of a thing.
"""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from ringfence.coldchain.events import Action, Kind
from ringfence.coldchain.identities import identify
from ringfence.coldchain.rules.rule import Asked, Level, rule_of_events
from ringfence.coldchain.sightings import Sighting

Placed: TypeAlias = tuple[int, Sighting]
FoundAt: TypeAlias = tuple[int, str, object]

NOTHING: tuple[list[str], list[str]] = ([], [])


def _standing(events: Sequence[Placed]) -> list[Placed]:
    """The events that nobody took back."""
    taken_back = {event.event_id for _, event in events if event.error} - {""}
    if not taken_back and not any(event.error for _, event in events):
        return list(events)
    return [(place, event) for place, event in events if event.error is None and event.event_id not in taken_back]


@rule_of_events("7.4.1 EPCISEvent, eventID")
def event_ids_are_unique(events: Sequence[Placed], _asked: Asked) -> Iterator[FoundAt]:
    """Two events have two ids; only an event and the declaration that it was wrong share one."""
    seen = set()
    for place, event in sorted(events, key=lambda placed: placed[0]):
        name = (event.event_id, event.error is not None)
        if event.event_id and name in seen:
            yield place, ".eventID", event.event_id
        seen.add(name)


@rule_of_events("7.4.1.2 ErrorDeclaration", level=Level.WARNING)
def corrections_are_here(events: Sequence[Placed], _asked: Asked) -> Iterator[FoundAt]:
    """An event that corrects another is in the same document; else it must have come before."""
    known = {event.event_id for _, event in events}
    for place, event in events:
        for number, event_id in enumerate(event.error.corrective_ids if event.error else ()):
            if event_id not in known:
                yield place, f".errorDeclaration.correctiveEventIDs[{number}]", event_id


@rule_of_events("7.4.3 AggregationEvent", level=Level.WARNING)
def things_have_one_parent(events: Sequence[Placed], _asked: Asked) -> Iterator[FoundAt]:
    """A thing is packed into another only after it was unpacked from where it was."""
    parent_of: dict[str, str] = {}
    children_of: dict[str, set[str]] = {}
    for place, event in _standing(events):
        if event.kind != Kind.AGGREGATION or event.action not in {Action.ADD, Action.DELETE}:
            continue
        parent, (written, children) = event.parent, event.things.get("childEPCs", NOTHING)
        if event.action == Action.DELETE:
            for child in children or list(children_of.get(parent, ())):
                children_of.get(parent_of.pop(child, ""), set()).discard(child)
            continue
        for number, child in enumerate(children):
            before = parent_of.get(child, parent)
            if before != parent:
                children_of[before].discard(child)
                yield place, f".childEPCs[{number}]", written[number]
            parent_of[child] = parent
        children_of.setdefault(parent, set()).update(children)


@rule_of_events("7.4.2 ObjectEvent; 7.4.6 TransformationEvent", level=Level.WARNING)
def what_is_gone_stays_gone(events: Sequence[Placed], _asked: Asked) -> Iterator[FoundAt]:
    """A single thing that was used up or taken out of service is not seen again.

    A transformation with an id may be told in several events; what it uses up may stand in each of them.
    """
    gone: dict[str, str] = {}
    for place, event in _standing(events):
        for name, (written, links) in event.things.items():
            if gone.keys().isdisjoint(links):
                continue
            for number, link in enumerate(links):
                if link in gone and not (event.transformation and gone[link] == event.transformation):
                    yield place, f".{name}[{number}]", written[number]
        for link in event.things.get("inputEPCList", NOTHING)[1]:
            gone[link] = event.transformation
        if event.kind == Kind.OBJECT and event.action == Action.DELETE:
            gone.update(dict.fromkeys(event.things.get("epcList", NOTHING)[1], event.transformation))


@rule_of_events("7.4.2 ObjectEvent", level=Level.WARNING)
def things_begin_once(events: Sequence[Placed], _asked: Asked) -> Iterator[FoundAt]:
    """A single thing is put into service, or comes out of a transformation, once."""
    begun: set[str] = set()
    for place, event in _standing(events):
        names = ["outputEPCList"]
        if event.kind == Kind.OBJECT and event.action == Action.ADD:
            names.append("epcList")
        for name in names:
            written, links = event.things.get(name, NOTHING)
            if not begun.isdisjoint(links):
                for number, link in enumerate(links):
                    if link in begun and not identify(written[number]).is_class:
                        yield place, f".{name}[{number}]", written[number]
            begun.update(links)


@rule_of_events("7.4.2 ObjectEvent", level=Level.WARNING)
def nothing_is_seen_before_it_begins(events: Sequence[Placed], _asked: Asked) -> Iterator[FoundAt]:
    """A single thing that a document brings into being was not seen earlier in it."""
    seen: set[str] = set()
    for place, event in _standing(events):
        for name, (written, links) in event.things.items():
            begins = name == "outputEPCList" or (event.kind == Kind.OBJECT and event.action == Action.ADD)
            if not begins:
                seen.update(links)
            elif not seen.isdisjoint(links):
                yield from ((place, f".{name}[{number}]", written[number]) for number, link in enumerate(links)
                            if link in seen)  # fmt: skip
