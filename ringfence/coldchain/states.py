"""The states of a walk along a chain: what was reached, from when to when, and from where (policy 3.2)."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from ringfence.coldchain.chain import Flags, Ints


class How(IntEnum):
    """By which step a state was reached."""

    START = 0
    INTO_PROCESS = 1
    MADE = 2
    CARRIES = 3
    CONTENT = 4


class Sort(IntEnum):
    """What a state is of."""

    TAINTED = 0
    PROCESS = 1
    CARRIER = 2


@dataclass(frozen=True, eq=False)
class States:
    """Steps of a walk: what was reached, from when to when, by which step, edge and earlier state.

    Times of a backward walk are turned round again: `since` and `until` are as the calendar has them.
    """

    node: Ints
    sort: Ints
    since: Ints
    until: Ints
    how: Ints
    by: Ints
    before: Ints

    def __len__(self) -> int:
        return len(self.node)

    def take(self, which: npt.NDArray[np.integer] | Flags) -> "States":
        """Some of them."""
        return States(*(column[which] for column in columns_of(self)))


def columns_of(states: States) -> tuple[Ints, ...]:
    """The columns, in the order of the fields."""
    return (states.node, states.sort, states.since, states.until, states.how, states.by, states.before)


def join_states(parts: list[States]) -> States:
    """Several as one."""
    return States(*(np.concatenate(columns) for columns in zip(*(columns_of(part) for part in parts), strict=True)))


def last_words(states: States) -> Ints:
    """The places of the states that count: of a tainted thing the farthest-reaching one, of carriers all."""
    tainted = np.flatnonzero(states.sort == Sort.TAINTED)
    node = states.node[tainted][::-1]  # what came later in the walk reaches farther
    _, last = np.unique(node, return_index=True)
    return np.concatenate([tainted[::-1][last], np.flatnonzero(states.sort == Sort.CARRIER)])
