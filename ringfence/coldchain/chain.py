"""The chain as arrays: who went into what, what came out, and what was in what from when to when (policy 3.2).

A thing is a single item, a logistic unit, or a lot; a process is what turns things into others (one transformation,
however many events tell of it). All edges lie in compressed rows (CSR), once by each end, so that both directions are
one walk. Times are microseconds; an interval includes both of its ends.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Shorts = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

ALWAYS = 1 << 62
"""Later than any event; its negative is earlier."""


class Role(IntEnum):
    """In which part a thing stands in an event."""

    SEEN = 0
    INPUT = 1
    OUTPUT = 2
    PARENT = 3
    CHILD = 4


class Packing(IntEnum):
    """What an event says about holding."""

    NONE = 0
    ADD = 1
    DELETE = 2
    OBSERVE = 3


@dataclass(frozen=True, eq=False)
class Moves:
    """What events say, by numbers: `event_at`, `event_process` and `event_packing` by event, the others by row."""

    things: int
    processes: int
    event_at: Ints
    event_process: Shorts
    event_packing: npt.NDArray[np.int8]
    thing: Shorts
    event: Shorts
    role: npt.NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Rows:
    """Edges by the node they leave: those of node i are `first[i]` to `first[i + 1]`."""

    first: Ints
    to: Shorts
    by: Shorts  # the event of an edge, or the holding

    def leaving(self, nodes: npt.NDArray[np.integer]) -> tuple[Ints, Ints]:
        """Which of the nodes each edge leaves, and the places of those edges."""
        starts = self.first[nodes]
        counts = self.first[nodes + 1] - starts
        of = np.repeat(np.arange(len(nodes)), counts)
        ends = np.cumsum(counts)
        return of, np.arange(len(of)) + (starts - ends + counts)[of]


@dataclass(frozen=True, eq=False)
class Holdings:
    """What was in what: `child` in `parent` from `since` to `until`; not certain where nobody told of the packing."""

    child: Shorts
    parent: Shorts
    since: Ints
    until: Ints
    is_certain: Flags


@dataclass(frozen=True, eq=False)
class Chain:
    """Everything a walk needs."""

    event_at: Ints
    process_is_certain: Flags
    holdings: Holdings
    inputs: Rows  # thing -> process
    fed_by: Rows  # process -> thing, the same edges from the other end
    outputs: Rows  # process -> thing
    made_by: Rows  # thing -> process, the same
    held_in: Rows  # child -> parent
    holds: Rows  # parent -> child
    sightings: Rows  # thing -> event, whatever its part


def build_chain(moves: Moves) -> Chain:
    """The arrays of what events say."""
    holdings = find_holdings(moves)
    number = np.arange(len(holdings.child), dtype=np.int32)
    process = moves.event_process[moves.event]
    goes_in, comes_out = moves.role == Role.INPUT, moves.role == Role.OUTPUT
    fed, made = moves.thing[goes_in], moves.thing[comes_out]
    feeding, making = process[goes_in], process[comes_out]
    fed_at, made_at = moves.event[goes_in], moves.event[comes_out]
    is_plain = (_kinds(feeding, fed, moves) <= 1) | (_kinds(making, made, moves) <= 1)
    return Chain(
        event_at=moves.event_at,
        process_is_certain=is_plain,
        holdings=holdings,
        inputs=_rows(moves.things, fed, feeding, fed_at),
        fed_by=_rows(moves.processes, feeding, fed, fed_at),
        outputs=_rows(moves.processes, making, made, made_at),
        made_by=_rows(moves.things, made, making, made_at),
        held_in=_rows(moves.things, holdings.child, holdings.parent, number),
        holds=_rows(moves.things, holdings.parent, holdings.child, number),
        sightings=_rows(moves.things, moves.thing, moves.event, moves.event),
    )


def _rows(count: int, leave: Shorts, to: Shorts, by: Shorts) -> Rows:
    order = np.argsort(leave, kind="stable")
    first = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(leave, minlength=count), out=first[1:])
    return Rows(first, to[order], by[order])


def _kinds(process: Shorts, thing: Shorts, moves: Moves) -> Ints:
    """How many different things each process takes in, or gives out."""
    pairs = np.unique(process.astype(np.int64) * moves.things + thing)
    return np.bincount(pairs // max(moves.things, 1), minlength=moves.processes)


def find_holdings(moves: Moves) -> Holdings:
    """What was in what: from each packing to the next unpacking after it, of that child or of all the parent held.

    Who was unpacked though nobody told of the packing was in it at any time before; who was seen in it, at that time.
    """
    child, parent, at, packing = _read_packing(moves)
    key = parent.astype(np.int64) * moves.things + child
    added, taken = packing == Packing.ADD, packing == Packing.DELETE
    emptied = _read_emptying(moves)
    own_end = _next_after(key[added], at[added], key[taken], at[taken])
    end = np.minimum(own_end, _next_after(parent[added].astype(np.int64), at[added], *emptied))
    is_orphan = _latest_end_before(key[taken], at[taken], key[added], at[added], end) < at[taken]
    seen = packing == Packing.OBSERVE
    parts = [
        (added, at[added], end, np.ones(added.sum(), bool)),
        (np.flatnonzero(taken)[is_orphan], np.full(is_orphan.sum(), -ALWAYS), at[taken][is_orphan], None),
        (seen, at[seen], at[seen], None),
    ]
    return Holdings(
        child=np.concatenate([child[which] for which, _, _, _ in parts]),
        parent=np.concatenate([parent[which] for which, _, _, _ in parts]),
        since=np.concatenate([since for _, since, _, _ in parts]),
        until=np.concatenate([until for _, _, until, _ in parts]),
        is_certain=np.concatenate([np.zeros(len(u), bool) if sure is None else sure for _, _, u, sure in parts]),
    )


def _read_packing(moves: Moves) -> tuple[Shorts, Shorts, Ints, npt.NDArray[np.int8]]:
    """Each child of each event about holding, with its parent, the time and what the event says."""
    is_child = moves.role == Role.CHILD
    event = moves.event[is_child]
    parent_of = _parents(moves)[event]
    has_parent = parent_of >= 0
    event = event[has_parent]
    return (moves.thing[is_child][has_parent], parent_of[has_parent], moves.event_at[event],
            moves.event_packing[event])  # fmt: skip


def _parents(moves: Moves) -> Shorts:
    """The parent of each event that is about holding; -1 where it names none."""
    parent_of = np.full(len(moves.event_at), -1, np.int32)
    is_parent = moves.role == Role.PARENT
    parent_of[moves.event[is_parent]] = moves.thing[is_parent]
    parent_of[moves.event_packing == Packing.NONE] = -1
    return parent_of


def _read_emptying(moves: Moves) -> tuple[Ints, Ints]:
    """Who is unpacked whole, and when: an event that unpacks and names no child."""
    has_child = np.zeros(len(moves.event_at), bool)
    has_child[moves.event[moves.role == Role.CHILD]] = True
    parent_of = _parents(moves)
    emptying = np.flatnonzero((moves.event_packing == Packing.DELETE) & ~has_child & (parent_of >= 0))
    return parent_of[emptying].astype(np.int64), moves.event_at[emptying]


def _next_after(key: Ints, at: Ints, end_key: Ints, end_at: Ints) -> Ints:
    """The first end of the same key strictly later than each time; ALWAYS where there is none.

    What ends at the very time it began is taken to go on: order within one instant is not known.
    """
    if not len(end_key):
        return np.full(len(key), ALWAYS, np.int64)
    keys, times = np.concatenate([key, end_key]), np.concatenate([at, end_at])
    is_end = np.arange(len(keys)) >= len(key)
    order = np.lexsort((~is_end, times, keys))  # at one time ends come first, and so are passed over
    ends = np.where(is_end[order], np.arange(len(order)), len(order))
    following = np.minimum.accumulate(ends[::-1])[::-1]
    place = np.empty(len(order), np.int64)
    place[order] = following
    place = place[: len(key)]
    chosen = order[np.minimum(place, len(order) - 1)]
    has_end = (place < len(order)) & (keys[chosen] == key)
    return np.where(has_end, times[chosen], ALWAYS)


def _latest_end_before(key: Ints, at: Ints, begin_key: Ints, begin_at: Ints, end: Ints) -> Ints:
    """Of what began strictly before each time under the same key, the end of the last; earlier than all for none."""
    keys, times = np.concatenate([begin_key, key]), np.concatenate([begin_at, at])
    is_begin = np.arange(len(keys)) < len(begin_key)
    order = np.lexsort((is_begin, times, keys))  # at one time what begins comes last
    begins = np.where(is_begin[order], np.arange(len(order)), -1)
    before = np.empty(len(order), np.int64)
    before[order] = np.maximum.accumulate(begins)
    before = before[len(begin_key) :]
    chosen = order[np.maximum(before, 0)]
    has_begin = (before >= 0) & (keys[chosen] == key)
    return np.where(has_begin, end[np.minimum(chosen, max(len(end) - 1, 0))] if len(end) else -ALWAYS, -ALWAYS)
