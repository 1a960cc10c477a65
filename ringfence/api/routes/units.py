"""Units and their people from a workbook, and the one-time links that let people and phones in (policy 6.4)."""

from pathlib import Path as File
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel

from ringfence import access, store, work
from ringfence.access import RowProblem
from ringfence.api.answers import answer, say_value
from ringfence.api.caller import Caller, Look, looks_for, purposes_of
from ringfence.api.once import Said, act_once
from ringfence.api.routes.bodies import Count, Done, shown
from ringfence.api.routes.feeds import keep_file
from ringfence.api.rows import Key, SaidReason
from ringfence.store import Act
from ringfence.work import UNITS

router = APIRouter(tags=["users"])

Administering = Annotated[Look, Depends(looks_for("administration"))]
ADMINISTERING = purposes_of("administration")
UserId = Annotated[Key, Path(alias="user_id")]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORKBOOK_BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}
}


class BookProblem(BaseModel):
    """A row of the workbook that cannot be used, and why."""

    model_config = shown(
        sheet="people",
        row=17,
        problem={"code": "empty_field", "values": {"column": "unit_id"}, "sentence": "'unit_id' is empty"},
    )

    sheet: str
    row: int
    problem: SaidReason


class BookArrived(BaseModel):
    """What became of a workbook: where `problems` are, nothing of it was put in.

    `tokens` are the one-time links of those who have no password or PIN yet, said this once.
    """

    model_config = shown(units=12, people=80, problems=[], tokens={"worker-0012": "vN3o…"})

    units: int
    people: int
    problems: list[BookProblem]
    tokens: dict[str, str]


class LinkMade(BaseModel):
    """The token of a one-time link, said this once."""

    model_config = shown(token="vN3o…")  # noqa: S106 - an example opens nothing

    token: str


@router.post(
    "/units/workbooks",
    response_model=BookArrived,
    summary="Put the units and people of a workbook in, all or none",
    openapi_extra={**WORKBOOK_BODY, **ADMINISTERING},
)
def import_units(look: Administering, path: Annotated[File, Depends(keep_file)]) -> Response:
    """The sheets 'units' and 'people'; sent again, whoever has a password or PIN keeps it."""
    caller = look.caller
    book = access.read_units_book(caller.store.desk, path)
    tokens: dict[str, str] = {}
    if not book.problems:

        def put(act: Act) -> dict[str, str]:
            if book.units:
                work.put_units(act, book.units)
            return access.put_members(act, book.members, clock=caller.store.clock)

        tokens = caller.store.act(put, actor=caller.actor, now=caller.now)
    problems = [_spoken(one, caller) for one in book.problems]
    body = {"units": len(book.units), "people": len(book.members), "problems": problems, "tokens": tokens}
    return _answer_secret(caller, body)


@router.post(
    "/users/{user_id}/links",
    response_model=LinkMade,
    summary="Make an account's one-time link to choose a password or PIN with",
    openapi_extra=ADMINISTERING,
)
def make_link(look: Administering, user_id: UserId) -> Response:
    """In place of any made before."""
    caller = look.caller
    tokens = caller.store.act(
        lambda act: access.make_links(act, [user_id], clock=caller.store.clock), actor=caller.actor, now=caller.now
    )
    return _answer_secret(caller, {"token": tokens[user_id]})


@router.post(
    "/units/{unit_id}/phone-links",
    response_model=LinkMade,
    summary="Make a one-time link that registers a phone shared by a unit",
    openapi_extra=purposes_of("administration", "outreach"),
)
def make_phone_link(
    look: Annotated[Look, Depends(looks_for("administration", "outreach", opens="unit"))],
    unit_id: Annotated[Key, Path(alias="unit_id")],
) -> Response:
    """For who sees the unit and may edit its roster."""
    caller = look.caller
    store.read_row(caller.store.desk, UNITS, unit_id, scope=look.scope)
    token = caller.store.act(
        lambda act: access.make_device_link(act, unit_id, clock=caller.store.clock),
        actor=caller.actor,
        now=caller.now,
    )
    return _answer_secret(caller, {"token": token})


@router.post(
    "/users/{user_id}/sign-out",
    response_model=Count,
    summary="End every session of an account",
    openapi_extra=ADMINISTERING,
)
def sign_out(look: Administering, user_id: UserId) -> Response:
    """How many there were."""
    return act_once(look.caller, lambda act: Said({"count": access.sign_out_everywhere(act, user_id)}))


@router.post(
    "/users/{user_id}/forgiveness",
    response_model=Done,
    summary="Let an account try again at once after wrong passwords or PINs",
    openapi_extra=ADMINISTERING,
)
def forgive(look: Administering, user_id: UserId) -> Response:
    """The wrong tries stay on the ledger."""

    def run(act: Act) -> Said:
        access.forgive_failures(act, user_id)
        return Said({"is_done": True})

    return act_once(look.caller, run)


def _answer_secret(caller: Caller, body: dict[str, object]) -> Response:
    """An answer that is kept nowhere: not by a browser, not under a key of the request."""
    found = answer(caller.request, body, language=caller.language)
    del found.headers["ETag"]
    found.headers["Cache-Control"] = "no-store"
    return found


def _spoken(one: RowProblem, caller: Caller) -> dict[str, object]:
    return {"sheet": one.sheet, "row": one.row, "problem": say_value(one.reason, caller.language)}
