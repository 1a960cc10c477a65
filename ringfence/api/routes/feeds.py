"""Department files in: each row accepted or rejected with a reason, each file once (policy 2.1)."""

import tempfile
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from ringfence import flow
from ringfence.api.answers import answer
from ringfence.api.caller import CallerNow, Look, looks_for, purposes_of
from ringfence.api.lists import add_list
from ringfence.api.routes.bodies import shown
from ringfence.api.rows import Key
from ringfence.feeds import find_feed, list_formats, read_feeds
from ringfence.intake import Delivery
from ringfence.policy import read_in_force
from ringfence.store import BATCHES

router = APIRouter(tags=["feeds"])

FileName = Annotated[
    str, Query(min_length=1, max_length=120, pattern=r"^[\w\-. ]+$", examples=["results_2022-03-01.csv"])
]

add_list(
    router,
    "/batches",
    BATCHES,
    purposes=("receiving", "accountability"),
    summary="The files received, the newest first",
)


class Formats(BaseModel):
    """The formats of files that can be sent."""

    model_config = shown(formats=["check_ins", "laboratory_results"])

    formats: list[str]


class RejectedRows(BaseModel):
    """Rows rejected for one reason in one column; `first_row` is the line of the first."""

    model_config = shown(code="empty_field", column="departed_at", rows=2, first_row=17)

    code: str
    column: str
    rows: int
    first_row: int


class FileArrived(BaseModel):
    """What became of a file; `is_known` where it was received before, and then nothing changed."""

    model_config = shown(
        file="results_2022-03-01.csv",
        format="laboratory_results",
        batch_no=9,
        rows=120,
        accepted=118,
        rejected=2,
        newcomers=3,
        is_known=False,
        refused=[RejectedRows.model_config["json_schema_extra"]["examples"][0]],  # type: ignore[index]
    )

    file: str
    format: str
    batch_no: int | None
    rows: int
    accepted: int
    rejected: int
    newcomers: int
    is_known: bool
    refused: list[RejectedRows]


@router.get("/feeds", response_model=Formats, summary="The formats of files that can be sent")
def read_formats(request: Request, caller: CallerNow) -> Response:
    """Each has a page in the documentation."""
    return answer(request, {"formats": list(list_formats())}, language=caller.language)


async def keep_file(request: Request, name: FileName = "upload.csv") -> AsyncIterator[Path]:
    """The body of a request as a file that is gone after the answer."""
    with tempfile.TemporaryDirectory(prefix="ringfence-") as folder:
        path = Path(folder) / name
        with path.open("wb") as file:
            async for part in request.stream():
                await run_in_threadpool(file.write, part)
        yield path


CSV_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}, "example": "sample_id,taken_at\n"}},
    },
}


@router.post(
    "/feeds/{feed_name}/files",
    response_model=FileArrived,
    summary="Take a file in",
    openapi_extra={**CSV_BODY, **purposes_of("receiving")},
)
def receive_file(
    look: Annotated[Look, Depends(looks_for("receiving"))],
    feed_name: Key,
    path: Annotated[Path, Depends(keep_file)],
) -> Response:
    """Of a declared feed, or of a format under its own contract.

    The same file sent again is said to be known and changes nothing: sending it again after an error is safe.
    """
    caller = look.caller
    in_force = read_in_force(caller.store.desk, now=caller.now)
    find_feed(feed_name, feeds=read_feeds(caller.store.desk, policy=in_force), policy=in_force)
    with caller.request.app.state.long_work.begin():
        [arrived] = flow.receive(
            caller.store,
            [Delivery(feed_name, path)],
            actor=caller.actor,
            now=caller.now,
            progress=lambda _what, _share: None,
        )
    return answer(caller.request, asdict(arrived), language=caller.language)
