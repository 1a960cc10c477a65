"""The one door to the four stores: an actor for every write, a purpose and an actor for every look (policy 6.4)."""

import os
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa

from ringfence.errors import DeploymentMissing, NotAllowed, Unusable
from ringfence.store.act import Act
from ringfence.store.deployment import Deployment, make_deployment, read_deployment, write_settings
from ringfence.store.desk import Desk, database_errors_named, open_engine
from ringfence.store.inbox import KEY_USE as INBOX
from ringfence.store.inbox import count_inbox
from ringfence.store.keys import KeyRing, make_master_keys
from ringfence.store.lake import Lake
from ringfence.store.lease import Lease, take_lease
from ringfence.store.ledger import Head, LedgerKeys, append_lines, verify_chains
from ringfence.store.looks import Look, read_looks
from ringfence.store.migrations import check_version, migrate, newest_version, read_version
from ringfence.store.people import read_everybody, read_newest
from ringfence.store.told import Told, read_told
from ringfence.store.vault import Content, Vault
from ringfence.store.writer import Writer
from ringfence.terms import SYSTEM, Actor, ActorKind, PersonNo, Purpose

ANY_KEY = "select key_id from data_key limit 1"

T = TypeVar("T")

_CHAINING, _SEALING = "ledger chaining", "ledger sealing"
_LONGEST_STEP = timedelta(days=1)  # a younger file may belong to a step that is still on its way


class Store:
    """An open deployment. As the writer it holds the lease; otherwise it reads what needs no line in the ledger."""

    def __init__(self, deployment: Deployment, *, writes: bool) -> None:
        self.deployment = deployment
        self.clock = deployment.clock
        deployment.check_desk()
        self._writer: Writer | None = None
        self._lease: Lease | None = take_lease(deployment) if writes else None
        self.desk = Desk(open_engine(deployment.url))
        try:
            check_version(self.desk.engine)
            self.keys = KeyRing(deployment.keys, self.desk)
            self.lake = Lake(deployment.lake, self.desk)
            self.vault = Vault(deployment.vault, self.desk, self.keys)
            if self._lease:
                self._writer = self._start_writer(self._lease)
        except BaseException:
            self._let_go()
            raise
        _OPEN.add(self)

    def act(self, work: Callable[[Act], T], *, actor: Actor, now: datetime) -> T:
        """Do one act and return its result once it is durable, ledger included."""
        return self.submit(work, actor=actor, now=now).result()

    def submit(self, work: Callable[[Act], T], *, actor: Actor, now: datetime) -> Future[T]:
        """Queue an act without waiting for it; the future answers once it is durable, or with what went wrong.

        Callbacks of the future run in the writer's thread: they must be short and cannot ask for another act.
        """
        if self._writer is None:
            raise Unusable(
                "this store does not write here: it was opened for reading, or by the process this one was forked "
                "from; open it as the writer"
            )
        return self._writer.submit(work, actor=actor, now=now)

    def read_people(self, people: Sequence[PersonNo], *, purpose: Purpose, actor: Actor, now: datetime) -> pa.Table:
        """The newest known row of each person (schema PEOPLE); the look is on record before anything is opened.

        Numbers that lead to the same person give one row, under the person they lead to.
        """
        if actor.kind is ActorKind.SYSTEM:
            raise NotAllowed("the system looks at nobody; the person who needs to know asks under their own account")
        wanted = tuple(sorted(set(people)))
        self.act(
            lambda act: act.note("people.read", purpose=purpose, count=len(wanted), ids=wanted), actor=actor, now=now
        )
        return read_newest(self.desk, self.keys, self.vault, np.array(wanted, dtype=np.int64))

    def read_register(self, *, purpose: Purpose, actor: Actor, now: datetime) -> Iterator[pa.RecordBatch]:
        """Everybody, streamed in batches of schema PEOPLE to link against, in memory only; the look on record first."""
        count = sum(part.row_count for part in self.vault.parts(Content.PEOPLE)) + count_inbox(self.desk)
        self.act(lambda act: act.note("register.read", purpose=purpose, count=count), actor=actor, now=now)
        yield from read_everybody(self.desk, self.keys, self.vault)

    def verify_ledger(self, *, witnessed: Sequence[Head] = ()) -> list[Head]:
        """Every line of every chain recomputed; the heads, or LedgerBroken."""
        return verify_chains(self.desk, self._ledger_keys(), witnessed=witnessed)

    def read_looks(self, *, since: datetime, until: datetime) -> list[Look]:
        """Every look at people from one instant up to, and without, another; whom they were at is opened."""
        return list(read_looks(self.desk, self._ledger_keys(), since=since, until=until))

    def read_told(
        self, *, behind: Mapping[int, int], actions: Collection[str], most: int
    ) -> tuple[list[Told], dict[int, int]]:
        """What the ledger tells of some actions behind a place in each chain, and how far each chain was read."""
        return read_told(self.desk, self._ledger_keys(), behind=behind, actions=actions, most=most)

    def sweep(self) -> None:
        """Take files off the disk that a killed or failed step left in lake or vault more than a day ago."""
        self._sweep(_LONGEST_STEP)

    def close(self) -> None:
        """Finish the acts that wait, then let go of the lease and the database."""
        if self._writer:
            self._writer.close()
        self._let_go()

    def _start_writer(self, lease: Lease) -> Writer:
        keys = self._ledger_keys()  # before anything is swept: a desk without its keys vouches for nothing
        self._sweep(timedelta(0) if self.deployment.is_embedded else _LONGEST_STEP)
        return Writer(lease, keys)

    def _sweep(self, older_than: timedelta) -> None:
        self.lake.sweep(older_than=older_than)
        self.vault.sweep(older_than=older_than)

    def _ledger_keys(self) -> LedgerKeys:
        return LedgerKeys(self.keys.newest(_CHAINING).key, self.keys.newest(_SEALING).key)

    def _let_go(self) -> None:
        self.desk.close()
        if self._lease:
            self._lease.let_go()

    def _disown(self) -> None:
        """In a forked child: the writer's thread did not come along, and lease and connections are the parent's."""
        self._writer = None
        self.desk.disown()
        if self._lease:
            self._lease.disown()


