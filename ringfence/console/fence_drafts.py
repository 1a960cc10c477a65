"""Fences as a form draws them, and as a plan that was approved says them again (policy 6.2).

A draft is nothing but what its plan says, so it is not kept: the plan that was approved makes it again.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ringfence import areas, flow
from ringfence.console.asked import Asked
from ringfence.errors import InputRefused, TransitionRefused
from ringfence.store import Store
from ringfence.terms import Fence, Line, RiskArea, RiskLevel

LARGEST = 1 << 20
"""Bytes of an outline: a county's border, house by house, has less."""

_BETWEEN = re.compile(r"[\s,;，；、]+")


def read_fence(asked: Asked) -> Fence:
    """The fence of a form: areas and places as typed, the outline pasted or in a file; InputRefused for no fence."""
    level, from_day = asked.text("level"), asked.day("from")
    if level not in set(RiskLevel) or from_day is None:
        raise InputRefused("a fence needs a level and the day it begins; name both")
    return Fence(
        disease=asked.text("disease"),
        level=RiskLevel(level),
        from_day=from_day,
        to_day=asked.day("to"),
        area_codes=tuple(_parts(asked.text("areas"))),
        place_ids=tuple(_parts(asked.text("places"))),
        polygon=_read_outline(asked),
    )


def read_number(asked: Asked) -> int | None:
    """The risk area that a draft is the next version of; None for a new one."""
    return asked.number("risk_area") if asked.has("risk_area") else None


def redraft(store: Store, plan: Mapping[str, Iterable[Line]], *, digest: str) -> tuple[Fence | None, int | None]:
    """The fence that a plan speaks of, None for an end, and the risk area it was drawn for.

    TransitionRefused where the risk area has another version by now: the plan was made against the one before.
    """
    for before in [None, *(one for one in areas.list_risk_areas(store.desk) if not one.is_lifted)]:
        fence = _apply(plan, before, store)
        number = None if before is None else before.risk_area_id
        if (fence or before) and flow.plan_fence(store, fence, risk_area_id=number).digest == digest:
            return fence, number
    raise TransitionRefused("the risk area changed since this was proposed; draw the fence again and propose it")


def _apply(plan: Mapping[str, Iterable[Line]], before: RiskArea | None, store: Store) -> Fence | None:
    """The version before with a plan's lines taken out and put in; None where that leaves no fence."""
    held = set() if before is None else set(_pairs(flow.plan_fence(store, before.fence, risk_area_id=None).added))
    lines = sorted(held - set(_pairs(plan["released"])) | set(_pairs(plan["added"])))
    values = {name: [value for each, value in lines if each == name] for name, _ in lines}
    if not {"disease", "level", "from_day"} <= values.keys():
        return None
    return Fence(
        disease=values["disease"][0],
        level=RiskLevel(values["level"][0]),
        from_day=int(values["from_day"][0]),
        to_day=int(values["to_day"][0]) if "to_day" in values else None,
        area_codes=tuple(values.get("area", ())),
        place_ids=tuple(values.get("place", ())),
        polygon=values.get("polygon", [""])[0],
    )


def _pairs(lines: Iterable[Line]) -> Iterator[tuple[str, str]]:
    return ((str(line["field"]), str(line["value"])) for line in lines)


def _parts(typed: str) -> list[str]:
    return [part for part in _BETWEEN.split(typed) if part]


def _read_outline(asked: Asked) -> str:
    """The geometry alone: what drawing programs write around it (RFC 7946 section 3.2, 3.3) is taken off."""
    text = asked.text("polygon")
    if asked.has_file("file"):
        text = asked.file("file").file.read(LARGEST).decode("utf-8-sig", errors="replace")
    try:
        return json.dumps(_geometry(json.loads(text))) if text else ""
    except (ValueError, LookupError, TypeError) as error:
        raise InputRefused("the fence is no GeoJSON that can be read; draw it anew, or give area codes") from error


def _geometry(given: Any) -> Any:  # noqa: ANN401 - whatever JSON somebody pastes
    if given["type"] == "FeatureCollection":
        [given] = given["features"]
    return given["geometry"] if given["type"] == "Feature" else given
