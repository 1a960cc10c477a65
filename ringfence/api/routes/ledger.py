"""The ledger: who did and who looked, checked whole, its heads signed for a custodian; and forgetting (policy 6.4)."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from ringfence import access, stewardship
from ringfence.api.answers import answer
from ringfence.api.caller import Caller, CallerNow, Look
from ringfence.api.lists import add_list
from ringfence.api.once import Said, flow_once
from ringfence.api.routes.bodies import MOST_AT_ONCE, shown
from ringfence.api.rows import Number
from ringfence.errors import InputRefused
from ringfence.policy import Permission
from ringfence.store import EVERYWHERE, LEDGER, Act, Page
from ringfence.terms import RecordKind, day_number

router = APIRouter(tags=["ledger"])

SealedHead = Annotated[str, Field(min_length=1, max_length=4_000)]


class Witnessed(BaseModel):
    """Signed heads that a custodian kept; each must still stand in the ledger."""

    model_config = shown(heads=[])

    heads: Annotated[list[SealedHead], Field(max_length=MOST_AT_ONCE)] = []


class Verified(BaseModel):
    """That every line was recomputed and holds."""

    model_config = shown(chains=1, lines=93_000, witnessed=0)

    chains: int
    lines: int
    witnessed: int


class Heads(BaseModel):
    """The ledger's heads as signed texts, for a second custodian to keep."""

    model_config = shown(heads=["0oRD…"])

    heads: list[str]


class Forgetting(BaseModel):
    """Which records to let go of: of a kind before a day, or of a kind about some persons."""

    model_config = shown(kind="visit", before="2022-02-01", people=[])

    kind: RecordKind
    before: date | None = None
    people: Annotated[list[Number], Field(max_length=MOST_AT_ONCE)] = []


class Forgotten(BaseModel):
    """How many records are gone, and how many files were replaced or removed."""

    model_config = shown(rows=1200, files=3)

    rows: int
    files: int


def _check_can(caller: Caller, permission: Permission, action: str) -> None:
    def check(act: Act) -> None:
        access.check_can(act, permission, area_path=EVERYWHERE)
        act.note(action)

    caller.store.act(check, actor=caller.actor, now=caller.now)


def _put_look_on_record(look: Look, page: Page) -> None:
    def note(act: Act) -> None:
        access.check_can(act, Permission.LEDGER_READ, area_path=EVERYWHERE)
        act.note("ledger.read", purpose=look.purpose, count=len(page.rows))

    look.caller.store.act(note, actor=look.caller.actor, now=look.caller.now)


add_list(
    router,
    "/ledger",
    LEDGER,
    purposes=("audit",),
    summary="Who did and who looked, the newest first; ids stay sealed, and this look is a line too",
    on_look=_put_look_on_record,
)


@router.post("/ledger/verification", response_model=Verified, summary="Recompute every line of the ledger")
def verify_ledger(caller: CallerNow, witnessed: Witnessed) -> Response:
    """With a custodian's heads, also that its end is all there."""
    _check_can(caller, Permission.LEDGER_VERIFY, "ledger.verifying")
    with caller.request.app.state.long_work.begin():
        heads = stewardship.verify_ledger(caller.store, witnessed=witnessed.heads, now=caller.now)
    body = {"chains": len(heads), "lines": sum(head.seq for head in heads), "witnessed": len(witnessed.heads)}
    return answer(caller.request, body, language=caller.language)


@router.post("/ledger/heads", response_model=Heads, summary="Sign the ledger's heads for a second custodian")
def sign_heads(caller: CallerNow) -> Response:
    """Whoever keeps them can tell later that nothing was cut off."""
    _check_can(caller, Permission.LEDGER_VERIFY, "ledger.signing_heads")
    heads = stewardship.sign_heads(caller.store, actor=caller.actor, now=caller.now)
    return answer(caller.request, {"heads": heads}, language=caller.language)


@router.post("/forgetting", response_model=Forgotten, summary="Let go of records in every copy")
def forget(caller: CallerNow, chosen: Forgetting) -> Response:
    """Of a kind before a day, or about persons: one of the two."""
    if (chosen.before is None) == (not chosen.people):
        raise InputRefused("say which {kind} records: before a day, or about which persons", kind=chosen.kind)
    before_day = None if chosen.before is None else day_number(chosen.before)

    def run() -> Said:
        gone = stewardship.forget(
            caller.store,
            chosen.kind,
            before_day=before_day,
            people=chosen.people,
            actor=caller.actor,
            now=caller.now,
        )
        return Said({"rows": gone.rows, "files": len(gone.files)})

    return flow_once(caller, run)


@router.post("/retention", response_model=Forgotten, summary="Let go of everything past its time")
def keep_retention(caller: CallerNow) -> Response:
    """What the retention policy says is long enough."""
    _check_can(caller, Permission.PEOPLE_FORGET, "retention.asked")

    def run() -> Said:
        gone = stewardship.keep_retention(caller.store, actor=caller.actor, now=caller.now)
        return Said({"rows": gone.rows, "files": len(gone.files) + len(gone.parts)})

    return flow_once(caller, run)
