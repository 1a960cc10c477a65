"""Policy: versions in force, what a change would do, two people for it, and the way back (policy 7.4)."""

import json
from collections.abc import Mapping
from typing import Any

from ringfence import policy, stewardship
from ringfence.console.asked import Asked
from ringfence.console.policy_drafts import bring_back, change_number, first_day_of, redraft
from ringfence.console.proposals import approve_in, decline_in
from ringfence.console.room import Done, Room, View
from ringfence.console.visitor import Visitor
from ringfence.errors import InputRefused, NotFound
from ringfence.policy import PolicySet
from ringfence.terms import Plan, calendar_day, day_number

VERSIONS = """
select version, effective_from_at, published_by, recorded_at, approval_id from policy_version
order by effective_from_at desc, version desc limit 50
"""

BODY = "select body from policy_version where version = :version"

PROPOSALS = """
select approval_id, plan, proposed_by, proposed_at, decided_by, decided_at, is_approved, applied_at from approval
where plan_kind = 'policy' order by approval_id desc limit 20
"""

PLAN_OF = "select plan from approval where approval_id = :number and plan_kind = 'policy'"


def declare() -> Room:
    """Where a number changes: never by one person, and never backwards."""
    return Room(
        key="policy",
        title="Policy",
        clause="7.4",
        place=80,
        purposes=("administration", "audit"),
        table="policy_version",
        pages={"": show, "/plan": show_plan},
        actions={
            "/propose": propose,
            "/{number:int}/approve": approve_in("/policy"),
            "/{number:int}/decline": decline_in("/policy"),
            "/{number:int}/publish": publish,
        },
    )


def show(visitor: Visitor, asked: Asked) -> View:
    """What is in force, what is proposed, and every number with its clause."""
    desk, prefix = visitor.store.desk, asked.text("key")
    in_force = policy.read_in_force(desk, now=visitor.now)
    rows = policy.show_policy(in_force, on=visitor.today)
    values = {
        "versions": desk.rows(VERSIONS),
        "now": int(visitor.now.timestamp() * 1_000_000),
        "proposals": [{**row._asdict(), "plan": json.loads(row.plan)} for row in desk.rows(PROPOSALS)],
        "numbers": [row for row in rows if prefix in row.key][:100],
        "keys": [row.key for row in rows if not row.key.startswith("protocol.")],
        "prefix": prefix,
        "tomorrow": calendar_day(visitor.today + 1).isoformat(),
    }
    return View(values=values)


def show_plan(visitor: Visitor, asked: Asked) -> View:
    """A dry run: what a draft would change; nothing happens."""
    draft, from_day = _read_draft(visitor, asked)
    plan = stewardship.plan_policy(visitor.store, draft, from_day=from_day, now=visitor.now)
    asked_for = {name: asked.text(name) for name in ("key", "value", "from", "version")}
    return View(template="policy_plan.html", values={"plan": plan, "asked_for": asked_for})


def propose(visitor: Visitor, asked: Asked) -> Done:
    """Put exactly this change before a second officer."""
    draft, from_day = _read_draft(visitor, asked)
    plan = stewardship.plan_policy(visitor.store, draft, from_day=from_day, now=visitor.now)
    _check_changes(plan)
    number = stewardship.propose(visitor.store, plan, actor=visitor.actor, now=visitor.now)
    return Done(to="/policy", sentence="Proposal {number} waits for a second officer.", values={"number": number})


def publish(visitor: Visitor, asked: Asked) -> Done:
    """Put the approved change in force from its day on."""
    number = asked.number("number")
    rows = visitor.store.desk.rows(PLAN_OF, number=number)
    if not rows:
        raise NotFound("there is no proposal {approval_id}", approval_id=number)
    plan: Mapping[str, Any] = json.loads(rows[0].plan)
    draft = redraft(policy.read_in_force(visitor.store.desk, now=visitor.now), plan)
    version = stewardship.publish_policy(
        visitor.store,
        draft,
        from_day=day_number(first_day_of(plan)),
        approval_id=number,
        actor=visitor.actor,
        now=visitor.now,
    )
    return Done(to="/policy", sentence="The policy is published as version {version}.", values={"version": version})


def _read_draft(visitor: Visitor, asked: Asked) -> tuple[PolicySet, int]:
    """The draft a form describes, and the local day it takes effect."""
    current = policy.read_in_force(visitor.store.desk, now=visitor.now)
    from_day = asked.day("from")
    if from_day is None:
        raise InputRefused("a change needs the day it takes effect; name one")
    if asked.has("version"):
        rows = visitor.store.desk.rows(BODY, version=asked.number("version"))
        if not rows:
            raise NotFound("there is no version {version} of the policy", version=asked.number("version"))
        return bring_back(current, policy.read_text(rows[0].body), from_day=from_day), from_day
    return change_number(current, key=asked.text("key"), value=asked.text("value"), from_day=from_day), from_day


def _check_changes(plan: Plan) -> None:
    if plan.is_empty:
        raise InputRefused("this draft changes nothing; there is nothing to approve")
