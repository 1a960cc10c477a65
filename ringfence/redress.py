"""What people are owed: to contest and be answered, to know what is held of them, and that whoever looks is watched.

Disputes, the sheet of what is held about somebody, and the weekly review of looks (policy 2.6, 6.4).
"""

from collections.abc import Sequence
from datetime import datetime

from ringfence import account, areas, link, policy, response, seal, work
from ringfence.policy import Policy
from ringfence.store import Act, Store, separate_rows
from ringfence.terms import SYSTEM, Actor, Contested, Dispute, DisputeGround, DisputeWay, calendar_day

DAYS_OF_LOOKS = 7
"""A week of looks is reviewed at a time; it begins on a Monday (ISO 8601)."""


def contest(store: Store, link: str, *, ground: DisputeGround, now: datetime) -> Dispute:
    """Whoever holds the signed link says "this is not me" or "this is wrong"; nobody signs in for it."""
    rules, trust = _rules(store, now=now), seal.read_trust(store.deployment.keys.parent, work.LINKS_NAME)
    return store.act(
        lambda act: work.contest_by_link(act, link, ground=ground, trust=trust, policy=rules), actor=SYSTEM, now=now
    )


def raise_dispute(
    store: Store, contested: Contested, *, ground: DisputeGround, way: DisputeWay, actor: Actor, now: datetime
) -> Dispute:
    """The same said by phone or at the door, put on record by staff."""
    rules = _rules(store, now=now)
    return store.act(
        lambda act: work.raise_dispute(act, contested, ground=ground, way=way, policy=rules), actor=actor, now=now
    )


def uphold_dispute(
    store: Store,
    dispute_id: int,
    *,
    wrong_aliases: Sequence[int] = (),
    wrong_batches: Sequence[int] = (),
    actor: Actor,
    now: datetime,
) -> work.Answered:
    """Whoever contests is right: wrong links are undone, and what stood on them is released.

    Who says "this is not me" need not know why a list meant them: every link that made them exposed is found and
    undone. Other wrong links can be named: an alias, or a batch whose rows get a number of their own. Killed in between
    it can be said again.
    """
    rules = _rules(store, now=now)
    dispute = store.act(lambda act: work.check_may_uphold(act, dispute_id), actor=actor, now=now)
    undone = response.undo_links(store, dispute_id, actor=actor, now=now)
    for batch_no in set(wrong_batches) - set(undone.batches):
        separate_rows(store, int(dispute.subject.key), batch_no=batch_no, actor=actor, now=now)

    def uphold(act: Act) -> work.Answered:
        return work.uphold_dispute(
            act,
            dispute_id,
            wrong_aliases=[alias_no for alias_no in wrong_aliases if alias_no not in undone.aliases],
            is_link_wrong=bool(undone.aliases or wrong_batches) or link.has_denied(act, denied_by=dispute_id),
            policy=rules,
            store=store,
        )

    return store.act(uphold, actor=actor, now=now)


def reject_dispute(store: Store, dispute_id: int, *, actor: Actor, now: datetime) -> work.Answered:
    """What was contested is right, and holds again; so do the links that were undone at the door meanwhile."""

    def reject(act: Act) -> work.Answered:
        answered = work.reject_dispute(act, dispute_id)
        link.restore_denied(act, denied_by=dispute_id)
        return answered

    return store.act(reject, actor=actor, now=now)


def keep_clocks(store: Store, *, actor: Actor, now: datetime) -> list[int]:
    """Let disputes rise that nobody answered in time, and suspend their orders; ask as often as you like."""
    return store.act(work.raise_unanswered, actor=actor, now=now)


def gather_held(store: Store, person_no: int, *, actor: Actor, now: datetime) -> account.HeldSheet:
    """What is held about one person, why, who decided, until when, who looked, and how to contest it."""
    signer = seal.read_signer(store.deployment.keys.parent, work.LINKS_NAME)
    return account.gather_held(store, person_no, signer=signer, actor=actor, now=now)


def write_held_sheet(store: Store, person_no: int, *, address: str, actor: Actor, now: datetime) -> str:
    """The same as a page to print, in both languages; `address` is where the links on it are opened."""
    sheet = gather_held(store, person_no, actor=actor, now=now)
    return account.write_held_page(sheet, address=address, clock=store.clock)


def draw_reviews(store: Store, *, seed: int, actor: Actor, now: datetime) -> int:
    """The policy's share of the looks of the last whole week, drawn for review; how many."""
    today = store.clock.day_of(now)
    first = today - calendar_day(today).weekday() - DAYS_OF_LOOKS
    looks = store.read_looks(since=store.clock.midnight(first), until=store.clock.midnight(first + DAYS_OF_LOOKS))
    rules, top = _rules(store, now=now), _top(store)
    return store.act(
        lambda act: account.draw_reviews(act, looks, week_day=first, seed=seed, area_path=top, policy=rules),
        actor=actor,
        now=now,
    )


def list_reviews(store: Store, *, actor: Actor, now: datetime) -> list[account.LookReview]:
    """The looks that wait for a review."""
    top = _top(store)
    return store.act(lambda act: account.list_reviews(act, area_path=top), actor=actor, now=now)


def answer_review(
    store: Store, review_id: int, *, is_justified: bool, actor: Actor, now: datetime
) -> account.LookReview:
    """Somebody else than who looked says whether the look was justified."""
    top = _top(store)
    return store.act(
        lambda act: account.answer_review(act, review_id, is_justified=is_justified, area_path=top),
        actor=actor,
        now=now,
    )


def _rules(store: Store, *, now: datetime) -> Policy:
    """What is in force today."""
    return Policy(policy.read_in_force(store.desk, now=now), store.clock.day_of(now))


def _top(store: Store) -> str:
    """The path of the area that answers for accounts."""
    return areas.top_paths(areas.read_hierarchy(store.desk))[0]
