"""Upkeep of the stores: folding the inbox, turning keys, forgetting, separating, and moving to a newer schema."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import numpy as np

from ringfence.store import forgetting, inbox
from ringfence.store.act import Act
from ringfence.store.aliases import Aliases
from ringfence.store.deployment import read_deployment
from ringfence.store.door import Store
from ringfence.store.forgetting import Drafts, Forgetting, P
from ringfence.store.lease import take_lease
from ringfence.store.migrations import check_is_known, migrate
from ringfence.terms import Actor, PersonNo, RecordKind

_FIRST_DAY = -(2**31)


def fold_inbox(store: Store, *, actor: Actor, now: datetime) -> int:
    """Move the people waiting in the inbox into the vault; how many."""
    while True:
        folding = inbox.stage_folding(store.desk, store.keys, store.vault)
        if not folding.inbox_nos:
            return 0
        try:
            return _fold(store, folding, actor=actor, now=now)
        except inbox.InboxMoved:
            store.vault.discard(folding.staged)  # surely not committed; after any other error that is not known


def _fold(store: Store, folding: inbox.Folding, *, actor: Actor, now: datetime) -> int:
    def fold(act: Act) -> int:
        inbox.fold(act, store.keys, store.vault, folding)
        act.note("inbox.folded", count=len(folding.inbox_nos))
        return len(folding.inbox_nos)

    return store.act(fold, actor=actor, now=now)


def rotate_keys(store: Store, *, actor: Actor, now: datetime) -> int:
    """Wrap every data key under a new master key and drop the old one; how many keys were wrapped anew.

    Killed at any point it leaves every key readable, and running it again finishes it.
    """

    def add(act: Act) -> None:
        store.keys.add_master(act)
        act.note("keys.master_added")

    def rewrap(act: Act) -> int:
        count = store.keys.rewrap(act)
        act.note("keys.rotated", count=count)
        return count

    def drop(act: Act) -> None:
        store.keys.drop_old_masters(act)
        act.note("keys.old_masters_dropped")

    store.act(add, actor=actor, now=now)
    count = store.act(rewrap, actor=actor, now=now)
    store.act(drop, actor=actor, now=now)
    return count


def forget_before(store: Store, kind: RecordKind, *, day: int, actor: Actor, now: datetime) -> Forgetting:
    """Let go of a kind's records of every day before a day, in every sorted copy."""
    forgetting.check_is_kept_by_day(kind)
    before = forgetting.files_of(store.lake, kind, days=(_FIRST_DAY, day - 1))
    return _forget(
        store,
        forgetting.Drafts(before, forgetting.draft_whole),
        lambda act, rows: act.note("records.forgotten", subject=kind, count=rows, before_day=day),
        actor=actor,
        now=now,
    )


def forget_people(
    store: Store, kind: RecordKind, people: Sequence[PersonNo], *, actor: Actor, now: datetime
) -> Forgetting:
    """Let go of a kind's records of some people, in every sorted copy, under every number that leads to them.

    Cost: the bytes of the kind; a look-up by person reads less, but the copies sorted otherwise must be read whole
    anyway.
    """
    forgetting.check_holds_persons(kind)
    numbers = every_number(store, people)
    turn = _take_turn(store, actor=actor, now=now)
    every = forgetting.files_of(store.lake, kind)
    return _forget(
        store,
        forgetting.Drafts(every, lambda file: forgetting.draft_people(store.lake, file, numbers, turn=turn)),
        lambda act, rows: act.note("records.forgotten", subject=kind, count=rows, ids=numbers),
        actor=actor,
        now=now,
    )


def separate_rows(store: Store, person_no: PersonNo, *, batch_no: int, actor: Actor, now: datetime) -> PersonNo:
    """Give what one batch says of a person a number of its own, in every copy: it was somebody else; that number.

    What a wrong link made of rows is undone where no alias leads from them. Cost: the bytes of the batch.
    """
    numbers = every_number(store, [person_no])
    turn = _take_turn(store, actor=actor, now=now)
    to_no = store.act(_take_person, actor=actor, now=now)
    files = forgetting.person_files_of(store.lake, batch_no=batch_no)
    draft = partial(forgetting.draft_separation, store.lake, people=numbers, to_no=to_no, turn=turn)
    _forget(
        store,
        forgetting.Drafts(files, draft),
        lambda act, rows: act.note("records.separated", subject=f"batch:{batch_no}", count=rows, ids=(*numbers, to_no)),
        actor=actor,
        now=now,
    )
    return to_no


def forget_in_vault(store: Store, people: Sequence[PersonNo], *, actor: Actor, now: datetime) -> Forgetting:
    """Let go of who some people are: vault and inbox, keys of the old parts shredded.

    The inbox is folded first, which ends its key too: old inbox rows in a backup stay shut.
    """
    numbers = every_number(store, people)
    fold_inbox(store, actor=actor, now=now)
    parts = forgetting.people_parts_of(store.vault)

    def note(act: Act, rows: int) -> None:
        rows += forgetting.delete_from_inbox(act, numbers)
        act.note("people.forgotten", count=rows, ids=numbers)

    return _forget(
        store,
        forgetting.Drafts(parts, lambda part: forgetting.draft_people_in_part(store.vault, part, numbers)),
        note,
        actor=actor,
        now=now,
    )


def forget_due(store: Store, *, day: int, actor: Actor, now: datetime) -> Forgetting:
    """Let go of every batch whose retention ended before a day, and of files that never became part of any."""

    def forget(act: Act) -> Forgetting:
        found = forgetting.find_due(act, store.lake, store.vault, day=day)
        gone = forgetting.commit(act, store.lake, store.vault, found)
        forgetting.end_due(act, day=day)
        act.note("retention.kept", count=found.rows, before_day=day)
        return gone

    found = store.act(forget, actor=actor, now=now)
    forgetting.remove(store.lake, store.vault, found)
    store.sweep()
    return found


def upgrade_schema(folder: Path) -> None:
    """Bring the tables of a deployment to this version, while nobody else writes."""
    deployment = read_deployment(folder)
    deployment.check_desk()
    lease = take_lease(deployment, alone=True)
    try:
        check_is_known(lease.engine)
        migrate(lease.engine)
    finally:
        lease.let_go()


def _forget(
    store: Store, drafts: Drafts[P], note: Callable[[Act, int], None], *, actor: Actor, now: datetime
) -> Forgetting:
    def forget(act: Act) -> Forgetting:
        found = forgetting.commit(act, store.lake, store.vault, drafts.complete(act))
        note(act, found.rows)
        return found

    found = store.act(forget, actor=actor, now=now)
    forgetting.remove(store.lake, store.vault, found)
    forgetting.discard(store.lake, store.vault, drafts.unused())
    return found


def every_number(store: Store, people: Sequence[PersonNo]) -> list[int]:
    """Every number that leads to some people, their own among them."""
    aliases = Aliases(store.desk)
    numbers, _ = aliases.expand(aliases.resolve(np.array(people, dtype=np.int64)))
    return [int(number) for number in numbers]


def _take_person(act: Act) -> PersonNo:
    act.note("person.numbered")
    return act.take_numbers("person", 1)


def _take_turn(store: Store, *, actor: Actor, now: datetime) -> int:
    """A number no file name has used: shortened files never overwrite what another step may still read."""

    def take(act: Act) -> int:
        act.note("forgetting.begun")
        return act.take_numbers("forgetting turn", 1)

    return store.act(take, actor=actor, now=now)
