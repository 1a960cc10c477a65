"""The one writer: acknowledged is durable, a failed act hurts nobody else, and nobody waits for ever (policy 6.4)."""

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError, IntegrityError
from store_rows import NOW, OFFICER, exit_code, fork

from ringfence.errors import NotAllowed, RingfenceError, Unusable
from ringfence.store import Act, Store, open_store, writer

INSERT_TARGET = """
insert into target (target_id, clause, indicator, at_least, due_day, recorded_at)
values (:target_id, '7.3', 'coverage', 1, 1, 1)
"""

TARGETS = "select target_id from target order by target_id"


def put(target: str) -> Callable[[Act], str]:
    def work(act: Act) -> str:
        act.run(INSERT_TARGET, target_id=target)
        act.note("target.set", subject=target)
        return target

    return work


def submit(store: Store, work: Callable[[Act], object]) -> Future[object]:
    return store.submit(work, actor=OFFICER, now=NOW)


def targets(store: Store) -> list[str]:
    return [row.target_id for row in store.desk.rows(TARGETS)]


class Gate:
    """An act that holds the writer until it is opened, so that what comes after it makes one group."""

    def __init__(self, store: Store) -> None:
        self._open, began = threading.Event(), threading.Event()

        def wait(_: Act) -> None:
            began.set()
            assert self._open.wait(10)

        self._held = submit(store, wait)
        assert began.wait(10)

    def open(self) -> None:
        self._open.set()
        self._held.result(10)


def test_acts_of_a_group_are_answered_one_by_one(store: Store) -> None:
    gate = Gate(store)
    futures = [submit(store, put(f"t{n}")) for n in range(5)]
    gate.open()
    assert [future.result(10) for future in futures] == [f"t{n}" for n in range(5)]
    assert targets(store) == [f"t{n}" for n in range(5)]
    store.verify_ledger()


STORES: dict[int, Store] = {}


def submit_from(_: Act) -> None:
    STORES[0].act(put("inner"), actor=OFFICER, now=NOW)


def twice(act: Act) -> None:
    put("same")(act)
    put("same")(act)


def hides_an_error(act: Act) -> None:
    """PostgreSQL lets nothing more through after an error, so the act cannot count as done."""
    put("hidden")(act)
    try:
        put("hidden")(act)
    except IntegrityError:
        return


def leaves(_: Act) -> None:
    raise SystemExit(3)


def is_interrupted(act: Act) -> None:
    put("interrupted")(act)
    raise KeyboardInterrupt


def says_nothing(act: Act) -> None:
    act.run(INSERT_TARGET, target_id="unsaid")


def overflows(act: Act) -> None:
    act.run("insert into counter (name, next_value) values ('x', :n)", n=2**64)
    act.note("counter.broken")


@pytest.mark.parametrize(
    ("work", "error"),
    [
        (twice, IntegrityError),
        (leaves, SystemExit),
        (is_interrupted, KeyboardInterrupt),
        (says_nothing, NotAllowed),
        (lambda act: act.rows("select nothing from nowhere"), DBAPIError),
        (overflows, (OverflowError, DBAPIError)),
        (submit_from, Unusable),
    ],
    ids=["an error of the database", "sys.exit", "interrupt", "no ledger line", "bad sql", "overflow", "act in an act"],
)
def test_an_act_that_fails_takes_back_its_own_rows_and_nobody_elses(
    store: Store, work: Callable[[Act], object], error: type[BaseException]
) -> None:
    STORES[0] = store
    gate = Gate(store)
    before, failing, after = submit(store, put("before")), submit(store, work), submit(store, put("after"))
    gate.open()
    with pytest.raises(error):
        failing.result(10)
    assert (before.result(10), after.result(10)) == ("before", "after")
    assert targets(store) == ["after", "before"]
    store.verify_ledger()


def test_an_act_that_hides_an_error_does_not_take_the_group_down(store: Store) -> None:
    gate = Gate(store)
    before, hiding, after = submit(store, put("before")), submit(store, hides_an_error), submit(store, put("after"))
    gate.open()
    assert (before.result(10), after.result(10)) == ("before", "after")
    if store.deployment.is_embedded:  # SQLite took back the one statement only
        assert hiding.result(10) is None
    else:
        with pytest.raises(Exception, match="current transaction is aborted"):
            hiding.result(10)
    assert ("hidden" in targets(store)) is store.deployment.is_embedded
    store.verify_ledger()


