"""The walk along a chain: everything a thing can have reached, or can have come from, in the order of time (3.2).

Forward, a *tainted* thing passes on to what is made of it afterwards, to what it holds, and, for as long as it is in
something, to that: a *carrier*, which passes on to what it is itself held in and to what is made of it meanwhile, and
is clean again once the thing is out. Backward is the same walk with time and processes turned round.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ringfence.coldchain.chain import ALWAYS, Chain, Ints, Rows, Shorts
from ringfence.coldchain.narrow import NarrowWalk
from ringfence.coldchain.states import How, Sort, States, join_states

NOTHING = np.empty(0, np.int64)


@dataclass(frozen=True)
class _Step:
    """What all states that one step reaches have in common."""

    sort: Sort
    how: How

    def reach(self, node: npt.ArrayLike, since: npt.ArrayLike, *, by: npt.ArrayLike, before: npt.ArrayLike,
              until: Ints | None = None) -> States:  # fmt: skip
        """States of some nodes, for good where no end is named."""
        nodes = np.asarray(node, np.int64)
        return States(
            nodes,
            np.full(len(nodes), self.sort),
            np.asarray(since, np.int64),
            np.full(len(nodes), ALWAYS) if until is None else until,
            np.full(len(nodes), self.how),
            np.asarray(by, np.int64),
            np.asarray(before, np.int64),
        )


START = _Step(Sort.TAINTED, How.START)
INTO_PROCESS = _Step(Sort.PROCESS, How.INTO_PROCESS)
MADE = _Step(Sort.TAINTED, How.MADE)
CARRIES = _Step(Sort.CARRIER, How.CARRIES)
CONTENT = _Step(Sort.TAINTED, How.CONTENT)


class WideWalk:
    """One direction's walk, a wave at a time: the earliest time of things and processes, the intervals of carriers."""

    def __init__(self, chain: Chain, *, is_forward: bool, is_certain: bool) -> None:
        self._chain, self._sign, self._is_certain = chain, 1 if is_forward else -1, is_certain
        self._into = chain.inputs if is_forward else chain.made_by
        self._out_of = chain.outputs if is_forward else chain.fed_by
        things, processes = len(chain.sightings.first) - 1, len(chain.outputs.first) - 1
        # Zero is "not reached": pages nobody touches are never made, and a short walk through a long chain is cheap.
        self._earlier = {Sort.TAINTED: np.zeros(things, np.int64), Sort.PROCESS: np.zeros(processes, np.int64)}
        self._is_carrier = np.zeros(things, bool)
        self._first_since, self._first_until = np.zeros(things, np.int64), np.zeros(things, np.int64)
        self._carried: dict[int, list[tuple[int, int]]] = defaultdict(list)  # of those that are one more than once
        self._parts: list[States] = []
        self._count = 0

    def walk(self, thing: int, at: int) -> States:
        """Every state, in the order it was reached; a later one of the same thing is the earlier time."""
        start = START.reach([thing], [at], by=[-1], before=[-1])
        front = self._keep_earlier(start)
        while len(front):
            front = self._step(front)
        return join_states([start.take(NOTHING), *self._parts])

    def _step(self, front: States) -> States:
        number = np.arange(self._count - len(front), self._count)
        kept = []
        for sort, step in ((Sort.TAINTED, self._from_things), (Sort.PROCESS, self._from_processes),
                           (Sort.CARRIER, self._from_carriers)):  # fmt: skip
            which = np.flatnonzero(front.sort == sort)
            if len(which):
                kept += step(front.take(which), number[which])
        reached = join_states([front.take(NOTHING), *kept])
        return join_states([self._keep_earlier(reached.take(reached.sort != Sort.CARRIER)),
                      self._keep_new(reached.take(reached.sort == Sort.CARRIER))])  # fmt: skip

    def _from_things(self, front: States, number: Ints) -> list[States]:
        of, to, holding = self._held(self._chain.holds, front)
        since, until = self._interval(holding)
        lasts = until >= front.since[of]
        of, to, holding, since = of[lasts], to[lasts], holding[lasts], since[lasts]
        begun = np.maximum(since, front.since[of])
        content = CONTENT.reach(to, begun, by=holding, before=number[of])
        return [content, *self._from_carriers(front, number)]

    def _from_carriers(self, front: States, number: Ints) -> list[States]:
        """Into what is made meanwhile, and into what holds it meanwhile."""
        of, edge = self._into.leaving(front.node)
        to, event = self._into.to[edge], self._into.by[edge]
        at = self._time(event)
        fits = (at >= front.since[of]) & (at <= front.until[of])
        if self._is_certain:
            fits &= self._chain.process_is_certain[to]
        of, to, event, at = of[fits], to[fits], event[fits], at[fits]
        made = INTO_PROCESS.reach(to, at, by=event, before=number[of])
        of, to, holding = self._held(self._chain.held_in, front)
        since, until = self._interval(holding)
        since, until = np.maximum(since, front.since[of]), np.minimum(until, front.until[of])
        lasts = since <= until
        of, to, holding, since, until = of[lasts], to[lasts], holding[lasts], since[lasts], until[lasts]
        return [made, CARRIES.reach(to, since, by=holding, before=number[of], until=until)]

    def _from_processes(self, front: States, number: Ints) -> list[States]:
        of, edge = self._out_of.leaving(front.node)
        to, event = self._out_of.to[edge], self._out_of.by[edge]
        at = self._time(event)
        fits = at >= front.since[of]
        return [MADE.reach(to[fits], at[fits], by=event[fits], before=number[of[fits]])]

    def _held(self, rows: Rows, front: States) -> tuple[Ints, Shorts, Shorts]:
        of, edge = rows.leaving(front.node)
        to, holding = rows.to[edge], rows.by[edge]
        if self._is_certain:
            sure = self._chain.holdings.is_certain[holding]
            return of[sure], to[sure], holding[sure]
        return of, to, holding

    def _time(self, event: Shorts) -> Ints:
        return self._sign * self._chain.event_at[event]

    def _interval(self, holding: Shorts) -> tuple[Ints, Ints]:
        held = self._chain.holdings
        if self._sign > 0:
            return held.since[holding], held.until[holding]
        return -held.until[holding], -held.since[holding]

    def _keep_earlier(self, reached: States) -> States:
        """Those that are earlier than what is known of the same thing or process, each once."""
        order = np.lexsort((reached.since, reached.node, reached.sort))
        reached = reached.take(order)
        is_first = np.ones(len(reached), bool)
        is_first[1:] = (reached.node[1:] != reached.node[:-1]) | (reached.sort[1:] != reached.sort[:-1])
        reached = reached.take(is_first)
        kept = []
        for sort, known in self._earlier.items():
            some = reached.take(reached.sort == sort)
            lead = ALWAYS - some.since
            some = some.take(lead > known[some.node])
            known[some.node] = ALWAYS - some.since
            kept.append(some)
        return self._number(join_states(kept))

    def _keep_new(self, reached: States) -> States:
        """Intervals that are not within one that is known of the same carrier.

        Most carriers are reached once; those take no turn through Python.
        """
        reached = reached.take(np.lexsort((-reached.until, reached.since, reached.node)))
        is_alone = np.ones(len(reached), bool)
        is_repeated = reached.node[1:] == reached.node[:-1]
        is_alone[1:] &= ~is_repeated
        is_alone[:-1] &= ~is_repeated
        is_kept = is_alone & ~self._is_carrier[reached.node]
        firsts = reached.take(is_kept)
        self._is_carrier[firsts.node] = True
        self._first_since[firsts.node], self._first_until[firsts.node] = firsts.since, firsts.until
        self._number(firsts)
        rest = reached.take(~is_kept)
        new = [place for place in range(len(rest)) if self._is_new(rest, place)]
        return join_states([firsts, self._number(rest.take(np.array(new, np.int64)))])

    def _is_new(self, reached: States, place: int) -> bool:
        since, until = int(reached.since[place]), int(reached.until[place])
        node = int(reached.node[place])
        if node not in self._carried and self._is_carrier[node]:
            self._carried[node].append((int(self._first_since[node]), int(self._first_until[node])))
        self._is_carrier[node] = True
        known = self._carried[node]
        if any(first <= since and until <= last for first, last in known):
            return False
        known[:] = [one for one in known if not (since <= one[0] and one[1] <= until)]
        known.append((since, until))
        return True

    def _number(self, kept: States) -> States:
        self._parts.append(kept)
        self._count += len(kept)
        return kept


def walk(chain: Chain, thing: int, *, at: int, is_forward: bool, is_certain: bool = False) -> States:
    """What a thing reached from a time on, or came from up to it: the last word on each tainted thing and carrier.

    Each state but the first follows from another, its `before`. `is_certain` takes only steps that are certain. The
    earliest time of a thing stands once; a carrier stands once for each time it was one.
    """
    start = (thing, at if is_forward else -at)
    states = NarrowWalk(chain, is_forward=is_forward, is_certain=is_certain).walk(*start)
    if states is None:
        states = WideWalk(chain, is_forward=is_forward, is_certain=is_certain).walk(*start)
    if is_forward:
        return states
    return States(states.node, states.sort, -states.until, -states.since, states.how, states.by, states.before)
