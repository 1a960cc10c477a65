"""kill -9 at random instants of a write burst and of a batch: nothing acknowledged lost, nothing half there (6.4).

What is acknowledged is written to a pipe by the child after its call returned, and read by the parent.
"""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest
from store_children import Say, kill_at_random

from ringfence.store import (
    PEOPLE,
    Act,
    Batch,
    Content,
    Store,
    add_people,
    commit_batch,
    fold_inbox,
    open_store,
    rotate_keys,
)
from ringfence.store.keys import read_master_keys
from ringfence.terms import LAYOUTS, Actor, Purpose, RecordKind, cell

pytestmark = pytest.mark.verify

KILLS = 50
HOUSE_KILLS = 25
NOW = datetime(2022, 3, 1, 4, tzinfo=UTC)
OFFICER = Actor("officer-1")
DAY = 19_052
THREADS = 4

INSERT_TARGET = """
insert into target (target_id, clause, indicator, at_least, due_day, recorded_at) values (:name, '', '', 1, 1, 1)
"""
INSERT_COUNTER = "insert into counter (name, next_value) values (:name, 1)"
TARGETS = "select target_id as name from target order by 1"
COUNTERS = "select name from counter where name like 'k%' order by 1"
LINES = "select subject as name from ledger where action = 'kill.act' order by 1"


@contextmanager
def opened(folder: Path) -> Iterator[Store]:
    """The store as its writer, which also sweeps what the killed one left."""
    with closing(open_store(folder)) as store:
        yield store


def burst(folder: Path, turn: int, say: Say) -> None:
    """Acts from several threads for as long as it lives."""
    store = open_store(folder)

    def write(thread: int) -> None:
        for n in range(100_000):
            name = f"k-{turn:03}-{thread}-{n}"

            def work(act: Act, name: str = name) -> None:
                act.run(INSERT_TARGET, name=name)
                act.note("kill.act", subject=name)
                act.run(INSERT_COUNTER, name=name)

            store.act(work, actor=OFFICER, now=NOW)
            say(name)

    say("begun")
    threads = [threading.Thread(target=write, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_write_burst_killed_at_fifty_instants_loses_nothing_acknowledged(deployment: Path) -> None:
    chance = random.Random()
    acknowledged: set[str] = set()
    for turn in range(KILLS):
        acknowledged |= set(kill_at_random(partial(burst, deployment, turn), chance=chance, within_s=0.1))
        with closing(open_store(deployment, writes=False)) as store:
            there = [[row.name for row in store.desk.rows(query)] for query in (TARGETS, COUNTERS, LINES)]
            assert there[0] == there[1] == there[2], "an act is half there"
            assert acknowledged <= set(there[0]), f"lost after kill {turn}: {sorted(acknowledged - set(there[0]))[:5]}"
            store.verify_ledger()
    assert len(acknowledged) > KILLS, "too few acts were acknowledged for this to mean anything"


ROWS = 30


def visits_of(batch: int) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "cell": cell(DAY + n % 2, n),
                "person": n,
                "enter_s": n,
                "stay_s": 60,
                "source": 1,
                "batch": batch,
                "row": n,
            }
            | {"recorded_at": 1}
            for n in range(1, ROWS + 1)
        ],
        schema=LAYOUTS[RecordKind.VISIT].schema,
    )


def people_of(batch: int) -> pa.Table:
    row = dict.fromkeys(PEOPLE.names) | {"batch": batch, "recorded_at": 1}
    return pa.Table.from_pylist(
        [{**row, "person_no": 10_000_000 + batch * 100 + n} for n in range(ROWS)], schema=PEOPLE
    )


def take_number(store: Store) -> int:
    def take(act: Act) -> int:
        act.note("batch.begun")
        return act.take_numbers("batch", 1)

    return store.act(take, actor=OFFICER, now=NOW)


def receive(store: Store, batch_id: str) -> bool:
    """A batch into lake, vault, inbox and manifest in one act; False when it is known."""
    number = take_number(store)
    files = store.lake.stage(RecordKind.VISIT, visits_of(number), batch_no=number)
    parts = store.vault.stage(Content.PEOPLE, people_of(number), batch_no=number)
    batch = Batch(
        batch_no=number,
        batch_id=batch_id,
        feed="checkins",
        department="industry",
        purpose="contact_tracing",
        source_digest="",
        rows_accepted=ROWS,
        rows_rejected=0,
        retain_until_day=None,
    )

    def commit(act: Act) -> bool:
        is_new = commit_batch(act, batch)
        if is_new:
            store.lake.commit(act, files)
            store.vault.commit(act, parts)
            add_people(act, store.keys, [{"name": batch_id, "row": 1}], batch_no=number)
        act.note("batch.received", subject=batch_id)
        return is_new

    return store.act(commit, actor=OFFICER, now=NOW)


