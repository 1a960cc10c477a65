"""The order in which files that come together are taken in: what may name something waits until that is in (2.1)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from ringfence.feeds import DeclaredFeed, Feed, Format, Reference, find_feed, read_format
from ringfence.policy import PolicySet

REGISTERS = frozenset({"resident_register"})
"""Formats that bring the people others are linked to."""

BRINGS = {
    "places": Reference.PLACE,
    "case_line_list": Reference.CASE,
    "sentinel_sites": Reference.SITE,
}
"""What rows of other formats may name once files of these are in."""


@dataclass(frozen=True)
class Delivery:
    """A file as somebody sends it: under which feed, or in which format as it stands, and where it lies."""

    format: str
    path: Path


@dataclass(frozen=True)
class Expected:
    """A delivery with its feed; `place` is where it stood among those it came with."""

    place: int
    delivery: Delivery
    feed: Feed

    @property
    def declared(self) -> Format:
        """What its format declares, under the feed's contract."""
        return self.feed.declared


def links_people(declared: Format) -> bool:
    """Whether a format names people whom the register may know; a register brings them itself."""
    return "name" in declared.names and declared.name not in REGISTERS and declared.name != "places"


def take_turns(
    deliveries: Sequence[Delivery], feeds: dict[str, DeclaredFeed], policy: PolicySet
) -> Iterator[list[Expected]]:
    """The files in turns, those of a turn in the order they came: each turn is read and linked together."""
    expected = [
        Expected(place, one, find_feed(one.format, feeds=feeds, policy=policy)) for place, one in enumerate(deliveries)
    ]

    def turn(one: Expected) -> int:
        return _find_turn(one.declared, policy)

    for _, together in groupby(sorted(expected, key=turn), key=turn):
        yield list(together)


def _find_turn(declared: Format, policy: PolicySet) -> int:
    """How many formats must be in before, each waiting for the next."""
    named = {column.refers_to for column in declared.columns}
    before = {name for name, brought in BRINGS.items() if brought in named}
    if links_people(declared):
        before |= REGISTERS
    return max((1 + _find_turn(read_format(name, policy=policy), policy) for name in before), default=0)
