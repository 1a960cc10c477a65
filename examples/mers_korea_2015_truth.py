"""Who infected whom in Korea, 2015, and what the investigation found: read when the exercise is over, never before.

The data holds transmission pairs and no contact who stayed well: how contacts were followed cannot be had from it.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

from mers_korea_2015_files import read_day
from mers_korea_2015_windows import Known, generations_by_date
from telling import Share

from ringfence.terms import Window, WindowBasis, day_number


@dataclass(frozen=True)
class Pair:
    """Somebody and whom they infected, the kind of exposure, and the days between their onsets."""

    infector: str
    infectee: str
    exposure: str
    serial_days: int


def read_pairs(folder: Path) -> list[Pair]:
    """Every transmission pair of the shared outbreaks."""
    with (folder / "mers_korea_2015_contacts.csv").open(encoding="utf-8", newline="") as file:
        return [
            Pair(row["from"], row["to"], row["exposure"].strip(), int(row["diff_dt_onset"]))
            for row in csv.DictReader(file)
        ]


def read_exposures(folder: Path) -> dict[str, Window]:
    """The days on which the investigation says each case was exposed, where it says so."""
    with (folder / "mers_korea_2015_linelist.csv").open(encoding="utf-8", newline="") as file:
        days = {row["id"]: (read_day(row["dt_start_exp"]), read_day(row["dt_end_exp"])) for row in csv.DictReader(file)}
    return {
        case_id: Window(day_number(start), day_number(end)) for case_id, (start, end) in days.items() if start and end
    }


@dataclass(frozen=True)
class Hindsight:
    """The cases of an exercise beside the pairs and exposures that were found out later."""

    known: Mapping[str, Known]
    pairs: Sequence[Pair]
    exposures: Mapping[str, Window]

    @classmethod
    def on(cls, known: Mapping[str, Known], pairs: Sequence[Pair], exposures: Mapping[str, Window]) -> "Hindsight":
        """Only the pairs and exposures of known cases count."""
        return cls(
            known,
            [pair for pair in pairs if {pair.infector, pair.infectee} <= known.keys()],
            {key: window for key, window in exposures.items() if key in known},
        )

    @property
    def windows_meet(self) -> Share:
        """In how many pairs the infectee's source window shares a day with the infector's infectious window."""
        return Share.of_facts(self._may_have_infected(pair.infector, pair.infectee) for pair in self.pairs)

    @property
    def windows_meet_anyway(self) -> Share:
        """The same of any two cases, the first reported on an earlier day: what meeting by chance comes to."""
        in_order = (
            (one, other)
            for one, other in permutations(self.known, 2)
            if self.known[one].days.reported_day < self.known[other].days.reported_day
        )
        return Share.of_facts(self._may_have_infected(one, other) for one, other in in_order)

    @property
    def exposure_meets_infectious(self) -> Share:
        """In how many pairs the infectee was exposed, as investigated, while the infector was infectious."""
        return Share.of_facts(
            do_meet(self.exposures[pair.infectee], self.known[pair.infector].infectious)
            for pair in self.pairs
            if pair.infectee in self.exposures
        )

    def exposure_meets_source(self, basis: WindowBasis) -> Share:
        """How many cases whose windows stand on a date were exposed, as investigated, within their source window."""
        return Share.of_facts(
            do_meet(exposure, self.known[key].source)
            for key, exposure in self.exposures.items()
            if self.known[key].basis is basis
        )

    @property
    def reported_before_onset(self) -> Share:
        """In how many pairs the infector was reported on a day before the infectee fell ill."""
        return Share.of_facts(
            self.known[pair.infector].days.reported_day < self.known[pair.infectee].days.stands_on[1]
            for pair in self.pairs
        )

    def dated_as_in_chain(self, *, serial_days: float) -> Share:
        """For how many cases the date of onset alone says the generation that the chain of pairs says."""
        index = min(self.known, key=lambda key: self.known[key].days.reported_day)
        in_chain = count_generations(self.pairs, index=index)
        dated = generations_by_date(self.known, serial_days=serial_days)
        return Share.of_facts(dated[key] == in_chain[key] for key in in_chain.keys() & dated.keys())

    def _may_have_infected(self, infector: str, infectee: str) -> bool:
        return do_meet(self.known[infectee].source, self.known[infector].infectious)


def do_meet(one: Window | None, other: Window | None) -> bool:
    """Whether two windows share a day; a window nobody was at risk in meets none."""
    return (
        one is not None
        and other is not None
        and max(one.first_day, other.first_day) <= min(one.last_day, other.last_day)
    )


def count_generations(pairs: Sequence[Pair], *, index: str) -> dict[str, int]:
    """How many infections lie between the index case (0) and each case a chain leads to; the shortest chain counts."""
    generation = {index: 0}
    ring = {index}
    while ring:
        ring = {pair.infectee for pair in pairs if pair.infector in ring} - generation.keys()
        generation.update(dict.fromkeys(ring, max(generation.values()) + 1))
    return generation
