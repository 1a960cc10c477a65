"""Receiving files: read, linked together, and each made to exist in one act, however often it is sent (policy 2.1)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import pyarrow as pa

from ringfence import areas, feeds, policy, signals, store
from ringfence.access import check_can
from ringfence.feeds import Format, Known, Part, Received
from ringfence.intake.arrivals import Arrival, Arrived, Effects
from ringfence.intake.persons import Linked, number_newcomers, read_register
from ringfence.intake.staging import stage_and_commit
from ringfence.intake.turns import Delivery, links_people, take_turns
from ringfence.plugins import find_plugins
from ringfence.policy import Permission, PolicySet
from ringfence.store import EVERYWHERE, Act, Store
from ringfence.terms import Actor

FORMATS = "ringfence.intake.formats"

Progress: TypeAlias = Callable[[str, float], None]


@dataclass(frozen=True)
class _Read:
    """A file the manifest does not know yet, with its rows in memory."""

    received: Received
    part: Part

    @property
    def declared(self) -> Format:
        return self.received.declared


def receive(
    opened: Store, deliveries: Sequence[Delivery], *, actor: Actor, now: datetime, progress: Progress
) -> list[Arrived]:
    """Take files in: those that name people are linked together, against one look at the register.

    FeedRejected for a file that cannot be read; the turns before it are in. A file that was received before is said
    to be known and changes nothing.
    """
    in_force = policy.read_in_force(opened.desk, now=now)
    opened.act(_check_may_receive, actor=actor, now=now)
    arrived: list[Arrived] = []
    for turn in take_turns(deliveries, in_force):
        known = read_known(opened, in_force)
        found = [_read(opened, one, declared, known=known, now=now) for one, declared in turn.deliveries]
        arrived += [one for one in found if isinstance(one, Arrived)]
        fresh = [one for one in found if isinstance(one, _Read)]
        linked = _link(opened, fresh, actor=actor, now=now)
        for file in fresh:
            arrived.append(_take_in(opened, file, linked.get(id(file)), known, in_force, actor=actor, now=now))
            progress("receiving files", len(arrived) / len(deliveries))
    return arrived


def read_known(opened: Store, in_force: PolicySet) -> Known:
    """What the fields of files may name: areas, places, cases and diseases, as the desk has them now."""
    return Known(
        areas=areas.read_hierarchy(opened.desk),
        places=areas.read_place_numbers(opened.desk),
        cases=signals.read_case_keys(opened.desk),
        diseases=frozenset(in_force.protocols),
    )


def _check_may_receive(act: Act) -> None:
    check_can(act, Permission.FEED_RECEIVE, area_path=EVERYWHERE)
    act.note("feed.receiving")


def _read(opened: Store, one: Delivery, declared: Format, *, known: Known, now: datetime) -> _Read | Arrived:
    received = feeds.read_file(one.path, declared, known=known, clock=opened.clock, today=opened.clock.day_of(now))
    before = store.read_batch(opened.desk, received.batch_id)
    if before is None:
        return _Read(received, received.read())
    return Arrived(
        file=one.path.name,
        format=declared.name,
        batch_no=before.batch_no,
        rows=received.row_count,
        accepted=before.rows_accepted,
        rejected=before.rows_rejected,
        is_known=True,
    )


def _link(opened: Store, read: Sequence[_Read], *, actor: Actor, now: datetime) -> dict[int, Linked]:
    """The persons of each file's rows; somebody new who stands in several of the files is one person."""
    naming = [one for one in read if links_people(one.declared) and one.part.accepted.num_rows]
    if not naming:
        return {}
    rows = [one.part.accepted for one in naming]
    linked = read_register(opened, actor=actor, now=now).link(rows)
    count = linked.newcomers.num_rows

    def take(act: Act) -> int:
        act.note("people.newcomers", count=count)
        return act.take_numbers("person", count)

    numbered = number_newcomers(linked, opened.act(take, actor=actor, now=now))
    parts = numbered.slices(table.num_rows for table in rows)
    return {id(one): part for one, part in zip(naming, parts, strict=True)}


def _take_in(
    opened: Store,
    one: _Read,
    linked: Linked | None,
    known: Known,
    in_force: PolicySet,
    *,
    actor: Actor,
    now: datetime,
) -> Arrived:
    def take(act: Act) -> int:
        act.note("batch.number_taken")
        return act.take_numbers("batch", 1)

    batch_no = opened.act(take, actor=actor, now=now)
    arrival = Arrival(
        store=opened,
        declared=one.declared,
        rows=one.part.accepted,
        persons=pa.array([] if linked is None else linked.persons, pa.int64()),
        batch_no=batch_no,
        actor=actor,
        now=now,
        known=known,
        policy=in_force,
    )
    effects: Effects = find_plugins(FORMATS, "take_in")[one.declared.name](arrival)
    is_new = stage_and_commit(arrival, effects, one.received, one.part, linked, actor=actor)
    return Arrived(
        file=one.received.path.name,
        format=one.declared.name,
        batch_no=batch_no,
        rows=one.received.row_count,
        accepted=one.part.accepted.num_rows,
        rejected=one.part.rejects.num_rows,
        newcomers=0 if linked is None else linked.newcomers.num_rows,
        is_known=not is_new,
    )
