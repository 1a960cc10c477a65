"""The calls of policy. Made from the description of the API by `tools/docs.py`; do not edit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from ringfence.client.calls.shared import Done, Proposed
from ringfence.client.room import Room, in_path


@dataclass(frozen=True, kw_only=True)
class Approval:
    """One row of the list of approvals."""

    approval_id: int
    plan_kind: str
    plan_digest: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    is_approved: bool | None
    applied_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class PlanShown:
    """What a draft would change."""

    digest: str
    added: list[dict[str, Any]]
    released: list[dict[str, Any]]
    conflicting: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class PolicyLine:
    """A number in force, with its clause and its next change."""

    key: str
    clause: str
    unit: str
    value: str | None
    next_value: str | None
    next_day: str | None


@dataclass(frozen=True, kw_only=True)
class PolicyText:
    """The whole policy in force as a document, to be edited and sent back as a draft."""

    policy: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Published:
    """The version that is in force from its day on."""

    version: int


@dataclass(frozen=True, kw_only=True)
class PolicyShown:
    """The numbers in force, and the whole policy as one text, to be edited as a draft."""

    rows: list[PolicyLine]


class PolicyCalls(Room):
    """The calls of policy."""

    def list_approvals(
        self,
        *,
        sort: Literal["approval_id", "-approval_id"] = "-approval_id",
        kind: str | None = None,
        waiting: bool | None = None,
    ) -> Iterator[Approval]:
        """What one person proposed and another decides on (GET /approvals)."""
        return self._walk(Approval, "/approvals", {"sort": sort, "kind": kind, "waiting": waiting})

    def read_approval(self, approval_id: int) -> Approval:
        """One proposal (GET /approvals/{approval_id})."""
        return self._ask(Approval, "GET", f"/approvals/{in_path(approval_id)}")

    def show_policy(self, *, prefix: str = "") -> PolicyShown:
        """The numbers in force, each with its clause (GET /policy)."""
        return self._ask(PolicyShown, "GET", "/policy", {"prefix": prefix})

    def read_policy(self) -> PolicyText:
        """The whole policy in force as a document (GET /policy/text)."""
        return self._ask(PolicyText, "GET", "/policy/text")

    def plan_policy(self, *, policy: dict[str, Any], from_day: date) -> PlanShown:
        """What a draft would change (POST /policy/plan)."""
        return self._ask(PlanShown, "POST", "/policy/plan", None, {"policy": policy, "from_day": from_day})

    def propose_policy(self, *, policy: dict[str, Any], from_day: date) -> Proposed:
        """Propose a draft to a second officer (POST /policy/proposals)."""
        return self._ask(Proposed, "POST", "/policy/proposals", None, {"policy": policy, "from_day": from_day})

    def publish_policy(self, *, policy: dict[str, Any], from_day: date, approval_id: int) -> Published:
        """Put an approved draft in force (POST /policy/versions)."""
        return self._ask(
            Published,
            "POST",
            "/policy/versions",
            None,
            {"policy": policy, "from_day": from_day, "approval_id": approval_id},
        )

    def approve(self, approval_id: int, *, password: str) -> Done:
        """A second officer's yes (POST /approvals/{approval_id}/approve)."""
        return self._ask(Done, "POST", f"/approvals/{in_path(approval_id)}/approve", None, {"password": password})

    def decline(self, approval_id: int) -> Done:
        """A second officer's no (POST /approvals/{approval_id}/decline)."""
        return self._ask(Done, "POST", f"/approvals/{in_path(approval_id)}/decline")
