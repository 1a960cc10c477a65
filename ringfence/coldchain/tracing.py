"""Where a lot went and what it came from: things, places, holders, certain or possible, the way as proof (3.2)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
import pyarrow as pa

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
    """One step of a way: the thing it came to, by what, when, and the place of the step before it (empty: the lot)."""

    thing: str
    by: str
    at: datetime | None
    before: int | None


@dataclass(frozen=True, kw_only=True)
class TracedThing:
    """A thing that was reached; a carrier only held it, from `since` to `until` (empty: nobody knows).

    `step` is the place of its last step among those of the trace.
    """

    thing: str
    way: Way
    is_carrier: bool
    is_certain: bool
    since: datetime | None
    until: datetime | None
    step: int


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
    """A trace of one lot; ways share their steps, so that they take no more room than what was visited."""

    lot: str
    things: tuple[TracedThing, ...]
    places: tuple[TracedPlace, ...]
    holders: tuple[TracedPlace, ...]
    steps: tuple[Step, ...]

    def way_to(self, thing: TracedThing) -> tuple[Step, ...]:
        """The proof: step by step from the lot to a thing."""
        way = list[Step]()
        place: int | None = thing.step
        while place is not None:
            way.append(self.steps[place])
            place = self.steps[place].before
        return tuple(reversed(way))


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
    if number is None or not _count_events(index, number):
        raise NotFound("no event names {lot}; look at how it is written", lot=lot)
    found: list[Traced] = []
    for one in (Way.FORWARD, Way.BACKWARD):
        if way in {one, Way.BOTH}:
            before = sum(len(other.steps) for other in found)
            found.append(
                _trace(index, number, way=one, at=_begin(index, number, one, since=since, now=now), before=before)
            )
    return Traced(
        lot=link,
        things=tuple(thing for one in found for thing in one.things),
        places=tuple(place for one in found for place in one.places),
        holders=tuple(holder for one in found for holder in one.holders),
        steps=tuple(step for one in found for step in one.steps),
    )


def _count_events(index: ChainIndex, number: int) -> int:
    """How many events in force name a thing: those declared wrong left its name behind, and no more."""
    first = index.chain.sightings.first
    return int(first[number + 1] - first[number])


def _begin(index: ChainIndex, number: int, way: Way, *, since: datetime | None, now: datetime) -> int:
    """When the walk sets out: forward at the first event that names the thing, or later; backward now."""
    if way is Way.BACKWARD:
        return to_us(now)
    rows = index.chain.sightings
    first = int(index.chain.event_at[rows.by[rows.first[number] : rows.first[number + 1]]].min())
    return first if since is None else max(first, to_us(since))


def _trace(index: ChainIndex, number: int, *, way: Way, at: int, before: int) -> Traced:
    """One way; its steps come after so many of the other."""
    is_forward = way is Way.FORWARD
    every = walk(index.chain, number, at=at, is_forward=is_forward)
    sure = walk(index.chain, number, at=at, is_forward=is_forward, is_certain=True)
    chosen = last_words(every)
    reached = every.take(chosen)
    is_certain = _are_among(reached, sure.take(last_words(sure)))
    seen = _Seen(index, reached, is_certain, way)
    place_of = np.cumsum(every.sort != Sort.PROCESS) - 1 + before
    return Traced(
        lot="",
        things=tuple(_say_things(index, reached, is_certain, place_of[chosen], way=way)),
        places=seen.by_word([index.place]),
        holders=seen.by_word([index.source, index.destination]),
        steps=tuple(_say_steps(index, every, place_of, way=way)),
    )


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


def _say_things(
    index: ChainIndex, reached: States, is_certain: np.ndarray, steps: Ints, *, way: Way
) -> Iterator[TracedThing]:
    columns = (_names(index, reached.node), reached.sort.tolist(), is_certain.tolist(), reached.since.tolist(),
               reached.until.tolist(), steps.tolist())  # fmt: skip
    for name, sort, certain, since, until, step in zip(*columns, strict=True):
        yield TracedThing(
            thing=name, way=way, is_carrier=sort == Sort.CARRIER, is_certain=certain, since=_instant(since),
            until=_instant(until), step=step,
        )  # fmt: skip


def _say_steps(index: ChainIndex, every: States, place_of: Ints, *, way: Way) -> Iterator[Step]:
    """All states but processes: each follows from the thing that went into the process."""
    before = every.before
    from_process = (before >= 0) & (every.sort[before] == Sort.PROCESS)
    before = np.where(from_process, before[before], before)
    before = np.where(before >= 0, place_of[before], -1)
    is_thing = every.sort != Sort.PROCESS
    at = (every.since if way is Way.FORWARD else every.until)[is_thing].tolist()
    names, hows = _names(index, every.node[is_thing]), every.how[is_thing].tolist()
    for name, how, when, earlier in zip(names, hows, at, before[is_thing].tolist(), strict=True):
        yield Step(thing=name, by=STEPS[How(how)], at=_instant(when), before=None if earlier < 0 else earlier)


def _names(index: ChainIndex, nodes: Ints) -> list[str]:
    return list(index.things.take(pa.array(nodes)).to_pylist())


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
