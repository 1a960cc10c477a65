"""Links that are not certain: pairs side by side, decided by somebody and undone as easily (policy 2.6)."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, Field

from ringfence import intake, link
from ringfence.api.answers import answer
from ringfence.api.caller import Look, looks_for, purposes_of
from ringfence.api.once import Said, act_once
from ringfence.api.routes.bodies import shown
from ringfence.api.rows import Number
from ringfence.link import CERTAIN, Verdict
from ringfence.store import MOST_ROWS, Act
from ringfence.terms import LinkAnswer, from_us

router = APIRouter(tags=["links"])

Linking = Annotated[Look, Depends(looks_for("linking"))]
LINKING = purposes_of("linking")
ReviewNo = Annotated[Number, Path(alias="review_no")]
Most = Annotated[int, Query(ge=1, le=MOST_ROWS, description="The most rows.")]


class ReviewRow(BaseModel):
    """A pair somebody has to look at: the number of a row, and whom the model took it for."""

    model_config = shown(
        review_no=3,
        person_no=20_000_017,
        candidate_no=4711,
        batch_no=9,
        probability=0.71,
        weight=4.2,
        margin=1.1,
        model="han-1",
    )

    review_no: int
    person_no: int
    candidate_no: int
    batch_no: int
    probability: float
    weight: float | None
    margin: float | None
    model: str


class Reviews(BaseModel):
    """The open pairs, the likeliest first."""

    model_config = shown(rows=[ReviewRow.model_config["json_schema_extra"]["examples"][0]])  # type: ignore[index]

    rows: list[ReviewRow]


class DecidedRow(BaseModel):
    """A decision that can be taken back."""

    model_config = shown(
        review_no=3,
        person_no=20_000_017,
        candidate_no=4711,
        probability=0.71,
        model="han-1",
        status="same",
        decided_by="steward-1",
        decided_at="2022-03-01T04:00:00Z",
    )

    review_no: int
    person_no: int
    candidate_no: int
    probability: float
    model: str
    status: Verdict
    decided_by: str
    decided_at: datetime


class Decided(BaseModel):
    """The decisions, the last first."""

    model_config = shown(rows=[DecidedRow.model_config["json_schema_extra"]["examples"][0]])  # type: ignore[index]

    rows: list[DecidedRow]


class PairField(BaseModel):
    """What is written of the two in one field, and its weight; field `prior` weighs before anything is compared."""

    model_config = shown(field="birth_date", row="1980-01-01", candidate="1980-01-10", bits=4.61)

    field: str
    row: str
    candidate: str
    bits: float | None = None


class PairShown(BaseModel):
    """An open pair side by side."""

    model_config = shown(
        review_no=3,
        fields=[PairField.model_config["json_schema_extra"]["examples"][0]],  # type: ignore[index]
    )

    review_no: int
    fields: list[PairField]


class PersonWritten(BaseModel):
    """What a form says of somebody; all of it may be empty."""

    model_config = shown(name="王建国", sex="male", birth_date="1949-12-31", id_number="", phone="", address="")

    name: str = Field("", max_length=200)
    sex: str = Field("", max_length=20)
    birth_date: str = Field("", max_length=20)
    id_number: str = Field("", max_length=40)
    phone: str = Field("", max_length=40)
    address: str = Field("", max_length=300)


class WhoItIs(BaseModel):
    """Who that is, and what the answer rests on; before an order, somebody asks unless it is certain."""

    model_config = shown(
        answer="person",
        person_no=4711,
        household_no=88,
        probability=0.9998,
        how="id_and_name",
        is_certain=True,
        model="han-3",
    )

    answer: LinkAnswer
    person_no: int | None
    household_no: int | None
    probability: float | None
    how: str
    is_certain: bool
    model: str


class Ruling(BaseModel):
    """What somebody says of a pair."""

    model_config = shown(verdict="same")

    verdict: Verdict


class ReviewStands(BaseModel):
    """How a pair stands now."""

    model_config = shown(review_no=3, status="same")

    review_no: int
    status: str


class Band(BaseModel):
    """Decided pairs of a tenth of stated probability: what was stated on average, what was true."""

    model_config = shown(stated_from=0.7, pairs=40, stated=0.74, true=0.7)

    stated_from: float
    pairs: int
    stated: float
    true: float


class Calibration(BaseModel):
    """What the model stated, against what was decided since."""

    model_config = shown(bands=[Band.model_config["json_schema_extra"]["examples"][0]])  # type: ignore[index]

    bands: list[Band]


@router.post(
    "/link-answers",
    response_model=WhoItIs,
    summary="Who one row is about, while somebody waits; the look is on record",
    openapi_extra=LINKING,
)
def ask_who(look: Linking, written: PersonWritten) -> Response:
    """As linking answers a list. Nothing is kept of what was asked."""
    caller = look.caller
    found = intake.ask_who(caller.store, written.model_dump(), actor=caller.actor, now=caller.now)
    body = {name: found[name] for name in ("answer", "probability", "how", "model")}
    body |= {"person_no": found["person_id"], "household_no": found["household_id"]}
    told = answer(caller.request, body | {"is_certain": found["how"] in CERTAIN}, language=caller.language)
    told.headers["Cache-Control"] = "no-store"
    return told


@router.get(
    "/link-reviews", response_model=Reviews, summary="Pairs that somebody has to look at", openapi_extra=LINKING
)
def list_reviews(look: Linking, most: Most = 50) -> Response:
    """By number; who they are is shown one pair at a time."""
    caller = look.caller
    rows = caller.store.act(lambda act: link.list_reviews(act, most=most), actor=caller.actor, now=caller.now)
    return answer(caller.request, {"rows": [_cut(row, ReviewRow) for row in rows]}, language=caller.language)


@router.get("/link-decisions", response_model=Decided, summary="What was decided of such pairs", openapi_extra=LINKING)
def list_decided(look: Linking, most: Most = 50) -> Response:
    """Each can be taken back."""
    caller = look.caller
    rows = caller.store.act(lambda act: link.list_decided(act, most=most), actor=caller.actor, now=caller.now)
    said = [
        {name: row[name] for name in DecidedRow.model_fields} | {"decided_at": from_us(row["decided_at"])}
        for row in rows
    ]
    return answer(caller.request, {"rows": said}, language=caller.language)


@router.get(
    "/link-reviews/{review_no}",
    response_model=PairShown,
    summary="What is written of both, side by side; the look is on record",
    openapi_extra=LINKING,
)
def show_pair(look: Linking, review_no: ReviewNo) -> Response:
    """Only while the pair is open: what was decided needs nobody's look."""
    caller = look.caller
    pair = caller.store.act(lambda act: link.read_open_review(act, review_no), actor=caller.actor, now=caller.now)
    numbers = [pair["person_no"], pair["candidate_no"]]
    people = caller.store.read_people(numbers, purpose=look.purpose, actor=caller.actor, now=caller.now)
    body = {"review_no": review_no, "fields": link.show_pair(pair, people)}
    found = answer(caller.request, body, language=caller.language)
    found.headers["Cache-Control"] = "no-store"
    return found


