"""The walk against a day-by-day simulation and against recursive queries of SQLite and DuckDB, on random chains."""

import random
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from ringfence.coldchain import narrow
from ringfence.coldchain.chain import ALWAYS, Moves, Packing, Role, build_chain
from ringfence.coldchain.states import Sort, last_words
from ringfence.coldchain.walking import walk

THINGS, SPAN, CHAINS = 9, 14, 1_000
Event = tuple[int, str, list[int], list[int]]  # time, what, inputs or [parent], outputs or children
Reached = tuple[dict[int, int], dict[int, set[int]]]  # tainted things by their first time; carriers by their times


def draw(seed: int) -> list[Event]:
    """A chain with cycles, splits, merges, nesting, orphans and times that coincide."""
    dice = random.Random(seed)
    events: list[Event] = []
    for _ in range(dice.randint(4, 22)):
        at, what = dice.randint(1, SPAN), dice.choice(["make", "make", "add", "add", "add", "delete", "observe"])
        first = dice.sample(range(THINGS), dice.choice([1, 1, 2]) if what == "make" else 1)
        other = dice.sample([one for one in range(THINGS) if one not in first], dice.choice([1, 1, 2, 3]))
        events.append((at, what, first, [] if what == "delete" and dice.random() < 0.4 else other))
    return events


def to_moves(events: list[Event]) -> Moves:
    rows = []
    packing = {"make": Packing.NONE, "add": Packing.ADD, "delete": Packing.DELETE, "observe": Packing.OBSERVE}
    for number, (_, what, first, other) in enumerate(events):
        roles = (Role.INPUT, Role.OUTPUT) if what == "make" else (Role.PARENT, Role.CHILD)
        rows += [(thing, number, role) for part, role in zip((first, other), roles, strict=True) for thing in part]
    thing, event, role = (np.array(column) for column in zip(*rows, strict=True))
    return Moves(
        THINGS, len(events), np.array([one[0] for one in events], np.int64), np.arange(len(events), dtype=np.int32),
        np.array([packing[one[1]] for one in events], np.int8), thing.astype(np.int32), event.astype(np.int32),
        role.astype(np.int8),
    )  # fmt: skip


def find_holdings(events: list[Event]) -> list[tuple[int, int, int, int]]:
    """Child, parent, since, until: said in another way than the code says it, event by event."""
    found = []
    for at, what, (parent, *_), children in events:
        for child in children if what in {"add", "observe", "delete"} else []:
            ends = [time for time, other, (holder, *_), out in events
                    if other == "delete" and holder == parent and (not out or child in out) and time > at]  # fmt: skip
            if what == "add":
                found.append((child, parent, at, min(ends, default=ALWAYS)))
            if what == "observe":
                found.append((child, parent, at, at))
    added = list(found)
    for at, what, (parent, *_), children in events:
        for child in children if what == "delete" else []:
            own = [one for one in events if one[1] == "add" and one[2][0] == parent and child in one[3] and one[0] < at]
            last = max((one[0] for one in own), default=None)
            ends = [until for c, p, since, until in added if (c, p) == (child, parent) and since == last]
            if last is None or max(end for end in ends if end != last or len(ends) == 1) < at:
                found.append((child, parent, -ALWAYS, at))
    return found


def turn_round(events: list[Event]) -> list[Event]:
    """Time and processes the other way."""
    return [(-at, what, *((other, first) if what == "make" else (first, other))) for at, what, first, other in events]


def simulate(events: list[Event], start: int, begin: int, *, is_forward: bool = True) -> Reached:
    """Go from instant to instant; within one, again and again until nothing is new."""
    holdings = find_holdings(events)
    if not is_forward:
        events, holdings, begin = (
            turn_round(events),
            [(c, p, -until, -since) for c, p, since, until in holdings],
            -begin,
        )
    tainted, carrying = {start: begin}, defaultdict[int, set[int]](set)
    for now in range(begin, SPAN + 2 if is_forward else 1):
        inside = [(child, parent) for child, parent, since, until in holdings if since <= now <= until]
        made = [(first, other) for at, what, first, other in events if what == "make" and at == now]
        before = -1
        while before != (before := len(tainted) + sum(map(len, carrying.values()))):
            pass_on(now, inside, made, (tainted, carrying))
    return tainted, {one: times for one, times in carrying.items() if times}


