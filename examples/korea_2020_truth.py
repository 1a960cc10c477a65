"""Who infected whom in Korea, 2020, and what the rings held of it: read when the exercise is over, never before."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from korea_2020_files import Korea2020
from telling import Share

from ringfence.terms import WindowBasis


@dataclass(frozen=True)
class Link:
    """Somebody and who is said to have infected them: a case's id, or whatever stands there instead."""

    infector: str
    infectee: str


class Outcome(StrEnum):
    """What became of a true link."""

    HELD = "held before the infectee was confirmed"
    LATE = "held, but the infectee was confirmed by then"
    MISSED = "never held"


class Denominator(StrEnum):
    """Which true links are counted."""

    ALL = "all links"
    IN_FILE = "infector in the file"
    INFECTOR_FIRST = "infector confirmed on an earlier day"
    BOTH_ROUTES = "routes at both ends"
    IN_TIME = "routes at both ends, infector's out before the infectee was confirmed"


@dataclass(frozen=True, kw_only=True)
class Ring:
    """Whom the response to a case found, on which day, and on which date its infectious window stood."""

    responded_on: date
    found: frozenset[str]
    basis: WindowBasis


def read_links(folder: Path) -> list[Link]:
    """Every link that the shared outbreaks name, in the order of the file."""
    with (folder / "korea_2020_cases.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return [Link(row["infected_by"], row["patient_id"]) for row in rows if row["infected_by"].strip()]


def judge(link: Link, rings: Mapping[str, Ring], *, confirmed_on: Mapping[str, date]) -> Outcome:
    """Whether the ring around the infector held the infectee, and in time: on a day before the confirmation."""
    ring = rings.get(link.infector)
    if ring is None or link.infectee not in ring.found:
        return Outcome.MISSED
    return Outcome.HELD if ring.responded_on < confirmed_on[link.infectee] else Outcome.LATE


@dataclass(frozen=True)
class Hindsight:
    """The true links of an exercise beside its rings."""

    korea: Korea2020
    rings: Mapping[str, Ring]
    links: Sequence[Link]

    def select(self, denominator: Denominator) -> list[Link]:
        """The links that a denominator counts; those to cases outside the exercise are never counted."""
        is_counted = {
            Denominator.ALL: lambda _: True,
            Denominator.IN_FILE: self._is_in_file,
            Denominator.INFECTOR_FIRST: self._is_infector_first,
            Denominator.BOTH_ROUTES: self._has_both_routes,
            Denominator.IN_TIME: self._is_in_time,
        }[denominator]
        return [link for link in self.links if link.infectee in self.confirmed_on and is_counted(link)]

    def share(self, denominator: Denominator, outcome: Outcome, *, basis: WindowBasis | None = None) -> Share:
        """How many of the links came to an outcome; with `basis`, of those whose infector's window stood on it."""
        chosen = [
            link
            for link in self.select(denominator)
            if basis is None or (link.infector in self.rings and self.rings[link.infector].basis is basis)
        ]
        hits = sum(judge(link, self.rings, confirmed_on=self.confirmed_on) is outcome for link in chosen)
        return Share(hits, len(chosen))

    @cached_property
    def confirmed_on(self) -> dict[str, date]:
        """The day each case was confirmed."""
        return {case.patient_id: case.confirmed_on for case in self.korea.cases}

    @cached_property
    def with_routes(self) -> frozenset[str]:
        """The cases of whom there are any visits."""
        return frozenset(visit.patient_id for visit in self.korea.visits)

    def _is_in_file(self, link: Link) -> bool:
        return link.infector in self.confirmed_on

    def _is_infector_first(self, link: Link) -> bool:
        return self._is_in_file(link) and self.confirmed_on[link.infector] < self.confirmed_on[link.infectee]

    def _has_both_routes(self, link: Link) -> bool:
        return self._is_in_file(link) and {link.infector, link.infectee} <= self.with_routes

    def _is_in_time(self, link: Link) -> bool:
        return self._has_both_routes(link) and self.rings[link.infector].responded_on < self.confirmed_on[link.infectee]