def receive_many(folder: Path, turn: int, say: Say) -> None:
    """Batch after batch for as long as it lives."""
    store = open_store(folder)
    say("begun")
    for n in range(100_000):
        batch_id = f"b-{turn:03}-{n}"
        receive(store, batch_id)
        say(batch_id)


def batches_there(store: Store) -> set[str]:
    return {row.batch_id for row in store.desk.rows("select batch_id from batch")}


def check_batches(store: Store) -> set[str]:
    """The ids of the batches there are; every one of them whole in both copies, vault and inbox, and nothing beside."""
    known = {row.batch_no: row.batch_id for row in store.desk.rows("select batch_no, batch_id from batch")}
    whole = dict.fromkeys(known, ROWS)
    for copy in LAYOUTS[RecordKind.VISIT].copies:
        counted = store.lake.read(RecordKind.VISIT, copy=copy.name)["batch"].value_counts().to_pylist()
        assert {one["values"]: one["counts"] for one in counted} == whole, f"a batch is half there in {copy.name}"
    people = {part.batch_no: part.row_count for part in store.vault.parts(Content.PEOPLE) if part.batch_no is not None}
    assert people == whole, "a batch is half there in the vault"
    register = store.read_register(purpose=Purpose("link", "2.1"), actor=OFFICER, now=NOW)
    names = sorted(name for found in register for name in found["name"].to_pylist() if name is not None)
    assert names == sorted(known.values()), "a new person was lost or doubled"
    if store.deployment.is_embedded:
        for folder, table in ((store.lake.folder, "lake_file"), (store.vault.folder, "vault_part")):
            listed = {row.path for row in store.desk.rows(f"select path from {table}")}  # noqa: S608 - one of two
            assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == listed
    store.verify_ledger()
    return set(known.values())


def seconds_of_a_batch(folder: Path) -> float:
    """How long a batch takes here and now, so that kills fall into the first ones."""
    with opened(folder) as store:
        began = time.perf_counter()
        for n in range(3):
            receive(store, f"b-{n}")
        return (time.perf_counter() - began) / 3


def test_a_batch_killed_at_fifty_instants_is_whole_or_not_there(deployment: Path) -> None:
    chance, within_s = random.Random(), 4 * seconds_of_a_batch(deployment)
    acknowledged: set[str] = set()
    for turn in range(KILLS):
        work = partial(receive_many, deployment, turn)
        said = kill_at_random(work, chance=chance, within_s=within_s)
        acknowledged |= set(said)
        with opened(deployment) as store:
            there = check_batches(store) if turn % 5 == 4 else batches_there(store)
            assert acknowledged <= there, f"lost after kill {turn}: {sorted(acknowledged - there)}"
            last = f"b-{turn:03}-{len(said)}"  # the one that was on its way: sent again, it is there once
            assert receive(store, last) is (last not in there)
            if turn % 10 == 9:
                fold_inbox(store, actor=OFFICER, now=NOW)
    with opened(deployment) as store:
        check_batches(store)
    assert len(acknowledged) > KILLS // 2, "too few batches were acknowledged for this to mean anything"


def keep_house(folder: Path, say: Say) -> None:
    """People come and are folded, keys are turned, for as long as it lives."""
    store = open_store(folder)
    say("begun")
    while True:
        number = store.act(
            lambda act: act.note("person.added") or add_people(act, store.keys, [{"name": "x"}]), actor=OFFICER, now=NOW
        )
        say(str(number))
        fold_inbox(store, actor=OFFICER, now=NOW)
        rotate_keys(store, actor=OFFICER, now=NOW)


def test_folding_and_turning_keys_killed_at_any_instant_lose_nobody(deployment: Path) -> None:
    chance = random.Random()
    acknowledged: set[int] = set()
    for _ in range(HOUSE_KILLS):
        said = kill_at_random(partial(keep_house, deployment), chance=chance, within_s=0.3)
        acknowledged |= {int(number) for number in said}
        with opened(deployment) as store:
            register = store.read_register(purpose=Purpose("link", "2.1"), actor=OFFICER, now=NOW)
            numbers = [number for found in register for number in found["person_no"].to_pylist()]
            assert len(numbers) == len(set(numbers)), "somebody is there twice"
            assert acknowledged <= set(numbers), "somebody is lost"
            store.verify_ledger()
    with opened(deployment) as store:
        rotate_keys(store, actor=OFFICER, now=NOW)
        assert len(read_master_keys(store.deployment.keys).keys) == 1
    assert len(acknowledged) > HOUSE_KILLS // 2
