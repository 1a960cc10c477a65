"""Account: a day held to account, findings corrected and proven, the whole at a glance (policy 7)."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, Field

from ringfence import account, flow, store
from ringfence.account import FINDINGS
from ringfence.api.answers import answer, check_unchanged
from ringfence.api.caller import CallerNow, Look, looks_for, purposes_of, rules_of
from ringfence.api.lists import add_list
from ringfence.api.once import Said, act_once, flow_once, said_row
from ringfence.api.reach import stay_within
from ringfence.api.routes.bodies import shown
from ringfence.api.routes.follow_up import OneDay, day_of
from ringfence.api.rows import Number
from ringfence.store import Act, read_row_in
from ringfence.terms import calendar_day

router = APIRouter(tags=["account"])

Accounting = Annotated[Look, Depends(looks_for("accountability"))]
Correcting = Annotated[Look, Depends(looks_for("accountability", "inspection"))]
FindingNo = Annotated[Number, Path(alias="finding_id")]

FindingRow = add_list(
    router,
    "/findings",
    FINDINGS,
    purposes=("accountability", "inspection"),
    summary="The gaps of your areas, the next to be late first",
    single="One finding",
)


class DayHeld(BaseModel):
    """How many indicators were written, and what the gap checks came to."""

    model_config = shown(indicators=120, gaps={"opened": 2, "reopened": 0, "standing": 5})

    indicators: int
    gaps: dict[str, int]


class Score(BaseModel):
    """An indicator of an area: so many of so many; null where showing it could give somebody away."""

    model_config = shown(area_path="14/1402/", indicator="tasks_done_in_time", numerator=90, denominator=100)

    area_path: str
    indicator: str
    numerator: int | None
    denominator: int | None


class ScoresShown(BaseModel):
    """A day's scorecard."""

    model_config = shown(
        day="2022-03-01",
        rows=[Score.model_config["json_schema_extra"]["examples"][0]],  # type: ignore[index]
    )

    day: date
    rows: list[Score]


class Overview(BaseModel):
    """How many of everything there are; `found` adds up to all that was ever found, null where few are not told."""

    model_config = shown(
        signals=[{"kind": "positive_test", "status": "verified", "n": 3}],
        exposures=[],
        found={"listed": 40, "below": 12, "retracted": 0},
        tasks=[],
        orders=[],
        follow_ups=[],
        findings=[],
    )

    signals: list[dict[str, str | int]]
    exposures: list[dict[str, str | int]]
    found: dict[str, int | None]
    tasks: list[dict[str, str | int]]
    orders: list[dict[str, str | int]]
    follow_ups: list[dict[str, str | int]]
    findings: list[dict[str, str | int]]


class Correction(BaseModel):
    """What was done, with what proves it: a document's key or a number, never a name."""

    model_config = shown(proof="inspection 2022-118")

    proof: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$")


class Proof(BaseModel):
    """Whether the correction had its effect."""

    model_config = shown(is_effective=True)

    is_effective: bool


@router.post("/account-days", response_model=DayHeld, summary="Account for a day: every indicator, every gap")
def hold_to_account(caller: CallerNow, chosen: OneDay) -> Response:
    """Held twice, the day's numbers are written anew and no gap is opened twice."""
    day = day_of(caller, chosen.day)

    def run() -> Said:
        with caller.request.app.state.long_work.begin():
            held = flow.hold_to_account(caller.store, day=day, actor=caller.actor, now=caller.now)
        return Said(asdict(held))

    return flow_once(caller, run)


@router.get(
    "/scores",
    response_model=ScoresShown,
    summary="Every indicator of a day in your areas",
    openapi_extra=purposes_of("accountability"),
)
def read_scores(
    look: Annotated[Look, Depends(looks_for("accountability", opens="scorecard"))],
    day: date | None = None,
    area: Annotated[str | None, Query(max_length=50, description="The code of the area to stay within.")] = None,
) -> Response:
    """Small counts are held back over the whole city at once, and so is what would tell them."""
    caller, number = look.caller, day_of(look.caller, day)
    scope = stay_within(look, area, table="scorecard")
    scores = account.read_shown_scorecard(caller.store.desk, number, scope=scope, policy=rules_of(caller))
    body = {"day": calendar_day(number), "rows": scores.to_pylist()}
    return answer(caller.request, body, language=caller.language)


@router.get(
    "/overview",
    response_model=Overview,
    summary="How many of everything there are in your areas",
    openapi_extra=purposes_of("accountability"),
)
def read_overview(request: Request, look: Accounting) -> Response:
    """Counts only."""
    whole = account.read_shown_overview(look.caller.store.desk, scope=look.scope, policy=rules_of(look.caller))
    return answer(request, asdict(whole), language=look.caller.language)


@router.post(
    "/findings/{finding_id}/correct",
    response_model=FindingRow,
    summary="Put on record what was done about a gap",
    openapi_extra=purposes_of("accountability", "inspection"),
)
def correct_finding(request: Request, look: Correcting, finding_id: FindingNo, made: Correction) -> Response:
    """Somebody else judges its effect."""
    return _change(request, look, finding_id, lambda act: account.correct_finding(act, finding_id, proof=made.proof))


@router.post(
    "/findings/{finding_id}/prove",
    response_model=FindingRow,
    summary="Judge a correction by its effect",
    openapi_extra=purposes_of("accountability", "inspection"),
)
def prove_finding(request: Request, look: Correcting, finding_id: FindingNo, seen: Proof) -> Response:
    """The gap is closed, or open again with a new deadline."""
    rules = rules_of(look.caller)

    def prove(act: Act) -> None:
        account.prove_finding(act, finding_id, is_effective=seen.is_effective, policy=rules)

    return _change(request, look, finding_id, prove)


def _change(request: Request, look: Look, finding_id: int, step: Callable[[Act], object]) -> Response:
    caller = look.caller
    store.read_row(caller.store.desk, FINDINGS, finding_id, scope=look.scope)

    def run(act: Act) -> Said:
        check_unchanged(act, FINDINGS, finding_id, request=request)
        step(act)
        return said_row(read_row_in(act, FINDINGS, finding_id), caller)

    return act_once(caller, run)
