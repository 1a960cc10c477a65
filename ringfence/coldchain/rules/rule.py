"""What a rule is: one function whose first line of documentation says what must hold, with its section and level."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from ringfence.coldchain.documents import Document
from ringfence.coldchain.events import Event
from ringfence.coldchain.sightings import Sighting

Found: TypeAlias = tuple[str, object]  # where it does not hold, and what stands there


class Level(StrEnum):
    """An error contradicts the standard or itself; a warning is allowed but seldom meant."""

    ERROR = "error"
    WARNING = "warning"


class Scope(StrEnum):
    """What a rule looks at."""

    EVENT = "event"
    EVENTS = "events"  # all of a document, in the order of time
    DOCUMENT = "document"


@dataclass(frozen=True)
class Asked:
    """What a rule may know besides its subject."""

    document: Document
    now: datetime


@dataclass(frozen=True)
class Rule:
    """One rule; `check` yields where it does not hold, and is asked only of events that say the field it `needs`."""

    name: str
    sentence: str
    section: str
    level: Level
    scope: Scope
    check: Callable[[Any, Asked], Iterable[Any]]
    needs: str = ""


RULES: dict[str, Rule] = {}

EventCheck: TypeAlias = Callable[[Event, Asked], Iterable[Found]]
EventsCheck: TypeAlias = Callable[[Sequence[tuple[int, Sighting]], Asked], Iterable[tuple[int, str, object]]]
DocumentCheck: TypeAlias = Callable[[Document, Asked], Iterable[Found]]


def rule(section: str, *, level: Level = Level.ERROR, needs: str = "") -> Callable[[EventCheck], EventCheck]:
    """Register a rule about one event."""
    return _register(section, level, Scope.EVENT, needs)


def rule_of_events(section: str, *, level: Level = Level.ERROR) -> Callable[[EventsCheck], EventsCheck]:
    """Register a rule about all events of a document together."""
    return _register(section, level, Scope.EVENTS)


def rule_of_document(section: str, *, level: Level = Level.ERROR) -> Callable[[DocumentCheck], DocumentCheck]:
    """Register a rule about what stands around the events."""
    return _register(section, level, Scope.DOCUMENT)


def _register(section: str, level: Level, scope: Scope, needs: str = "") -> Callable[[Any], Any]:
    def register(check: Any) -> Any:  # noqa: ANN401 (the three public ones say what it is)
        name = check.__name__
        RULES[name] = Rule(name, (check.__doc__ or "").partition("\n")[0], section, level, scope, check, needs)
        return check

    return register
