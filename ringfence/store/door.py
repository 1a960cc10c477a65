"""The one door to the four stores: an actor for every write, a purpose and an actor for every look (policy 6.4)."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa

from ringfence.errors import Unusable
from ringfence.store.act import Act
from ringfence.store.deployment import Deployment, make_deployment, read_deployment
from ringfence.store.desk import Desk, open_engine
from ringfence.store.inbox import KEY_USE as INBOX
from ringfence.store.inbox import read_inbox
from ringfence.store.keys import KeyRing, make_master_keys
from ringfence.store.lake import Lake
from ringfence.store.lease import Lease, take_lease
from ringfence.store.ledger import Chain, Head, LedgerKeys, verify_chains
from ringfence.store.migrations import check_version, migrate
from ringfence.store.people import read_newest
from ringfence.store.vault import Content, Vault
from ringfence.store.writer import Writer
from ringfence.terms import SYSTEM, Actor, PersonNo, Purpose

T = TypeVar("T")

_CHAINING, _SEALING = "ledger chaining", "ledger sealing"
_ON_SHARED_STORAGE = timedelta(days=1)


class Store:
    """An open deployment. As the writer it holds the lease; otherwise it reads what needs no line in the ledger."""

    def __init__(self, deployment: Deployment, *, writes: bool) -> None:
        self.deployment = deployment
        self.clock = deployment.clock
        engine = open_engine(deployment.url)
        check_version(engine)
        self._lease: Lease | None = take_lease(deployment, engine) if writes else None
        try:
            self.desk = Desk(engine)
            self.keys = KeyRing(deployment.keys, self.desk)
            self.lake = Lake(deployment.lake, self.desk)
            self.vault = Vault(deployment.vault, self.desk, self.keys)
            self._writer = self._start_writer(self._lease) if self._lease else None
        except BaseException:
            self._let_go()
            raise

    def act(self, work: Callable[[Act], T], *, actor: Actor, now: datetime) -> T:
        """Do one act and return its result once it is durable, ledger included."""
        if self._writer is None:
            raise Unusable("this store was opened for reading only; open it as the writer")
        return self._writer.submit(work, actor=actor, now=now).result()

    def read_people(self, people: Sequence[PersonNo], *, purpose: Purpose, actor: Actor, now: datetime) -> pa.Table:
        """The newest known row of each person (schema PEOPLE); the look is on record before anything is opened.

        Numbers that lead to the same person give one row, under the person they lead to.
        """
        wanted = tuple(sorted(set(people)))
        self.act(
            lambda act: act.note("people.read", purpose=purpose, count=len(wanted), ids=wanted), actor=actor, now=now
        )
        return read_newest(self.desk, self.keys, self.vault, np.array(wanted, dtype=np.int64))

    def read_register(self, *, purpose: Purpose, actor: Actor, now: datetime) -> Iterator[pa.RecordBatch]:
        """Everybody, streamed in batches of schema PEOPLE to link against, in memory only; the look on record first."""
        count = sum(part.row_count for part in self.vault.parts(Content.PEOPLE))
        self.act(lambda act: act.note("register.read", purpose=purpose, count=count), actor=actor, now=now)
        yield from self.vault.batches(Content.PEOPLE)
        yield from read_inbox(self.desk, self.keys)[0].to_batches()

    def verify_ledger(self, *, witnessed: Sequence[Head] = ()) -> list[Head]:
        """Every line of every chain recomputed; the heads, or LedgerBroken."""
        return verify_chains(self.desk, self._ledger_keys(), witnessed=witnessed)

    def close(self) -> None:
        """Finish the acts that wait, then let go of the lease and the database."""
        if self._writer:
            self._writer.close()
        self._let_go()

    def _start_writer(self, lease: Lease) -> Writer:
        older_than = timedelta(0) if self.deployment.is_embedded else _ON_SHARED_STORAGE
        self.lake.sweep(older_than=older_than)
        self.vault.sweep(older_than=older_than)
        return Writer(self.desk, Chain(self._ledger_keys(), lease.chain, self.desk))

    def _ledger_keys(self) -> LedgerKeys:
        return LedgerKeys(self.keys.newest(_CHAINING).key, self.keys.newest(_SEALING).key)

    def _let_go(self) -> None:
        if self._lease:
            self._lease.let_go()
        self.desk.close()


def init_store(folder: Path, *, zone: str, now: datetime, database: str = "") -> Deployment:
    """Make a deployment: folders, keys, tables, and the first line of the ledger."""
    deployment = make_deployment(folder, zone=zone, database=database)
    make_master_keys(deployment.keys)
    engine = open_engine(deployment.url)
    migrate(engine)
    desk = Desk(engine)
    keys = KeyRing(deployment.keys, desk)
    with engine.begin() as connection:
        act = Act(SYSTEM, now, connection)
        made = {use: keys.make(act, use) for use in (_CHAINING, _SEALING, INBOX)}
        act.note("deployment.made", subject=zone)
    lines = [(now, line) for line in act.lines]
    chain = Chain(LedgerKeys(made[_CHAINING].key, made[_SEALING].key), 1, desk)
    with engine.begin() as connection:
        chain.append(connection, lines)
    desk.close()
    return deployment


def open_store(folder: Path, *, writes: bool = True) -> Store:
    """Open the deployment in a folder, as its writer or for reading only."""
    return Store(read_deployment(folder), writes=writes)
