"""Where a lot went and what it came from: things, places, holders, certain or possible, the way as proof (3.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np

from ringfence import areas
from ringfence.access import check_can
from ringfence.coldchain.chain import ALWAYS, Ints
from ringfence.coldchain.chain_index import ChainIndex, read_index
from ringfence.coldchain.identities import identify
from ringfence.coldchain.states import How, Sort, States, last_words
from ringfence.coldchain.walking import walk
from ringfence.errors import NotFound
from ringfence.policy import Permission
from ringfence.store import Act, Store
from ringfence.terms import Actor, from_us, to_us


class Way(StrEnum):
    """Which way a trace goes."""

    FORWARD = "forward"
    BACKWARD = "backward"
    BOTH = "both"


STEPS = {
    How.START: "start", How.INTO_PROCESS: "process", How.MADE: "transformed", How.CARRIES: "packed",
    How.CONTENT: "held",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a way: the thing it came to, by what, and when."""

    thing: str
    by: str
    at: datetime | None


@dataclass(frozen=True, kw_only=True)
class TracedThing:
    """A thing that was reached; a carrier only held it, from `since` to `until` (empty: nobody knows)."""

    thing: str
    way: Way
    is_carrier: bool
    is_certain: bool
    since: datetime | None
    until: datetime | None
    path: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class TracedPlace:
    """A place where something that was reached was seen, or a party that had it in hand."""

    name: str
    way: Way
    is_certain: bool
    first: datetime
    last: datetime
    things: int


@dataclass(frozen=True, kw_only=True)
class Traced:
    """A trace of one lot; `steps` counts the states that were visited."""

    lot: str
    things: tuple[TracedThing, ...]
    places: tuple[TracedPlace, ...]
    holders: tuple[TracedPlace, ...]
    steps: int


def trace_lot(store: Store, lot: str, *, way: Way, since: datetime | None, actor: Actor, now: datetime) -> Traced:
    """Trace a lot, item or logistic unit, by its URN or link, as the events in force tell it.

    Forward from `since` (the first event that names it), backward from `now`. NotFound where no event names it.
    """

    def look(act: Act) -> None:
        for path in areas.top_paths(areas.read_hierarchy(store.desk)):
            check_can(act, Permission.TRACE_RUN, area_path=path)
        act.note("lot.traced", subject=identify(lot).link, way=way.value)

    store.act(look, actor=actor, now=now)
    return trace_in(read_index(store.lake), lot, way=way, since=since, now=now)


def trace_in(index: ChainIndex, lot: str, *, way: Way, since: datetime | None, now: datetime) -> Traced:
    """The same in an index."""
    link = identify(lot).link
    number = index.find(link)
    if number is None:
        raise NotFound("no event names {lot}; look at how it is written", lot=lot)
    found = [
        _trace(index, number, way=one, since=since, now=now)
        for one in (Way.FORWARD, Way.BACKWARD)
        if way in {one, Way.BOTH}
    ]
    return Traced(
        lot=link,
        things=tuple(thing for one in found for thing in one.things),
        places=tuple(place for one in found for place in one.places),
        holders=tuple(holder for one in found for holder in one.holders),
        steps=sum(one.steps for one in found),
    )


def _trace(index: ChainIndex, number: int, *, way: Way, since: datetime | None, now: datetime) -> Traced:
    is_forward = way is Way.FORWARD
    at = _begin(index, number, since=since) if is_forward else to_us(now)
    every = walk(index.chain, number, at=at, is_forward=is_forward)
    sure = walk(index.chain, number, at=at, is_forward=is_forward, is_certain=True)
    chosen = last_words(every)
    is_certain = _are_among(every.take(chosen), sure.take(last_words(sure)))
    reached = every.take(chosen)
    seen = _Seen(index, reached, is_certain, way)
    return Traced(
        lot="",
        things=tuple(
            _say_thing(index, every, int(place), way=way, is_certain=bool(certain))
            for place, certain in zip(chosen, is_certain, strict=True)
        ),
        places=seen.by_word([index.place]),
        holders=seen.by_word([index.source, index.destination]),
        steps=len(every) + len(sure),
    )


