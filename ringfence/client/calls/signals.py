"""The calls of signals. Made from the description of the API by `tools/docs.py`; do not edit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from ringfence.client.calls.shared import Reason
from ringfence.client.room import Room, in_path
from ringfence.terms import Classification, ReasonCode, SignalKind, SignalStatus, SubjectKind


@dataclass(frozen=True, kw_only=True)
class Case:
    """One row of the list of cases."""

    case_id: int
    case_key: str | None
    person_no: int
    disease: str
    episode: int
    classification: Classification
    onset_day: date | None
    sampled_at: datetime | None
    reported_at: datetime
    isolated_at: datetime | None
    is_imported: bool
    area_path: str


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A signal that ended, and the tasks that only it justified."""

    signal_id: int
    status: Literal["dismissed", "withdrawn"]
    tasks: list[int]


@dataclass(frozen=True, kw_only=True)
class Observation:
    """One row of the list of observations."""

    observation_id: int
    subject_kind: SubjectKind
    subject_key: str
    reason: Reason
    observed_at: datetime
    area_path: str
    signal_id: int | None


@dataclass(frozen=True, kw_only=True)
class Signal:
    """One row of the list of signals."""

    signal_id: int
    kind: SignalKind
    subject_kind: SubjectKind
    subject_key: str
    disease: str
    area_path: str
    status: SignalStatus
    reason: Reason
    case_id: int | None
    raised_by: str
    raised_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    responded_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Raised:
    """The signal that came of it: a new one, or the one raised from the same origin before."""

    signal_id: int
    status: str


class SignalsCalls(Room):
    """The calls of signals."""

    def list_signals(
        self,
        *,
        sort: Literal["raised_at", "-raised_at"] = "-raised_at",
        area: str | None = None,
        waiting: bool | None = None,
        status: SignalStatus | None = None,
        kind: SignalKind | None = None,
        disease: str | None = None,
        raised_since: datetime | None = None,
    ) -> Iterator[Signal]:
        """The signals of your areas (GET /signals)."""
        return self._walk(
            Signal,
            "/signals",
            {
                "sort": sort,
                "area": area,
                "waiting": waiting,
                "status": status,
                "kind": kind,
                "disease": disease,
                "raised_since": raised_since,
            },
        )

    def raise_signal(
        self,
        *,
        kind: SignalKind,
        subject_kind: SubjectKind,
        subject_key: str,
        disease: str,
        area: str,
        origin: str = "",
    ) -> Raised:
        """Raise a signal by hand (POST /signals)."""
        return self._ask(
            Raised,
            "POST",
            "/signals",
            None,
            {
                "kind": kind,
                "subject_kind": subject_kind,
                "subject_key": subject_key,
                "disease": disease,
                "area": area,
                "origin": origin,
            },
        )

    def read_signal(self, signal_id: int) -> Signal:
        """One signal (GET /signals/{signal_id})."""
        return self._ask(Signal, "GET", f"/signals/{in_path(signal_id)}")

    def list_cases(
        self,
        *,
        sort: Literal["reported_at", "-reported_at"] = "-reported_at",
        area: str | None = None,
        disease: str | None = None,
        classification: Classification | None = None,
        person: int | None = None,
        reported_since: datetime | None = None,
    ) -> Iterator[Case]:
        """The cases of your areas (GET /cases)."""
        return self._walk(
            Case,
            "/cases",
            {
                "sort": sort,
                "area": area,
                "disease": disease,
                "classification": classification,
                "person": person,
                "reported_since": reported_since,
            },
        )

    def read_case(self, case_id: int) -> Case:
        """One case (GET /cases/{case_id})."""
        return self._ask(Case, "GET", f"/cases/{in_path(case_id)}")

    def list_observations(
        self,
        *,
        sort: Literal["observed_at", "-observed_at"] = "-observed_at",
        area: str | None = None,
        subject_kind: SubjectKind | None = None,
        observed_since: datetime | None = None,
    ) -> Iterator[Observation]:
        """What the duties noticed in your areas (GET /observations)."""
        return self._walk(
            Observation,
            "/observations",
            {"sort": sort, "area": area, "subject_kind": subject_kind, "observed_since": observed_since},
        )

    def read_observation(self, observation_id: int) -> Observation:
        """One observation (GET /observations/{observation_id})."""
        return self._ask(Observation, "GET", f"/observations/{in_path(observation_id)}")

    def verify_signal(self, signal_id: int, *, reason: ReasonCode = ReasonCode.SAID_BY, document: str = "") -> Signal:
        """The signal is real: there may be a response (POST /signals/{signal_id}/verify)."""
        return self._ask(
            Signal, "POST", f"/signals/{in_path(signal_id)}/verify", None, {"reason": reason, "document": document}
        )

    def reopen_signal(self, signal_id: int, *, reason: ReasonCode = ReasonCode.SAID_BY, document: str = "") -> Signal:
        """New evidence on something dismissed (POST /signals/{signal_id}/reopen)."""
        return self._ask(
            Signal, "POST", f"/signals/{in_path(signal_id)}/reopen", None, {"reason": reason, "document": document}
        )

    def dismiss_signal(self, signal_id: int, *, reason: ReasonCode = ReasonCode.SAID_BY, document: str = "") -> Ended:
        """The signal is not real; who was held for it is let go (POST /signals/{signal_id}/dismiss)."""
        return self._ask(
            Ended, "POST", f"/signals/{in_path(signal_id)}/dismiss", None, {"reason": reason, "document": document}
        )

    def withdraw_signal(self, signal_id: int, *, reason: ReasonCode = ReasonCode.SAID_BY, document: str = "") -> Ended:
        """The signal was wrong after all; what only it justified is released (POST /signals/{signal_id}/withdraw)."""
        return self._ask(
            Ended, "POST", f"/signals/{in_path(signal_id)}/withdraw", None, {"reason": reason, "document": document}
        )
