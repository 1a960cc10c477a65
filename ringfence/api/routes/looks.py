"""Who watches those who look: canary persons, and a weekly draw judged by somebody else (policy 6.4)."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, Field

from ringfence import flow, redress
from ringfence.api.answers import answer
from ringfence.api.caller import Look, looks_for, purposes_of
from ringfence.api.once import Said, flow_once
from ringfence.api.routes.bodies import MOST_AT_ONCE, Count, Done, shown
from ringfence.api.rows import Key, Number

router = APIRouter(tags=["looks"])

Auditing = Annotated[Look, Depends(looks_for("audit"))]
AUDITING = purposes_of("audit")


class Canaries(BaseModel):
    """Names of made-up persons, such as somebody might look for."""

    model_config = shown(names=["张三"])

    names: Annotated[list[Key], Field(min_length=1, max_length=MOST_AT_ONCE)]


class LookRow(BaseModel):
    """A look that waits for its review; whom it was at stays sealed in the ledger."""

    model_config = shown(
        review_id=2,
        chain=1,
        seq=4711,
        looked_by="officer-0012",
        looked_at="2022-03-01T04:00:00Z",
        action="people.read",
        purpose="outreach",
    )

    review_id: int
    chain: int
    seq: int
    looked_by: str
    looked_at: datetime
    action: str
    purpose: str


class Looks(BaseModel):
    """The looks that wait, the oldest draw first."""

    model_config = shown(rows=[LookRow.model_config["json_schema_extra"]["examples"][0]])  # type: ignore[index]

    rows: list[LookRow]


class Draw(BaseModel):
    """The seed of a draw; it goes on the ledger, so that anybody can draw the same again."""

    model_config = shown(seed=20_220_301)

    seed: int = Field(ge=0, le=2**63 - 1)


class Judged(BaseModel):
    """Whether the look was justified; one that was not becomes a finding."""

    model_config = shown(is_justified=True)

    is_justified: bool


@router.post("/canaries", response_model=Count, summary="Plant canary persons", openapi_extra=AUDITING)
def plant_canaries(look: Auditing, wanted: Canaries) -> Response:
    """Whoever looks at one looked for no duty."""
    caller = look.caller

    def run() -> Said:
        flow.plant_canaries(caller.store, wanted.names, actor=caller.actor, now=caller.now)
        return Said({"count": len(wanted.names)})

    return flow_once(caller, run)


@router.get("/look-reviews", response_model=Looks, summary="The looks that wait for a review", openapi_extra=AUDITING)
def list_reviews(look: Auditing) -> Response:
    """Drawn once a week."""
    caller = look.caller
    waiting = redress.list_reviews(caller.store, actor=caller.actor, now=caller.now)
    rows = [{name: value for name, value in asdict(one).items() if name != "is_justified"} for one in waiting]
    return answer(caller.request, {"rows": rows}, language=caller.language)


@router.post(
    "/look-reviews/draws",
    response_model=Count,
    summary="Draw the looks of the last whole week that are to be reviewed",
    openapi_extra=AUDITING,
)
def draw_reviews(look: Auditing, draw: Draw) -> Response:
    """A week is drawn once."""
    caller = look.caller
    return flow_once(
        caller,
        lambda: Said({"count": redress.draw_reviews(caller.store, seed=draw.seed, actor=caller.actor, now=caller.now)}),
    )


@router.post(
    "/look-reviews/{review_id}/answer",
    response_model=Done,
    summary="Say whether somebody else's look was justified",
    openapi_extra=AUDITING,
)
def answer_review(look: Auditing, review_id: Annotated[Number, Path(alias="review_id")], judged: Judged) -> Response:
    """Nobody judges a look of their own."""
    caller = look.caller

    def run() -> Said:
        redress.answer_review(
            caller.store, review_id, is_justified=judged.is_justified, actor=caller.actor, now=caller.now
        )
        return Said({"is_done": True})

    return flow_once(caller, run)
