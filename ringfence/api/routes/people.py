"""People: the sheet of all that is held about one, and what the units are to tell those below the cut (policy 2.6)."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, Field

from ringfence import account, redress
from ringfence.api.answers import answer
from ringfence.api.caller import Look, looks_for, purposes_of, rules_of
from ringfence.api.routes.bodies import shown
from ringfence.api.rows import Number

router = APIRouter(tags=["people"])

TELLING = ("outreach", "accountability")


class SheetWanted(BaseModel):
    """Where the links on the sheet are opened, such as https://city.example/contest#."""

    model_config = shown(address="https://city.example/contest#")

    address: str = Field("", max_length=500, pattern=r"^(https?://[^\s\"'<>\x00]*)?$")


class SheetShown(BaseModel):
    """The sheet as one HTML page to print, in both languages."""

    model_config = shown(person_no=4711, page="<!doctype html>…")

    person_no: int
    page: str


class ProposedMessage(BaseModel):
    """How many people a unit is to tell because of one signal; null where these are too few to be told."""

    model_config = shown(signal_id=12, owner="140211-grid-03", people=17, proposed_at="2022-03-01T04:00:00Z")

    signal_id: int
    owner: str
    people: int | None
    proposed_at: datetime


class ProposedMessages(BaseModel):
    """What the units of one's areas are to tell, the oldest proposal first."""

    model_config = shown(
        rows=[ProposedMessage.model_config["json_schema_extra"]["examples"][0]]  # type: ignore[index]
    )

    rows: list[ProposedMessage]


@router.post(
    "/people/{person_no}/sheets",
    response_model=SheetShown,
    summary="What is held about a person, why, who looked, until when, how to contest",
    openapi_extra=purposes_of("dispute"),
)
def write_sheet(
    look: Annotated[Look, Depends(looks_for("dispute"))],
    person_no: Annotated[Number, Path(alias="person_no")],
    wanted: SheetWanted,
) -> Response:
    """The person is entitled to it; gathering it is a look like any other, and stands at its end."""
    caller = look.caller
    page = redress.write_held_sheet(caller.store, person_no, address=wanted.address, actor=caller.actor, now=caller.now)
    found = answer(caller.request, {"person_no": person_no, "page": page}, language=caller.language)
    found.headers["Cache-Control"] = "no-store"
    return found


@router.get(
    "/proposed-messages",
    response_model=ProposedMessages,
    summary="What the units of your areas are to tell those below the cut",
    openapi_extra=purposes_of(*TELLING),
)
def list_messages(look: Annotated[Look, Depends(looks_for(*TELLING, opens="unit"))]) -> Response:
    """Counts only: nobody is named, and nothing is sent."""
    caller = look.caller
    rows = [
        asdict(one) for one in account.read_shown_messages(caller.store.desk, scope=look.scope, policy=rules_of(caller))
    ]
    return answer(caller.request, {"rows": rows}, language=caller.language)
