"""The one writer: acts queue up, and all that wait are committed together with one sync of the disk (group commit).

An act is acknowledged only after the commit that holds it and its ledger lines is durable. Acts stand behind
savepoints: one that fails takes back its own rows and nobody else's.
"""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection

from ringfence.errors import DiskFull, Unusable
from ringfence.store.act import Act
from ringfence.store.desk import Desk, database_errors_named
from ringfence.store.ledger import Chain, Head
from ringfence.terms import Actor

T = TypeVar("T")

LARGEST_GROUP = 512


@dataclass(frozen=True)
class _Job:
    work: Callable[[Act], Any]
    actor: Actor
    now: datetime
    answer: Future[Any]


@dataclass(frozen=True)
class _Done:
    job: _Job
    act: Act
    result: Any


class Writer:
    """A thread that runs acts in the order they come."""

    def __init__(self, desk: Desk, chain: Chain) -> None:
        self._desk = desk
        self._chain = chain
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="ringfence-writer", daemon=True)
        self._is_closed = False
        self._thread.start()

    def submit(self, work: Callable[[Act], T], *, actor: Actor, now: datetime) -> Future[T]:
        """Queue an act; the future answers when it is durable, or with what went wrong."""
        if self._is_closed:
            raise Unusable("the store is closed; open it again")
        if threading.current_thread() is self._thread:
            raise Unusable("an act asked for another act; pass the act on instead")
        answer: Future[T] = Future()
        self._jobs.put(_Job(work, actor, now, answer))
        return answer

    def close(self) -> None:
        """Finish what is queued, then stop."""
        if not self._is_closed:
            self._is_closed = True
            self._jobs.put(None)
            self._thread.join()

    def _run(self) -> None:
        is_open = True
        while is_open:
            group, is_open = self._next_group()
            if group:
                self._commit(group)

    def _next_group(self) -> tuple[list[_Job], bool]:
        """What waits now, at least one job; False when the queue was closed."""
        group: list[_Job] = []
        job = self._jobs.get()
        while job is not None:
            group.append(job)
            if len(group) == LARGEST_GROUP:
                return group, True
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return group, True
        return group, False

    def _commit(self, group: list[_Job]) -> None:
        try:
            with database_errors_named(self._desk.engine), self._desk.engine.begin() as connection:
                done = [one for job in group if (one := _run_job(connection, job)) is not None]
                head = self._write_ledger(connection, done)
        except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it, whatever it was
            for job in group:
                if not job.answer.done():
                    job.answer.set_exception(error)
            return
        self._chain.keep(head)
        for one in done:
            one.job.answer.set_result(one.result)

    def _write_ledger(self, connection: Connection, done: list[_Done]) -> Head:
        return self._chain.append(connection, [(one.job.now, line) for one in done for line in one.act.lines])


def _run_job(connection: Connection, job: _Job) -> _Done | None:
    """Run one act behind a savepoint; None when it failed and was taken back."""
    act = Act(job.actor, job.now, connection)
    connection.exec_driver_sql("savepoint act")
    try:
        with database_errors_named(connection.engine):
            result = job.work(act)
        act.check_is_on_record()
    except DiskFull:
        raise  # the database may have taken back the whole transaction by itself: the group fails together
    except Exception as error:  # noqa: BLE001 - the act's own failure goes to whoever asked for it
        connection.exec_driver_sql("rollback to savepoint act")
        connection.exec_driver_sql("release savepoint act")
        job.answer.set_exception(error)
        return None
    connection.exec_driver_sql("release savepoint act")
    return _Done(job, act, result)
