"""The course of an infection: when it makes infectious and ill, how strongly, and whether help is sought.

Times are whole seconds from the first day's midnight; they may be negative. Incubation is log-normal with a median of
3.4 days and people are infectious from some time before the onset, of the order published for Omicron in 2022; the
shedding curve and all shares are ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from ringfence.city.arrays import Flags, Floats, Ints
from ringfence.city.kernels import Kernel
from ringfence.city.settings import HOUR_S

DAY_S = 24 * HOUR_S
NEVER = 2**60
AT_HOME, ELSEWHERE = -1, -2
NOBODY = -1
INCUBATION_MEDIAN_DAYS, INCUBATION_SPREAD = 3.4, 0.35
SHORTEST_LATENCY_DAYS = 1.0
INFECTIOUS_BEFORE_ONSET_DAYS = (0.6, 2.0)
INFECTIOUS_DAYS = 9
PEAK_AFTER_DAYS = 1.6
ASYMPTOMATIC, SHEDDING_WITHOUT_SYMPTOMS = 0.3, 0.6
SEEKS_HELP = 0.75
HELP_AFTER_DAYS = ((0, 1, 2, 3), (0.1, 0.35, 0.35, 0.2))
CLINIC_S = (8 * HOUR_S, 16 * HOUR_S)


@dataclass(frozen=True)
class Infections:
    """Who was infected, by whom (NOBODY here), where (a place, AT_HOME or ELSEWHERE), and what followed (shape n).

    `infected_at`, `infectious_from`, `infectious_until`, `onset_at` and `seeks_help_at` are seconds of the period,
    NEVER where it does not happen; `power` is how infectious the person is compared with the average.
    """

    person: Ints
    infected_at: Ints
    infector: Ints
    place: Ints
    infectious_from: Ints
    infectious_until: Ints
    onset_at: Ints
    seeks_help_at: Ints
    power: Floats

    @property
    def count(self) -> int:
        """How many there are."""
        return self.person.size

    def keep(self, chosen: Flags | Ints) -> "Infections":
        """Only the chosen ones, or all in another order."""
        return Infections(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def shedding(self, at: Ints) -> Floats:
        """Infectiousness at an instant of each, 1 at its peak, 0 before and after (a gamma curve of shape 2)."""
        since = (at - self.infectious_from) / (PEAK_AFTER_DAYS * DAY_S)
        is_infectious = (at >= self.infectious_from) & (at < self.infectious_until)
        strength = np.where(self.onset_at < NEVER, 1.0, SHEDDING_WITHOUT_SYMPTOMS)
        return np.where(is_infectious, since * np.exp(1 - np.maximum(since, 0.0)) * strength, 0.0)


def join_infections(parts: Sequence[Infections]) -> Infections:
    """All infections of the parts, part by part."""
    return Infections(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Infections)))


def draw_courses(
    dice: np.random.Generator, kernel: Kernel, *, person: Ints, infected_at: Ints, infector: Ints, place: Ints
) -> Infections:
    """What follows from being infected (shapes n)."""
    count = person.size
    incubation = INCUBATION_MEDIAN_DAYS * dice.lognormal(0.0, INCUBATION_SPREAD, count)
    latency = np.maximum(incubation - dice.uniform(*INFECTIOUS_BEFORE_ONSET_DAYS, count), SHORTEST_LATENCY_DAYS)
    incubation = np.maximum(incubation, latency)
    infectious_from = infected_at + (latency * DAY_S).astype(np.int64)
    onset = infected_at + (incubation * DAY_S).astype(np.int64)
    has_symptoms = dice.random(count) >= ASYMPTOMATIC
    days, shares = HELP_AFTER_DAYS
    clinic = (onset // DAY_S + dice.choice(days, size=count, p=shares)) * DAY_S + dice.integers(*CLINIC_S, count)
    seeks = has_symptoms & (dice.random(count) < SEEKS_HELP) & (clinic > onset)
    return Infections(
        person=person,
        infected_at=infected_at,
        infector=infector,
        place=place,
        infectious_from=infectious_from,
        infectious_until=infectious_from + INFECTIOUS_DAYS * DAY_S,
        onset_at=np.where(has_symptoms, onset, NEVER),
        seeks_help_at=np.where(seeks, clinic, NEVER),
        power=kernel.draw_power(dice, count),
    )
