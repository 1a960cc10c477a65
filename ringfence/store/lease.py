"""The one writer's lease: a lock the operating system lets go of when the process ends, however it ends.

Embedded, the lock is on a file and there is one writer. On PostgreSQL every writing process takes a number of its
own, which is also the number of its ledger chain, by an advisory lock of the very connection it writes through: when
that connection breaks the lock is gone and so is the transaction, and the next connection takes a lock of its own.
"""

import fcntl
import json
import os
from pathlib import Path
from typing import IO, Any, Protocol

from sqlalchemy import Engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from ringfence.errors import WriterBusy
from ringfence.store.deployment import Deployment
from ringfence.store.desk import database_errors_named, open_engine
from ringfence.store.files import full_disk_named

EMBEDDED_CHAIN = 1
MOST_WRITERS = 64
_LOCK_SPACE = 0x52464E43  # the advisory locks of Ringfence; "RFNC" in ASCII
_ANY_WRITER = 0  # every writer shares this lock; who must be alone takes it whole

TRY_LOCK = "select pg_try_advisory_lock(%s, %s)"

TRY_SHARED_LOCK = "select pg_try_advisory_lock_shared(%s, %s)"

READ_SYNCHRONOUS = "show synchronous_commit"

SET_SYNCHRONOUS = "set synchronous_commit = on"


class Lease(Protocol):
    """The right to write through `engine`, one transaction at a time, and the ledger chain that comes with it."""

    chain: int
    engine: Engine

    def let_go(self) -> None:
        """Give the right back."""

    def disown(self) -> None:
        """Forget the lease in a forked child without giving back what its parent holds."""


def take_lease(deployment: Deployment, *, alone: bool = False) -> Lease:
    """The right to write to a deployment (`alone`: and nobody else may); WriterBusy when it cannot be had."""
    if deployment.is_embedded:
        return FileLease(deployment.lease, deployment.url)
    return ServerLease(deployment.url, alone=alone)


class FileLease:
    """The lock on the lease file; the file says who holds it."""

    chain = EMBEDDED_CHAIN

    def __init__(self, path: Path, url: str) -> None:
        self._file: IO[str] = path.open("a+", encoding="utf-8")
        try:
            self._lock(path)
        except BaseException:
            self._file.close()
            raise
        self.engine = open_engine(url, pool_size=1, max_overflow=0)

    def let_go(self) -> None:
        """Unlock; the file stays."""
        self.engine.dispose()
        if not self._file.closed:
            fcntl.flock(self._file, fcntl.LOCK_UN)  # closing is not enough while a forked child has the file open too
            self._file.close()

    def disown(self) -> None:
        """Close the child's copy: the lock is its parent's, and ends with it."""
        self.engine.dispose(close=False)
        self._file.close()

    def _lock(self, path: Path) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise WriterBusy(
                "process {process} is writing to {folder}; wait for it, stop it, or send your command to its server",
                process=self._holder(),
                folder=path.parent,
            ) from error
        with full_disk_named(path.parent):
            self._file.truncate(0)
            self._file.write(json.dumps({"process": os.getpid()}))
            self._file.flush()

    def _holder(self) -> str:
        self._file.seek(0)
        try:
            return str(json.loads(self._file.read())["process"])
        except (ValueError, KeyError, TypeError):
            return "?"  # it has the lock and has not yet written who it is


class ServerLease:
    """An advisory lock of the PostgreSQL server on the first free chain number."""

    chain = 0

    def __init__(self, url: str, *, alone: bool) -> None:
        self._alone = alone
        self.engine = open_engine(url, pool_size=1, max_overflow=0)
        event.listen(self.engine, "connect", self._take)
        try:
            with database_errors_named(self.engine), self.engine.connect():
                pass
        except BaseException:
            self.engine.dispose()
            raise

    def let_go(self) -> None:
        """End the connection, and with it the locks."""
        self.engine.dispose()

    def disown(self) -> None:
        """Leave the connection to the parent."""
        self.engine.dispose(close=False)

    def _take(self, connection: Any, _record: ConnectionPoolEntry) -> None:  # noqa: ANN401 - a DBAPI connection
        try:
            self._lock(connection)
            if _ask(connection, READ_SYNCHRONOUS) == "off":  # then an acknowledged act could be lost
                connection.execute(SET_SYNCHRONOUS)
            connection.commit()
        except BaseException:
            connection.close()
            raise

    def _lock(self, connection: Any) -> None:  # noqa: ANN401 - a DBAPI connection
        if not _ask(connection, TRY_LOCK if self._alone else TRY_SHARED_LOCK, _LOCK_SPACE, _ANY_WRITER):
            raise WriterBusy(
                "this step must write alone, and another process writes to the desk; wait for it or stop it"
            )
        for chain in range(1, MOST_WRITERS + 1):
            if _ask(connection, TRY_LOCK, _LOCK_SPACE, chain):
                self.chain = chain
                return
        raise WriterBusy("{count} processes write to this desk already; stop one of them", count=MOST_WRITERS)


def _ask(connection: Any, sql: str, *values: int) -> object:  # noqa: ANN401 - a DBAPI connection
    [answer] = connection.execute(sql, values).fetchall()[0]
    return answer