_OPEN: weakref.WeakSet[Store] = weakref.WeakSet()


def _disown_all() -> None:
    for store in _OPEN:
        store._disown()  # noqa: SLF001 - one class, one hook: the interpreter takes functions only


os.register_at_fork(after_in_child=_disown_all)


def init_store(
    folder: Path,
    *,
    zone: str,
    now: datetime,
    database: str = "",
    begin: Callable[[Act, Deployment], None] | None = None,
) -> Deployment:
    """Make a deployment: folders, keys, tables, the first lines of the ledger, and what `begin` does in its first act.

    The settings come last and make it one: killed before that, it can be begun again.
    """
    deployment = make_deployment(folder, zone=zone, database=database)
    make_master_keys(deployment.keys)
    lease = take_lease(deployment, alone=True)
    desk = Desk(lease.engine)
    try:
        _check_is_free(desk)
        migrate(desk.engine)
        keys = KeyRing(deployment.keys, desk)
        with database_errors_named(desk.engine), desk.engine.begin() as connection:
            act = Act(SYSTEM, now, connection)
            chaining, sealing, _ = (keys.make(act, use) for use in (_CHAINING, _SEALING, INBOX))
            act.note("deployment.made", subject=zone)
            if begin:
                begin(act, deployment)
            ledger_keys = LedgerKeys(chaining.key, sealing.key)
            append_lines(connection, ledger_keys, [(now, line) for line in act.lines], chain=lease.chain)
    finally:
        desk.close()
        lease.let_go()
    write_settings(deployment)
    return deployment


def open_store(folder: Path, *, writes: bool = True) -> Store:
    """Open the deployment in a folder, as its writer or for reading only."""
    return Store(read_deployment(folder), writes=writes)


def _check_is_free(desk: Desk) -> None:
    """DeploymentMissing where the database is some deployment's: new keys beside its own would shut everything."""
    found = read_version(desk.engine)
    if found is not None and (found != newest_version() or desk.rows(ANY_KEY)):
        raise DeploymentMissing(
            "the database {database} holds a deployment already; choose another one",
            database=desk.engine.url.render_as_string(hide_password=True),
        )
