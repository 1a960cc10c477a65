"""Risk areas: foreseen, published by two, lifted; an area, never a phone (policy 6.2)."""

import json
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, Field

from ringfence import access, areas, flow
from ringfence.access import check_can
from ringfence.api.answers import answer
from ringfence.api.caller import Caller, Look, looks_for, purposes_of
from ringfence.api.once import Said, act_once, flow_once
from ringfence.api.routes.bodies import MOST_AT_ONCE, shown
from ringfence.api.routes.policies import Proposed
from ringfence.api.routes.responses import SEED
from ringfence.api.rows import Key, Number
from ringfence.policy import Permission
from ringfence.store import Act
from ringfence.terms import Fence, RiskArea, RiskLevel, calendar_day, day_number

router = APIRouter(tags=["risk areas"])

READING = ("administration", "tracing", "gate_check")

Publishing = Annotated[Look, Depends(looks_for("administration"))]
PUBLISHING = purposes_of("administration")
RiskAreaNo = Annotated[Number, Path(alias="risk_area_id")]
DRAWN = {"disease": "covid19", "level": "high", "from_day": "2022-03-01", "to_day": None, "areas": ["140211"]}


class FenceSent(BaseModel):
    """What a risk area is drawn around: at least one area code, place or GeoJSON polygon; both days included."""

    model_config = shown(**DRAWN)

    disease: Key
    level: RiskLevel
    from_day: date
    to_day: date | None = None
    areas: Annotated[list[Key], Field(max_length=MOST_AT_ONCE)] = []
    places: Annotated[list[Key], Field(max_length=MOST_AT_ONCE)] = []
    polygon: dict[str, Any] | None = None

    def to_fence(self) -> Fence:
        """As it is kept."""
        return Fence(
            disease=self.disease,
            level=self.level,
            from_day=day_number(self.from_day),
            to_day=None if self.to_day is None else day_number(self.to_day),
            area_codes=tuple(self.areas),
            place_ids=tuple(self.places),
            polygon="" if self.polygon is None else json.dumps(self.polygon),
        )


class Drawn(BaseModel):
    """A fence; `risk_area_id` where it is the next version of a risk area."""

    model_config = shown(fence=DRAWN, risk_area_id=None)

    fence: FenceSent
    risk_area_id: Number | None = None


class ApprovedFence(Drawn):
    """A fence, with the proposal by which exactly this one was approved."""

    model_config = shown(fence=DRAWN, risk_area_id=None, approval_id=5)

    approval_id: Number


class ApprovedLifting(BaseModel):
    """The proposal by which the end was approved."""

    model_config = shown(approval_id=6)

    approval_id: Number


class RiskAreaRow(BaseModel):
    """The newest version of a risk area."""

    model_config = shown(
        risk_area_id=3,
        version=1,
        disease="covid19",
        level="high",
        from_day="2022-03-01",
        to_day="2022-03-14",
        areas=["140211"],
        places=[],
        has_polygon=False,
        is_lifted=False,
    )

    risk_area_id: int
    version: int
    disease: str
    level: RiskLevel
    from_day: date
    to_day: date | None
    areas: list[str]
    places: list[str]
    has_polygon: bool
    is_lifted: bool


class RiskAreas(BaseModel):
    """All risk areas there were."""

    model_config = shown(rows=[RiskAreaRow.model_config["json_schema_extra"]["examples"][0]])  # type: ignore[index]

    rows: list[RiskAreaRow]


class Foreseen(BaseModel):
    """Persons whom a fence would find anew, let go, and find under an order; `by_area` is (area path, persons).

    Whoever may not trace is told `touched` alone: each township that the fence touches, and how many came from the
    whole of it; null where they are too few to be told.
    """

    model_config = shown(
        added=120, released=0, conflicting=3, by_area=[["14/1402/140211/", 120]], touched=[["14/1402/140211/", 130]]
    )

    added: int | None
    released: int | None
    conflicting: int | None
    by_area: list[tuple[str, int]]
    touched: list[tuple[str, int | None]]


class FencePublished(BaseModel):
    """The version in force, and what the response to it did: found = listed + below.

    Null for whoever may not trace, where those below the cut are too few to be told.
    """

    model_config = shown(risk_area_id=3, version=1, found=120, listed=100, below=20, tasks=97)

    risk_area_id: int
    version: int
    found: int | None
    listed: int
    below: int | None
    tasks: int


class Lifted(BaseModel):
    """The tasks withdrawn with it."""

    model_config = shown(tasks=[4711])

    tasks: list[int]


@router.get(
    "/risk-areas",
    response_model=RiskAreas,
    summary="The newest version of each risk area",
    openapi_extra=purposes_of(*READING),
)
def list_risk_areas(look: Annotated[Look, Depends(looks_for(*READING, opens="risk_area"))]) -> Response:
    """Lifted ones too."""
    rows = [_plain(one) for one in areas.list_risk_areas(look.caller.store.desk)]
    return answer(look.caller.request, {"rows": rows}, language=look.caller.language)


