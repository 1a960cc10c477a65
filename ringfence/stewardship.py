"""What keeps a deployment: making it, publishing policy and areas, forgetting in time, checking the ledger."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from ringfence import access, areas, feeds, gate, intake, link, policy, seal, store, work
from ringfence.policy import Permission, Policy, PolicySet
from ringfence.store import EVERYWHERE, Act, Deployment, Forgetting, Head, Store
from ringfence.terms import Actor, Approval, Plan, RecordKind

HEADS_NAME = "heads"
KINDS = {HEADS_NAME: seal.LEDGER_HEAD, work.LINKS_NAME: work.DISPUTE_LINK}
"""What the deployment signs, each kind with a key of its own."""


def make_deployment(
    folder: Path,
    *,
    zone: str,
    database: str,
    administrator: str,
    password: str,
    now: datetime,
    first_policy: PolicySet | None = None,
) -> Deployment:
    """A deployment with keys, its first policy (the shipped one, if no other is named) and its first administrator."""
    published = first_policy or policy.read_defaults()

    def begin(act: Act, deployment: Deployment) -> None:
        access.make_first_administrator(act, administrator, password=password)
        plan = policy.plan_publication(None, published, from_day=deployment.clock.day_of(now))
        policy.publish_policy(act, published, plan=plan, effective_from=now, approval=None)
        seal.make_key_files(deployment.keys.parent, kinds=KINDS, now=now)

    return store.init_store(folder, zone=zone, database=database, now=now, begin=begin)


def plan_policy(opened: Store, draft: PolicySet, *, from_day: int, now: datetime) -> Plan:
    """What putting a draft in force from a local day on would change."""
    return policy.plan_publication(policy.read_in_force(opened.desk, now=now), draft, from_day=from_day)


def publish_policy(
    opened: Store, draft: PolicySet, *, from_day: int, approval_id: int, actor: Actor, now: datetime
) -> int:
    """Put a draft in force from a local day on, with the approval of exactly that change; the version's number."""
    plan = plan_policy(opened, draft, from_day=from_day, now=now)

    def publish(act: Act) -> int:
        access.check_can(act, Permission.POLICY_PUBLISH, area_path=EVERYWHERE)
        approval = access.use_approval(act, plan, approval_id)
        begins = opened.clock.midnight(from_day)
        return policy.publish_policy(act, draft, plan=plan, effective_from=begins, approval=approval)

    return opened.act(publish, actor=actor, now=now)


def propose(opened: Store, plan: Plan, *, actor: Actor, now: datetime) -> int:
    """Put a plan before a second officer; the number of the proposal."""
    return opened.act(lambda act: access.propose(act, plan), actor=actor, now=now)


def approve(opened: Store, approval_id: int, *, password: str, address: str, actor: Actor, now: datetime) -> Approval:
    """A second officer's yes; the officer is asked for the password, for the yes is theirs alone.

    `address` is where the password came from: wrong ones are counted there.
    """
    access.confirm_password(opened, actor.actor_id, password=password, address=address, now=now)
    return opened.act(lambda act: access.approve(act, approval_id), actor=actor, now=now)


def publish_areas(opened: Store, file: Path, *, actor: Actor, now: datetime) -> Plan:
    """Put an area file in; what it added."""
    found = areas.read_areas(file)
    plan = areas.plan_areas(opened.desk, found)

    def publish(act: Act) -> None:
        access.check_can(act, Permission.AREAS_PUBLISH, area_path=EVERYWHERE)
        areas.publish_areas(act, found, plan)

    opened.act(publish, actor=actor, now=now)
    return plan


def declare_feed(opened: Store, text: str, *, actor: Actor, now: datetime) -> feeds.Feed:
    """Put the text of a feed in force: how a department sends its files, and under which contract."""
    in_force = policy.read_in_force(opened.desk, now=now)
    hierarchy = areas.read_hierarchy(opened.desk)
    return opened.act(lambda act: feeds.declare_feed(act, text, policy=in_force, areas=hierarchy), actor=actor, now=now)


def forget(
    opened: Store, kind: RecordKind, *, before_day: int | None, people: Sequence[int], actor: Actor, now: datetime
) -> Forgetting:
    """Let go of a kind's records before a local day, or about some people, in every sorted copy and on the desk."""
    numbers = store.every_number(opened, people)

    def begin(act: Act) -> None:
        access.check_can(act, Permission.PEOPLE_FORGET, area_path=EVERYWHERE)
        act.note("forgetting.asked", subject=kind)
        if kind is RecordKind.PASSAGE:
            before = None if before_day is None else opened.clock.midnight(before_day)
            gate.forget_passages(act, before=before, people=numbers)
        if kind is RecordKind.LINK:
            link.forget_reviews_of(act, numbers)

    opened.act(begin, actor=actor, now=now)
    intake.let_go_of_register(opened)
    if before_day is not None:
        return store.forget_before(opened, kind, day=before_day, actor=actor, now=now)
    return store.forget_people(opened, kind, people, actor=actor, now=now)


def keep_retention(opened: Store, *, actor: Actor, now: datetime) -> Forgetting:
    """Let go of every batch whose retention has ended, of passages, and of what was kept of signing in."""
    rules = Policy(policy.read_in_force(opened.desk, now=now), opened.clock.day_of(now))
    opened.act(lambda act: access.forget_ended(act, clock=opened.clock), actor=actor, now=now)
    opened.act(lambda act: gate.purge_passages(act, policy=rules, store=opened), actor=actor, now=now)
    gone = store.forget_due(opened, day=opened.clock.day_of(now), actor=actor, now=now)
    opened.act(link.forget_past_reviews, actor=actor, now=now)
    intake.let_go_of_register(opened)
    return gone


def sign_heads(opened: Store, *, actor: Actor, now: datetime) -> list[str]:
    """The ledger's heads as sealed texts for a second custodian: with them, a ledger cut short is noticed."""
    heads = store.read_heads(opened.desk)
    signer = seal.read_signer(opened.deployment.keys.parent, HEADS_NAME)
    claims = [{"chain": head.chain, "seq": head.seq, "mac": head.mac} for head in heads]
    opened.act(lambda act: act.note("ledger.heads_signed", count=len(heads)), actor=actor, now=now)
    return [seal.sign_head(claim, signer=signer, now=now) for claim in claims]


def verify_ledger(opened: Store, *, witnessed: Sequence[str], now: datetime) -> list[Head]:
    """Every line of the ledger recomputed, and every head a custodian kept found in it; the heads, or LedgerBroken."""
    trust = seal.read_trust(opened.deployment.keys.parent, HEADS_NAME)
    heads = [msgspec.convert(seal.check_head(text, trust=trust, now=now), Head) for text in witnessed]
    return opened.verify_ledger(witnessed=heads)


def read_recent_lines(opened: Store, *, count: int, actor: Actor, now: datetime) -> list[dict[str, object]]:
    """The ledger's last lines, newest first; the look at them is a line too."""

    def look(act: Act) -> None:
        access.check_can(act, Permission.LEDGER_READ, area_path=EVERYWHERE)
        act.note("ledger.read", count=count)

    opened.act(look, actor=actor, now=now)
    return store.read_recent_lines(opened.desk, count=count)