@router.post(
    "/link-reviews/{review_no}/decide",
    response_model=ReviewStands,
    summary="Whether the two are one person",
    openapi_extra=LINKING,
)
def decide_review(look: Linking, review_no: ReviewNo, ruling: Ruling) -> Response:
    """The same: whatever asks for one finds the other, until it is taken back."""

    def decide(act: Act) -> Said:
        link.decide_review(act, review_no, verdict=ruling.verdict)
        return Said({"review_no": review_no, "status": ruling.verdict})

    return act_once(look.caller, decide)


@router.post(
    "/link-reviews/{review_no}/undo",
    response_model=ReviewStands,
    summary="Take a decision back",
    openapi_extra=LINKING,
)
def undo_review(look: Linking, review_no: ReviewNo) -> Response:
    """Both numbers are who they were, and the pair waits again."""

    def undo(act: Act) -> Said:
        link.undo_review(act, review_no)
        return Said({"review_no": review_no, "status": "open"})

    return act_once(look.caller, undo)


@router.get(
    "/link-calibration",
    response_model=Calibration,
    summary="What the model stated, against what was decided",
    openapi_extra=LINKING,
)
def read_calibration(look: Linking) -> Response:
    """Counts and shares only, by tenths."""
    caller = look.caller
    bands = caller.store.act(link.read_calibration, actor=caller.actor, now=caller.now)
    return answer(caller.request, {"bands": [asdict(band) for band in bands]}, language=caller.language)


def _cut(row: Mapping[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    return {name: row[name] for name in model.model_fields}
