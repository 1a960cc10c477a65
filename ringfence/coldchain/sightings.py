"""One event as the chain sees it: which things were where, when, in which part, and who had them (policy 3.2).

It is what rules about several events go by, and what the store keeps of an event besides its text.
"""

import math
from dataclasses import dataclass, field
from typing import TypeAlias

from ringfence.coldchain.events import ErrorDeclaration, Event
from ringfence.coldchain.identities import identify

Things: TypeAlias = tuple[list[str], list[str]]  # as they were written, and their canonical links
Amount: TypeAlias = tuple[str, float | None, str | None]  # the link of a class or lot, how much, in which unit


@dataclass(slots=True)
class Sighting:
    """One event; `at` and the others are POSIX seconds, identifiers are links, what was not said is empty."""

    kind: str = ""
    action: str = ""
    step: str = ""
    disposition: str = ""
    at: float | None = None
    recorded_at: float | None = None
    sensed_at: float = -math.inf
    event_id: str = ""
    parent: str = ""
    transformation: str = ""
    place: str = ""
    things: dict[str, Things] = field(default_factory=dict)
    amounts: dict[str, list[Amount]] = field(default_factory=dict)
    parties: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    error: ErrorDeclaration | None = None


def read_sighting(event: Event) -> Sighting:
    """An event that was read field by field, as the chain sees it."""
    recorded, place = event.times.get("recordTime"), event.places.get("bizLocation", event.places.get("readPoint"))
    seen = Sighting(
        kind=event.kind.value,
        action=event.texts.get("action", ""),
        step=event.texts.get("bizStep", ""),
        disposition=event.texts.get("disposition", ""),
        at=event.event_time.timestamp() if event.event_time else None,
        recorded_at=recorded.timestamp() if recorded else None,
        event_id=event.texts.get("eventID", ""),
        parent=_link(event, "parentID"),
        transformation=_link(event, "transformationID"),
        place=identify(place.uri).link if place else "",
        error=event.error,
    )
    for name, epcs in event.epcs.items():
        seen.things[name] = (list(epcs), [identify(epc).link for epc in epcs])
    for name, many in event.quantities.items():
        seen.amounts[name] = [(identify(one.epc_class).link, one.quantity, one.uom) for one in many]
    for name, typed in event.typed.items():
        seen.parties[name] = [(one.type or "", identify(one.uri).link) for one in typed]
    return seen


def _link(event: Event, name: str) -> str:
    text = event.texts.get(name)
    return identify(text).link if text else ""
