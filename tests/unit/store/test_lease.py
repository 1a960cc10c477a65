"""The lease: one writer embedded, a chain each on PostgreSQL, and a lock that ends with its process (policy 6.4)."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from store_rows import NOW, OFFICER, exit_code, fork

from ringfence.errors import WriterBusy
from ringfence.store import Store, lease, open_store, read_deployment, upgrade_schema
from ringfence.store.lease import take_lease

HELD = """
select count(*) from pg_locks
where locktype = 'advisory' and classid = :space
    and database = (select oid from pg_database where datname = current_database())
"""

OPEN_AND_WAIT = """
import sys, time
from pathlib import Path
from ringfence.store import open_store
store = open_store(Path(sys.argv[1]))
print("open", flush=True)
time.sleep(60)
"""


def test_a_second_writer_is_refused_in_one_sentence_that_names_the_first(embedded: Store) -> None:
    folder = embedded.deployment.folder
    with pytest.raises(WriterBusy) as error:
        open_store(folder)
    assert str(error.value) == (
        f"process {os.getpid()} is writing to {folder}; wait for it, stop it, or send your command to its server"
    )
    assert error.value.exit_code == 55
    assert open_store(folder, writes=False).desk.rows("select seq from ledger")


def test_the_writer_in_another_process_is_named_and_its_lease_ends_with_it(embedded_folder: Path) -> None:
    command = [sys.executable, "-c", OPEN_AND_WAIT, str(embedded_folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:  # noqa: S603 - our own interpreter
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(WriterBusy, match=f"process {other.pid} is writing"):
            open_store(embedded_folder)
        other.send_signal(signal.SIGKILL)
        other.wait()
    open_store(embedded_folder).close()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"process'])
def test_a_holder_that_has_not_said_who_it_is_is_still_a_holder(embedded: Store, content: str) -> None:
    embedded.deployment.lease.write_text(content)
    with pytest.raises(WriterBusy, match=r"process \? is writing"):
        open_store(embedded.deployment.folder)


def test_a_refused_writer_leaves_the_holders_name(embedded: Store) -> None:
    for _ in range(2):
        with pytest.raises(WriterBusy, match=f"process {os.getpid()} "):
            open_store(embedded.deployment.folder)


def test_a_forked_child_that_lives_on_does_not_keep_its_parents_lease(embedded_folder: Path) -> None:
    store = open_store(embedded_folder)
    reading, writing = os.pipe()

    def live_on() -> None:
        os.close(writing)
        os.read(reading, 1)  # until the parent is done

    child = fork(live_on)
    try:
        with pytest.raises(WriterBusy):
            open_store(embedded_folder)
        store.close()
        open_store(embedded_folder).close()
    finally:
        os.close(writing)
        assert exit_code(child) == 0
        os.close(reading)


def test_a_forked_child_that_closes_the_store_leaves_its_parent_the_lease(store: Store) -> None:
    assert exit_code(fork(store.close)) == 0
    store.act(lambda act: act.note("a.b"), actor=OFFICER, now=NOW)
    if store.deployment.is_embedded:
        with pytest.raises(WriterBusy):
            open_store(store.deployment.folder)


def test_on_a_server_every_writer_has_a_chain_of_its_own_and_embedded_there_is_one(store: Store) -> None:
    folder = store.deployment.folder
    if store.deployment.is_embedded:
        with pytest.raises(WriterBusy):
            open_store(folder)
        return
    second, third = open_store(folder), open_store(folder)
    for one in (store, second, third, second):
        one.act(lambda act: act.note("a.b"), actor=OFFICER, now=NOW)
    assert [(head.chain, head.seq) for head in store.verify_ledger()] == [(1, 2), (2, 2), (3, 1)]
    second.close()
    fourth = open_store(folder)
    fourth.act(lambda act: act.note("a.b"), actor=OFFICER, now=NOW)
    assert [(head.chain, head.seq) for head in store.verify_ledger()] == [(1, 2), (2, 3), (3, 1)]
    third.close()
    fourth.close()


def test_too_many_writers_are_refused_in_one_sentence(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "MOST_WRITERS", 1)
    with pytest.raises(WriterBusy, match=r"is writing to|1 processes write to this desk already"):
        open_store(store.deployment.folder)


def test_whoever_upgrades_must_be_alone(store: Store) -> None:
    with pytest.raises(WriterBusy, match=r"is writing to|must write alone"):
        upgrade_schema(store.deployment.folder)
    store.close()
    upgrade_schema(store.deployment.folder)


def test_nobody_writes_beside_whoever_upgrades(deployment: Path) -> None:
    alone = take_lease(read_deployment(deployment), alone=True)
    with pytest.raises(WriterBusy):
        open_store(deployment)
    alone.let_go()
    open_store(deployment).close()


def test_a_lease_given_back_is_free_at_once_and_leaves_no_lock(deployment: Path) -> None:
    for _ in range(3):
        open_store(deployment).close()
    found = read_deployment(deployment)
    if not found.is_embedded:
        engine = create_engine(found.url)
        with engine.connect() as connection:
            assert connection.execute(text(HELD), {"space": lease._LOCK_SPACE}).scalar_one() == 0
        engine.dispose()


def test_a_server_told_not_to_wait_for_the_disk_is_made_to(store: Store) -> None:
    """An acknowledged act must survive a power cut whatever the server's own setting is."""
    if store.deployment.is_embedded:
        assert store.desk.rows("pragma synchronous")[0][0] == 2
        return
    with store.desk.engine.connect() as connection:
        name = store.desk.engine.url.database
        connection.exec_driver_sql(f'alter database "{name}" set synchronous_commit = off')
        connection.commit()
    second = open_store(store.deployment.folder)
    show = "show synchronous_commit"
    ask = second.act(lambda act: act.rows(show)[0][0], actor=OFFICER, now=NOW)
    assert ask == "on"
    second.close()
