"""Signals and cases: raised, verified, dismissed, withdrawn; nothing starts without one (policy 2.2)."""

from collections.abc import Callable
from typing import Annotated, Literal
from uuid import uuid4

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, Field

from ringfence import flow, signals, store
from ringfence.api.answers import check_unchanged, version_of
from ringfence.api.caller import CallerNow, Look, looks_for, purposes_of
from ringfence.api.lists import add_list
from ringfence.api.once import Said, act_once, flow_once, said_row
from ringfence.api.reach import reach_area
from ringfence.api.routes.bodies import Ground, shown
from ringfence.api.rows import Key, Number
from ringfence.policy import Permission
from ringfence.signals import CASES, OBSERVATIONS, SIGNALS
from ringfence.store import Act, read_row_in
from ringfence.terms import Reason, ReasonCode, Signal, SignalKind, Subject, SubjectKind

router = APIRouter(tags=["signals"])

Verifying = Annotated[Look, Depends(looks_for("verification"))]
SignalNo = Annotated[Number, Path(alias="signal_id")]

DECISIONS: dict[str, Callable[..., Signal]] = {
    "verify": signals.verify_signal,
    "reopen": signals.reopen_signal,
}

SignalRow = add_list(
    router, "/signals", SIGNALS, purposes=("verification",), summary="The signals of your areas", single="One signal"
)
add_list(router, "/cases", CASES, purposes=("verification",), summary="The cases of your areas", single="One case")
add_list(
    router,
    "/observations",
    OBSERVATIONS,
    purposes=("verification", "surveillance", "accountability"),
    summary="What the duties noticed in your areas",
    single="One observation",
)


class NewSignal(BaseModel):
    """A signal raised by hand: a call, a report, an inspector's word."""

    model_config = shown(
        kind="report", subject_kind="place", subject_key="7", disease="covid19", area="140211", origin="call:2022-118"
    )

    kind: SignalKind
    subject_kind: SubjectKind
    subject_key: Key
    disease: Key
    area: Key
    origin: str = Field("", max_length=200, pattern=r"^[^\x00]*$")


class Raised(BaseModel):
    """The signal that came of it: a new one, or the one raised from the same origin before."""

    model_config = shown(signal_id=12, status="raised")

    signal_id: int
    status: str


class Ended(BaseModel):
    """A signal that ended, and the tasks that only it justified."""

    model_config = shown(signal_id=12, status="withdrawn", tasks=[4711])

    signal_id: int
    status: Literal["dismissed", "withdrawn"]
    tasks: list[int]


@router.post("/signals", response_model=Raised, status_code=201, summary="Raise a signal by hand")
def raise_signal(caller: CallerNow, new: NewSignal) -> Response:
    """The same origin raises one signal, however often it is sent."""
    path = reach_area(caller, new.area, permission=Permission.SIGNAL_RAISE)

    def raise_one(act: Act) -> Said:
        signal = signals.raise_signal(
            act,
            kind=new.kind,
            subject=Subject(new.subject_kind, new.subject_key),
            disease=new.disease,
            area_path=path,
            reason=Reason.of(ReasonCode.SAID_BY, actor=caller.actor.actor_id),
            origin=new.origin or f"hand:{uuid4()}",
        )
        return Said({"signal_id": signal.signal_id, "status": signal.status}, 201)

    return act_once(caller, raise_one)


def _add_decision(step: str, summary: str) -> None:
    def decide(request: Request, look: Verifying, signal_id: SignalNo, ground: Ground) -> Response:
        caller = look.caller
        store.read_row(caller.store.desk, SIGNALS, signal_id, scope=look.scope)

        def work(act: Act) -> Said:
            check_unchanged(act, SIGNALS, signal_id, request=request)
            DECISIONS[step](act, signal_id, reason=ground.to_reason(caller.actor))
            return said_row(read_row_in(act, SIGNALS, signal_id), caller)

        return act_once(caller, work)

    router.add_api_route(
        f"/signals/{{signal_id}}/{step}",
        decide,
        methods=["POST"],
        name=f"{step}_signal",
        summary=summary,
        response_model=SignalRow,
        openapi_extra=purposes_of("verification"),
    )


_add_decision("verify", "The signal is real: there may be a response")
_add_decision("reopen", "New evidence on something dismissed")


def _add_end(step: str, status: str, end: Callable[..., list[int]], summary: str) -> None:
    def finish(request: Request, look: Verifying, signal_id: SignalNo, ground: Ground) -> Response:
        caller = look.caller
        store.read_row(caller.store.desk, SIGNALS, signal_id, scope=look.scope)

        def work() -> Said:
            now, actor = caller.now, caller.actor
            caller.store.act(
                lambda act: check_unchanged(act, SIGNALS, signal_id, request=request), actor=actor, now=now
            )
            tasks = end(caller.store, signal_id, reason=ground.to_reason(actor), actor=actor, now=now)
            ended = store.read_row(caller.store.desk, SIGNALS, signal_id, scope=look.scope)
            return Said({"signal_id": signal_id, "status": status, "tasks": tasks}, version=version_of(ended))

        return flow_once(caller, work)

    router.add_api_route(
        f"/signals/{{signal_id}}/{step}",
        finish,
        methods=["POST"],
        name=f"{step}_signal",
        summary=summary,
        response_model=Ended,
        openapi_extra=purposes_of("verification"),
    )


_add_end("dismiss", "dismissed", flow.dismiss, "The signal is not real; who was held for it is let go")
_add_end("withdraw", "withdrawn", flow.withdraw, "The signal was wrong after all; what only it justified is released")
