"""The calls of ledger. Made from the description of the API by `tools/docs.py`; do not edit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from ringfence.client.room import Room
from ringfence.terms import RecordKind


@dataclass(frozen=True, kw_only=True)
class Forgotten:
    """How many records are gone, and how many files were replaced or removed."""

    rows: int
    files: int


@dataclass(frozen=True, kw_only=True)
class Heads:
    """The ledger's heads as signed texts, for a second custodian to keep."""

    heads: list[str]


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """One row of the list of ledger."""

    chain: int
    seq: int
    recorded_at: datetime
    actor: str
    action: str
    purpose: str
    subject: str
    count: int
    details: str


@dataclass(frozen=True, kw_only=True)
class Verified:
    """That every line was recomputed and holds."""

    chains: int
    lines: int
    witnessed: int


class LedgerCalls(Room):
    """The calls of ledger."""

    def list_ledger(
        self,
        *,
        sort: Literal["recorded_at", "-recorded_at"] = "-recorded_at",
        actor: str | None = None,
        action: str | None = None,
        purpose: str | None = None,
        subject: str | None = None,
        recorded_since: datetime | None = None,
        recorded_before: datetime | None = None,
    ) -> Iterator[Ledger]:
        """Who did and who looked, the newest first; ids stay sealed, and this look is a line too (GET /ledger)."""
        return self._walk(
            Ledger,
            "/ledger",
            {
                "sort": sort,
                "actor": actor,
                "action": action,
                "purpose": purpose,
                "subject": subject,
                "recorded_since": recorded_since,
                "recorded_before": recorded_before,
            },
        )

    def verify_ledger(self, *, heads: list[str] | None = None) -> Verified:
        """Recompute every line of the ledger (POST /ledger/verification)."""
        return self._ask(Verified, "POST", "/ledger/verification", None, {"heads": heads})

    def sign_heads(self) -> Heads:
        """Sign the ledger's heads for a second custodian (POST /ledger/heads)."""
        return self._ask(Heads, "POST", "/ledger/heads")

    def forget(self, *, kind: RecordKind, before: date | None = None, people: list[int] | None = None) -> Forgotten:
        """Let go of records in every copy (POST /forgetting)."""
        return self._ask(Forgotten, "POST", "/forgetting", None, {"kind": kind, "before": before, "people": people})

    def keep_retention(self) -> Forgotten:
        """Let go of everything past its time (POST /retention)."""
        return self._ask(Forgotten, "POST", "/retention")