@router.post(
    "/risk-areas/plan",
    response_model=Foreseen,
    summary="Whom a fence would find today",
    openapi_extra=purposes_of("administration", "tracing"),
)
def foresee_fence(look: Annotated[Look, Depends(looks_for("administration", "tracing"))], drawn: Drawn) -> Response:
    """A dry run: nothing happens but the look on the ledger. Exact to who may trace; to others by whole townships."""
    caller, fence = look.caller, drawn.fence.to_fence()
    with caller.request.app.state.long_work.begin():
        effect = flow.foresee_fence(
            caller.store, fence, risk_area_id=drawn.risk_area_id, actor=caller.actor, now=caller.now
        )
    return answer(caller.request, asdict(effect), language=caller.language)


@router.post(
    "/risk-areas/proposals",
    response_model=Proposed,
    summary="Propose a fence to a second officer",
    openapi_extra=PUBLISHING,
)
def propose_fence(look: Publishing, drawn: Drawn) -> Response:
    """The second officer approves exactly this one."""
    return _propose(look.caller, drawn.fence.to_fence(), risk_area_id=drawn.risk_area_id)


@router.post(
    "/risk-areas/{risk_area_id}/lifting-proposals",
    response_model=Proposed,
    summary="Propose the end of a risk area to a second officer",
    openapi_extra=PUBLISHING,
)
def propose_lifting(look: Publishing, risk_area_id: RiskAreaNo) -> Response:
    """What only it justified is released once it is lifted."""
    return _propose(look.caller, None, risk_area_id=risk_area_id)


@router.post(
    "/risk-areas/versions",
    response_model=FencePublished,
    summary="Put an approved fence in force",
    openapi_extra=PUBLISHING,
)
def publish_fence(look: Publishing, drawn: ApprovedFence) -> Response:
    """Everybody who came from there is listed, or counted below the cut."""
    caller, fence = look.caller, drawn.fence.to_fence()
    _check_may(caller, Permission.AREAS_PUBLISH, Permission.SIGNAL_RESPOND)

    def run() -> Said:
        with caller.request.app.state.long_work.begin():
            found, done = flow.publish_fence(
                caller.store,
                fence,
                risk_area_id=drawn.risk_area_id,
                approval_id=drawn.approval_id,
                actor=caller.actor,
                now=caller.now,
                seed=SEED,
            )
        counts = {"found": done.found, "listed": done.listed, "below": done.below, "tasks": done.tasks}
        return Said({"risk_area_id": found.risk_area_id, "version": found.version, **counts})

    return flow_once(caller, run)


@router.post(
    "/risk-areas/{risk_area_id}/lift",
    response_model=Lifted,
    summary="End a risk area with the approval of a second officer",
    openapi_extra=PUBLISHING,
)
def lift_fence(look: Publishing, risk_area_id: RiskAreaNo, approved: ApprovedLifting) -> Response:
    """What only it justified is released."""
    caller = look.caller
    _check_may(caller, Permission.AREAS_PUBLISH, Permission.SIGNAL_WITHDRAW)

    def run() -> Said:
        tasks = flow.lift_fence(
            caller.store, risk_area_id, approval_id=approved.approval_id, actor=caller.actor, now=caller.now
        )
        return Said({"tasks": tasks})

    return flow_once(caller, run)


def _propose(caller: Caller, fence: Fence | None, *, risk_area_id: int | None) -> Response:
    _check_may(caller, Permission.AREAS_PUBLISH)
    plan = flow.plan_fence(caller.store, fence, risk_area_id=risk_area_id)
    path = areas.top_paths(areas.read_hierarchy(caller.store.desk))[0]
    return act_once(caller, lambda act: Said({"approval_id": access.propose(act, plan, area_path=path)}))


def _check_may(caller: Caller, *permissions: Permission) -> None:
    """Asked before the approval is looked at: it says nothing to who may not use it."""
    [path, *_] = areas.top_paths(areas.read_hierarchy(caller.store.desk))

    def check(act: Act) -> None:
        for permission in permissions:
            check_can(act, permission, area_path=path)

    caller.store.act(check, actor=caller.actor, now=caller.now)


def _plain(one: RiskArea) -> dict[str, object]:
    fence = one.fence
    return {
        "risk_area_id": one.risk_area_id,
        "version": one.version,
        "disease": fence.disease,
        "level": fence.level,
        "from_day": calendar_day(fence.from_day),
        "to_day": None if fence.to_day is None else calendar_day(fence.to_day),
        "areas": list(fence.area_codes),
        "places": list(fence.place_ids),
        "has_polygon": bool(fence.polygon),
        "is_lifted": one.is_lifted,
    }
