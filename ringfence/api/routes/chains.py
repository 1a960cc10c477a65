"""Who probably infected whom, and how it spreads, for epidemiologists alone (policy 2.2, 6.4)."""

from dataclasses import asdict
from datetime import date
from typing import Annotated

import pyarrow as pa
from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel

from ringfence import flow
from ringfence.api.answers import answer
from ringfence.api.caller import Look, looks_for, purposes_of
from ringfence.api.routes.bodies import shown
from ringfence.terms import calendar_day
from ringfence.trace import Chains

router = APIRouter(tags=["responses"])

PURPOSE = "tracing"

Tracing = Annotated[Look, Depends(looks_for(PURPOSE))]
Disease = Annotated[str, Path(max_length=100, pattern=r"^\w+$", examples=["covid19"])]


class Candidate(BaseModel):
    """Whom a case may have its infection from; `infector` is empty for nobody known, `rule` for no meeting known."""

    model_config = shown(case_no=12, infector=7, probability=0.82, interval_days=4, rule="same_place")

    case_no: int
    infector: int | None
    probability: float
    interval_days: int | None
    rule: str | None


class Place(BaseModel):
    """A case's place in the tree of most probable infectors: the case its cluster begins with is generation 0."""

    model_config = shown(case_no=12, cluster=7, generation=1)

    case_no: int
    cluster: int
    generation: int


class DayOfOnset(BaseModel):
    """How many each case of a day of onset infected; `share_seen` of those have had time to fall ill."""

    model_config = shown(day="2022-03-01", cases=3, reproduction=1.4, low=0.6, high=2.3, share_seen=0.97)

    day: date
    cases: int
    reproduction: float
    low: float
    high: float
    share_seen: float


class Estimated(BaseModel):
    """A number with its 95 % interval."""

    model_config = shown(value=1.6, low=1.1, high=2.4)

    value: float
    low: float
    high: float


class SpreadShown(BaseModel):
    """How many an early case infected, and how unevenly: below a dispersion of one, few infect most."""

    model_config = shown(
        cases=18,
        reproduction={"value": 1.6, "low": 1.1, "high": 2.4},
        dispersion={"value": 0.4, "low": 0.1, "high": 1.3},
    )

    cases: int
    reproduction: Estimated
    dispersion: Estimated


class Setting(BaseModel):
    """Of those exposed by a rule, how many fell ill later."""

    model_config = shown(rule="household", exposed=40, infected=9, rate=0.225, low=0.12, high=0.37)

    rule: str
    exposed: int
    infected: int
    rate: float
    low: float
    high: float


class ChainsShown(BaseModel):
    """The chains of a disease in the caller's areas; `linked` cases have an infector who is more likely than not."""

    model_config = shown(
        disease="covid19",
        first_day="2021-12-31",
        until_day="2022-03-01",
        cases=1,
        linked=1,
        infectors=[Candidate.model_config["json_schema_extra"]["examples"][0]],  # type: ignore[index]
        generations=[Place.model_config["json_schema_extra"]["examples"][0]],  # type: ignore[index]
        reproduction=[DayOfOnset.model_config["json_schema_extra"]["examples"][0]],  # type: ignore[index]
        spread=SpreadShown.model_config["json_schema_extra"]["examples"][0],  # type: ignore[index]
        attack_rates=[Setting.model_config["json_schema_extra"]["examples"][0]],  # type: ignore[index]
    )

    disease: str
    first_day: date
    until_day: date
    cases: int
    linked: int
    infectors: list[Candidate]
    generations: list[Place]
    reproduction: list[DayOfOnset]
    spread: SpreadShown | None
    attack_rates: list[Setting]


@router.get(
    "/chains/{disease}",
    response_model=ChainsShown,
    summary="Who probably infected whom, by case number, and how many each day's cases infected",
    openapi_extra=purposes_of(PURPOSE),
)
def show_chains(request: Request, look: Tracing, disease: Disease) -> Response:
    """Nothing changes but the look, which is on the ledger before anything is answered."""
    caller = look.caller
    with request.app.state.long_work.begin():
        found = flow.read_chains(caller.store, disease=disease, purpose_key=PURPOSE, actor=caller.actor, now=caller.now)
    return answer(request, _say(found), language=caller.language)


def _say(found: Chains) -> dict[str, object]:
    return {
        "disease": found.disease,
        "first_day": calendar_day(found.first_day).isoformat(),
        "until_day": calendar_day(found.until_day).isoformat(),
        "cases": found.cases.num_rows,
        "linked": found.linked,
        "infectors": found.infectors.to_pylist(),
        "generations": found.generations.to_pylist(),
        "reproduction": _with_days(found.reproduction),
        "spread": asdict(found.spread) if found.spread else None,
        "attack_rates": found.attack_rates.to_pylist(),
    }


def _with_days(rows: pa.Table) -> list[dict[str, object]]:
    return [{**row, "day": calendar_day(row["day"]).isoformat()} for row in rows.to_pylist()]