def pass_on(now: int, inside: list[tuple[int, int]], made: list[tuple[list[int], list[int]]], known: Reached) -> None:
    """All steps of one instant, once."""
    tainted, carrying = known
    for child, parent in inside:
        if child in tainted or now in carrying[child]:
            carrying[parent].add(now)
        if parent in tainted:
            tainted.setdefault(child, now)
    for first, other in made:
        if any(one in tainted or now in carrying[one] for one in first):
            for one in other:
                tainted.setdefault(one, now)


def spread(since: float, until: float, *, is_forward: bool, begin: int) -> set[int]:
    lowest, highest = (begin, SPAN + 1) if is_forward else (-begin, 0)
    return set(range(int(max(since, lowest)), int(min(until, highest)) + 1))


def walked(events: list[Event], start: int, begin: int, *, is_forward: bool) -> Reached:
    states = walk(build_chain(to_moves(events)), start, at=begin, is_forward=is_forward)
    tainted: dict[int, int] = {}
    carrying = defaultdict[int, set[int]](set)
    for place in last_words(states):
        node, since, until = int(states.node[place]), int(states.since[place]), int(states.until[place])
        if not is_forward:
            since, until = -until, -since
        if states.sort[place] == Sort.TAINTED:
            tainted[node] = since
        else:
            carrying[node] |= spread(since, until, is_forward=is_forward, begin=begin)
    return tainted, dict(carrying)


RECURSION = """
with recursive reached(graph, sort, node, since, until) as (
    select graph, 0, node, since, 4611686018427387904 from start
    union
    select
        r.graph,
        case e.kind when 'into' then 1 when 'held' then 2 else 0 end,
        e.dst,
        case when e.since > r.since then e.since else r.since end,
        case when e.kind <> 'held' then 4611686018427387904 when e.until < r.until then e.until else r.until end
    from reached r
    join edge e on e.graph = r.graph and e.src = r.node and e.until >= r.since and e.since <= r.until
        and ((e.kind in ('into', 'held') and r.sort in (0, 2)) or (e.kind = 'out' and r.sort = 1)
            or (e.kind = 'content' and r.sort = 0))
)
select graph, sort, node, since, until from reached where sort <> 1
"""
TABLES = (
    "create table edge (graph bigint, kind text, src bigint, dst bigint, since bigint, until bigint)",
    "create table start (graph bigint, node bigint, since bigint)",
)


def to_edges(events: list[Event]) -> Iterator[tuple[str, int, int, int, int]]:
    """A chain as a table of edges; processes are nodes behind the things."""
    for number, (at, what, first, other) in enumerate(events):
        if what == "make":
            yield from (("into", one, THINGS + number, at, at) for one in first)
            yield from (("out", THINGS + number, one, at, ALWAYS) for one in other)
    for child, parent, since, until in find_holdings(events):
        yield "held", child, parent, since, until
        yield "content", parent, child, since, until


def start_of(seed: int) -> tuple[int, int]:
    return seed % THINGS, 0 if seed % 3 else 5


def query(execute: Callable[[str], Any], fill: Callable[[str, list[Any]], object]) -> list[Reached]:
    """What a recursive query reaches in each of the chains."""
    for table in TABLES:
        execute(table)
    fill("insert into edge values (?, ?, ?, ?, ?, ?)",
         [(seed, *edge) for seed in range(CHAINS) for edge in to_edges(draw(seed))])  # fmt: skip
    fill("insert into start values (?, ?, ?)", [(seed, *start_of(seed)) for seed in range(CHAINS)])
    found: list[Reached] = [({}, defaultdict(set)) for _ in range(CHAINS)]
    for graph, sort, node, since, until in execute(RECURSION).fetchall():
        tainted, carrying = found[graph]
        if sort == 0:
            tainted[node] = min(since, tainted.get(node, since))
        else:
            carrying[node] |= spread(since, until, is_forward=True, begin=start_of(graph)[1])
    return [(tainted, dict(carrying)) for tainted, carrying in found]


def fill_duckdb(memory: duckdb.DuckDBPyConnection, statement: str, rows: list[Any]) -> None:
    table = pa.table(
        [pa.array(column) for column in zip(*rows, strict=True)], names=[f"c{n}" for n in range(len(rows[0]))]
    )
    memory.register("rows", table)
    memory.execute(f"insert into {statement.split()[2]} select * from rows")  # noqa: S608 (one of the two above)
    memory.unregister("rows")


