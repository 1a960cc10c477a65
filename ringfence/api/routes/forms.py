"""What is given back as a file to work with: a superior's form filled in, rejected rows to correct (policy 7, 2.1)."""

from datetime import date
from enum import Enum
from pathlib import Path as File
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.responses import FileResponse

from ringfence import account, areas, feeds, intake
from ringfence.api.caller import Look, looks_for, purposes_of
from ringfence.api.files import answer_file
from ringfence.api.reach import stay_within
from ringfence.api.routes.feeds import keep_file
from ringfence.api.routes.follow_up import day_of
from ringfence.api.routes.units import WORKBOOK_BODY, XLSX
from ringfence.api.rows import Number
from ringfence.policy import Policy, read_in_force

router = APIRouter(tags=["forms"])

WORKBOOK_FILE = {200: {"description": "The form, filled in.", "content": {XLSX: {}}}}


class Correctable(Enum):
    """What rejected rows come back as; a feed that came as JSON Lines has no header for the others."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"


@router.post(
    "/forms",
    response_class=FileResponse,
    summary="Fill a superior's form: a workbook whose cells name indicators",
    openapi_extra={**WORKBOOK_BODY, **purposes_of("accountability")},
    responses=WORKBOOK_FILE,  # type: ignore[arg-type]
)
def fill_form(
    look: Annotated[Look, Depends(looks_for("accountability", opens="scorecard"))],
    path: Annotated[File, Depends(keep_file)],
    day: date | None = None,
    area: Annotated[str | None, Query(max_length=50, description="The code of an area; else the whole city.")] = None,
) -> Response:
    """From the scorecard of a local day, small counts held back; `Cells-Filled` says how many cells were."""
    caller = look.caller
    hierarchy = areas.read_hierarchy(caller.store.desk)
    scope = stay_within(look, area, table="scorecard")
    where = hierarchy[area].path if area else areas.top_paths(hierarchy)[0]
    rules = Policy(read_in_force(caller.store.desk, now=caller.now), day_of(caller, day))

    def write(out: File) -> dict[str, str]:
        filled = account.fill_form(
            path,
            out,
            desk=caller.store.desk,
            scope=scope.within(where),
            area=next(one for one in hierarchy.values() if one.path == where),
            areas=hierarchy,
            policy=rules,
        )
        return {"Cells-Filled": str(filled)}

    return answer_file("form.xlsx", write)


@router.post(
    "/batches/{batch_no}/rejects",
    response_class=FileResponse,
    summary="The rejected rows of a file with their reasons, to be corrected and sent again",
    openapi_extra=purposes_of("receiving"),
    responses={200: {"description": "The rows as they were written.", "content": {"text/csv": {}}}},
)
def write_rejects(
    look: Annotated[Look, Depends(looks_for("receiving"))],
    batch_no: Annotated[Number, Path(alias="batch_no")],
    container: Correctable = Correctable.CSV,
) -> Response:
    """They say of people what the department wrote: the look is on record."""
    caller = look.caller
    rejected = intake.read_rejects(caller.store, batch_no, actor=caller.actor, now=caller.now)

    def write(out: File) -> dict[str, str]:
        feeds.write_rejects(out, rejected.rows, header=rejected.header, header_line=rejected.header_line)
        return {"Rows-Rejected": str(rejected.rows.num_rows)}

    return answer_file(f"rejects.{container.value}", write)
