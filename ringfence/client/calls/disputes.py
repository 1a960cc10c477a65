"""The calls of disputes. Made from the description of the API by `tools/docs.py`; do not edit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ringfence.client.room import Room, in_path
from ringfence.terms import ContestedKind, DisputeGround, DisputeStatus, DisputeWay, SubjectKind


@dataclass(frozen=True, kw_only=True)
class AnsweredDispute:
    """A dispute that has its answer, and what ended with it."""

    dispute_id: int
    status: str
    orders: list[int]
    tasks: list[int]
    signals: list[int]


@dataclass(frozen=True, kw_only=True)
class Dispute:
    """One row of the list of disputes."""

    dispute_id: int
    contested_kind: ContestedKind
    order_id: int | None
    task_id: int | None
    subject_kind: SubjectKind
    subject_key: str
    ground: DisputeGround
    way: DisputeWay
    area_path: str
    status: DisputeStatus
    raised_at: datetime
    due_at: datetime
    answered_by: str | None
    answered_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Raised:
    """The dispute, and when a person has to have answered it."""

    dispute_id: int
    status: str
    due_at: datetime


class DisputesCalls(Room):
    """The calls of disputes."""

    def list_disputes(
        self,
        *,
        sort: Literal["due_at", "-due_at"] = "due_at",
        area: str | None = None,
        waiting: bool | None = None,
        status: DisputeStatus | None = None,
        way: DisputeWay | None = None,
        person: str | None = None,
    ) -> Iterator[Dispute]:
        """What is contested in your areas, the next to be answered first (GET /disputes)."""
        return self._walk(
            Dispute,
            "/disputes",
            {"sort": sort, "area": area, "waiting": waiting, "status": status, "way": way, "person": person},
        )

    def raise_dispute(
        self, *, contested_kind: ContestedKind, number: int, ground: DisputeGround, way: DisputeWay
    ) -> Raised:
        """Put on record what somebody contests (POST /disputes)."""
        return self._ask(
            Raised,
            "POST",
            "/disputes",
            None,
            {"contested_kind": contested_kind, "number": number, "ground": ground, "way": way},
        )

    def read_dispute(self, dispute_id: int) -> Dispute:
        """One dispute (GET /disputes/{dispute_id})."""
        return self._ask(Dispute, "GET", f"/disputes/{in_path(dispute_id)}")

    def contest(self, *, link: str, ground: DisputeGround) -> Raised:
        """Contest by a signed link; nobody signs in (POST /contests)."""
        return self._ask(Raised, "POST", "/contests", None, {"link": link, "ground": ground})

    def uphold(self, dispute_id: int, *, wrong_aliases: list[int] | None = None) -> AnsweredDispute:
        """Whoever contests is right (POST /disputes/{dispute_id}/uphold)."""
        return self._ask(
            AnsweredDispute, "POST", f"/disputes/{in_path(dispute_id)}/uphold", None, {"wrong_aliases": wrong_aliases}
        )

    def reject(self, dispute_id: int) -> AnsweredDispute:
        """What was contested is right, and holds again (POST /disputes/{dispute_id}/reject)."""
        return self._ask(AnsweredDispute, "POST", f"/disputes/{in_path(dispute_id)}/reject")
