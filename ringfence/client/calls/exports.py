"""The calls of exports. Made from the description of the API by `tools/docs.py`; do not edit."""

from dataclasses import dataclass
from typing import Literal

from ringfence.client.calls.shared import Done
from ringfence.client.room import FileAnswer, Room, in_path

Container = Literal["csv", "xlsx", "jsonl", "parquet"]


@dataclass(frozen=True, kw_only=True)
class ExportNames:
    """What can be taken out."""

    names: list[str]


@dataclass(frozen=True, kw_only=True)
class ExportProposed:
    """The proposal that waits for a second signature, and how many rows it is about."""

    approval_id: int
    rows: int


class ExportsCalls(Room):
    """The calls of exports."""

    def list_exports(self) -> ExportNames:
        """What can be taken out as a file (GET /exports)."""
        return self._ask(ExportNames, "GET", "/exports")

    def make_export(
        self,
        *,
        name: str,
        purpose: str,
        area: str | None = None,
        filters: dict[str, str] | None = None,
        container: Container = "csv",
        approval_id: int | None = None,
    ) -> FileAnswer:
        """Take rows out as a file (POST /exports)."""
        return self._keep(
            "POST",
            "/exports",
            None,
            {
                "name": name,
                "purpose": purpose,
                "area": area,
                "filters": filters,
                "container": container,
                "approval_id": approval_id,
            },
        )

    def propose_export(
        self, *, name: str, purpose: str, area: str | None = None, filters: dict[str, str] | None = None
    ) -> ExportProposed:
        """Ask for the second signature (POST /exports/proposals)."""
        return self._ask(
            ExportProposed,
            "POST",
            "/exports/proposals",
            None,
            {"name": name, "purpose": purpose, "area": area, "filters": filters},
        )

    def sign_export(self, approval_id: int, *, password: str) -> Done:
        """Sign somebody else's export as the second person (POST /exports/proposals/{approval_id}/sign)."""
        return self._ask(Done, "POST", f"/exports/proposals/{in_path(approval_id)}/sign", None, {"password": password})
