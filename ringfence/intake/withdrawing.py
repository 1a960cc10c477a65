"""Withdrawing a batch: its records out of sight, its newcomers unknown again, all of it on the record (policy 2.1).

What it justified is taken back by whoever calls this (`flow`). A withdrawal that was cut short goes on where it
stopped when it is asked for again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence import signals
from ringfence.access import check_can
from ringfence.areas import top_paths
from ringfence.errors import InputRefused, TransitionRefused
from ringfence.feeds import find_feed, read_feeds
from ringfence.intake.known_records import read_later_batches
from ringfence.intake.rejects import WITHDRAWN, find_batch
from ringfence.policy import Permission, read_in_force
from ringfence.store import Act, Batch, Content, Store, end_batch
from ringfence.terms import Actor, Area, RecordKind, SignalStatus

RENEWED = frozenset({"places", "duty_roster", "timetables", "sentinel_sites", "risk_area_notices"})
"""Formats whose rows say how things are from now on: others stand on them, so a newer file corrects them."""

_NEEDED = {
    SignalStatus.RAISED: Permission.SIGNAL_DISMISS,
    SignalStatus.VERIFIED: Permission.SIGNAL_WITHDRAW,
}


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A batch that is out of force: the signals that stood on it alone, and the later files that leaned on it."""

    batch_no: int
    signals: tuple[signals.StandingSignal, ...]
    later_batches: tuple[int, ...]


def end_batch_of(store: Store, batch_no: int, *, areas: Mapping[str, Area], actor: Actor, now: datetime) -> Ended:
    """Take a batch out of force: nothing of it is found any more.

    InputRefused for a format whose newer file corrects it, TransitionRefused for a batch that was forgotten, NotAllowed
    unless the actor may withdraw every signal that stands on it too: nothing happened then.
    """
    batch = find_batch(store, batch_no)
    _check_is_withdrawable(store, batch, now=now)

    def end(act: Act) -> Ended:
        for path in top_paths(areas):
            check_can(act, Permission.FEED_WITHDRAW, area_path=path)
        standing = signals.find_signals_on(act, batch_no)
        for one in standing:
            check_can(act, _NEEDED[one.status], area_path=one.area_path)
        end_batch(act, batch_no, status=WITHDRAWN)
        act.note("batch.withdrawn", subject=f"batch:{batch_no}", count=batch.rows_accepted, feed=batch.feed)
        return Ended(batch_no=batch_no, signals=tuple(standing), later_batches=())

    ended = store.act(end, actor=actor, now=now)
    return Ended(
        batch_no=batch_no, signals=ended.signals, later_batches=tuple(read_later_batches(store.desk, batch_no))
    )


def let_newcomers_go(store: Store, batch_no: int, *, actor: Actor, now: datetime) -> int:
    """Forget whom only a withdrawn batch described and nobody else's rows speak of; how many people."""
    parts = store.vault.parts_of_batch(Content.PEOPLE, batch_no)
    if not parts:
        return 0
    described = pa.concat_tables([store.vault.read_part(part) for part in parts])
    is_needed = pc.and_(
        _are_linked(store, described["person_no"]), pc.invert(_are_described_elsewhere(store, described, batch_no))
    )
    kept = described.filter(is_needed)
    staged = store.vault.stage(Content.PEOPLE, kept, batch_no=batch_no) if kept.num_rows else []
    gone = int(described.num_rows - kept.num_rows)

    def drop(act: Act) -> None:
        for part in parts:
            store.vault.drop(act, part)
        store.vault.commit(act, staged)
        act.note("people.withdrawn", subject=f"batch:{batch_no}", count=gone)

    store.act(drop, actor=actor, now=now)
    store.vault.remove(parts)
    return gone


def _check_is_withdrawable(store: Store, batch: Batch, *, now: datetime) -> None:
    if batch.status not in {"committed", WITHDRAWN}:
        raise TransitionRefused(
            "batch {batch_no} is {status}; there is nothing left to withdraw",
            batch_no=batch.batch_no,
            status=batch.status,
        )
    policy = read_in_force(store.desk, now=now)
    feed = find_feed(batch.feed, feeds=read_feeds(store.desk, policy=policy), policy=policy)
    if feed.declared.name in RENEWED:
        raise InputRefused(
            "others stand on what batch {batch_no} of format {format} says; send a corrected file, the newest one "
            "holds",
            batch_no=batch.batch_no,
            format=feed.declared.name,
        )


def _are_linked(store: Store, numbers: pa.ChunkedArray) -> pa.Array:
    """Whether the rows of any batch in force are some people's."""
    linked = store.lake.read(RecordKind.LINK)["person"]
    return pc.is_in(numbers, value_set=linked.combine_chunks())


def _are_described_elsewhere(store: Store, described: pa.Table, batch_no: int) -> pa.Array:
    numbers = pa.array(np.unique(np.asarray(described["person_no"])))
    others = [rows.filter(pc.not_equal(rows["batch"], batch_no)) for rows in store.vault.read_people(numbers)]
    known = pa.concat_tables(others)["person_no"].combine_chunks() if others else pa.array([], pa.int64())
    return pc.is_in(described["person_no"], value_set=known)
