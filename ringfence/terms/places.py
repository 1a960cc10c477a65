"""Where things happen: the hierarchy of areas, places and risk areas (policy 6.2)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

PlaceNo: TypeAlias = int
"""A place's number in lake and desk, below 2**32 so that it fits beside the day in a visit's cell."""

CELL_BITS = 32


def cell(day: int, place_no: PlaceNo) -> int:
    """The one integer that keys a visit: the local day number above, the place number below."""
    return day << CELL_BITS | place_no


@dataclass(frozen=True, kw_only=True)
class Area:
    """A node of the hierarchy. `path` holds the codes from the top, each followed by a slash: `1402/140213/`.

    Whatever lies inside has a path from `path` (included) to `path_end(path)` (excluded): one range on an index.
    """

    code: str
    name: str
    level: str
    parent_code: str
    path: str


def path_end(path: str) -> str:
    """The first path after everything inside an area: '0' is the character after '/'."""
    return path[:-1] + "0"


class PlaceKind(StrEnum):
    """What a place is; workers and hotels see this word, never whose case it was."""

    HOME = "home"
    WORKPLACE = "workplace"
    SCHOOL = "school"
    SHOP = "shop"
    MARKET = "market"
    RESTAURANT = "restaurant"
    HOTEL = "hotel"
    HOSPITAL = "hospital"
    PHARMACY = "pharmacy"
    CARE_HOME = "care_home"
    TRANSPORT = "transport"
    WAREHOUSE = "warehouse"
    GATE = "gate"
    WORSHIP = "worship"
    LEISURE = "leisure"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place with its number, its key in the department's files, and the area it lies in."""

    place_no: PlaceNo
    place_id: str
    kind: PlaceKind
    area_code: str
    longitude: float | None = None
    latitude: float | None = None


class RiskLevel(StrEnum):
    """How much care an area asks for."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, kw_only=True)
class Fence:
    """What a risk area is drawn around: area codes, places or a GeoJSON polygon; an area, never a phone (6.2).

    `from_day` and `to_day` are local day numbers, both included; None: until it is lifted.
    """

    disease: str
    level: RiskLevel
    from_day: int
    to_day: int | None = None
    area_codes: tuple[str, ...] = ()
    place_ids: tuple[str, ...] = ()
    polygon: str = ""


@dataclass(frozen=True, kw_only=True)
class RiskArea:
    """A published fence; publishing it anew makes its next version, lifting it the last."""

    risk_area_id: int
    version: int
    fence: Fence
    is_lifted: bool
