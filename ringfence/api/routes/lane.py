"""The lane: passages in, one or many at a time, as often as a device likes to send them (policy 1.3).

A device decides by itself and keeps a queue, for it may be offline for days. What it sends is acknowledged once it is
durable; a passage is known by the device's own UUID, so a queue that is sent again changes nothing.
"""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, Field, model_validator
from starlette.concurrency import run_in_threadpool

from ringfence.api.answers import answer
from ringfence.api.caller import Caller, purposes_of
from ringfence.api.lane_caller import LaneCallerNow
from ringfence.api.once import Said, act_once
from ringfence.api.routes.bodies import shown
from ringfence.api.rows import Number
from ringfence.gate import Decision, Emergency, NextStep, Occupant, Passage, Verdict, band_of, register_passages
from ringfence.terms import Language, Reason, ReasonCode, say_reason

router = APIRouter(tags=["lane"])

MOST_AT_ONCE = 100
MOST_IN_ONE = 100  # a coach holds fewer

Code = Annotated[str, Field(max_length=40, pattern="^[A-Za-z0-9_.:+;, -]*$")]
"""A code, a number or a version; never a name."""

Line = Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")]


class Whom(BaseModel):
    """Who somebody says they are; kept sealed until they are linked, then gone."""

    model_config = shown(name="张建国", id_number="140211198001010013", birth_date="1980-01-01", phone="")

    name: Line = ""
    id_number: Line = ""
    birth_date: date | None = None
    phone: Line = ""

    def fields(self) -> dict[str, str]:
        """What is known, as linking reads it."""
        born = self.birth_date.isoformat() if self.birth_date else ""
        said = {"name": self.name, "id_number": self.id_number, "birth_date": born, "phone": self.phone}
        return {name: value for name, value in said.items() if value}


class OccupantSent(BaseModel):
    """One of those in a vehicle, and what the lane said to them."""

    model_config = shown(verdict="admit", celsius=36.5, sampled_at="2022-03-01T08:00:00+08:00")

    verdict: Decision = Decision.ADMIT
    emergency: Emergency | None = Field(None, description="One tap: to care now; nothing else need be said.")
    reason: ReasonCode | None = None
    values: dict[Code, Code | int | float] = Field(default_factory=dict, max_length=8)
    next_step: NextStep | None = None
    celsius: float | None = Field(None, allow_inf_nan=False)
    sampled_at: AwareDatetime | None = None
    seat: Code = ""
    identity: Whom | None = None

    @model_validator(mode="after")
    def check_said(self) -> Self:
        """Whoever was not let through was told why and where to go, with all that the sentence needs."""
        if self.emergency and self.verdict is not Decision.ADMIT:
            raise ValueError("an emergency passes to care now")
        if self.verdict is not Decision.ADMIT and not (self.reason and self.next_step):
            raise ValueError("whoever is not admitted has a reason and a next step")
        try:
            if self.reason:
                say_reason(Reason.of(self.reason, **self.values), Language.EN)
        except KeyError as error:
            raise ValueError(f"the reason needs its value {error}") from error
        return self

    def to_verdict(self) -> Verdict:
        """What the lane said; in an emergency it is what a gate always says then."""
        if self.emergency:
            return Verdict.care_now(self.emergency)
        reason = Reason.of(self.reason, **self.values) if self.reason else None
        return Verdict(self.verdict, reason, self.next_step)

    def to_occupant(self, *, fever: float) -> Occupant:
        """As it is kept: of the temperature the band only."""
        return Occupant(
            verdict=self.to_verdict(),
            temperature=band_of(self.celsius, fever=fever),
            sampled_at=self.sampled_at,
            seat=self.seat,
            identity=(self.identity.fields() or None) if self.identity else None,
        )


class PassageSent(BaseModel):
    """One arrival at a lane, with everybody in it."""

    model_config = shown(
        passage_id="0d9f4b0e-6f0c-4e0a-9a51-2b1f6f3b7c11",
        gate=4711,
        lane=2,
        passed_at="2022-03-01T12:00:00+08:00",
        vehicle="晋B12345",
        occupants=[{"verdict": "admit", "celsius": 36.5}],
    )

    passage_id: UUID
    gate: Number
    lane: int = Field(ge=0, le=1_000)
    passed_at: AwareDatetime
    occupants: list[OccupantSent] = Field(min_length=1, max_length=MOST_IN_ONE)
    vehicle: Line = ""
    trip: Code = ""
    origin_area: Code | None = None
    bound_area: Code | None = None
    standards: Code = ""
    sheet: Code = ""

    def to_passage(self, *, fever: float) -> Passage:
        """As the gate keeps it."""
        return Passage(
            passage_id=str(self.passage_id),
            gate=self.gate,
            lane=self.lane,
            passed_at=self.passed_at,
            occupants=tuple(one.to_occupant(fever=fever) for one in self.occupants),
            vehicle=self.vehicle,
            trip=self.trip,
            origin_area=self.origin_area,
            bound_area=self.bound_area,
            standards=self.standards,
            sheet=self.sheet,
        )


class PassagesSent(BaseModel):
    """A part of a lane's queue."""

    model_config = shown(passages=[PassageSent.model_config["json_schema_extra"]["examples"][0]])  # type: ignore[index]

    passages: list[PassageSent] = Field(min_length=1, max_length=MOST_AT_ONCE)


class PassagesKept(BaseModel):
    """All of them are durable: how many are new, and how many were known already."""

    model_config = shown(new=1, known=0)

    new: int
    known: int


@router.post(
    "/passages",
    response_model=PassagesKept,
    summary="Passages of a lane; sent again they change nothing",
    openapi_extra=purposes_of("gate_check"),
)
async def register(lane: LaneCallerNow, sent: PassagesSent) -> Response:
    """All of them or none; linked to persons afterwards."""
    caller, together = lane.caller, lane.caller.request.app.state.passages_together
    passages = [one.to_passage(fever=lane.fever) for one in sent.passages]
    if caller.idempotency_key is not None:
        return await run_in_threadpool(_register_once, caller, passages)
    new = await together.keep(passages, actor=caller.actor, now=caller.now)
    return answer(caller.request, _kept(passages, new), language=caller.language)


def _register_once(caller: Caller, passages: list[Passage]) -> Response:
    """Asked again under the same key, even the numbers are the same."""
    return act_once(
        caller, lambda act: Said(_kept(passages, len(register_passages(act, passages, store=caller.store))))
    )


def _kept(passages: list[Passage], new: int) -> dict[str, int]:
    return {"new": new, "known": len(passages) - new}
