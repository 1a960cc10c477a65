"""What a room of the console is: its pages and its actions, declared in one file of `rooms/` (policy 7.3)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol, TypeAlias

from ringfence.console.asked import Asked
from ringfence.console.visitor import Visitor
from ringfence.plugins import find_plugins

PACKAGE = "ringfence.console.rooms"

Values: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class View:
    """A page to be shown: what its template needs; the room's own template unless another is named."""

    values: Values
    template: str = ""


@dataclass(frozen=True, kw_only=True)
class Done:
    """What an action came to: where to go now, and the sentence that says it, with its values."""

    to: str
    sentence: str
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A file made for somebody to take along under this name: to be printed, or corrected and sent back."""

    content: str | bytes
    name: str
    media_type: str = "text/html"


class Page(Protocol):
    """Answers a GET: nothing changes but the ledger."""

    def __call__(self, visitor: Visitor, asked: Asked, /) -> View:
        """What to show."""


class Action(Protocol):
    """Answers a POST: one act, then back to a page; or a page or paper that is shown once and has no own address."""

    def __call__(self, visitor: Visitor, asked: Asked, /) -> Done | View | Paper:
        """What was done."""


Drawing: TypeAlias = Callable[[Visitor, Asked], Mapping[str, object]]
"""Answers with a Vega-Lite specification, for a figure of a page."""


@dataclass(frozen=True, kw_only=True)
class Room:
    """One room: open to whoever one of its purposes opens its `table` to; the first that does is what they look for.

    Keys of pages, actions and drawings are what follows the room's own path: `""`, `/{number:int}`.
    """

    key: str
    title: str
    clause: str
    place: int
    purposes: tuple[str, ...]
    table: str
    pages: Mapping[str, Page]
    actions: Mapping[str, Action] = field(default_factory=dict)
    drawings: Mapping[str, Drawing] = field(default_factory=dict)

    def is_open_to(self, visitor: Visitor) -> bool:
        """Whether one of the visitor's roles may look at what the room is for."""
        return any(visitor.opens(self.table, purpose) for purpose in self.purposes)


@cache
def read_rooms() -> tuple[Room, ...]:
    """Every room there is, in the order they stand in the menu."""
    return tuple(sorted((declare() for declare in find_plugins(PACKAGE, "declare").values()), key=_place))


def _place(room: Room) -> int:
    return room.place
