"""The calls of responses. Made from the description of the API by `tools/docs.py`; do not edit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ringfence.client.room import Room, in_path
from ringfence.terms import Direction, Ring, SubjectKind


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Whom a case may have its infection from; `infector` is empty for nobody known, `rule` for no meeting known."""

    case_no: int
    infector: int | None
    probability: float
    interval_days: int | None
    rule: str | None


@dataclass(frozen=True, kw_only=True)
class DayOfOnset:
    """How many each case of a day of onset infected; `share_seen` of those have had time to fall ill."""

    day: date
    cases: int
    reproduction: float
    low: float
    high: float
    share_seen: float


@dataclass(frozen=True, kw_only=True)
class Estimated:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Place:
    """A case's place in the tree of most probable infectors: the case its cluster begins with is generation 0."""

    case_no: int
    cluster: int
    generation: int


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Of those exposed by a rule, how many fell ill later."""

    rule: str
    exposed: int
    infected: int
    rate: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Exposure:
    """One row of the list of exposures."""

    exposure_id: int
    signal_id: int
    subject_kind: SubjectKind
    subject_key: str
    ring: Ring
    rank_no: int
    weight: float
    minutes: int
    first_day: date
    last_day: date
    area_path: str
    status: str


@dataclass(frozen=True, kw_only=True)
class OneResponse:
    """What a response did.

    Found = listed + below, and tasks serve one or more of the listed. `expected_missed` is the share of the
    cases' infections that the lists are expected to miss. For whoever may not trace, null where those below
    the cut are too few to be told.
    """

    signals: int
    found: int | None
    listed: int
    below: int | None
    expected_missed: float | None
    tasks: int
    observations: int
    missing_rules: list[str]
    seed: int


@dataclass(frozen=True, kw_only=True)
class RingRow:
    """Somebody or something at risk, before anything is done about it."""

    subject_kind: str
    subject: int
    ring: int
    rules: str
    minutes: int
    weight: float
    area_path: str


Traceable = Literal["signal", "case", "person", "place"]


@dataclass(frozen=True, kw_only=True)
class SpreadShown:
    """How many an early case infected, and how unevenly: below a dispersion of one, few infect most."""

    cases: int
    reproduction: Estimated
    dispersion: Estimated


@dataclass(frozen=True, kw_only=True)
class Responses:
    """One response for each protocol in force on the days of the cases."""

    responses: list[OneResponse]


@dataclass(frozen=True, kw_only=True)
class RingShown:
    """How many are at risk in all, the heaviest of them, and the rules of the protocol that nobody has yet."""

    found: int
    rows: list[RingRow]
    missing_rules: list[str]


@dataclass(frozen=True, kw_only=True)
class ChainsShown:
    """The chains of a disease in the caller's areas; `linked` cases have an infector who is more likely than not."""

    disease: str
    first_day: date
    until_day: date
    cases: int
    linked: int
    infectors: list[Candidate]
    generations: list[Place]
    reproduction: list[DayOfOnset]
    spread: SpreadShown | None
    attack_rates: list[Setting]


class ResponsesCalls(Room):
    """The calls of responses."""

    def list_exposures(
        self,
        *,
        sort: Literal["rank", "-rank", "weight", "-weight"] = "rank",
        area: str | None = None,
        signal: int,
        status: str | None = None,
        ring: int | None = None,
    ) -> Iterator[Exposure]:
        """Who and what a signal exposed, as the list of the day ranks them (GET /exposures)."""
        return self._walk(
            Exposure, "/exposures", {"sort": sort, "area": area, "signal": signal, "status": status, "ring": ring}
        )

    def read_exposure(self, exposure_id: int) -> Exposure:
        """One exposure (GET /exposures/{exposure_id})."""
        return self._ask(Exposure, "GET", f"/exposures/{in_path(exposure_id)}")

    def respond(self, *, signals: list[int], seed: int = 20220301) -> Responses:
        """Put everybody at risk on a list, or into the count below the cut (POST /responses)."""
        return self._ask(Responses, "POST", "/responses", None, {"signals": signals, "seed": seed})

    def show_ring(
        self,
        what: Traceable,
        number: int,
        *,
        direction: Direction = Direction.FORWARD,
        disease: str = "",
        most: int = 50,
    ) -> RingShown:
        """Who is at risk from a signal, case, person or place; nothing changes but the look on the ledger.

        GET /rings/{what}/{number}
        """
        return self._ask(
            RingShown,
            "GET",
            f"/rings/{in_path(what)}/{in_path(number)}",
            {"direction": direction, "disease": disease, "most": most},
        )

    def show_chains(self, disease: str) -> ChainsShown:
        """Who probably infected whom, by case number, and how many each day's cases infected.

        GET /chains/{disease}
        """
        return self._ask(ChainsShown, "GET", f"/chains/{in_path(disease)}")
