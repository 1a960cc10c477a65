"""The one writer's lease: a lock the operating system lets go of when the process ends, however it ends.

Embedded, the lock is on a file and there is one writer. On PostgreSQL every writing process takes a number of its
own, which is also the number of its ledger chain, by an advisory lock held for as long as its connection lives.
"""

import fcntl
import json
import os
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy import Connection, Engine

from ringfence.errors import WriterBusy
from ringfence.store.deployment import Deployment
from ringfence.store.desk import prepared

EMBEDDED_CHAIN = 1
MOST_WRITERS = 64
_LOCK_SPACE = 0x52464E43  # the advisory locks of Ringfence; "RFNC" in ASCII

TRY_LOCK = "select pg_try_advisory_lock(:space, :chain)"


class Lease(Protocol):
    """The right to write, and the ledger chain that comes with it."""

    chain: int

    def let_go(self) -> None:
        """Give the right back."""


def take_lease(deployment: Deployment, engine: Engine) -> Lease:
    """The right to write to a deployment; WriterBusy when it cannot be had."""
    return FileLease(deployment.lease) if deployment.is_embedded else ServerLease(engine)


class FileLease:
    """The lock on the lease file; the file says who holds it."""

    chain = EMBEDDED_CHAIN

    def __init__(self, path: Path) -> None:
        self._file: IO[str] = path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.seek(0)
            holder = json.loads(self._file.read() or "{}").get("process", "unknown")
            self._file.close()
            raise WriterBusy(
                "process {process} is writing to {folder}; wait for it, stop it, or send your command to its server",
                process=holder,
                folder=path.parent,
            ) from error
        self._file.truncate(0)
        self._file.write(json.dumps({"process": os.getpid()}))
        self._file.flush()

    def let_go(self) -> None:
        """Unlock; the file stays."""
        self._file.close()


class ServerLease:
    """An advisory lock of the PostgreSQL server on the first free chain number."""

    def __init__(self, engine: Engine) -> None:
        self._connection: Connection = engine.connect()
        for chain in range(1, MOST_WRITERS + 1):
            if self._connection.execute(prepared(TRY_LOCK), {"space": _LOCK_SPACE, "chain": chain}).scalar_one():
                self._connection.commit()
                self.chain = chain
                return
        self._connection.close()
        raise WriterBusy("{count} processes write to this desk already; stop one of them", count=MOST_WRITERS)

    def let_go(self) -> None:
        """End the connection, and with it the lock."""
        self._connection.invalidate()
        self._connection.close()
