"""The calls of risk areas. Made from the description of the API by `tools/docs.py`; do not edit."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ringfence.client.calls.shared import Proposed
from ringfence.client.room import Room, in_path
from ringfence.terms import RiskLevel


@dataclass(frozen=True, kw_only=True)
class FencePublished:
    """The version in force, and what the response to it did.

    Found = listed + below. Null for whoever may not trace, where those below the cut are too few to be told.
    """

    risk_area_id: int
    version: int
    found: int | None
    listed: int
    below: int | None
    tasks: int


@dataclass(frozen=True, kw_only=True)
class FenceSent:
    """What a risk area is drawn around: at least one area code, place or GeoJSON polygon; both days included."""

    disease: str
    level: RiskLevel
    from_day: date
    to_day: date | None = None
    areas: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    polygon: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """Persons whom a fence would find anew, let go, and find under an order.

    `by_area` is (area path, persons). Whoever may not trace is told `touched` alone: each township that the
    fence touches, and how many came from the whole of it; null where they are too few to be told.
    """

    added: int | None
    released: int | None
    conflicting: int | None
    by_area: list[tuple[str, int]]
    touched: list[tuple[str, int | None]]


@dataclass(frozen=True, kw_only=True)
class Lifted:
    """The tasks withdrawn with it."""

    tasks: list[int]


@dataclass(frozen=True, kw_only=True)
class RiskAreaRow:
    """The newest version of a risk area."""

    risk_area_id: int
    version: int
    disease: str
    level: RiskLevel
    from_day: date
    to_day: date | None
    areas: list[str]
    places: list[str]
    has_polygon: bool
    is_lifted: bool


@dataclass(frozen=True, kw_only=True)
class RiskAreas:
    """All risk areas there were."""

    rows: list[RiskAreaRow]


class RiskAreasCalls(Room):
    """The calls of risk areas."""

    def list_risk_areas(self) -> RiskAreas:
        """The newest version of each risk area (GET /risk-areas)."""
        return self._ask(RiskAreas, "GET", "/risk-areas")

    def foresee_fence(self, *, fence: FenceSent, risk_area_id: int | None = None) -> Foreseen:
        """Whom a fence would find today (POST /risk-areas/plan)."""
        return self._ask(Foreseen, "POST", "/risk-areas/plan", None, {"fence": fence, "risk_area_id": risk_area_id})

    def propose_fence(self, *, fence: FenceSent, risk_area_id: int | None = None) -> Proposed:
        """Propose a fence to a second officer (POST /risk-areas/proposals)."""
        return self._ask(
            Proposed, "POST", "/risk-areas/proposals", None, {"fence": fence, "risk_area_id": risk_area_id}
        )

    def propose_lifting(self, risk_area_id: int) -> Proposed:
        """Propose the end of a risk area to a second officer (POST /risk-areas/{risk_area_id}/lifting-proposals)."""
        return self._ask(Proposed, "POST", f"/risk-areas/{in_path(risk_area_id)}/lifting-proposals")

    def publish_fence(self, *, fence: FenceSent, risk_area_id: int | None = None, approval_id: int) -> FencePublished:
        """Put an approved fence in force (POST /risk-areas/versions)."""
        return self._ask(
            FencePublished,
            "POST",
            "/risk-areas/versions",
            None,
            {"fence": fence, "risk_area_id": risk_area_id, "approval_id": approval_id},
        )

    def lift_fence(self, risk_area_id: int, *, approval_id: int) -> Lifted:
        """End a risk area with the approval of a second officer (POST /risk-areas/{risk_area_id}/lift)."""
        return self._ask(
            Lifted, "POST", f"/risk-areas/{in_path(risk_area_id)}/lift", None, {"approval_id": approval_id}
        )
