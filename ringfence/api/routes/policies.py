"""The policy in force, what a draft would change, and its publication by two people (policy 7.4)."""

import json
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel

from ringfence import access, policy, stewardship
from ringfence.access import APPROVALS
from ringfence.api.answers import answer
from ringfence.api.caller import Caller, CallerNow, Look, looks_for, purposes_of
from ringfence.api.lists import add_list
from ringfence.api.once import Said, act_once, flow_once
from ringfence.api.routes.bodies import Done, Password, shown
from ringfence.api.routes.sessions import address_of
from ringfence.api.rows import Number
from ringfence.policy import PolicySet
from ringfence.store import Act, check_listed
from ringfence.terms import Plan, day_number

router = APIRouter(tags=["policy"])

Administering = Annotated[Look, Depends(looks_for("administration"))]
ADMINISTERING = purposes_of("administration")
ApprovalNo = Annotated[Number, Path(alias="approval_id")]

add_list(
    router,
    "/approvals",
    APPROVALS,
    purposes=("administration", "audit"),
    summary="What one person proposed and another decides on",
    single="One proposal",
)


class PolicyLine(BaseModel):
    """A number in force, with its clause and its next change."""

    model_config = shown(
        key="gate.test_max_age_hours", clause="1.2", unit="hours", value="48", next_value="24", next_day="2022-04-01"
    )

    key: str
    clause: str
    unit: str
    value: str | None
    next_value: str | None
    next_day: str | None


class PolicyShown(BaseModel):
    """The numbers in force, and the whole policy as one text, to be edited as a draft."""

    model_config = shown(rows=[PolicyLine.model_config["json_schema_extra"]["examples"][0]])  # type: ignore[index]

    rows: list[PolicyLine]


class PolicyText(BaseModel):
    """The whole policy in force as a document, to be edited and sent back as a draft."""

    model_config = shown(policy={"clauses": {}})

    policy: dict[str, Any]


class Draft(BaseModel):
    """A whole policy, and the local day it takes effect."""

    model_config = shown(policy={"clauses": {}}, from_day="2022-04-01")

    policy: dict[str, Any]
    from_day: date

    def read(self) -> tuple[PolicySet, int]:
        """The draft and the number of its day; PolicyRefused where it contradicts itself."""
        return policy.read_text(json.dumps(self.policy)), day_number(self.from_day)


class ApprovedDraft(Draft):
    """A draft, with the proposal by which exactly this change was approved."""

    model_config = shown(policy={"clauses": {}}, from_day="2022-04-01", approval_id=5)

    approval_id: Number


class PlanShown(BaseModel):
    """What a draft would change."""

    model_config = shown(digest="9f2c4e", added=[], released=[], conflicting=[])

    digest: str
    added: list[dict[str, Any]]
    released: list[dict[str, Any]]
    conflicting: list[dict[str, Any]]


class Proposed(BaseModel):
    """The proposal that waits for a second officer."""

    model_config = shown(approval_id=5)

    approval_id: int


class Published(BaseModel):
    """The version that is in force from its day on."""

    model_config = shown(version=2)

    version: int


class Yes(BaseModel):
    """The officer's password: a yes is theirs alone."""

    model_config = shown(password="correct horse")  # noqa: S106 - an example opens nothing

    password: Password


@router.get("/policy", response_model=PolicyShown, summary="The numbers in force, each with its clause")
def show_policy(request: Request, caller: CallerNow, prefix: Annotated[str, Query(max_length=100)] = "") -> Response:
    """Anybody signed in may know the rules they work by."""
    in_force = policy.read_in_force(caller.store.desk, now=caller.now)
    rows = policy.show_policy(in_force, on=caller.store.clock.day_of(caller.now))
    plain = [{key: None if value is None else str(value) for key, value in asdict(row).items()} for row in rows]
    body = {"rows": [row for row in plain if str(row["key"]).startswith(prefix)]}
    return answer(request, body, language=caller.language)


@router.get("/policy/text", response_model=PolicyText, summary="The whole policy in force as a document")
def read_policy(request: Request, caller: CallerNow) -> Response:
    """Edit it and send it back as a draft."""
    in_force = policy.read_in_force(caller.store.desk, now=caller.now)
    return answer(request, {"policy": json.loads(in_force.text)}, language=caller.language)


@router.post(
    "/policy/plan",
    response_model=PlanShown,
    summary="What a draft would change",
    openapi_extra=ADMINISTERING,
)
def plan_policy(look: Administering, draft: Draft) -> Response:
    """A dry run."""
    plan = _plan(look.caller, draft)
    shown_lines = {"added": plan.added, "released": plan.released, "conflicting": plan.conflicting}
    return answer(look.caller.request, {"digest": plan.digest, **shown_lines}, language=look.caller.language)


@router.post(
    "/policy/proposals",
    response_model=Proposed,
    summary="Propose a draft to a second officer",
    openapi_extra=ADMINISTERING,
)
def propose_policy(look: Administering, draft: Draft) -> Response:
    """The second officer sees what it would change."""
    plan = _plan(look.caller, draft)
    return act_once(look.caller, lambda act: Said({"approval_id": access.propose(act, plan)}))


@router.post(
    "/policy/versions", response_model=Published, summary="Put an approved draft in force", openapi_extra=ADMINISTERING
)
def publish_policy(look: Administering, draft: ApprovedDraft) -> Response:
    """With the approval of exactly this change."""
    caller = look.caller
    chosen, from_day = draft.read()

    def run() -> Said:
        version = stewardship.publish_policy(
            caller.store, chosen, from_day=from_day, approval_id=draft.approval_id, actor=caller.actor, now=caller.now
        )
        return Said({"version": version})

    return flow_once(caller, run)


@router.post(
    "/approvals/{approval_id}/approve",
    response_model=Done,
    summary="A second officer's yes",
    openapi_extra=ADMINISTERING,
)
def approve(look: Administering, approval_id: ApprovalNo, given: Yes) -> Response:
    """Who proposed it cannot."""
    caller = look.caller
    check_listed(caller.store.desk, APPROVALS, [approval_id], scope=look.scope)
    access.confirm_password(
        caller.store,
        caller.actor.actor_id,
        password=given.password,
        address=address_of(caller.request),
        now=caller.now,
    )

    def say_yes(act: Act) -> Said:
        access.approve(act, approval_id)
        return Said({"is_done": True})

    return act_once(caller, say_yes)


@router.post(
    "/approvals/{approval_id}/decline",
    response_model=Done,
    summary="A second officer's no",
    openapi_extra=ADMINISTERING,
)
def decline(look: Administering, approval_id: ApprovalNo) -> Response:
    """It is not carried out."""
    check_listed(look.caller.store.desk, APPROVALS, [approval_id], scope=look.scope)

    def say_no(act: Act) -> Said:
        access.decline(act, approval_id)
        return Said({"is_done": True})

    return act_once(look.caller, say_no)


def _plan(caller: Caller, draft: Draft) -> Plan:
    chosen, from_day = draft.read()
    return stewardship.plan_policy(caller.store, chosen, from_day=from_day, now=caller.now)
