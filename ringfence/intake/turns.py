"""The order in which files that come together are taken in: what may name something waits until that is in (2.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ringfence.feeds import Format, Reference, read_format
from ringfence.policy import PolicySet

REGISTERS = frozenset({"resident_register"})
"""Formats that bring the people others are linked to."""

BRINGS = {"places": Reference.PLACE, "case_line_list": Reference.CASE}
"""What rows of other formats may name once files of these are in."""


@dataclass(frozen=True)
class Delivery:
    """A file as somebody sends it: in which format, and where it lies."""

    format: str
    path: Path


@dataclass
class Turn:
    """Files that may be read and linked together."""

    deliveries: list[tuple[Delivery, Format]]

    def must_wait(self, declared: Format) -> bool:
        """Whether rows of a format may name what a file of this turn brings."""
        here = {one.format for one, _ in self.deliveries}
        named = {column.refers_to for column in declared.columns}
        return bool(named & {BRINGS.get(name) for name in here} - {None}) or (
            links_people(declared) and bool(here & REGISTERS)
        )


def links_people(declared: Format) -> bool:
    """Whether a format names people whom the register may know; a register brings them itself."""
    return "name" in declared.names and declared.name not in REGISTERS and declared.name != "places"


def take_turns(deliveries: Sequence[Delivery], policy: PolicySet) -> list[Turn]:
    """The files in turns, in the order they came."""
    turns = [Turn([])]
    for one in deliveries:
        declared = read_format(one.format, policy=policy)
        if turns[-1].must_wait(declared):
            turns.append(Turn([]))
        turns[-1].deliveries.append((one, declared))
    return turns
