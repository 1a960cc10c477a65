"""A link that is wrong is undone everywhere: aliases, rows of the lake, orders and tasks; and it teaches (policy 2.6).

Somebody contests that they are who a list means. What put them where they were exposed is found again in the lake.
Where a decision led a number to them, that decision is turned; where linking was certain at once, the rows get a number
of their own, in every copy. Whoever the list means is asked for at the next response, so nobody is lost.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from ringfence import link, policy, trace, work
from ringfence.access import read_purpose
from ringfence.policy import Policy
from ringfence.store import Act, Aliases, Store, find_members, separate_rows
from ringfence.terms import Actor, Dispute, DisputeGround, PersonNo, SubjectKind


@dataclass(frozen=True, kw_only=True)
class Undone:
    """Aliases that are undone, and batches whose rows about the person got a number of their own."""

    aliases: tuple[int, ...] = ()
    batches: tuple[int, ...] = ()


def undo_links(store: Store, dispute_id: int, *, actor: Actor, now: datetime) -> Undone:
    """Undo every link that made the person of a dispute exposed, if they say that it is not they; what was undone.

    The caller has seen to it that whoever says so may. Killed in between it can be said again: what is undone already
    is found no more.
    """
    dispute = store.act(lambda act: work.read_dispute(act, dispute_id), actor=actor, now=now)
    if dispute.ground is not DisputeGround.NOT_ME or dispute.subject.kind is not SubjectKind.PERSON:
        return Undone()
    named = PersonNo(int(dispute.subject.key))
    home = int(Aliases(store.desk).resolve(np.array([named]))[0])
    evidence = _find_evidence(store, dispute, home, actor=actor, now=now)
    led = {row["person"] for row in evidence} - {home}
    aliases = store.act(lambda act: _deny_led(act, dispute, home, led), actor=actor, now=now) if led else []
    certain = [row for row in evidence if row["person"] == home]
    for row in certain:
        _separate(store, dispute, row, actor=actor, now=now)
    return Undone(aliases=tuple(aliases), batches=tuple(row["batch"] for row in certain))


def undo_at_door(store: Store, dispute_id: int, *, actor: Actor, now: datetime) -> Undone:
    """What a worker was told at the door: wrong links are undone at once, and what stood on them is released.

    The dispute stays open, for somebody else to say whether the worker was told the truth. Where nothing was linked,
    nothing changes until then.
    """
    undone = undo_links(store, dispute_id, actor=actor, now=now)
    is_denied = store.act(lambda act: link.has_denied(act, denied_by=dispute_id), actor=actor, now=now)
    if is_denied or undone.aliases:
        rules = Policy(policy.read_in_force(store.desk, now=now), store.clock.day_of(now))
        store.act(
            lambda act: work.release_contested(act, dispute_id, is_link_wrong=True, policy=rules, store=store),
            actor=actor,
            now=now,
        )
    return undone


def _find_evidence(
    store: Store, dispute: Dispute, person: PersonNo, *, actor: Actor, now: datetime
) -> list[dict[str, Any]]:
    exposures = store.act(lambda act: work.read_contested_exposures(act, dispute), actor=actor, now=now)
    ways = store.act(lambda act: trace.read_ways(act, exposures, store=store), actor=actor, now=now)
    purpose = read_purpose(store.desk, "dispute", now=now)
    found = trace.find_evidence(store, person, ways=ways, purpose=purpose, actor=actor, now=now)
    return list(found.to_pylist())


def _deny_led(act: Act, dispute: Dispute, home: PersonNo, led: Collection[PersonNo]) -> list[int]:
    """Turn what led some numbers to the person."""
    aliases = [alias_no for alias_no, from_no in find_members(act, home).items() if from_no in led]
    link.deny_aliases(act, aliases, denied_by=dispute.dispute_id)
    return aliases


def _separate(store: Store, dispute: Dispute, row: Mapping[str, Any], *, actor: Actor, now: datetime) -> None:
    """Give a batch's rows about the person a number of their own, and keep the wrong link as a label."""
    own = separate_rows(store, row["person"], batch_no=row["batch"], actor=actor, now=now)
    stated = {name: row[name] for name in ("answer", "weight", "margin", "probability", "model", "said")}
    denied = {"person_no": own, "candidate_no": row["person"], "batch_no": row["batch"], **stated}
    store.act(lambda act: link.put_denied(act, [denied], denied_by=dispute.dispute_id), actor=actor, now=now)
