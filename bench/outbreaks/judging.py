"""What a ranking is worth on an outbreak it was not fitted on, truth in hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from outbreaks.fitting import FITTED_RULES, Evidence, Fit, weigh
from outbreaks.worlds import World

from ringfence.city.natural_history import DAY_S
from ringfence.trace import Weighing, expect_missed

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

MINUTES_OF = {"same_place": 1, "household": 600, "work_group": 480, "ward": 480, "named_contact": 60}
"""What a minutes-only ranking takes a night at home, a shift, and company somebody names for: minutes as well."""

QUARANTINE_DAYS = 10
"""Of somebody listed: 7 days in a central place and 3 at home (China, 9th edition)."""

DELAY_S = 12 * 3_600
"""From the report of a case to the moment in which those listed are in quarantine."""


@dataclass(frozen=True, eq=False)
class Trial:
    """One outbreak traced at one completeness, and the numbers of a fit that never saw its kernel."""

    world: World
    evidence: Evidence
    reasons: pa.Table
    fitted: Fit
    completeness: float

    @cached_property
    def pairs(self) -> Ints:
        """Case (above) and subject (below 32 bits) of each pair."""
        return np.unique(self.reasons["signal"].to_numpy() << 32 | self.reasons["subject"].to_numpy())

    @cached_property
    def hazard(self) -> Floats:
        """What each pair weighs by the fit."""
        return weigh(self.fitted, self.evidence)

    @cached_property
    def minutes(self) -> Floats:
        """What each pair weighs by minutes alone."""
        of_rule = np.array([MINUTES_OF[rule] for rule in FITTED_RULES])[self.evidence.rule]
        of_rule = of_rule * np.where(self.evidence.rule == 0, 1, self.evidence.days.sum(axis=1))
        return np.bincount(self.evidence.pair, weights=of_rule * np.exp(self.evidence.minutes))

    def places(self, weight: Floats) -> Ints:
        """The place of each pair on its case's list, from 0; ties by lot."""
        case = self.pairs >> 32
        order = np.lexsort((np.random.default_rng(7).random(weight.size), -weight, case))
        ordered = case[order]
        places = np.empty(weight.size, np.int64)
        places[order] = np.arange(weight.size) - np.searchsorted(ordered, ordered)
        return places

    def recall(self, weight: Floats, size: int) -> float:
        """The share of everybody the cases infected who stand among the first so many of the case's list."""
        on_list = self.places(weight) < size
        return float(self.evidence.is_infected[on_list].sum() / self.world.infected.num_rows)

    def best(self, size: int) -> float:
        """What no order could beat: lists of that size full of infected people, of those that are found at all."""
        found = np.bincount(self.pairs[self.evidence.is_infected] >> 32)
        return float(np.minimum(found, size).sum() / self.world.infected.num_rows)

    def missed(self, size: int) -> tuple[float, float]:
        """The share that lists of a size were expected to miss, and the share they did miss."""
        chance = -np.expm1(-self.hazard)
        on_list = self.places(self.hazard) < size
        weighing = Weighing(unseen_share=self.fitted.unseen[self.completeness])
        listed, below = float(chance[on_list].sum()), float(chance[~on_list].sum())
        return expect_missed(listed=listed, below=below, weighing=weighing), 1 - self.recall(self.hazard, size)

    def groups(self, size: int) -> Iterator[tuple[str, int, int]]:
        """Of the infected of each kind of people: how many there are, and how many stand on a list of a size."""
        people, card = self.world.town.people, self.world.town.card
        who = self.world.infected["subject"].to_numpy() - 1
        key = self.world.infected["signal"].to_numpy() << 32 | self.world.infected["subject"].to_numpy()
        is_held = np.isin(key, self.pairs[self.places(self.hazard) < size])
        has_phone = np.array(card["phone"].take(pa.array(who)).to_pylist(), object) != ""
        age = people.age[who]
        kinds = {
            "under 18": age < 18,
            "18 to 59": (age >= 18) & (age < 60),
            "60 and over": age >= 60,
            "residents": people.household[who] >= 0,
            "others": people.household[who] < 0,
            "with a phone": has_phone,
            "without": ~has_phone,
        }
        for name, chosen in kinds.items():
            yield name, int(chosen.sum()), int(is_held[chosen].sum())

    def quarantine(self, weight: Floats, size: int) -> tuple[int, int]:
        """Person-days of quarantine that lists of a size cost, and the infections they avert within the period."""
        on_list = np.flatnonzero(self.places(weight) < size)
        person, infections = (self.pairs & 0xFFFFFFFF)[on_list] - 1, self.world.outbreak.infections
        reported = np.full(self.world.town.people.count, np.iinfo(np.int64).max)
        cases = self.world.outbreak.cases
        reported[cases.person] = cases.reported_at
        since = np.full(self.world.town.people.count, np.iinfo(np.int64).max)
        np.minimum.at(since, person, reported[(self.pairs >> 32)[on_list] - 1] + DELAY_S)
        end = since.clip(max=2**60) + QUARANTINE_DAYS * DAY_S
        infector = infections.infector
        at = infections.infected_at
        is_averted = (infector >= 0) & (at >= since[infector]) & (at < end[infector])
        return np.unique(person).size * QUARANTINE_DAYS, int(is_averted.sum())


def calibrate(trials: list[Trial]) -> Iterator[tuple[float, float, int]]:
    """Of pairs of like hazard: the mean chance that was stated, the share that was infected, and how many pairs."""
    chance = np.concatenate([-np.expm1(-trial.hazard) for trial in trials])
    infected = np.concatenate([trial.evidence.is_infected for trial in trials])
    edges = [0, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1.01]
    band = np.digitize(chance, edges) - 1
    for number in range(len(edges) - 1):
        chosen = band == number
        if chosen.any():
            yield float(chance[chosen].mean()), float(infected[chosen].mean()), int(chosen.sum())
