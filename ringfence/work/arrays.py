"""Whole columns at once: groups of rows, and each row's turn within its group (one sort, no loop)."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Integers: TypeAlias = npt.NDArray[np.int64]
Truths: TypeAlias = npt.NDArray[np.bool_]

NONE = -1
"""No row, no unit, no number."""


@dataclass(frozen=True, eq=False)
class Groups:
    """Rows with the same key, groups in the order of their first rows: each group's first row, each row's group."""

    head: Integers
    of_row: Integers


def group_rows(keys: Integers) -> Groups:
    """The groups of rows with equal keys."""
    _, head, number = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(head)
    return Groups(head[order], np.argsort(order)[number])


def find_turns(groups: Integers) -> Integers:
    """The place of each row among those of its own group, from 0, in the order they come."""
    order = np.argsort(groups, kind="stable")
    turns = np.empty_like(groups)
    turns[order] = count_within(groups[order])
    return turns


def count_within(ordered: Integers) -> Integers:
    """The place of each row within its run of equal entries, from 0."""
    starts = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))
    return np.arange(ordered.size) - np.repeat(starts, np.diff(starts, append=ordered.size))


def find_rows(wanted: Integers, *, among: Integers) -> Integers:
    """A place of each wanted integer in `among`, or NONE."""
    if not among.size:
        return np.full(wanted.size, NONE, dtype=np.int64)
    order = np.argsort(among, kind="stable")
    place = order[np.minimum(np.searchsorted(among[order], wanted), among.size - 1)]
    return np.where(among[place] == wanted, place, NONE)


def keep_places(is_meant: Truths, *, share: float) -> Integers:
    """An order of rows, best first, in which the first n hold at least n times `share` of those meant, while there are.

    Nobody meant stands lower than before, and neither those meant nor the others change places among themselves.
    """
    if not share:
        return np.arange(is_meant.size)
    before: Integers = np.cumsum(~is_meant) - ~is_meant  # how many others stand ahead of each row
    turn: Integers = np.cumsum(is_meant) - is_meant
    latest = np.floor((turn + 1) * (1 / share - 1))
    others_ahead = np.where(is_meant, np.minimum(before, latest), before)
    return np.lexsort((np.arange(is_meant.size), ~is_meant, others_ahead))
