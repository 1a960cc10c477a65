"""Risk areas: a fence is foreseen, proposed, approved by a second officer, published, and lifted (policy 6.2)."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from ringfence import access, areas, flow
from ringfence.console.asked import Asked
from ringfence.console.charts import draw_fence
from ringfence.console.fence_drafts import read_fence, read_number, redraft
from ringfence.console.proposals import approve_in, decline_in
from ringfence.console.room import Done, Room, View
from ringfence.console.rooms.ring import SEED
from ringfence.console.visitor import Visitor
from ringfence.errors import InputRefused, NotFound
from ringfence.policy import Permission
from ringfence.terms import Fence, RiskLevel, calendar_day

PURPOSES = ("administration", "tracing", "gate_check")

MOST_DRAWN = 2_000
"""The places on the map that a fence is drawn on, each by number."""

PROPOSALS = """
select approval_id, plan, proposed_by, proposed_at, decided_by, is_approved, applied_at from approval
where plan_kind = 'risk_area' order by approval_id desc limit 20
"""

PLAN_OF = "select plan, plan_digest from approval where approval_id = :number and plan_kind = 'risk_area'"


def declare() -> Room:
    """Where an area is fenced, and never a telephone."""
    return Room(
        key="fences",
        title="Risk areas",
        clause="6.2",
        place=115,
        purposes=PURPOSES,
        table="risk_area",
        pages={"": show, "/{number:int}": show_one},
        actions={
            "/foresee": foresee,
            "/propose": propose,
            "/{number:int}/lift": propose_lifting,
            "/asked/{number:int}/approve": approve_in("/fences"),
            "/asked/{number:int}/decline": decline_in("/fences"),
            "/asked/{number:int}/carry-out": carry_out,
        },
        drawings={"/{number:int}/map": draw, "/places": list_ground},
    )


def show(visitor: Visitor, _asked: Asked) -> View:
    """The newest version of each, what waits for a second officer, and the form for a new one."""
    visitor.scope(*PURPOSES)
    desk = visitor.store.desk
    values = {
        "risk_areas": sorted(areas.list_risk_areas(desk), key=lambda one: (one.is_lifted, -one.risk_area_id)),
        "proposals": [{**row._asdict(), "plan": json.loads(row.plan)} for row in desk.rows(PROPOSALS)],
        "may_carry_out": visitor.may(Permission.AREAS_PUBLISH) and visitor.may(Permission.SIGNAL_RESPOND),
    }
    return View(values={**values, **_form(visitor)})


def show_one(visitor: Visitor, asked: Asked) -> View:
    """A risk area in all its versions, and where it lies."""
    visitor.scope(*PURPOSES)
    versions = areas.read_versions(visitor.store.desk, asked.number("number"))
    if not versions:
        raise NotFound("there is no risk area {number}", number=asked.number("number"))
    return View(template="fence.html", values={"versions": versions[::-1], "one": versions[-1], **_form(visitor)})


def draw(visitor: Visitor, asked: Asked) -> Mapping[str, object]:
    """The map of its newest version."""
    visitor.scope(*PURPOSES)
    return draw_fence(visitor, areas.read_risk_area(visitor.store.desk, asked.number("number")))


def list_ground(visitor: Visitor, _asked: Asked) -> Mapping[str, object]:
    """Longitude and latitude of places, for a fence to be drawn around: the ground of the map, and no map of others."""
    visitor.scope(*PURPOSES)
    places = areas.read_places(visitor.store.desk)
    corners = zip(places["longitude"].to_pylist(), places["latitude"].to_pylist(), strict=True)
    return {"places": [corner for corner in corners if None not in corner][:MOST_DRAWN]}


def foresee(visitor: Visitor, asked: Asked) -> View:
    """A dry run: whom the fence would find today and let go; nothing happens but the look on the ledger."""
    fence, number = read_fence(asked), read_number(asked)
    plan = flow.plan_fence(visitor.store, fence, risk_area_id=number)
    effect = flow.foresee_fence(visitor.store, fence, risk_area_id=number, actor=visitor.actor, now=visitor.now)
    drawn = {name: asked.text(name) for name in ("disease", "level", "from", "to", "areas", "places", "risk_area")}
    values = {"plan": plan, "effect": effect, "asked_for": {**drawn, "polygon": fence.polygon}}
    return View(template="fence_plan.html", values=values)


def propose(visitor: Visitor, asked: Asked) -> Done:
    """Put exactly this fence before a second officer."""
    return _propose(visitor, read_fence(asked), risk_area_id=read_number(asked))


def propose_lifting(visitor: Visitor, asked: Asked) -> Done:
    """Put the end of a risk area before a second officer."""
    return _propose(visitor, None, risk_area_id=asked.number("number"))


def carry_out(visitor: Visitor, asked: Asked) -> Done:
    """Put the approved fence in force, or end it, as the proposal says."""
    number = asked.number("number")
    _check_may(visitor)
    rows = visitor.store.desk.rows(PLAN_OF, number=number)
    if not rows:
        raise NotFound("there is no proposal {approval_id}", approval_id=number)
    fence, risk_area = redraft(visitor.store, json.loads(rows[0].plan), digest=rows[0].plan_digest)
    asks: dict[str, Any] = {"approval_id": number, "actor": visitor.actor, "now": visitor.now}
    if fence is None and risk_area is not None:
        tasks = flow.lift_fence(visitor.store, risk_area, **asks)
        return Done(
            to="/fences",
            sentence="Risk area {number} is lifted; {tasks} task(s) that only it justified were withdrawn.",
            values={"number": risk_area, "tasks": len(tasks)},
        )
    if fence is None:
        raise InputRefused("this draft changes nothing; there is nothing to approve")
    found, done = flow.publish_fence(visitor.store, fence, risk_area_id=risk_area, seed=SEED, **asks)
    return Done(
        to=f"/fences/{found.risk_area_id}",
        sentence=(
            "Risk area {number} holds: {listed} listed, too few to be told below the cut; {tasks} task(s)."
            if done.below is None
            else "Risk area {number} holds: {found} found, {listed} listed, {below} below the cut; {tasks} task(s)."
        ),
        values={
            "number": found.risk_area_id,
            "found": done.found,
            "listed": done.listed,
            "below": done.below,
            "tasks": done.tasks,
        },
    )


def _propose(visitor: Visitor, fence: Fence | None, *, risk_area_id: int | None) -> Done:
    plan = flow.plan_fence(visitor.store, fence, risk_area_id=risk_area_id)
    if plan.is_empty:
        raise InputRefused("this draft changes nothing; there is nothing to approve")
    [path, *_] = areas.top_paths(visitor.hierarchy)
    number = visitor.act(lambda act: access.propose(act, plan, area_path=path))
    return Done(to="/fences", sentence="Proposal {number} waits for a second officer.", values={"number": number})


def _check_may(visitor: Visitor) -> None:
    """Asked before an approval is looked at: a fence that nobody may answer to is not put in force."""
    [path, *_] = areas.top_paths(visitor.hierarchy)
    for permission in (Permission.AREAS_PUBLISH, Permission.SIGNAL_RESPOND):
        visitor.act(partial(access.check_can, permission=permission, area_path=path))


def _form(visitor: Visitor) -> Mapping[str, object]:
    """What a fence is drawn with."""
    return {
        "diseases": sorted(visitor.policy.policy_set.protocols),
        "levels": list(RiskLevel),
        "begins": calendar_day(visitor.today).isoformat(),
    }
