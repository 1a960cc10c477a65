"""The client: sign in, walk lists as iterators, and do what a signed-in account may do."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx2
import msgspec

from ringfence.client.asking import Asking
from ringfence.client.calls import Calls
from ringfence.client.room import Room
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

_TIMEOUT_S = 60


class Client(Room):
    """The API of one deployment.

    The methods here are what is asked every day; `calls` has every route, by room, as the description says it. Filters
    are those of the description; lists are read a page at a time as they are walked, so breaking off costs nothing.
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
        super().__init__(Asking(connection, address.rstrip("/"), language, token=token))
        self.calls = Calls(self._asking)

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
        self._asking.token = str(found["token"])
        return self._asking.token

    def sign_out(self) -> None:
        """End the session."""
        current = self._get("/sessions")["current"]
        self._asking.ask("DELETE", f"/sessions/{current}")
        self._asking.token = ""

    def signals(self, *, sort: str = "-raised_at", **filters: object) -> Iterator[SignalRow]:
        """The signals of one's areas."""
        return self._walk(SignalRow, "/signals", {"sort": sort, **filters})

    def cases(self, *, sort: str = "-reported_at", **filters: object) -> Iterator[CaseRow]:
        """The cases of one's areas."""
        return self._walk(CaseRow, "/cases", {"sort": sort, **filters})

    def exposures(self, signal_id: int, **filters: object) -> Iterator[ExposureRow]:
        """Who and what a signal exposed, as the list of the day ranks them."""
        return self._walk(ExposureRow, "/exposures", {"signal": signal_id, **filters})

    def chains(self, disease: str) -> dict[str, Any]:
        """Who probably infected whom, by case number, and how it spreads; the look is on the ledger."""
        return dict(self._get(f"/chains/{disease}"))

    def tasks(self, *, sort: str = "due_at", **filters: object) -> Iterator[TaskRow]:
        """What is to be done in one's areas."""
        return self._walk(TaskRow, "/tasks", {"sort": sort, **filters})

    def units(self, **filters: object) -> Iterator[UnitRow]:
        """The teams of one's areas."""
        return self._walk(UnitRow, "/units", filters)

    def orders(self, *, sort: str = "to_day", **filters: object) -> Iterator[OrderRow]:
        """The measures on persons of one's areas."""
        return self._walk(OrderRow, "/orders", {"sort": sort, **filters})

    def follow_ups(self, **filters: object) -> Iterator[FollowUpRow]:
        """Who is watched in one's areas."""
        return self._walk(FollowUpRow, "/follow-ups", filters)

    def findings(self, **filters: object) -> Iterator[FindingRow]:
        """The gaps of one's areas."""
        return self._walk(FindingRow, "/findings", filters)

    def batches(self, **filters: object) -> Iterator[BatchRow]:
        """The files received."""
        return self._walk(BatchRow, "/batches", filters)

    def ledger(self, **filters: object) -> Iterator[LedgerRow]:
        """Who did and who looked, the newest first."""
        return self._walk(LedgerRow, "/ledger", filters)

    def send_file(self, feed: str, path: Path) -> FileArrived:
        """Send a department's file, of a declared feed or a format; sent twice, it comes in once."""
        return msgspec.convert(self._upload(f"/feeds/{feed}/files", path).json(), FileArrived)

    def suggest_feed(self, path: Path) -> FeedSuggested:
        """The text of a feed proposed from a file's headers and first rows."""
        return msgspec.convert(self._upload("/feed-suggestions", path).json(), FeedSuggested)

    def propose_feed(self, system: str) -> str:
        """The text of a feed for what another system exports."""
        return str(self._get(f"/feed-proposals/{system}")["text"])

    def write_rejects(self, batch_no: int, out: Path) -> int:
        """Write what a file rejected, in the container that `out` ends in, to be corrected; how many rows."""
        asked = {"container": out.suffix.removeprefix(".")}
        return _kept(self._asking.ask("POST", f"/batches/{batch_no}/rejects", params=asked), out, "Rows-Rejected")

    def fill_form(self, template: Path, out: Path, *, area: str = "", day: date | None = None) -> int:
        """Write a superior's form filled in from the scorecard of a local day; how many cells were."""
        return _kept(self._upload("/forms", template, area=area or None, day=day), out, "Cells-Filled")

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
        return self._send("GET", path, params).json()

    def _post(self, path: str, body: Mapping[str, object]) -> Any:  # noqa: ANN401 - JSON
        return self._send("POST", path, None, body).json()

    def _upload(self, path: str, file: Path, **params: object) -> httpx2.Response:
        return self._send("POST", path, {"name": file.name, **params}, None, file.read_bytes())


def _kept(answer: httpx2.Response, out: Path, header: str) -> int:
    """A file's answer, written; what a header of it counts."""
    out.write_bytes(answer.content)
    return int(answer.headers[header])