@pytest.fixture(scope="module")
def reached() -> list[Reached]:
    return [walked(draw(seed), *start_of(seed), is_forward=True) for seed in range(CHAINS)]


def is_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Arrays from the first step on."""
    monkeypatch.setattr(narrow, "WIDE", -1)


def test_the_chains_are_worth_walking(reached: list[Reached]) -> None:
    assert sum(len(tainted) for tainted, _ in reached) > 3 * CHAINS
    assert sum(bool(carrying) for _, carrying in reached) > CHAINS / 2


def test_sqlite_reaches_the_same(reached: list[Reached]) -> None:
    database = sqlite3.connect(":memory:")
    assert query(database.execute, database.executemany) == reached


def test_duckdb_reaches_the_same(reached: list[Reached]) -> None:
    with duckdb.connect(":memory:") as memory:
        assert query(memory.execute, lambda statement, rows: fill_duckdb(memory, statement, rows)) == reached


def test_who_unpacks_what_nobody_packed_is_not_certain() -> None:
    chain = build_chain(to_moves([(5, "delete", [1], [2]), (6, "add", [3], [4])]))
    held = chain.holdings
    assert sorted(zip(held.child.tolist(), held.is_certain.tolist(), strict=True)) == [(2, False), (4, True)]
    assert len(walk(chain, 2, at=0, is_forward=True)) == 2
    assert len(walk(chain, 2, at=0, is_forward=True, is_certain=True)) == 1


def test_of_several_in_and_several_out_nothing_is_certain() -> None:
    several = build_chain(to_moves([(5, "make", [0, 1], [2, 3])]))
    assert len(walk(several, 0, at=0, is_forward=True)) == 4
    assert len(walk(several, 0, at=0, is_forward=True, is_certain=True)) == 1
    merged = build_chain(to_moves([(5, "make", [0, 1], [2])]))
    assert len(walk(merged, 0, at=0, is_forward=True, is_certain=True)) == 3


def test_every_state_follows_from_one_that_came_before_it() -> None:
    for seed in range(50):
        states = walk(build_chain(to_moves(draw(seed))), seed % THINGS, at=0, is_forward=True)
        assert states.before[0] == -1
        assert (states.before[1:] < np.arange(1, len(states))).all()
        assert (states.before[1:] >= 0).all()
        assert (states.since[1:] >= states.since[states.before[1:]]).all()


@pytest.mark.parametrize("is_forward", [True, False])
@pytest.mark.parametrize("century", range(CHAINS // 100))
def test_the_walk_reaches_what_a_simulation_reaches(century: int, is_forward: bool) -> None:
    for seed in range(100 * century, 100 * century + 100):
        events, start = draw(seed), seed % THINGS
        begin = (0 if seed % 3 else 5) if is_forward else (SPAN if seed % 3 else 9)
        simulated = simulate(events, start, begin, is_forward=is_forward)
        assert walked(events, start, begin, is_forward=is_forward) == simulated, seed


@pytest.mark.parametrize("is_forward", [True, False])
@pytest.mark.parametrize(
    "century", [0, *(pytest.param(century, marks=pytest.mark.verify) for century in range(1, CHAINS // 100))]
)
def test_by_waves_or_one_by_one_the_same_is_reached(
    century: int, is_forward: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    chains = [(draw(seed), seed % THINGS, 5 if is_forward else 9) for seed in range(100 * century, 100 * century + 100)]
    one_by_one = [walked(*chain, is_forward=is_forward) for chain in chains]
    is_wide(monkeypatch)
    assert [walked(*chain, is_forward=is_forward) for chain in chains] == one_by_one


@pytest.mark.parametrize("is_certain", [True, False])
def test_what_is_certain_is_the_same_by_waves(is_certain: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    chains = [build_chain(to_moves(draw(seed))) for seed in range(60)]

    def reach() -> list[list[int]]:
        found = [walk(chain, 0, at=0, is_forward=True, is_certain=is_certain) for chain in chains]
        return [sorted(set(states.node[last_words(states)].tolist())) for states in found]

    one_by_one = reach()
    is_wide(monkeypatch)
    assert reach() == one_by_one
