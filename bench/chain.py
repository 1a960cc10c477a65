"""What tracing a lot costs: python bench/chain.py [--rows N] [--peers N] [--full].

A made-up trade of foods: lots become lots through five stages, are packed on pallets by four, shipped, received and
unpacked; one ingredient goes into a great many lots, one dough is made of itself again and again. The same chain is
asked as a recursive query of SQLite and DuckDB over a table of edges, in this run, and the sets are compared.
"""

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.coldchain.chain import ALWAYS, Chain, Moves, Packing, Role, build_chain
from ringfence.coldchain.chain_index import ChainIndex, keep_index, map_index
from ringfence.coldchain.states import last_words
from ringfence.coldchain.tracing import Way, trace_in
from ringfence.coldchain.walking import walk

STAGES, LOTS_ON_PALLET, ROWS_A_LOT = 5, 4, 3.5
STAGE_US, SPAN_US = 10 * 86_400_000_000, 60 * 86_400_000_000
HUB_USES, DEPTH = 5_000, 1_000
SAMPLE, TRACES = 200, 50
DIGITS, PLACES, SAID = 10, 2_000, 0.3

Rows = list[tuple[npt.NDArray[Any], ...]]  # thing, event, role


def make_moves(rows: int, *, seed: int) -> tuple[Moves, dict[str, list[int]]]:
    """So many rows, about, and lots to ask for by their sort."""
    dice = np.random.default_rng(seed)
    lots = int(rows / ROWS_A_LOT)
    stage = np.minimum(np.arange(lots) * (STAGES + 1) // lots, STAGES)
    made_at = stage * STAGE_US + dice.integers(0, STAGE_US // 2, lots)
    parts, at, packing = _make_lots(dice, stage, made_at)
    _add_pallets(parts, at, packing, lots, made_at)
    hub, deep = _add_oddities(dice, parts, at)
    thing, event, role = (np.concatenate(column) for column in zip(*parts, strict=True))
    times = np.concatenate(at)
    things = int(thing.max()) + 1
    moves = Moves(
        things, len(times), times, np.arange(len(times), dtype=np.int32),
        np.concatenate([np.concatenate(packing), np.zeros(len(times) - sum(map(len, packing)))]).astype(np.int8),
        thing.astype(np.int32), event.astype(np.int32), role.astype(np.int8),
    )  # fmt: skip
    return moves, {"random": dice.integers(0, lots, SAMPLE).tolist(), "hub": [hub], "deep": [deep]}


def _make_lots(dice: np.random.Generator, stage: Any, made_at: Any) -> tuple[Rows, list[Any], list[Any]]:  # noqa: ANN401 (arrays)
    """Each transformation makes two lots of one stage from one to three of the stage before."""
    made = np.flatnonzero(stage > 0)
    process = (np.arange(len(made)) // 2).astype(np.int64)
    events = int(process[-1]) + 1
    at = np.full(events, -ALWAYS)
    np.maximum.at(at, process, made_at[made])
    parts: Rows = [(made, process, np.full(len(made), int(Role.OUTPUT)))]
    first = np.searchsorted(stage, np.arange(STAGES + 2))
    stage_of = stage[made[process.searchsorted(np.arange(events))]]
    for turn in range(3):
        takes = np.flatnonzero(dice.random(events) < (1.0, 0.4, 0.1)[turn])
        low, high = first[stage_of[takes] - 1], first[stage_of[takes]]
        inputs = low + (dice.random(len(takes)) * (high - low)).astype(np.int64)
        parts.append((inputs, takes, np.full(len(takes), int(Role.INPUT))))
    return parts, [at], [np.zeros(events)]


def _add_pallets(parts: Rows, at: list[Any], packing: list[Any], lots: int, made_at: Any) -> None:  # noqa: ANN401 (an array)
    """Packed after the last of its lots was made; seen twice on the way; unpacked whole."""
    pallet = np.arange(lots) // LOTS_ON_PALLET
    count = int(pallet[-1]) + 1
    packed_at = np.full(count, -ALWAYS)
    np.maximum.at(packed_at, pallet, made_at)
    for delay, what in ((1, Packing.ADD), (2, Packing.NONE), (3, Packing.NONE), (4, Packing.DELETE)):
        begin = sum(map(len, at))
        event = begin + np.arange(count)
        if what is Packing.ADD:
            parts.append((np.arange(lots), begin + pallet, np.full(lots, int(Role.CHILD))))
        role = Role.SEEN if what is Packing.NONE else Role.PARENT
        parts.append((lots + np.arange(count), event, np.full(count, int(role))))
        at.append(packed_at + delay * 3_600_000_000)
        packing.append(np.full(count, int(what)))


def _add_oddities(dice: np.random.Generator, parts: Rows, at: list[Any]) -> tuple[int, int]:
    """An ingredient that goes into very many lots, and a dough that is made of the dough before."""
    things = max(int(part[0].max()) for part in parts) + 1
    uses = dice.choice(len(at[0]), min(HUB_USES, len(at[0])), replace=False)
    parts.append((np.full(len(uses), things), uses, np.full(len(uses), int(Role.INPUT))))
    begin, doughs = sum(map(len, at)), things + 1 + np.arange(DEPTH + 1)
    event = begin + np.arange(DEPTH)
    parts.append((doughs[:-1], event, np.full(DEPTH, int(Role.INPUT))))
    parts.append((doughs[1:], event, np.full(DEPTH, int(Role.OUTPUT))))
    at.append(np.sort(dice.integers(0, SPAN_US, DEPTH)))
    return things, things + 1


def wrap(chain: Chain) -> ChainIndex:
    """An index whose things are called by their numbers; every event is at some place, and some say who gets it."""
    dice, events = np.random.default_rng(2), len(chain.event_at)
    things = pa.array(np.arange(len(chain.sightings.first) - 1)).cast(pa.string())
    names = pc.utf8_lpad(things, DIGITS, "0").cast(pa.large_string())
    words = pa.array([f"place {number:05d}" for number in range(PLACES)], pa.large_string())
    place, to = (dice.integers(0, PLACES, events).astype(np.int32) for _ in range(2))
    nobody = np.full(events, -1, np.int32)
    return ChainIndex(chain, names, words, place, nobody, np.where(dice.random(events) < SAID, to, nobody))


def reach(chain: Chain, thing: int) -> tuple[set[int], int]:
    """The things and carriers that a thing reaches from the beginning on, and how many states were visited."""
    states = walk(chain, thing, at=-1, is_forward=True)
    return set(states.node[last_words(states)].tolist()), len(states)


def time_walks(chain: Chain, asked: dict[str, list[int]]) -> None:
    """Cold and warm times by the sort of lot."""
    for sort, things in asked.items():
        for turn in ("first touch", "warm"):
            times, visited = [], 0
            for thing in things * (1 if len(things) > 1 else 5):
                began = time.perf_counter()
                visited = max(visited, reach(chain, thing)[1])
                times.append((time.perf_counter() - began) * 1000)
            middle, high = np.percentile(times, [50, 95])
            print(f"  {sort}, {turn}: median {middle:.1f} ms, p95 {high:.1f} ms, at most {visited:,} states")


def time_traces(index: ChainIndex, asked: dict[str, list[int]]) -> None:
    """From the name of a lot to its things with their ways, places and holders, both ways."""
    now = datetime.fromtimestamp(2 * SPAN_US / 1e6, UTC)
    for sort, things in asked.items():
        times, most = [], 0
        for thing in things[:TRACES]:
            began = time.perf_counter()
            traced = trace_in(index, f"{thing:0{DIGITS}d}", way=Way.BOTH, since=None, now=now)
            times.append((time.perf_counter() - began) * 1000)
            most = max(most, len(traced.things))
        print(f"  {sort}, traced both ways with names: p95 {np.percentile(times, 95):.1f} ms, at most {most:,} things")


def to_edges(moves: Moves, chain: Chain) -> pa.Table:
    """The chain as a table of edges; processes are nodes behind the things."""
    goes_in, comes_out = moves.role == Role.INPUT, moves.role == Role.OUTPUT
    process = moves.things + moves.event_process[moves.event].astype(np.int64)
    at, held = moves.event_at[moves.event], chain.holdings
    columns = [
        (0, moves.thing[goes_in], process[goes_in], at[goes_in], at[goes_in]),
        (1, process[comes_out], moves.thing[comes_out], at[comes_out], np.full(int(comes_out.sum()), ALWAYS)),
        (2, held.child, held.parent, held.since, held.until),
        (3, held.parent, held.child, held.since, held.until),
    ]
    names = ("src", "dst", "since", "until")
    parts = [pa.table({"kind": np.full(len(one[1]), one[0]), **{name: column.astype(np.int64) for name, column
             in zip(names, one[1:], strict=True)}}) for one in columns]  # fmt: skip
    return pa.concat_tables(parts)


RECURSION = """
with recursive reached(sort, node, since, until) as (
    select 0, cast({thing} as bigint), cast(-1 as bigint), 4611686018427387904
    union
    select
        case e.kind when 0 then 1 when 2 then 2 else 0 end, e.dst,
        case when e.since > r.since then e.since else r.since end,
        case when e.kind <> 2 then 4611686018427387904 when e.until < r.until then e.until else r.until end
    from reached r
    join edge e on e.src = r.node and e.until >= r.since and e.since <= r.until
        and ((e.kind in (0, 2) and r.sort in (0, 2)) or (e.kind = 1 and r.sort = 1) or (e.kind = 3 and r.sort = 0))
)
select distinct node from reached where sort <> 1
"""


def time_peer(name: str, execute: Callable[[str], Any], chain: Chain, things: list[int]) -> None:
    """A peer and we, one after the other, lot by lot."""
    ours = theirs = 0.0
    equal = 0
    for thing in things:
        began = time.perf_counter()
        mine, _ = reach(chain, thing)
        ours += time.perf_counter() - began
        began = time.perf_counter()
        found = {row[0] for row in execute(RECURSION.format(thing=thing)).fetchall()}
        theirs += time.perf_counter() - began
        equal += found == mine
    each = theirs / len(things) * 1000
    print(f"  {name}: {theirs / ours:,.1f}x our time ({each:,.1f} ms), {equal} of {len(things)} sets equal")


def bench_peers(moves: Moves, chain: Chain, asked: dict[str, list[int]]) -> None:
    """Recursive queries over the same edges, with an index on where they leave."""
    edges = to_edges(moves, chain)
    some = [*asked["random"][:20], *asked["hub"], *asked["deep"]]
    print(f"recursive queries over {edges.num_rows:,} edges:")
    database = sqlite3.connect(":memory:")
    database.execute("create table edge (kind integer, src integer, dst integer, since integer, until integer)")
    for batch in edges.to_batches(max_chunksize=100_000):
        columns = [column.to_pylist() for column in batch.columns]
        database.executemany("insert into edge values (?, ?, ?, ?, ?)", zip(*columns, strict=True))
    database.execute("create index edge_by_src on edge (src)")
    for sort, things in (("random", some[:20]), ("hub", asked["hub"]), ("deep", asked["deep"])):
        time_peer(f"SQLite, {sort}", database.execute, chain, things)
    database.close()
    with duckdb.connect(":memory:") as memory:
        memory.register("arrived", edges)
        memory.execute("create table edge as select * from arrived")
        time_peer("DuckDB, random", memory.execute, chain, some[:3])


def main() -> None:
    """Print the figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=10_000_000)
    asked.add_argument("--peers", type=int, default=2_000_000, help="rows of the chain that the peers are asked about")
    asked.add_argument("--full", action="store_true")
    options = asked.parse_args()
    rows = 100_000_000 if options.full else options.rows
    moves, lots = make_moves(rows, seed=1)
    began = time.perf_counter()
    chain = build_chain(moves)
    took = time.perf_counter() - began
    print(f"{len(moves.thing):,} movements in {len(moves.event_at):,} events: built in {took:.1f} s")
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "index"
        keep_index(wrap(chain), kept)
        size = sum(file.stat().st_size for file in kept.iterdir())
        del moves, chain
        began = time.perf_counter()
        index = map_index(kept)
        print(f"  {size / 1e9:.2f} GB on disk, opened in {(time.perf_counter() - began) * 1000:.1f} ms")
        time_walks(index.chain, lots)
        time_traces(index, lots)
    if options.peers:
        moves, lots = make_moves(options.peers, seed=1)
        bench_peers(moves, build_chain(moves), lots)


if __name__ == "__main__":
    main()
