"""From verified signals to worklists: the ring of a signal, drawn, shown and responded to (policy 2.2, 2.3)."""

from dataclasses import asdict
from typing import Annotated

import pyarrow as pa
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from ringfence import flow, signals, store, trace
from ringfence.api.answers import answer
from ringfence.api.caller import Look, looks_for, purposes_of
from ringfence.api.lists import add_list
from ringfence.api.once import Said, flow_once
from ringfence.api.routes.bodies import Numbers, shown
from ringfence.api.rows import Number
from ringfence.response import Traceable
from ringfence.signals import CASES, SIGNALS
from ringfence.store import MOST_ROWS
from ringfence.trace import SIGNAL_EXPOSURES

router = APIRouter(tags=["responses"])

SEED = 20_220_301

LISTED = {Traceable.SIGNAL: SIGNALS, Traceable.CASE: CASES}
"""What a reader has to see before its ring is drawn; a person or place is judged where it is traced."""

Verifying = Annotated[Look, Depends(looks_for("verification"))]
Tracing = Annotated[Look, Depends(looks_for("tracing"))]

add_list(
    router,
    "/exposures",
    SIGNAL_EXPOSURES,
    purposes=("tracing", "outreach", "accountability"),
    summary="Who and what a signal exposed, as the list of the day ranks them",
    single="One exposure",
)


class Wanted(BaseModel):
    """The signals to respond to; the seed draws the lot among equals and is kept with the response."""

    model_config = shown(signals=[12], seed=SEED)

    signals: Numbers
    seed: int = Field(SEED, ge=0, le=2**63 - 1)


class OneResponse(BaseModel):
    """What a response did: found = listed + below, and tasks serve one or more of the listed.

    `expected_missed` is the share of the cases' infections that the lists are expected to miss. For whoever may not
    trace, null where those below the cut are too few to be told.
    """

    model_config = shown(
        signals=1,
        found=52,
        listed=40,
        below=12,
        expected_missed=0.21,
        tasks=31,
        observations=0,
        missing_rules=[],
        seed=SEED,
    )

    signals: int
    found: int | None
    listed: int
    below: int | None
    expected_missed: float | None
    tasks: int
    observations: int
    missing_rules: list[str]
    seed: int


class Responses(BaseModel):
    """One response for each protocol in force on the days of the cases."""

    model_config = shown(responses=[OneResponse.model_config["json_schema_extra"]["examples"][0]])  # type: ignore[index]

    responses: list[OneResponse]


class Ways(BaseModel):
    """Which way is looked, for which disease (the one laboratories test for, where none is named), how many rows."""

    model_config = ConfigDict(extra="forbid")

    direction: trace.Direction = trace.Direction.FORWARD
    disease: str = Field("", max_length=100, pattern=r"^\w*$")
    most: int = Field(50, ge=1, le=MOST_ROWS)


class RingRow(BaseModel):
    """Somebody or something at risk, before anything is done about it."""

    model_config = shown(
        subject_kind="person", subject=4711, ring=1, rules="same_place", minutes=35, weight=0.8, area_path="14/1402/"
    )

    subject_kind: str
    subject: int
    ring: int
    rules: str
    minutes: int
    weight: float
    area_path: str


class RingShown(BaseModel):
    """How many are at risk in all, the heaviest of them, and the rules of the protocol that nobody has yet."""

    model_config = shown(
        found=1,
        rows=[RingRow.model_config["json_schema_extra"]["examples"][0]],  # type: ignore[index]
        missing_rules=["same_seat_rows"],
    )

    found: int
    rows: list[RingRow]
    missing_rules: list[str]


@router.post(
    "/responses",
    response_model=Responses,
    summary="Put everybody at risk on a list, or into the count below the cut",
    openapi_extra=purposes_of("verification"),
)
def respond(look: Verifying, wanted: Wanted) -> Response:
    """Every signal has to be verified; a positive pool recalls its members. Asked twice, nothing is opened twice."""
    caller = look.caller
    store.check_listed(caller.store.desk, SIGNALS, wanted.signals, scope=look.scope)

    def work() -> Said:
        with caller.request.app.state.long_work.begin():
            chosen = caller.store.act(
                lambda act: [signals.read_signal(act, number) for number in wanted.signals],
                actor=caller.actor,
                now=caller.now,
            )
            done = flow.respond(caller.store, chosen, actor=caller.actor, now=caller.now, seed=wanted.seed)
        return Said({"responses": [asdict(one) for one in done]})

    return flow_once(caller, work)


@router.get(
    "/rings/{what}/{number}",
    response_model=RingShown,
    summary="Who is at risk from a signal, case, person or place; nothing changes but the look on the ledger",
    openapi_extra=purposes_of("tracing"),
)
def show_ring(
    request: Request, look: Tracing, what: Traceable, number: Number, asked: Annotated[Ways, Query()]
) -> Response:
    """Forward: whom it may have infected; backward: from where it came; persons and places for a disease."""
    caller = look.caller
    if what in LISTED:
        store.read_row(caller.store.desk, LISTED[what], number, scope=look.scope)
    with caller.request.app.state.long_work.begin():
        ring = flow.preview(
            caller.store,
            number,
            what=what,
            directions=[asked.direction],
            disease=asked.disease,
            actor=caller.actor,
            now=caller.now,
        )
    body = {
        "found": ring.exposed.num_rows,
        "rows": _heaviest(ring.exposed, asked.most),
        "missing_rules": list(ring.missing_rules),
    }
    return answer(request, body, language=caller.language)


def _heaviest(exposed: pa.Table, most: int) -> list[dict[str, object]]:
    ranked = trace.rank(exposed.select(trace.EXPOSURES.names), seed=SEED).exposures.slice(0, most)
    where = exposed.select(["signal", "subject_kind", "subject", "area_path"])
    rows: pa.Table = ranked.join(where, ["signal", "subject_kind", "subject"]).sort_by("position")
    return rows.select(list(RingRow.model_fields)).to_pylist()  # type: ignore[no-any-return]
