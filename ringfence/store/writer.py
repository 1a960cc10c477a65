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
from sqlalchemy.exc import SQLAlchemyError

from ringfence.errors import Unusable
from ringfence.store.act import Act
from ringfence.store.desk import database_errors_named
from ringfence.store.lease import Lease
from ringfence.store.ledger import LedgerKeys, append_lines
from ringfence.terms import Actor, to_us

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

    def __init__(self, lease: Lease, keys: LedgerKeys) -> None:
        self._lease = lease
        self._keys = keys
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._door = threading.Lock()
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name="ringfence-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Act], T], *, actor: Actor, now: datetime) -> Future[T]:
        """Queue an act; the future answers when it is durable, or with what went wrong."""
        if threading.current_thread() is self._thread:
            raise Unusable("an act asked for another act; pass the act on instead")
        to_us(now)  # a moment without a zone is refused here, where whoever sent it hears of it
        answer: Future[T] = Future()
        with self._door:
            if self._is_closed:
                raise Unusable("the store is closed; open it again")
            self._jobs.put(_Job(work, actor, now, answer))
        return answer

    def close(self) -> None:
        """Finish what is queued, then stop; nothing can be queued behind the stop."""
        if threading.current_thread() is self._thread:
            raise Unusable("an act tried to close the store; close it from outside")
        with self._door:
            if not self._is_closed:
                self._is_closed = True
                self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        try:
            is_open = True
            while is_open:
                group, is_open = self._next_group()
                self._commit([job for job in group if job.answer.set_running_or_notify_cancel()])
        finally:
            self._refuse_the_rest()

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
        if not group:
            return
        try:
            with database_errors_named(self._lease.engine), self._lease.engine.begin() as connection:
                done = [one for job in group if (one := _run_job(connection, job)) is not None]
                lines = [(one.job.now, line) for one in done for line in one.act.lines]
                append_lines(connection, self._keys, lines, chain=self._lease.chain)
        except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it, whatever it was
            for job in group:
                if not job.answer.done():
                    job.answer.set_exception(error)
            return
        for one in done:
            one.job.answer.set_result(one.result)

    def _refuse_the_rest(self) -> None:
        """Should the thread ever end otherwise than by `close`, nobody waits for an answer that cannot come."""
        with self._door:
            self._is_closed = True
        while not self._jobs.empty():
            job = self._jobs.get()
            if job is not None and job.answer.set_running_or_notify_cancel():
                job.answer.set_exception(Unusable("the store is closed; open it again"))


def _run_job(connection: Connection, job: _Job) -> _Done | None:
    """Run one act behind a savepoint; None when it failed and was taken back."""
    act = Act(job.actor, job.now, connection)
    _say(connection, "savepoint act")
    try:
        with database_errors_named(connection.engine):
            result = job.work(act)
            act.check_is_on_record()
            _say(connection, "release savepoint act")  # fails where the act hid an error of PostgreSQL's
    except BaseException as error:  # noqa: BLE001 - the act's own failure goes to whoever asked for it
        _take_back(connection, error)
        job.answer.set_exception(error)
        return None
    return _Done(job, act, result)


def _take_back(connection: Connection, error: BaseException) -> None:
    """Undo one act; its error again where the database took back the whole group, which then fails together."""
    try:
        _say(connection, "rollback to savepoint act")
        _say(connection, "release savepoint act")
    except (SQLAlchemyError, connection.dialect.loaded_dbapi.Error):
        raise error from None


def _say(connection: Connection, sentence: str) -> None:
    """Straight to the driver: SQLAlchemy's way to it costs more than the rest of a small act."""
    connection.connection.execute(sentence)
