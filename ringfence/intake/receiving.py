"""Receiving files: read, linked together, and each made to exist in one act, however often it is sent (policy 2.1)."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TypeAlias

from ringfence import areas, policy, signals
from ringfence.access import check_can
from ringfence.account import find_own_export
from ringfence.feeds import Known, read_feeds
from ringfence.intake.arrivals import Arrived, Reception
from ringfence.intake.persons import Linked, number_newcomers
from ringfence.intake.reading import Reading, read_delivery, read_rounds
from ringfence.intake.register import read_register
from ringfence.intake.shelf import Shelf, Shelved, number_identities
from ringfence.intake.staging import commit, discard, stage
from ringfence.intake.turns import Delivery, Expected, links_people, take_turns
from ringfence.link import read_denials
from ringfence.policy import Permission, PolicySet
from ringfence.store import Act, Store
from ringfence.terms import Actor

Progress: TypeAlias = Callable[[str, float], None]


def receive(
    opened: Store, deliveries: Sequence[Delivery], *, actor: Actor, now: datetime, progress: Progress
) -> list[Arrived]:
    """Take files in, whatever order they come in; those that name people are linked together.

    What became of each file, in the order of the files. FeedRejected for a file that cannot be read: nothing of the
    files that wait for the same is in then. A file that was received before is said to be known and changes nothing.
    """
    in_force = policy.read_in_force(opened.desk, now=now)
    arrived = {place: _say_own(one) for place, one in enumerate(deliveries) if find_own_export(opened.desk, one.path)}
    sent = [place for place in range(len(deliveries)) if place not in arrived]
    feeds = read_feeds(opened.desk, policy=in_force)
    for turn in take_turns([deliveries[place] for place in sent], feeds, in_force):
        known = read_known(opened, in_force)
        reception = Reception(store=opened, policy=in_force, known=known, actor=actor, now=now)
        for place, one in _take_turn(reception, turn):
            arrived[sent[place]] = one
            progress("receiving files", len(arrived) / len(deliveries))
    return [arrived[place] for place in range(len(deliveries))]


def read_known(opened: Store, in_force: PolicySet) -> Known:
    """What the fields of files may name: areas, places, cases and diseases, as the desk has them now."""
    return Known(
        areas=areas.read_hierarchy(opened.desk),
        places=areas.read_place_numbers(opened.desk),
        cases=signals.read_case_keys(opened.desk),
        diseases=frozenset(in_force.protocols),
        sites=frozenset(areas.read_site_ids(opened.desk)),
    )


def _take_turn(reception: Reception, turn: Sequence[Expected]) -> Iterator[tuple[int, Arrived]]:
    """What became of each file of a turn, with its place among all."""
    reception.store.act(lambda act: _check_may_receive(act, reception), actor=reception.actor, now=reception.now)
    found = [read_delivery(reception, one) for one in turn]
    first = {one.key: one for one in reversed(found)}  # a file that was sent twice comes in once
    fresh = [one for one in found if first[one.key] is one and not one.is_known]
    with Shelf(reception) as shelf:
        yield from _take_together(reception, shelf, [shelf.put(one) for one in fresh])
    for one in found:
        if one not in fresh:
            yield one.expected.place, _say_known(reception, one)


def _check_may_receive(act: Act, reception: Reception) -> None:
    for path in areas.top_paths(reception.areas):
        check_can(act, Permission.FEED_RECEIVE, area_path=path)
    act.note("feed.receiving")


def _take_together(reception: Reception, shelf: Shelf, files: Sequence[Shelved]) -> Iterator[tuple[int, Arrived]]:
    """Files no manifest knows, linked together and taken in one after the other.

    A newcomer comes in with the first file that names them. Where another process brought that very file in the
    meantime they came in under its numbers, and whoever names them is linked again.
    """
    linked = _link(reception, files)
    for number, one in enumerate(files, start=1):
        own = linked if _names_people(one) else None
        if _take_in(reception, shelf, one, own):
            yield one.reading.expected.place, _say_new(one, own)
            continue
        yield one.reading.expected.place, _say_known(reception, one.reading)
        if own is not None and own.newcomers_of(one.place).num_rows:
            yield from _take_together(reception, shelf, files[number:])
            return


def _names_people(one: Shelved) -> bool:
    return links_people(one.declared) and one.accepted > 0


def _link(reception: Reception, files: Sequence[Shelved]) -> Linked | None:
    """The persons of the files' identities; somebody new who stands in several of the files is one person."""
    naming = [one for one in files if _names_people(one)]
    if not naming:
        return None
    register = read_register(reception.store, actor=reception.actor, now=reception.now)
    denials = read_denials(reception.store, actor=reception.actor, now=reception.now)
    linked = register.link(number_identities(naming), denials=denials)
    return number_newcomers(linked, reception.take_numbers("person", linked.newcomers.num_rows))


def _take_in(reception: Reception, shelf: Shelf, one: Shelved, linked: Linked | None) -> bool:
    """Make a file exist; False where it was a batch already."""
    staged = stage(reception, one, linked)
    shelf.take(one)
    is_new = commit(reception, one, staged, linked)
    if not is_new:
        discard(reception.store, staged)
        one.discard()
    return is_new


def _say_new(one: Shelved, linked: Linked | None) -> Arrived:
    return Arrived(
        file=one.reading.expected.delivery.path.name,
        format=one.declared.name,
        batch_no=one.batch_no,
        rows=one.accepted + one.rejected,
        accepted=one.accepted,
        rejected=one.rejected,
        newcomers=0 if linked is None else linked.newcomers_of(one.place).num_rows,
        refused=one.refused,
    )


def _say_own(one: Delivery) -> Arrived:
    """That a file is an export of ours, byte by byte: what it says is what we said."""
    return Arrived(file=one.path.name, format=one.format, batch_no=0, rows=0, accepted=0, rejected=0, is_known=True)


def _say_known(reception: Reception, one: Reading) -> Arrived:
    """That a file changed nothing, with what it came to before."""
    before = read_rounds(reception.store, one.key)
    return Arrived(
        file=one.expected.delivery.path.name,
        format=one.expected.declared.name,
        batch_no=before[-1].batch_no,
        rows=one.received.row_count,
        accepted=sum(batch.rows_accepted for batch in before),
        rejected=before[-1].rows_rejected,
        is_known=True,
    )
