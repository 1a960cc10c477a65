"""Areas: the hierarchy everything else stands in (policy 6.2)."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from ringfence import stewardship
from ringfence.api.answers import answer
from ringfence.api.caller import Look, looks_for, purposes_of
from ringfence.api.lists import add_list
from ringfence.api.routes.bodies import shown
from ringfence.api.routes.feeds import CSV_BODY, keep_file
from ringfence.areas import AREAS

router = APIRouter(tags=["areas"])

EVERY_PURPOSE = (
    *("administration", "receiving", "verification", "tracing", "outreach"),
    *("gate_check", "cold_chain", "surveillance", "inspection", "accountability"),
)
"""Whoever works in an area may know its name and code."""

add_list(router, "/areas", AREAS, purposes=EVERY_PURPOSE, summary="The hierarchy of areas")


class AreasPublished(BaseModel):
    """How many areas were added or renamed."""

    model_config = shown(added=139)

    added: int


@router.put(
    "/areas",
    response_model=AreasPublished,
    summary="Put an area file in",
    openapi_extra={**CSV_BODY, **purposes_of("administration")},
)
def publish_areas(
    look: Annotated[Look, Depends(looks_for("administration"))], path: Annotated[Path, Depends(keep_file)]
) -> Response:
    """CSV with code, name, level and parent_code; areas in use may not move."""
    caller = look.caller
    plan = stewardship.publish_areas(caller.store, path, actor=caller.actor, now=caller.now)
    return answer(caller.request, {"added": len(plan.added)}, language=caller.language)
