"""What the stores cost, as ratios measured in one run on one disk: durable small writes, batches, people, the vault.

A small write is an act of one row with its ledger line, acknowledged once it is durable. It is held against the plain
way: the same row in a commit of its own, as durable, without a ledger.
"""

import argparse
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pysqlite3 import dbapi2

from ringfence.store import (
    PEOPLE,
    Act,
    Batch,
    Content,
    Store,
    commit_batch,
    init_store,
    open_store,
)
from ringfence.terms import LAYOUTS, Actor, Purpose, RecordKind, cell

NOW = datetime(2022, 3, 1, 4, tzinfo=UTC)
OFFICER = Actor("officer-1")
LOOK = Purpose("follow_up", "2.3")
FIRST_DAY = 19_052

INSERT = """
insert into target (target_id, clause, indicator, at_least, due_day, recorded_at)
values (:target_id, '7.3', 'coverage', 1, 1, 1)
"""


PLAIN_TABLE = """
create table target (
    target_id text primary key, clause text, indicator text, at_least real, due_day integer, recorded_at integer
)
"""

ROUNDS = 3
"""Each way of writing takes its turn in every round, so that a disk that is slow for a while is slow for both."""


def seconds(work: Callable[[], object]) -> float:
    """How long some work takes on the wall."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def small_act(name: str) -> Callable[[Act], None]:
    """One row and its ledger line."""

    def work(act: Act) -> None:
        act.run(INSERT, target_id=name)
        act.note("target.set", subject=name)

    return work


def plain_commits(path: Path, count: int) -> float:
    """Rows a second, each in a durable commit of its own, straight through the driver."""
    with closing(dbapi2.connect(str(path), isolation_level=None)) as connection:
        connection.executescript("pragma journal_mode = wal; pragma synchronous = full;")
        connection.execute(PLAIN_TABLE)

        def work() -> None:
            for n in range(count):
                connection.execute("begin immediate")
                connection.execute(INSERT, {"target_id": f"p-{n}"})
                connection.execute("commit")

        return count / seconds(work)


def submitted(store: Store, count: int, *, turn: int) -> tuple[float, float]:
    """Acts a second that one thread submits without waiting for each, all durable at the end; processor us for each.

    The second figure does not depend on what else the machine does: a million over it is what one free core could do.
    """

    def work() -> None:
        answers = [store.submit(small_act(f"s-{turn}-{n}"), actor=OFFICER, now=NOW) for n in range(count)]
        for answer in answers:
            answer.result()

    began = time.process_time()
    rate = count / seconds(work)
    return rate, (time.process_time() - began) / count * 1e6


def awaited(store: Store, count: int, *, threads: int) -> tuple[float, float]:
    """Acts a second of threads that each wait for their own answer, and the 99th percentile of the wait in ms."""
    waits: list[float] = []

    def work(thread: int) -> None:
        names = (f"a-{threads}-{thread}-{n}" for n in range(count // threads))
        waits.extend(seconds(lambda name=name: store.act(small_act(name), actor=OFFICER, now=NOW)) for name in names)

    def together() -> None:
        workers = [threading.Thread(target=work, args=(n,)) for n in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    rate = (count // threads * threads) / seconds(together)
    return rate, float(np.percentile(waits, 99)) * 1000


def visits(count: int, *, batch: int) -> pa.Table:
    """A week of visits to a thousand places."""
    chance = np.random.default_rng(batch)
    days = FIRST_DAY + chance.integers(0, 7, count)
    columns = {
        "cell": np.array([cell(0, 0)]) + (days << 32) + chance.integers(0, 1000, count),
        "person": chance.integers(1, 300_000, count),
        "enter_s": chance.integers(0, 86_400, count),
        "stay_s": chance.integers(60, 7200, count),
        "source": np.ones(count, dtype=np.int64),
        "batch": np.full(count, batch),
        "row": np.arange(1, count + 1),
        "recorded_at": np.full(count, 1),
    }
    return pa.table(columns).cast(LAYOUTS[RecordKind.VISIT].schema)


def receive(store: Store, number: int, rows: pa.Table) -> None:
    """A batch staged and committed."""
    staged = store.lake.stage(RecordKind.VISIT, rows, batch_no=number)
    batch = Batch(
        batch_no=number,
        batch_id=f"batch-{number}",
        feed="checkins",
        department="industry",
        purpose="contact_tracing",
        source_digest="",
        rows_accepted=rows.num_rows,
        rows_rejected=0,
        retain_until_day=None,
    )

    def commit(act: Act) -> None:
        commit_batch(act, batch)
        store.lake.commit(act, staged)
        act.note("batch.received", subject=batch.batch_id)

    store.act(commit, actor=OFFICER, now=NOW)


def register(count: int) -> pa.Table:
    """So many people, each with a name, a number, a phone and an address."""
    numbers = np.arange(1, count + 1)
    empty = pa.nulls(count)
    columns = {name: empty.cast(PEOPLE.field(name).type) for name in PEOPLE.names} | {
        "person_no": pa.array(numbers),
        "household_no": pa.array(numbers // 3),
        "name": pa.array([f"name {number * 7919 % 10_007}" for number in numbers]),
        "id_number": pa.array([f"1402{number:014}" for number in numbers]),
        "phone": pa.array([f"139{number * 7919 % 10**8:08}" for number in numbers]),
        "address": pa.array([f"street {number % 997}, house {number % 89}" for number in numbers]),
        "recorded_at": pa.array(np.ones(count, dtype=np.int64)),
    }
    return pa.table(columns, schema=PEOPLE)


def bench_writes(folder: Path, store: Store, count: int) -> None:
    """Group commit with ledger against plain single commits, in turns; the median of each."""
    share = count // ROUNDS
    turns = [
        (plain_commits(folder / f"plain-{turn}.sqlite", share // 10), *submitted(store, share, turn=turn))
        for turn in range(ROUNDS)
    ]
    plain, queued, cost = (float(np.median(found)) for found in zip(*turns, strict=True))
    print(f"small durable writes, plain single commits, no ledger   {plain:>9,.0f} /s")
    print(f"  one thread that does not wait, with ledger            {queued:>9,.0f} /s   {queued / plain:5.1f} times")
    print(f"    processor time of each, both threads                {cost:>9,.0f} us")
    for threads in (1, 16, 64):
        rate, p99 = awaited(store, min(count, 100 * threads), threads=threads)
        name = f"  {threads} threads that wait, with ledger"
        print(f"{name:<56}{rate:>9,.0f} /s   {rate / plain:5.1f} times, p99 {p99:.1f} ms")
    lines = len(store.desk.rows("select seq from ledger"))
    print(
        f"ledger verified                                         {lines / seconds(store.verify_ledger):>9,.0f} lines/s"
    )


def bench_batches(folder: Path, store: Store, count: int) -> None:
    """A batch durable in two sorted copies against one plain file, unsorted and unsynced."""
    rows = visits(count, batch=1)
    plain = seconds(lambda: pq.write_table(rows, folder / "plain.parquet", compression="zstd"))
    ours = seconds(lambda: receive(store, 1, rows))
    print(f"batch of {count:,} visits, 7 days, 2 sorted copies, synced  {ours * 1000:>7,.0f} ms   "
          f"{ours / plain:5.1f} times a plain unsorted file")  # fmt: skip
    small = [seconds(lambda n=n: receive(store, n, visits(100, batch=n))) for n in range(2, 12)]
    print(f"batch of 100 visits, the same                           {float(np.median(small)) * 1000:>7,.0f} ms")


def bench_people(folder: Path, store: Store, count: int) -> None:
    """The vault against plain Parquet, and reading a hundred people out of it."""
    people = register(count)
    path = folder / "plain-people.parquet"
    plain_write = seconds(lambda: pq.write_table(people, path, compression="zstd", row_group_size=10_000))
    plain_read = seconds(lambda: pq.read_table(path))
    staged = []
    write = seconds(lambda: staged.extend(store.vault.stage(Content.PEOPLE, people)))

    def commit(act: Act) -> None:
        store.vault.commit(act, staged)
        act.note("register.received", count=count)

    store.act(commit, actor=OFFICER, now=NOW)
    read = seconds(lambda: [store.vault.read_part(part) for part in store.vault.parts(Content.PEOPLE)])
    print(f"vault, {count:,} people: written and synced               {write * 1000:>7,.0f} ms   "
          f"{write / plain_write:5.1f} times plain Parquet")  # fmt: skip
    print(f"  read whole                                            {read * 1000:>7,.0f} ms   "
          f"{read / plain_read:5.1f} times plain Parquet")  # fmt: skip
    chance = np.random.default_rng(7)
    wanted = [chance.choice(np.arange(1, count + 1), 100, replace=False).tolist() for _ in range(5)]
    looks = [seconds(lambda w=w: store.read_people(w, purpose=LOOK, actor=OFFICER, now=NOW)) for w in wanted]
    print(f"  100 people anywhere in it, the look on the ledger     {float(np.median(looks)) * 1000:>7,.0f} ms")
    near = [seconds(lambda n=n: store.read_people(range(n, n + 100), purpose=LOOK, actor=OFFICER, now=NOW))
            for n in range(1, count, count // 5)]  # fmt: skip
    print(f"  100 people with neighbouring numbers                  {float(np.median(near)) * 1000:>7,.0f} ms")


def main() -> None:
    """Run everything once, in a folder that is removed after."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--writes", type=int, default=20_000, help="small writes in each round")
    parser.add_argument("--visits", type=int, default=500_000, help="rows of the large batch")
    parser.add_argument("--people", type=int, default=300_000, help="people in the vault")
    asked = parser.parse_args()
    print(f"SQLite {dbapi2.sqlite_version} (the system's own would be {sqlite3.sqlite_version})")
    with tempfile.TemporaryDirectory(prefix="ringfence-bench-", dir=Path.cwd()) as name:
        folder = Path(name)
        init_store(folder / "deployment", zone="Asia/Shanghai", now=NOW)
        with closing(open_store(folder / "deployment")) as store:
            bench_writes(folder, store, asked.writes)
            bench_batches(folder, store, asked.visits)
            bench_people(folder, store, asked.people)


if __name__ == "__main__":
    main()
