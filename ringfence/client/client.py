"""The client: sign in, walk lists as iterators, and do what a signed-in account may do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx2
import msgspec

from ringfence.client.asking import Asking
from ringfence.client.rows import (
    BatchRow,
    CalibrationBand,
    CaseRow,
    Drafted,
    ExposureRow,
    FeedSuggested,
    FileArrived,
    FindingRow,
    FollowUpRow,
    LedgerRow,
    LinkDecisionRow,
    LinkReviewRow,
    OneResponse,
    OrderRow,
    PairField,
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
        """Who and what a signal exposed, as the list of the day ranks them."""
        return self._walk("/exposures", ExposureRow, signal=signal_id, **filters)

    def chains(self, disease: str) -> dict[str, Any]:
        """Who probably infected whom, by case number, and how it spreads; the look is on the ledger."""
        return dict(self._get(f"/chains/{disease}"))

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

    def send_file(self, feed: str, path: Path) -> FileArrived:
        """Send a department's file, of a declared feed or a format; sent twice, it comes in once."""
        return msgspec.convert(self._send(f"/feeds/{feed}/files", path).json(), FileArrived)

    def suggest_feed(self, path: Path) -> FeedSuggested:
        """The text of a feed proposed from a file's headers and first rows."""
        return msgspec.convert(self._send("/feed-suggestions", path).json(), FeedSuggested)

    def propose_feed(self, system: str) -> str:
        """The text of a feed for what another system exports."""
        return str(self._get(f"/feed-proposals/{system}")["text"])

    def write_rejects(self, batch_no: int, out: Path) -> int:
        """Write what a file rejected, in the container that `out` ends in, to be corrected; how many rows."""
        asked = {"container": out.suffix.removeprefix(".")}
        return _kept(self._asking.ask("POST", f"/batches/{batch_no}/rejects", params=asked), out, "Rows-Rejected")

    def fill_form(self, template: Path, out: Path, *, area: str = "", day: date | None = None) -> int:
        """Write a superior's form filled in from the scorecard of a local day; how many cells were."""
        return _kept(self._send("/forms", template, area=area or None, day=day), out, "Cells-Filled")

    def link_reviews(self, *, most: int = 50) -> list[LinkReviewRow]:
        """The pairs somebody has to look at, the likeliest first."""
        return msgspec.convert(self._get("/link-reviews", most=most)["rows"], list[LinkReviewRow])

    def link_decisions(self, *, most: int = 50) -> list[LinkDecisionRow]:
        """What was decided of such pairs, the last first."""
        return msgspec.convert(self._get("/link-decisions", most=most)["rows"], list[LinkDecisionRow])

    def show_pair(self, review_no: int) -> list[PairField]:
        """What is written of both, side by side; the look is on record."""
        return msgspec.convert(self._get(f"/link-reviews/{review_no}")["fields"], list[PairField])

    def decide_link(self, review_no: int, *, is_same: bool) -> None:
        """Say whether the two of a pair are one person."""
        self._post(f"/link-reviews/{review_no}/decide", {"verdict": "same" if is_same else "different"})

    def undo_link(self, review_no: int) -> None:
        """Take that back."""
        self._post(f"/link-reviews/{review_no}/undo", {})

    def link_calibration(self) -> list[CalibrationBand]:
        """What the model stated, against what was decided."""
        return msgspec.convert(self._get("/link-calibration")["bands"], list[CalibrationBand])

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

    def draft_orders(self, signal_id: int) -> Drafted:
        """Propose the protocol's measures for everybody of one's areas listed for a signal; and who has the rest."""
        return msgspec.convert(self._post(f"/signals/{signal_id}/orders", {}), Drafted)

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

    def _send(self, path: str, file: Path, **params: object) -> httpx2.Response:
        asked = {name: _said(value) for name, value in params.items() if value is not None}
        return self._asking.ask("POST", path, params={"name": file.name, **asked}, content=file.read_bytes())

    def _walk(self, path: str, kind: type[Row], **params: object) -> Iterator[Row]:
        cursor: str | None = None
        while True:
            page = self._get(path, limit=_PAGE, after=cursor, **params)
            yield from msgspec.convert(page["rows"], list[kind])  # type: ignore[valid-type]
            cursor = page["next_cursor"]
            if cursor is None:
                return


def _kept(answer: httpx2.Response, out: Path, header: str) -> int:
    """A file's answer, written; what a header of it counts."""
    out.write_bytes(answer.content)
    return int(answer.headers[header])


def _said(value: object) -> str:
    """A filter's value as an address has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
