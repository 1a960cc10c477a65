"""The calls of account. Made from the description of the API by `tools/docs.py`; do not edit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from ringfence.client.calls.shared import Reason
from ringfence.client.room import Room, in_path
from ringfence.terms import FindingStatus, SubjectKind


@dataclass(frozen=True, kw_only=True)
class DayHeld:
    """How many indicators were written, and what the gap checks came to."""

    indicators: int
    gaps: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One row of the list of findings."""

    finding_id: int
    subject_kind: SubjectKind
    subject_key: str
    clause: str
    reason: Reason
    owner: str
    area_path: str
    status: FindingStatus
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Overview:
    """How many of everything there are; `found` adds up to all that was ever found, null where few are not told."""

    signals: list[dict[str, str | int]]
    exposures: list[dict[str, str | int]]
    found: dict[str, int | None]
    tasks: list[dict[str, str | int]]
    orders: list[dict[str, str | int]]
    follow_ups: list[dict[str, str | int]]
    findings: list[dict[str, str | int]]


@dataclass(frozen=True, kw_only=True)
class Score:
    """An indicator of an area: so many of so many; null where showing it could give somebody away."""

    area_path: str
    indicator: str
    numerator: int | None
    denominator: int | None


@dataclass(frozen=True, kw_only=True)
class ScoresShown:
    """A day's scorecard."""

    day: date
    rows: list[Score]


class AccountCalls(Room):
    """The calls of account."""

    def list_findings(
        self,
        *,
        sort: Literal["due_at", "-due_at"] = "due_at",
        area: str | None = None,
        waiting: bool | None = None,
        status: FindingStatus | None = None,
        clause: str | None = None,
        owner: str | None = None,
    ) -> Iterator[Finding]:
        """The gaps of your areas, the next to be late first (GET /findings)."""
        return self._walk(
            Finding,
            "/findings",
            {"sort": sort, "area": area, "waiting": waiting, "status": status, "clause": clause, "owner": owner},
        )

    def read_finding(self, finding_id: int) -> Finding:
        """One finding (GET /findings/{finding_id})."""
        return self._ask(Finding, "GET", f"/findings/{in_path(finding_id)}")

    def hold_to_account(self, *, day: date | None = None) -> DayHeld:
        """Account for a day: every indicator, every gap (POST /account-days)."""
        return self._ask(DayHeld, "POST", "/account-days", None, {"day": day})

    def read_scores(self, *, day: date | None = None, area: str | None = None) -> ScoresShown:
        """Every indicator of a day in your areas (GET /scores)."""
        return self._ask(ScoresShown, "GET", "/scores", {"day": day, "area": area})

    def read_overview(self) -> Overview:
        """How many of everything there are in your areas (GET /overview)."""
        return self._ask(Overview, "GET", "/overview")

    def correct_finding(self, finding_id: int, *, proof: str) -> Finding:
        """Put on record what was done about a gap (POST /findings/{finding_id}/correct)."""
        return self._ask(Finding, "POST", f"/findings/{in_path(finding_id)}/correct", None, {"proof": proof})

    def prove_finding(self, finding_id: int, *, is_effective: bool) -> Finding:
        """Judge a correction by its effect (POST /findings/{finding_id}/prove)."""
        return self._ask(
            Finding, "POST", f"/findings/{in_path(finding_id)}/prove", None, {"is_effective": is_effective}
        )
