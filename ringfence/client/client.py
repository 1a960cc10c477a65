"""The client: sign in, walk lists as iterators, and do what a signed-in account may do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx2
import msgspec

from ringfence.client.asking import Asking
from ringfence.client.rows import (
    BatchRow,
    CaseRow,
    ExposureRow,
    FileArrived,
    FindingRow,
    FollowUpRow,
    LedgerRow,
    OneResponse,
    OrderRow,
    SignalRow,
    TaskRow,
    UnitRow,
)
from ringfence.terms import DayStatus, Language, Outcome, ReasonCode, SignalKind, Subject

Row = TypeVar("Row")

_PAGE = 500
_TIMEOUT_S = 60


class Client:
    """The API of one deployment.

    Filters are those of its description; lists are read a page at a time as they are walked, so breaking off costs
    nothing.
    """

    def __init__(
        self,
        address: str,
        *,
        language: Language = Language.EN,
        token: str = "",
        http: httpx2.Client | None = None,
    ) -> None:
        """`address` is the API's, such as https://host/api/v1; `token` that of a session opened before."""
        connection = http or httpx2.Client(timeout=_TIMEOUT_S)
        self._asking = Asking(connection, address.rstrip("/"), language, token=token)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection; the session stays open until `sign_out`."""
        self._asking.http.close()

    def sign_in(self, user_id: str, *, password: str) -> str:
        """Open a session and ask with it from here on; its token. NotSignedIn where something was not right."""
        found = self._post("/sessions", {"user_id": user_id, "password": password})
        self._asking = replace(self._asking, token=str(found["token"]))
        return self._asking.token

    def sign_out(self) -> None:
        """End the session."""
        current = self._get("/sessions")["current"]
        self._asking.ask("DELETE", f"/sessions/{current}")
        self._asking = replace(self._asking, token="")

    def signals(self, *, sort: str = "-raised_at", **filters: object) -> Iterator[SignalRow]:
        """The signals of one's areas."""
        return self._walk("/signals", SignalRow, sort=sort, **filters)

    def cases(self, *, sort: str = "-reported_at", **filters: object) -> Iterator[CaseRow]:
        """The cases of one's areas."""
        return self._walk("/cases", CaseRow, sort=sort, **filters)

    def exposures(self, signal_id: int, **filters: object) -> Iterator[ExposureRow]:
        """Who and what a signal exposed, the heaviest first."""
        return self._walk("/exposures", ExposureRow, signal=signal_id, **filters)

    def tasks(self, *, sort: str = "due_at", **filters: object) -> Iterator[TaskRow]:
        """What is to be done in one's areas."""
        return self._walk("/tasks", TaskRow, sort=sort, **filters)

    def units(self, **filters: object) -> Iterator[UnitRow]:
        """The teams of one's areas."""
        return self._walk("/units", UnitRow, **filters)

    def orders(self, *, sort: str = "to_day", **filters: object) -> Iterator[OrderRow]:
        """The measures on persons of one's areas."""
        return self._walk("/orders", OrderRow, sort=sort, **filters)

    def follow_ups(self, **filters: object) -> Iterator[FollowUpRow]:
        """Who is watched in one's areas."""
        return self._walk("/follow-ups", FollowUpRow, **filters)

    def findings(self, **filters: object) -> Iterator[FindingRow]:
        """The gaps of one's areas."""
        return self._walk("/findings", FindingRow, **filters)

    def batches(self, **filters: object) -> Iterator[BatchRow]:
        """The files received."""
        return self._walk("/batches", BatchRow, **filters)

    def ledger(self, **filters: object) -> Iterator[LedgerRow]:
        """Who did and who looked, the newest first."""
        return self._walk("/ledger", LedgerRow, **filters)

    def send_file(self, format_name: str, path: Path) -> FileArrived:
        """Send a department's file; sent twice, it comes in once."""
        answer = self._asking.ask(
            "POST", f"/feeds/{format_name}/files", params={"name": path.name}, content=path.read_bytes()
        )
        return msgspec.convert(answer.json(), FileArrived)

    def raise_signal(self, kind: SignalKind, subject: Subject, *, disease: str, area: str, origin: str = "") -> int:
        """Raise a signal by hand; its number. The same origin raises one signal."""
        body = {
            "kind": kind,
            "subject_kind": subject.kind,
            "subject_key": subject.key,
            "disease": disease,
            "area": area,
        }
        return int(self._post("/signals", {**body, "origin": origin})["signal_id"])

    def verify_signal(
        self, signal_id: int, *, reason: ReasonCode = ReasonCode.SAID_BY, document: str = ""
    ) -> SignalRow:
        """Say that a signal is real."""
        found = self._post(f"/signals/{signal_id}/verify", {"reason": reason, "document": document})
        return msgspec.convert(found, SignalRow)

    def dismiss_signal(
        self, signal_id: int, *, reason: ReasonCode = ReasonCode.SAID_BY, document: str = ""
    ) -> list[int]:
        """Say that a signal is not real; the tasks withdrawn with it."""
        return list(self._post(f"/signals/{signal_id}/dismiss", {"reason": reason, "document": document})["tasks"])

    def withdraw_signal(
        self, signal_id: int, *, reason: ReasonCode = ReasonCode.SAID_BY, document: str = ""
    ) -> list[int]:
        """Say that a verified signal was wrong; the tasks withdrawn with it."""
        return list(self._post(f"/signals/{signal_id}/withdraw", {"reason": reason, "document": document})["tasks"])

    def respond(self, signal_ids: Sequence[int]) -> list[OneResponse]:
        """Put everybody at risk on a list, or into the count below the cut."""
        found = self._post("/responses", {"signals": list(signal_ids)})["responses"]
        return msgspec.convert(found, list[OneResponse])

    def acknowledge_tasks(self, task_ids: Sequence[int]) -> int:
        """Say that tasks were seen and will be done; how many took the step."""
        return int(self._post("/tasks/acknowledge", {"tasks": list(task_ids)})["count"])

    def close_tasks(self, task_ids: Sequence[int], *, outcome: Outcome, evidence: str = "") -> int:
        """Say that tasks are done; how many took the step."""
        body = {"tasks": list(task_ids), "outcome": outcome, "evidence": evidence}
        return int(self._post("/tasks/close", body)["count"])

    def hand_over_tasks(self, task_ids: Sequence[int], *, owner: str) -> int:
        """Give tasks to another unit; how many changed hands."""
        return int(self._post("/tasks/hand-over", {"tasks": list(task_ids), "owner": owner})["count"])

    def draft_orders(self, signal_id: int) -> list[int]:
        """Propose the protocol's measures for everybody listed for a signal; the orders' numbers."""
        return list(self._post(f"/signals/{signal_id}/orders", {})["orders"])

    def sign_orders(self, order_ids: Sequence[int], *, password: str) -> int:
        """Sign orders as the named officer one is; how many."""
        return int(self._post("/orders/sign", {"orders": list(order_ids), "password": password})["count"])

    def register_passages(self, passages: Sequence[Mapping[str, Any]]) -> int:
        """Register passages of a lane, all or none; how many were new. What a `LaneQueue` sends with."""
        return int(self._post("/passages", {"passages": list(passages)})["new"])

    def record_days(self, seen: dict[int, DayStatus]) -> int:
        """Record what today came to, by the number of the follow-up; how many."""
        body = {"seen": [{"follow_up_id": number, "status": status} for number, status in seen.items()]}
        return int(self._post("/follow-ups/records", body)["count"])

    def _get(self, path: str, **params: object) -> Any:  # noqa: ANN401 - JSON
        asked = {name: _said(value) for name, value in params.items() if value is not None}
        return self._asking.ask("GET", path, params=asked).json()

    def _post(self, path: str, body: object) -> Any:  # noqa: ANN401 - JSON
        return self._asking.ask("POST", path, json=body).json()

    def _walk(self, path: str, kind: type[Row], **params: object) -> Iterator[Row]:
        cursor: str | None = None
        while True:
            page = self._get(path, limit=_PAGE, after=cursor, **params)
            yield from msgspec.convert(page["rows"], list[kind])  # type: ignore[valid-type]
            cursor = page["next_cursor"]
            if cursor is None:
                return


def _said(value: object) -> str:
    """A filter's value as an address has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
