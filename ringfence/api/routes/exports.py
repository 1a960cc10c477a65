"""Exports: rows taken out as a file, numbered and marked; long ones need a second signature (policy 6.4)."""

from enum import Enum
from pathlib import Path as File
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

from ringfence import access, account, areas
from ringfence.api.answers import answer
from ringfence.api.caller import Caller, CallerNow, Look, looks_for, purposes_of
from ringfence.api.files import answer_file
from ringfence.api.once import Said, act_once
from ringfence.api.reach import reach_area
from ringfence.api.routes.bodies import Done, Password, shown
from ringfence.api.routes.policies import Yes
from ringfence.api.routes.sessions import address_of
from ringfence.api.rows import Key, Number
from ringfence.policy import Permission
from ringfence.store import Act

router = APIRouter(tags=["exports"])


class Container(Enum):
    """What a file can be."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"
    PARQUET = "parquet"


class ExportNames(BaseModel):
    """What can be taken out."""

    model_config = shown(names=["line_list", "tasks"])

    names: list[str]


class ExportWanted(BaseModel):
    """What is taken out, for which declared purpose, within which area (the whole city where none is named)."""

    model_config = shown(name="tasks", purpose="accountability", area="140211", filters={"status": "open"})

    name: Key
    purpose: Key
    area: Key | None = None
    filters: Annotated[dict[Key, Key], Field(max_length=20)] = {}

    def to_wanted(self, caller: Caller, *, approval_id: int | None = None) -> account.Wanted:
        """As the account reads it; NotFound for an area that is not the caller's."""
        if self.area:
            path = reach_area(caller, self.area, permission=Permission.EXPORT_MAKE)
        else:
            path = areas.top_paths(areas.read_hierarchy(caller.store.desk))[0]
        return account.Wanted(
            name=self.name,
            filters=self.filters,
            area_path=path,
            purpose_key=self.purpose,
            approval_id=approval_id,
        )


class ExportMade(ExportWanted):
    """The same with the kind of file, and the proposal that a second person signed where the export is long."""

    model_config = shown(
        name="tasks", purpose="accountability", area="140211", filters={}, container="csv", approval_id=None
    )

    container: Container = Container.CSV
    approval_id: Number | None = None


class ExportProposed(BaseModel):
    """The proposal that waits for a second signature, and how many rows it is about."""

    model_config = shown(approval_id=5, rows=12_000)

    approval_id: int
    rows: int


@router.get("/exports", response_model=ExportNames, summary="What can be taken out as a file")
def list_exports(request: Request, caller: CallerNow) -> Response:
    """Filters are those of the list of the same name."""
    return answer(request, {"names": account.list_exports()}, language=caller.language)


@router.post("/exports/proposals", response_model=ExportProposed, summary="Ask for the second signature")
def propose_export(caller: CallerNow, wanted: ExportWanted) -> Response:
    """A long export goes out once, soon after somebody else signed exactly this one."""
    asked = wanted.to_wanted(caller)
    with caller.request.app.state.long_work.begin():
        rows = account.count_export(caller.store, asked, actor=caller.actor, now=caller.now)
    export = account.plan_export(caller.store, asked, rows=rows, now=caller.now)
    return act_once(caller, lambda act: Said({"approval_id": access.propose_export(act, export), "rows": rows}))


@router.post(
    "/exports/proposals/{approval_id}/sign",
    response_model=Done,
    summary="Sign somebody else's export as the second person",
    openapi_extra=purposes_of("accountability"),
)
def sign_export(
    look: Annotated[Look, Depends(looks_for("accountability"))],
    approval_id: Annotated[Number, Path(alias="approval_id")],
    given: Yes,
) -> Response:
    """A signature is the signer's own, so their password comes with it."""
    caller = look.caller
    _confirm(caller, given.password)

    def sign(act: Act) -> Said:
        access.sign_export(act, approval_id)
        return Said({"is_done": True})

    return act_once(caller, sign)


@router.post(
    "/exports",
    response_class=FileResponse,
    summary="Take rows out as a file",
    responses={200: {"description": "The file; `Export-Number` is its number.", "content": {"text/csv": {}}}},
)
def make_export(caller: CallerNow, wanted: ExportMade) -> Response:
    """Each file made has a number and a mark of its own, and stands on the ledger: asked twice, there are two."""
    asked = wanted.to_wanted(caller, approval_id=wanted.approval_id)

    def write(path: File) -> dict[str, str]:
        with caller.request.app.state.long_work.begin():
            made = account.make_export(caller.store, asked, path=path, actor=caller.actor, now=caller.now)
        return {"Export-Number": str(made.number)}

    return answer_file(f"export.{wanted.container.value}", write)


def _confirm(caller: Caller, password: Password) -> None:
    access.confirm_password(
        caller.store,
        caller.actor.actor_id,
        password=password,
        address=address_of(caller.request),
        now=caller.now,
    )
