"""Disputes: "this is not me", "this is wrong", and the human answer within a day (policy 2.6)."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, Field

from ringfence import redress, store
from ringfence.api.answers import answer
from ringfence.api.caller import CallerNow, Look, looks_for, purposes_of
from ringfence.api.lists import add_list
from ringfence.api.once import Said, flow_once
from ringfence.api.problems import read_language
from ringfence.api.routes.bodies import MOST_AT_ONCE, shown
from ringfence.api.routes.sessions import address_of
from ringfence.api.rows import Number
from ringfence.terms import Contested, ContestedKind, Dispute, DisputeGround, DisputeWay
from ringfence.work import DISPUTES, Answered

router = APIRouter(tags=["disputes"])

Answering = Annotated[Look, Depends(looks_for("dispute"))]
DisputeNo = Annotated[Number, Path(alias="dispute_id")]

add_list(
    router,
    "/disputes",
    DISPUTES,
    purposes=("dispute",),
    summary="What is contested in your areas, the next to be answered first",
    single="One dispute",
)


class NewDispute(BaseModel):
    """What somebody said by phone or at the door about an order or a task."""

    model_config = shown(contested_kind="order", number=17, ground="not_me", way="phone")

    contested_kind: ContestedKind
    number: Number
    ground: DisputeGround
    way: DisputeWay


class Contest(BaseModel):
    """What the holder of a signed link says."""

    model_config = shown(link="0oRD…", ground="wrong")

    link: str = Field(min_length=1, max_length=4_000)
    ground: DisputeGround


class Raised(BaseModel):
    """The dispute, and when a person has to have answered it."""

    model_config = shown(dispute_id=3, status="raised", due_at="2022-03-02T04:00:00Z")

    dispute_id: int
    status: str
    due_at: datetime


class Upheld(BaseModel):
    """Whoever contests is right; `wrong_aliases` are the links between records that are undone with it."""

    model_config = shown(wrong_aliases=[])

    wrong_aliases: Annotated[list[Number], Field(max_length=MOST_AT_ONCE)] = []


class AnsweredDispute(BaseModel):
    """A dispute that has its answer, and what ended with it."""

    model_config = shown(dispute_id=3, status="upheld", orders=[17], tasks=[], signals=[])

    dispute_id: int
    status: str
    orders: list[int]
    tasks: list[int]
    signals: list[int]


@router.post("/disputes", response_model=Raised, status_code=201, summary="Put on record what somebody contests")
def raise_dispute(caller: CallerNow, new: NewDispute) -> Response:
    """Said twice while it waits for its answer, it is one dispute."""

    def run() -> Said:
        dispute = redress.raise_dispute(
            caller.store,
            Contested(new.contested_kind, new.number),
            ground=new.ground,
            way=new.way,
            actor=caller.actor,
            now=caller.now,
        )
        return Said(_raised(dispute), 201)

    return flow_once(caller, run)


@router.post("/contests", response_model=Raised, status_code=201, summary="Contest by a signed link; nobody signs in")
def contest(request: Request, said: Contest) -> Response:
    """The link stands on the paper that the order or the visit came with."""
    state = request.app.state
    state.contest_limit.take(address_of(request))
    dispute = redress.contest(state.store, said.link, ground=said.ground, now=state.clock())
    return answer(request, _raised(dispute), language=read_language(request), status=201)


@router.post(
    "/disputes/{dispute_id}/uphold",
    response_model=AnsweredDispute,
    summary="Whoever contests is right",
    openapi_extra=purposes_of("dispute"),
)
def uphold(look: Answering, dispute_id: DisputeNo, found: Upheld) -> Response:
    """Wrong links are undone, and what stood on them is released."""
    caller = look.caller
    store.read_row(caller.store.desk, DISPUTES, dispute_id, scope=look.scope)

    def run() -> Said:
        answered = redress.uphold_dispute(
            caller.store, dispute_id, wrong_aliases=found.wrong_aliases, actor=caller.actor, now=caller.now
        )
        return Said(_answered(answered))

    return flow_once(caller, run)


@router.post(
    "/disputes/{dispute_id}/reject",
    response_model=AnsweredDispute,
    summary="What was contested is right, and holds again",
    openapi_extra=purposes_of("dispute"),
)
def reject(look: Answering, dispute_id: DisputeNo) -> Response:
    """A person answers, never the system."""
    caller = look.caller
    store.read_row(caller.store.desk, DISPUTES, dispute_id, scope=look.scope)
    return flow_once(
        caller,
        lambda: Said(_answered(redress.reject_dispute(caller.store, dispute_id, actor=caller.actor, now=caller.now))),
    )


def _raised(dispute: Dispute) -> dict[str, object]:
    return {"dispute_id": dispute.dispute_id, "status": dispute.status, "due_at": dispute.due_at}


def _answered(answered: Answered) -> dict[str, object]:
    return {
        "dispute_id": answered.dispute.dispute_id,
        "status": answered.dispute.status,
        "orders": list(answered.orders),
        "tasks": list(answered.tasks),
        "signals": list(answered.signals),
    }