def test_an_act_taken_back_by_whoever_waited_for_it_is_not_run_and_the_writer_lives(store: Store) -> None:
    gate = Gate(store)
    regretted, other = submit(store, put("regretted")), submit(store, put("other"))
    assert regretted.cancel()
    gate.open()
    assert other.result(10) == "other"
    with pytest.raises(CancelledError):
        regretted.result(10)
    assert targets(store) == ["other"]
    assert store.act(put("later"), actor=OFFICER, now=NOW) == "later"


def test_an_act_that_runs_can_no_longer_be_taken_back(store: Store) -> None:
    attempts: list[bool] = []
    waiting: list[Future[object]] = []
    ready = threading.Event()

    def work(act: Act) -> None:
        assert ready.wait(10)
        attempts.append(waiting[0].cancel())
        put("done")(act)

    waiting.append(submit(store, work))
    ready.set()
    waiting[0].result(10)
    assert attempts == [False]
    assert targets(store) == ["done"]


def test_a_callback_that_fails_or_asks_for_an_act_hurts_nobody(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    gate = Gate(store)
    future = submit(store, put("first"))
    future.add_done_callback(lambda _: store.act(put("from a callback"), actor=OFFICER, now=NOW))
    gate.open()
    future.result(10)
    assert store.act(put("second"), actor=OFFICER, now=NOW) == "second"
    assert targets(store) == ["first", "second"]
    assert "an act asked for another act" in caplog.text


def test_a_moment_without_a_zone_is_refused_where_it_is_given(store: Store) -> None:
    with pytest.raises(ValueError, match="time zone"):
        store.act(put("a"), actor=OFFICER, now=datetime(2022, 3, 1))  # noqa: DTZ001 - that is the mistake
    assert targets(store) == []


def test_more_acts_than_a_group_holds_are_all_done(store: Store) -> None:
    gate = Gate(store)
    futures = [submit(store, put(f"t{n:04}")) for n in range(2 * writer.LARGEST_GROUP + 3)]
    gate.open()
    assert [future.result(60) for future in futures] == targets(store)
    store.verify_ledger()


def test_numpy_numbers_are_kept_as_numbers(store: Store) -> None:
    def work(act: Act) -> None:
        act.run("insert into counter (name, next_value) values ('x', :n)", n=np.int64(7))
        act.note("counter.set", count=np.int32(2), ids=np.array([3, 4]))

    store.act(work, actor=OFFICER, now=NOW)
    assert store.desk.rows("select next_value from counter where name = 'x'")[0].next_value == 7


def test_closing_finishes_what_waits_and_refuses_what_comes_after(deployment: Path) -> None:
    store = open_store(deployment)
    gate = Gate(store)
    futures = [submit(store, put(f"t{n}")) for n in range(20)]
    closing = threading.Thread(target=store.close)
    closing.start()
    gate.open()
    closing.join(10)
    assert [future.result(0) for future in futures] == [f"t{n}" for n in range(20)]
    with pytest.raises(Unusable, match="the store is closed"):
        submit(store, put("late"))
    store.close()
    store = open_store(deployment)
    assert len(targets(store)) == 20
    store.close()


def submit_many(store: Store, names: list[str], start: threading.Barrier) -> dict[str, Future[object] | None]:
    """Each name's answer, or None where the act was refused."""
    start.wait()
    answers: dict[str, Future[object] | None] = {}
    for name in names:
        try:
            answers[name] = submit(store, put(name))
        except Unusable:
            answers[name] = None
    return answers


def test_an_act_submitted_while_the_store_closes_is_done_or_refused_but_never_forgotten(deployment: Path) -> None:
    store, start = open_store(deployment), threading.Barrier(9)
    with ThreadPoolExecutor(8) as pool:
        names = [[f"{n}-{turn}" for turn in range(50)] for n in range(8)]
        asked = [pool.submit(submit_many, store, mine, start) for mine in names]
        start.wait()
        store.close()
    answers = {name: answer for one in asked for name, answer in one.result().items()}
    done = {name for name, answer in answers.items() if answer is not None and answer.result(10) == name}
    assert len(answers) == 400
    reader = open_store(deployment, writes=False)
    assert set(targets(reader)) == done
    reader.close()


def test_an_act_cannot_close_the_store(store: Store) -> None:
    with pytest.raises(Unusable, match="an act tried to close the store"):
        store.act(lambda _: store.close(), actor=OFFICER, now=NOW)
    assert store.act(put("a"), actor=OFFICER, now=NOW) == "a"


def test_should_the_writers_thread_die_nobody_waits_for_ever(embedded: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    died: list[BaseException] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: died.append(args.exc_value))
    thread = embedded._writer
    assert thread is not None
    gate = Gate(embedded)
    monkeypatch.setattr(thread, "_next_group", lambda: 1 / 0)
    waiting = submit(embedded, put("a"))
    gate.open()
    with pytest.raises(Unusable, match="the store is closed"):
        waiting.result(10)
    with pytest.raises(Unusable, match="the store is closed"):
        submit(embedded, put("b"))
    assert isinstance(died[0], ZeroDivisionError)


def test_a_store_opened_for_reading_writes_nothing(deployment: Path) -> None:
    reader = open_store(deployment, writes=False)
    with pytest.raises(Unusable, match="opened for reading"):
        reader.act(put("a"), actor=OFFICER, now=NOW)
    assert targets(reader) == []
    reader.verify_ledger()
    reader.close()


def test_a_forked_child_does_not_write_and_does_not_disturb_its_parent(store: Store) -> None:
    def write() -> None:
        with pytest.raises(Unusable, match="forked from"):
            store.act(put("child"), actor=OFFICER, now=NOW)
        assert targets(store) == []  # by a connection of its own

    assert exit_code(fork(write)) == 0
    assert store.act(put("parent"), actor=OFFICER, now=NOW) == "parent"
    assert targets(store) == ["parent"]


# ---------------------------------------------------------------- when the server goes


END_EVERY_CONNECTION = """
select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
"""


def end_connections(store: Store) -> None:
    engine = create_engine(store.deployment.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(END_EVERY_CONNECTION)
    engine.dispose()


@pytest.fixture
def on_server(store: Store) -> Store:
    """The store where it is on PostgreSQL; on SQLite there is no server to stop, and the test is the plain one."""
    return store


def test_a_writer_whose_connections_were_cut_while_it_was_idle_writes_on(on_server: Store) -> None:
    on_server.act(put("before"), actor=OFFICER, now=NOW)
    if not on_server.deployment.is_embedded:
        end_connections(on_server)
    on_server.act(put("after"), actor=OFFICER, now=NOW)
    assert targets(on_server) == ["after", "before"]
    on_server.verify_ledger()


def test_a_server_that_stops_in_the_middle_of_an_act_is_one_sentence_and_nothing_is_half_there(
    on_server: Store,
) -> None:
    def cut(act: Act) -> None:
        put("cut")(act)
        if on_server.deployment.is_embedded:
            raise Unusable("went away")
        end_connections(on_server)
        put("never")(act)

    with pytest.raises(RingfenceError, match="went away"):
        on_server.act(cut, actor=OFFICER, now=NOW)
    assert on_server.act(put("after"), actor=OFFICER, now=NOW) == "after"
    assert targets(on_server) == ["after"]
    on_server.verify_ledger()


def test_a_commit_whose_answer_is_lost_leaves_the_chain_whole(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commit happened, the writer was told it failed: the next line must follow the one nobody knows of."""
    lease = store._lease
    assert lease is not None
    committed = lease.engine.dialect.do_commit

    def commit_and_fail(connection: object) -> None:
        committed(connection)  # type: ignore[arg-type]
        monkeypatch.setattr(lease.engine.dialect, "do_commit", committed)
        raise Unusable("the answer was lost")

    monkeypatch.setattr(lease.engine.dialect, "do_commit", commit_and_fail)
    with pytest.raises(Unusable, match="the answer was lost"):
        store.act(put("unacknowledged"), actor=OFFICER, now=NOW)
    store.act(put("next"), actor=OFFICER, now=datetime(2022, 3, 2, tzinfo=UTC))
    assert targets(store) == ["next", "unacknowledged"]
    assert store.verify_ledger()[0].seq == 3
