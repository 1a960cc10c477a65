"""The calls of lane. Made from the description of the API by `tools/docs.py`; do not edit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from ringfence.client.room import Room, in_path
from ringfence.terms import ReasonCode, RiskLevel, TripKind


@dataclass(frozen=True, kw_only=True)
class ArrivalReport:
    """One row of the list of arrival-reports."""

    report_id: int
    gate: int
    from_at: datetime
    to_at: datetime
    passages: int
    people: int
    admitted: int
    emergencies: int
    not_admitted: int
    late: int
    area_path: str
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True)
class ChangeToCome:
    """A rule that will be another one; `sentence` says it in one line."""

    key: str
    takes_effect_at: datetime
    sentence: str


Decision = Literal["admit", "recheck", "refuse", "unreadable"]


Emergency = Literal["life_threatening", "labour", "dialysis", "unaccompanied_child"]


ListKind = Literal["trust_list", "revocation_list", "rules"]


NextStep = Literal[
    "scan_again", "show_another_proof", "measure_again", "sample_here", "waiting_area", "counter", "care_now"
]


@dataclass(frozen=True, kw_only=True)
class Whom:
    """Who somebody says they are; kept sealed until they are linked, then gone."""

    name: str = ""
    id_number: str = ""
    birth_date: date | None = None
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class PassagesKept:
    """All of them are durable: how many are new, and how many were known already."""

    new: int
    known: int


@dataclass(frozen=True, kw_only=True)
class PersonExpected:
    """Somebody on a list; `passed_at` is null as long as no gate let them through."""

    person_no: int
    name: str
    birth_date: date | None
    id_number: str
    carriage: int | None
    seat: str
    passed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class TestsKnown:
    """Tests by mark.

    The first 8 bytes of an HMAC-SHA256 of the ID number in capitals, under `key` (hexadecimal). `packed` is
    base64 of n marks (unsigned, sorted), n sampling times (microseconds UTC) and n results of one byte (0 not
    detected, 1 detected, 2 inconclusive), all big-endian. A device keeps both sealed; they change with the
    day.
    """

    key: str
    count: int
    packed: str


@dataclass(frozen=True, kw_only=True)
class TripExpected:
    """A trip's list against what gates saw of it; `waiting` were let through and have no number yet."""

    trip_no: int
    kind: TripKind
    number: str
    departs_on: date
    booked: int
    passed: int
    waiting: int


@dataclass(frozen=True, kw_only=True)
class GateStandards:
    """What travellers are held to now; a passage keeps `version`."""

    version: str
    numbers: dict[str, str]
    risk_areas: dict[str, RiskLevel]
    lists: dict[str, int]
    changes: list[ChangeToCome]


@dataclass(frozen=True, kw_only=True)
class HandedOut:
    """The newest version of a list: a sealed text to be checked with one's own keys, of rules their JSON."""

    kind: ListKind
    version: int
    issued_at: datetime
    body: str


@dataclass(frozen=True, kw_only=True)
class OccupantSent:
    """One of those in a vehicle, and what the lane said to them."""

    verdict: Decision = "admit"
    emergency: Emergency | None = None
    reason: ReasonCode | None = None
    values: dict[str, str | int | float] | None = None
    next_step: NextStep | None = None
    celsius: float | None = None
    sampled_at: datetime | None = None
    seat: str = ""
    identity: Whom | None = None


@dataclass(frozen=True, kw_only=True)
class PeopleExpected:
    """Everybody on a trip's list, in the order of their seats."""

    people: list[PersonExpected]


@dataclass(frozen=True, kw_only=True)
class TripsExpected:
    """The trips of a day whose lists are in."""

    trips: list[TripExpected]


@dataclass(frozen=True, kw_only=True)
class PassageSent:
    """One arrival at a lane, with everybody in it."""

    passage_id: str
    gate: int
    lane: int
    passed_at: datetime
    occupants: list[OccupantSent]
    vehicle: str = ""
    trip: str = ""
    origin_area: str | None = None
    bound_area: str | None = None
    standards: str = ""
    sheet: str = ""


class LaneCalls(Room):
    """The calls of lane."""

    def register(self, *, passages: list[PassageSent]) -> PassagesKept:
        """Passages of a lane; sent again they change nothing (POST /passages)."""
        return self._ask(PassagesKept, "POST", "/passages", None, {"passages": passages})

    def list_arrival_reports(
        self,
        *,
        sort: Literal["from_at", "-from_at"] = "-from_at",
        area: str | None = None,
        gate: int | None = None,
        since: datetime | None = None,
        before: datetime | None = None,
    ) -> Iterator[ArrivalReport]:
        """What gates reported upward; lines of one gate and period add up (GET /arrival-reports)."""
        return self._walk(
            ArrivalReport,
            "/arrival-reports",
            {"sort": sort, "area": area, "gate": gate, "since": since, "before": before},
        )

    def read_standards(self) -> GateStandards:
        """The rules of today, and what will change (GET /gate-standards)."""
        return self._ask(GateStandards, "GET", "/gate-standards")

    def read_gate_list(self, kind: ListKind) -> HandedOut:
        """A list for terminals (GET /gate-lists/{kind})."""
        return self._ask(HandedOut, "GET", f"/gate-lists/{in_path(kind)}")

    def read_tests(self, gate: int) -> TestsKnown:
        """Laboratories' tests that may still count, to look up offline by ID number.

        GET /gates/{gate}/known-tests
        """
        return self._ask(TestsKnown, "GET", f"/gates/{in_path(gate)}/known-tests")

    def read_trips_expected(self, gate: int, *, day: date | None = None) -> TripsExpected:
        """Trips whose passenger lists came before them (GET /gates/{gate}/expected)."""
        return self._ask(TripsExpected, "GET", f"/gates/{in_path(gate)}/expected", {"day": day})

    def read_people_expected(self, gate: int, trip_no: int) -> PeopleExpected:
        """Everybody on a trip's list, and who of them never passed (GET /gates/{gate}/expected/{trip_no})."""
        return self._ask(PeopleExpected, "GET", f"/gates/{in_path(gate)}/expected/{in_path(trip_no)}")
