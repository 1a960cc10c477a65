"""Risk areas: fences by area code, place or polygon, in versions, each approved by a second officer (policy 6.2).

Ringfence reads a fence as an area: who lived, stayed or was there is asked of what departments know, never of a phone.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Row

from ringfence.access import check_can
from ringfence.areas.hierarchy import path_of
from ringfence.areas.places import read_places
from ringfence.areas.polygons import Numbers, find_points_inside, read_polygon
from ringfence.errors import InputRefused, NotFound, TransitionRefused
from ringfence.policy import Permission
from ringfence.store import Act, Desk
from ringfence.terms import Approval, Area, Fence, Level, RiskArea, RiskLevel, path_end, to_us

COLUMNS_OF_RISK_AREA = """
select risk_area_id, version, disease, level, from_day, to_day, area_codes, place_ids, polygon, is_lifted
"""

VERSIONS = COLUMNS_OF_RISK_AREA + "from risk_area where risk_area_id = :risk_area_id order by version"

ALL_VERSIONS = COLUMNS_OF_RISK_AREA + "from risk_area order by risk_area_id, version"

TOPS = "select area_path from area where parent_code = '' order by area_path"

INSERT_VERSION = """
insert into risk_area (risk_area_id, version, disease, level, from_day, to_day, area_codes, place_ids, polygon,
    is_lifted, approval_id, published_by, recorded_at)
values (:risk_area_id, :version, :disease, :level, :from_day, :to_day, :area_codes, :place_ids, :polygon, :is_lifted,
    :approval_id, :actor, :now)
