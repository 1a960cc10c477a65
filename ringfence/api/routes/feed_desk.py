"""How each department sends its files, which are due, and a file taken back (policy 6.1)."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path as File
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, Field

from ringfence import feeds, flow, stewardship
from ringfence.api.answers import answer
from ringfence.api.caller import CallerNow, Look, looks_for, purposes_of
from ringfence.api.once import Said, flow_once
from ringfence.api.routes.bodies import shown
from ringfence.api.routes.feeds import CSV_BODY, keep_file
from ringfence.api.rows import Key, Number
from ringfence.policy import read_in_force

router = APIRouter(tags=["feeds"])

LONGEST_DECLARATION = 100_000


class Declaration(BaseModel):
    """The text of a feed (TOML): how a department sends its files, and under which contract."""

    model_config = shown(text='name = "hospital_cases"\nformat = "case_line_list"\n')

    text: str = Field(min_length=1, max_length=LONGEST_DECLARATION, pattern=r"^[^\x00]+$")


class FeedDeclared(BaseModel):
    """The name its files are sent under from now on, and their format."""

    model_config = shown(feed="hospital_cases", format="case_line_list")

    feed: str
    format: str


class FeedSuggested(BaseModel):
    """The text of a feed as far as a file tells it; in `unsure` what nobody should take for granted."""

    model_config = shown(text='feed = "hospital_cases"\n', format="case_line_list", unsure=["onset_date"])

    text: str
    format: str
    unsure: list[str]


class FeedProposed(BaseModel):
    """The text of a feed for what a system exports."""

    model_config = shown(system="sormas_contacts", text='name = "sormas_contacts"\n')

    system: str
    text: str


class FeedRow(BaseModel):
    """A feed in force, with its contract."""

    model_config = shown(
        feed="hospital_cases",
        format="case_line_list",
        department="health",
        purpose="verification",
        retention="retention.case",
        basis="Law on the Prevention and Treatment of Infectious Diseases, article 41",
    )

    feed: str
    format: str
    department: str
    purpose: str
    retention: str
    basis: str


class DeclaredFeeds(BaseModel):
    """The feeds in force, by name."""

    model_config = shown(rows=[FeedRow.model_config["json_schema_extra"]["examples"][0]])  # type: ignore[index]

    rows: list[FeedRow]


class FeedDue(BaseModel):
    """A feed that is due at times: the deadline that passed last, the last file, how many deadlines went by."""

    model_config = shown(
        feed="hospital_cases",
        due_at="2022-03-01T00:00:00Z",
        last_at="2022-02-28T23:40:00Z",
        missed=0,
        punctuality="in_time",
    )

    feed: str
    due_at: datetime
    last_at: datetime | None
    missed: int
    punctuality: feeds.Punctuality


class FeedsDue(BaseModel):
    """Every feed that is due at times."""

    model_config = shown(rows=[FeedDue.model_config["json_schema_extra"]["examples"][0]])  # type: ignore[index]

    rows: list[FeedDue]


class BatchWithdrawn(BaseModel):
    """What went with a batch; the files of `send_again` had rows that it had brought before them."""

    model_config = shown(batch_no=9, signals=[12], cases=[], people=3, send_again=[10])

    batch_no: int
    signals: list[int]
    cases: list[int]
    people: int
    send_again: list[int]


@router.get("/declared-feeds", response_model=DeclaredFeeds, summary="The feeds in force, each with its contract")
def list_feeds(request: Request, caller: CallerNow) -> Response:
    """Anybody signed in may know what is collected for what."""
    in_force = feeds.read_feeds(caller.store.desk, policy=read_in_force(caller.store.desk, now=caller.now))
    contracts = [(one.feed.name, one.feed.declared.name, one.feed.declared.contract) for one in in_force.values()]
    rows = [
        {"feed": name, "format": form, **{part: getattr(contract, part) for part in _PARTS}}
        for name, form, contract in contracts
    ]
    return answer(request, {"rows": rows}, language=caller.language)


_PARTS = ("department", "purpose", "retention", "basis")


@router.post("/declared-feeds", response_model=FeedDeclared, summary="Put the text of a feed in force")
def declare_feed(caller: CallerNow, sent: Declaration) -> Response:
    """From now on its files are received under its name."""

    def run() -> Said:
        feed = stewardship.declare_feed(caller.store, sent.text, actor=caller.actor, now=caller.now)
        return Said({"feed": feed.name, "format": feed.declared.name})

    return flow_once(caller, run)


@router.post(
    "/feed-suggestions",
    response_model=FeedSuggested,
    summary="Propose the text of a feed from a file's headers and first rows, for a person to confirm",
    openapi_extra={**CSV_BODY, **purposes_of("receiving")},
)
def suggest_feed(
    look: Annotated[Look, Depends(looks_for("receiving"))], path: Annotated[File, Depends(keep_file)]
) -> Response:
    """Nothing of the file is kept, and nothing but its headers and code words is shown."""
    caller = look.caller
    found = feeds.suggest_feed(path, policy=read_in_force(caller.store.desk, now=caller.now))
    body = {"text": found.text, "format": found.format, "unsure": list(found.unsure)}
    return answer(caller.request, body, language=caller.language)


@router.get(
    "/feed-proposals/{system}", response_model=FeedProposed, summary="The text of a feed for another system's exports"
)
def propose_feed(request: Request, caller: CallerNow, system: Annotated[Key, Path(alias="system")]) -> Response:
    """Column names as that system's documentation has them; a person fills in the contract."""
    return answer(request, {"system": system, "text": feeds.propose_feed(system)}, language=caller.language)


@router.post("/feed-checks", response_model=FeedsDue, summary="Which feeds are in time, late or silent")
def check_feeds(caller: CallerNow) -> Response:
    """What is noticed of them is kept once a day."""

    def run() -> Said:
        states = flow.check_feeds(caller.store, actor=caller.actor, now=caller.now)
        return Said({"rows": [asdict(one) for one in states]})

    return flow_once(caller, run)


@router.post(
    "/batches/{batch_no}/withdraw",
    response_model=BatchWithdrawn,
    summary="Take a file back, with all that stood on it alone",
    openapi_extra=purposes_of("receiving", "accountability"),
)
def withdraw_batch(
    look: Annotated[Look, Depends(looks_for("receiving", "accountability", opens="batch"))],
    batch_no: Annotated[Number, Path(alias="batch_no")],
) -> Response:
    """Its records are out of sight; signals and cases that only it justified are withdrawn."""
    caller = look.caller

    def run() -> Said:
        with caller.request.app.state.long_work.begin():
            ended = flow.withdraw_batch(caller.store, batch_no, actor=caller.actor, now=caller.now)
        return Said(asdict(ended))

    return flow_once(caller, run)
