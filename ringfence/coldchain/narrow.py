"""The walk of `walking` one state at a time: most lots reach few others, and arrays cost more than they carry there."""

from collections import deque
from typing import Any

import numpy as np

from ringfence.coldchain.chain import ALWAYS, Chain, Rows
from ringfence.coldchain.states import How, Sort, States

WIDE = 2_000
"""So many states waiting at a time, and arrays are quicker (measured on 10 M movements)."""


class _Edges:
    """Rows as plain numbers: a memory view gives them without making objects of numpy."""

    def __init__(self, rows: Rows) -> None:
        self.first, self.to, self.by = (part.data for part in (rows.first, rows.to, rows.by))


class NarrowWalk:
    """One direction's walk from one thing."""

    def __init__(self, chain: Chain, *, is_forward: bool, is_certain: bool) -> None:
        self._sign = 1 if is_forward else -1
        self._is_certain = is_certain
        self._into = _Edges(chain.inputs if is_forward else chain.made_by)
        self._out_of = _Edges(chain.outputs if is_forward else chain.fed_by)
        self._held_in, self._holds = _Edges(chain.held_in), _Edges(chain.holds)
        held = chain.holdings
        self._since, self._until, self._is_sure = held.since.data, held.until.data, held.is_certain.data
        self._at, self._is_plain = chain.event_at.data, chain.process_is_certain.data
        self._tainted: dict[int, int] = {}
        self._processed: dict[int, int] = {}
        self._carried: dict[int, list[tuple[int, int]]] = {}
        self._states: list[tuple[int, ...]] = []
        self._waiting: deque[int] = deque()

    def walk(self, thing: int, at: int) -> States | None:
        """Every state in the order it was reached; None where it grows wide."""
        self._taint(thing, at, (int(How.START), -1, -1))
        while self._waiting:
            if len(self._waiting) > WIDE:
                return None
            place = self._waiting.popleft()
            node, sort, since, until = self._states[place][:4]
            if sort == Sort.PROCESS:
                self._leave_process(node, since, place)
                continue
            if sort == Sort.TAINTED:
                self._pass_to_content(node, since, place)
            self._enter_processes(node, since, until, place)
            self._enter_holders(node, since, until, place)
        columns: list[Any] = [np.array(column, np.int64) for column in zip(*self._states, strict=True)]
        return States(*columns)

    def _leave_process(self, node: int, since: int, place: int) -> None:
        edges = self._out_of
        for edge in range(edges.first[node], edges.first[node + 1]):
            at = self._sign * self._at[edges.by[edge]]
            if at >= since:
                self._taint(edges.to[edge], at, (int(How.MADE), edges.by[edge], place))

    def _pass_to_content(self, node: int, since: int, place: int) -> None:
        edges = self._holds
        for edge in range(edges.first[node], edges.first[node + 1]):
            begin, end = self._interval(edges.by[edge])
            if end >= since:
                self._taint(edges.to[edge], max(begin, since), (int(How.CONTENT), edges.by[edge], place))

    def _enter_processes(self, node: int, since: int, until: int, place: int) -> None:
        edges = self._into
        for edge in range(edges.first[node], edges.first[node + 1]):
            at, process = self._sign * self._at[edges.by[edge]], edges.to[edge]
            is_meant = since <= at <= until and (self._is_plain[process] or not self._is_certain)
            if is_meant and self._processed.get(process, ALWAYS) > at:
                self._processed[process] = at
                self._add(process, Sort.PROCESS, at, ALWAYS, (int(How.INTO_PROCESS), edges.by[edge], place))

    def _enter_holders(self, node: int, since: int, until: int, place: int) -> None:
        edges = self._held_in
        for edge in range(edges.first[node], edges.first[node + 1]):
            begin, end = self._interval(edges.by[edge])
            begin, end = max(begin, since), min(end, until)
            if begin <= end:
                self._carry(edges.to[edge], begin, end, (int(How.CARRIES), edges.by[edge], place))

    def _interval(self, holding: int) -> tuple[int, int]:
        """When a holding was; never, where it is not certain and only what is counts."""
        if self._is_certain and not self._is_sure[holding]:
            return ALWAYS, -ALWAYS
        if self._sign > 0:
            return self._since[holding], self._until[holding]
        return -self._until[holding], -self._since[holding]

    def _taint(self, thing: int, at: int, how: tuple[int, int, int]) -> None:
        if self._tainted.get(thing, ALWAYS) > at:
            self._tainted[thing] = at
            self._add(thing, Sort.TAINTED, at, ALWAYS, how)

    def _carry(self, thing: int, since: int, until: int, how: tuple[int, int, int]) -> None:
        known = self._carried.setdefault(thing, [])
        if not any(first <= since and until <= last for first, last in known):
            known[:] = [one for one in known if not (since <= one[0] and one[1] <= until)]
            known.append((since, until))
            self._add(thing, Sort.CARRIER, since, until, how)

    def _add(self, node: int, sort: Sort, since: int, until: int, how: tuple[int, int, int]) -> None:
        self._waiting.append(len(self._states))
        self._states.append((node, int(sort), since, until, *how))