"""

INSIDE_AREAS = pa.schema([("risk_area", pa.int64()), ("area", pa.string())])
INSIDE_PLACES = pa.schema([("risk_area", pa.int64()), ("place", pa.int64())])
"""What lies inside risk areas, by the number of each: area codes of every level, and place numbers."""


def check_fence(fence: Fence, *, areas: Mapping[str, Area], places: pa.Table) -> None:
    """InputRefused for a fence around nothing, of days in the wrong order, or that names what nobody knows."""
    if not (fence.area_codes or fence.place_ids or fence.polygon):
        raise InputRefused("a fence needs area codes, places or a polygon; give one of them")
    if fence.to_day is not None and fence.to_day < fence.from_day:
        raise InputRefused("the fence ends before it begins; correct its days")
    unknown = [code for code in fence.area_codes if code not in areas]
    unknown += sorted(set(fence.place_ids) - set(places["place_id"].to_pylist()))
    if unknown:
        raise InputRefused("the fence names {key}, which is no area and no place here; correct it", key=unknown[0])
    if fence.polygon:
        read_polygon(fence.polygon)


def publish_fence(act: Act, fence: Fence, *, approval: Approval, risk_area_id: int | None = None) -> RiskArea:
    """Put a fence in force as a new risk area, or as the next version of one; with a second officer's approval.

    NotFound for a risk area that is none, TransitionRefused for one that was lifted.
    """
    before = None if risk_area_id is None else read_risk_area(act, risk_area_id)
    if before is not None and before.is_lifted:
        raise TransitionRefused("risk area {number} was lifted; publish a new one", number=before.risk_area_id)
    number = act.take_numbers("risk_area", 1) if before is None else before.risk_area_id
    version = 1 if before is None else before.version + 1
    found = RiskArea(risk_area_id=number, version=version, fence=fence, is_lifted=False)
    _put(act, found, approval)
    act.note("risk_area.published", subject=f"risk_area:{number}", version=version, level=fence.level)
    return found


def lift_fence(act: Act, risk_area_id: int, *, approval: Approval) -> RiskArea:
    """End a risk area; what it alone justified is to be released. TransitionRefused for one that was lifted."""
    before = read_risk_area(act, risk_area_id)
    if before.is_lifted:
        raise TransitionRefused("risk area {number} was lifted already", number=risk_area_id)
    found = RiskArea(risk_area_id=risk_area_id, version=before.version + 1, fence=before.fence, is_lifted=True)
    _put(act, found, approval)
    act.note("risk_area.lifted", subject=f"risk_area:{risk_area_id}", version=found.version)
    return found


def read_risk_area(reader: Desk | Act, risk_area_id: int) -> RiskArea:
    """The newest version of a risk area; NotFound when there is none."""
    versions = reader.rows(VERSIONS, risk_area_id=risk_area_id)
    if not versions:
        raise NotFound("there is no risk area {number}; `ringfence fences list` shows them", number=risk_area_id)
    return _risk_area(versions[-1])


def read_versions(desk: Desk, risk_area_id: int) -> list[RiskArea]:
    """Every version of a risk area, the first one first."""
    return [_risk_area(row) for row in desk.rows(VERSIONS, risk_area_id=risk_area_id)]


def list_risk_areas(desk: Desk) -> list[RiskArea]:
    """The newest version of each risk area."""
    newest = {row.risk_area_id: row for row in desk.rows(ALL_VERSIONS)}
    return [_risk_area(row) for row in newest.values()]


@dataclass(frozen=True)
class Townships:
    """What a fence touches: codes of townships, and paths of areas that lie in none and have none that it touches."""

    codes: tuple[str, ...]
    elsewhere: tuple[str, ...]


def find_inside(desk: Desk, risk_areas: Sequence[RiskArea], *, areas: Mapping[str, Area]) -> tuple[pa.Table, pa.Table]:
    """What lies inside risk areas: area codes (INSIDE_AREAS) and places (INSIDE_PLACES), each pair once, sorted."""
    places = read_places(desk)
    codes = [_codes_inside(one.fence, areas) for one in risk_areas]
    within = [_places_inside(one.fence, places, inside) for one, inside in zip(risk_areas, codes, strict=True)]
    return (
        _pairs(risk_areas, codes, INSIDE_AREAS),
        _pairs(risk_areas, [np.unique(places["place_no"].to_numpy()[found]) for found in within], INSIDE_PLACES),
    )


def find_townships(desk: Desk, risk_area: RiskArea, *, areas: Mapping[str, Area]) -> Townships:
    """The whole townships that a fence touches: the frame in which counts of it are told (docs/decisions/0005)."""
    places = read_places(desk)
    inside = _codes_inside(risk_area.fence, areas)
    around = places["area_code"].take(pa.array(_places_inside(risk_area.fence, places, inside))).to_pylist()
    paths = {path_of(areas, code) for code in (*inside, *around)}
    townships = [area for area in areas.values() if area.level == Level.TOWNSHIP]
    touched = [area for area in townships if any(area.path <= path < path_end(area.path) for path in paths)]
    elsewhere = {
        path
        for path in paths
        if not any(area.path <= path < path_end(area.path) or area.path.startswith(path) for area in touched)
    }
    return Townships(tuple(sorted(area.code for area in touched)), tuple(sorted(elsewhere)))


def _codes_inside(fence: Fence, areas: Mapping[str, Area]) -> list[str]:
    tops = [path_of(areas, code) for code in fence.area_codes]
    return sorted(area.code for area in areas.values() if any(top <= area.path < path_end(top) for top in tops))


def _places_inside(fence: Fence, places: pa.Table, codes: Sequence[str]) -> Numbers:
    """The rows of the places that a fence names, that lie in its areas, or inside its polygon."""
    by_area = pc.is_in(places["area_code"], value_set=pa.array(codes, pa.string()))
    by_name = pc.is_in(places["place_id"], value_set=pa.array(fence.place_ids, pa.string()))
    named = np.flatnonzero(pc.or_(by_area, by_name).to_numpy())
    if not fence.polygon:
        return named
    longitude, latitude = (places[name].to_numpy() for name in ("longitude", "latitude"))
    _, drawn = find_points_inside([read_polygon(fence.polygon)], longitude, latitude)
    return np.union1d(named, drawn)


def _put(act: Act, risk_area: RiskArea, approval: Approval) -> None:
    for row in act.rows(TOPS):
        check_can(act, Permission.AREAS_PUBLISH, area_path=row.area_path)
    fence = risk_area.fence
    act.run(
        INSERT_VERSION,
        risk_area_id=risk_area.risk_area_id,
        version=risk_area.version,
        disease=fence.disease,
        level=fence.level,
        from_day=fence.from_day,
        to_day=fence.to_day,
        area_codes=json.dumps(fence.area_codes),
        place_ids=json.dumps(fence.place_ids),
        polygon=fence.polygon,
        is_lifted=risk_area.is_lifted,
        approval_id=approval.approval_id,
        actor=act.actor.actor_id,
        now=to_us(act.now),
    )


def _risk_area(row: Row[Any]) -> RiskArea:
    fence = Fence(
        disease=row.disease,
        level=RiskLevel(row.level),
        from_day=row.from_day,
        to_day=row.to_day,
        area_codes=tuple(json.loads(row.area_codes)),
        place_ids=tuple(json.loads(row.place_ids)),
        polygon=row.polygon,
    )
    return RiskArea(risk_area_id=row.risk_area_id, version=row.version, fence=fence, is_lifted=bool(row.is_lifted))


def _pairs(risk_areas: Sequence[RiskArea], inside: Sequence[Any], schema: pa.Schema) -> pa.Table:
    sizes = [len(found) for found in inside]
    numbers = np.repeat(np.array([one.risk_area_id for one in risk_areas], dtype=np.int64), sizes)
    found = [pa.array(each, schema.types[1]) for each in inside] or [pa.array([], schema.types[1])]
    return pa.table([pa.array(numbers), pa.concat_arrays(found)], schema=schema).sort_by(
        [(name, "ascending") for name in schema.names]
    )