def _begin(index: ChainIndex, number: int, *, since: datetime | None) -> int:
    rows = index.chain.sightings
    first = int(index.chain.event_at[rows.by[rows.first[number] : rows.first[number + 1]]].min())
    return first if since is None else max(first, to_us(since))


def _are_among(reached: States, sure: States) -> np.ndarray:
    """Which of the reached lie whole within what is certain: as early, and as long."""
    known: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for node, sort, since, until in zip(sure.node, sure.sort, sure.since, sure.until, strict=True):
        known.setdefault((int(node), int(sort)), []).append((int(since), int(until)))
    return np.array(
        [
            any(first <= since and until <= last for first, last in known.get((int(node), int(sort)), ()))
            for node, sort, since, until in zip(reached.node, reached.sort, reached.since, reached.until, strict=True)
        ],
        bool,
    )


def _say_thing(index: ChainIndex, every: States, place: int, *, way: Way, is_certain: bool) -> TracedThing:
    return TracedThing(
        thing=index.things[int(every.node[place])].as_py(),
        way=way,
        is_carrier=bool(every.sort[place] == Sort.CARRIER),
        is_certain=is_certain,
        since=_instant(int(every.since[place])),
        until=_instant(int(every.until[place])),
        path=_say_path(index, every, place, way=way),
    )


def _say_path(index: ChainIndex, every: States, place: int, *, way: Way) -> tuple[Step, ...]:
    """The way from the lot to a state, processes left out: each thing says what it was reached by."""
    steps = []
    at_start = every.since if way is Way.FORWARD else every.until
    while place >= 0:
        if every.sort[place] != Sort.PROCESS:
            thing = index.things[int(every.node[place])].as_py()
            steps.append(Step(thing=thing, by=STEPS[How(int(every.how[place]))], at=_instant(int(at_start[place]))))
        place = int(every.before[place])
    return tuple(reversed(steps))


class _Seen:
    """Where what was reached was seen while it was reached."""

    def __init__(self, index: ChainIndex, reached: States, is_certain: np.ndarray, way: Way) -> None:
        of, edge = index.chain.sightings.leaving(reached.node)
        event = index.chain.sightings.by[edge]
        at = index.chain.event_at[event]
        is_meant = (at >= reached.since[of]) & (at <= reached.until[of])
        self._index, self._way = index, way
        self._of, self._event, self._at = reached.node[of[is_meant]], event[is_meant], at[is_meant]
        self._is_certain = is_certain[of[is_meant]]

    def by_word(self, columns: Sequence[np.ndarray]) -> tuple[TracedPlace, ...]:
        """By place or party, the earliest first."""
        words = np.concatenate([column[self._event] for column in columns])
        of, at, sure = (np.tile(column, len(columns)) for column in (self._of, self._at, self._is_certain))
        is_said = words >= 0
        words, of, at, sure = words[is_said], of[is_said], at[is_said], sure[is_said]
        names, group = np.unique(words, return_inverse=True)
        first, last = np.full(len(names), ALWAYS), np.full(len(names), -ALWAYS)
        np.minimum.at(first, group, at)
        np.maximum.at(last, group, at)
        certain = np.bincount(group, weights=sure, minlength=len(names)) > 0
        things = np.bincount(_first_of_pairs(group, of), minlength=len(names))
        return tuple(
            TracedPlace(
                name=self._index.words[int(names[place])].as_py(),
                way=self._way,
                is_certain=bool(certain[place]),
                first=from_us(int(first[place])),
                last=from_us(int(last[place])),
                things=int(things[place]),
            )
            for place in np.argsort(first, kind="stable")
        )


def _first_of_pairs(group: Ints, of: Ints) -> Ints:
    """The groups of the different pairs of group and thing."""
    return np.unique(np.stack([group, of]), axis=1)[0] if len(group) else group


def _instant(at: int) -> datetime | None:
    return from_us(at) if abs(at) < ALWAYS else None
