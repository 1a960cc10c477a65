"""Who is swabbed on a day, alone or ten in one tube, and what the laboratories find.

Swabbed are: who seeks help when ill, members of a positive pool (alone, on the day after its report), everybody in a
township that had a case the day before, a seventh of exposed staff a day, half of the travellers who arrive, and some
who just want to know. A swab takes a minute and is no visit; only seeking help is one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from ringfence.city.arrays import Flags, Ints, rank_in_group
from ringfence.city.natural_history import DAY_S, Infections
from ringfence.city.settings import HOUR_S, Setting
from ringfence.city.town import Town

ALONE = -1
POOL_SIZE = 10
STAFF_EVERY_DAYS = 7
JUST_WANTS_TO_KNOW = 0.0012
TAKES_PART, OLD_ENOUGH = 0.8, 1.0
ARRIVALS_SWABBED = 0.5
EXPOSED_STAFF = (
    Setting.HOSPITAL, Setting.MARKET, Setting.TRANSPORT, Setting.WAREHOUSE, Setting.CARE_HOME, Setting.HOTEL,
)  # fmt: skip
FINDS_ALONE, FINDS_IN_POOL = 0.95, 0.88
CONTAMINATED_POOL = 0.0004
DETECTABLE_BEFORE_S, DETECTABLE_FOR_S = 12 * HOUR_S, 12 * DAY_S
ALONE_REPORT_H, POOL_REPORT_H = (3.0, 9.0), (6.0, 14.0)
DELAYED, DELAY_S = 0.01, DAY_S
SESSION_S = (7 * HOUR_S, 19 * HOUR_S)
RETEST_S = (7 * HOUR_S, 11 * HOUR_S)
ANY_TIME_S = (8 * HOUR_S, 18 * HOUR_S)


@dataclass(frozen=True)
class Samples:
    """Swabs with their results (shape n): `pool` is ALONE or a number shared by the pool, as is then the result.

    `taken_at` and `reported_at` are seconds of the period.
    """

    person: Ints
    pool: Ints
    taken_at: Ints
    reported_at: Ints
    is_positive: Flags

    @property
    def count(self) -> int:
        """How many there are."""
        return self.person.size

    def keep(self, chosen: Flags | Ints) -> "Samples":
        """Only the chosen ones, or all in another order."""
        return Samples(*(getattr(self, field.name)[chosen] for field in fields(self)))


@dataclass(frozen=True)
class Swabs:
    """Swabs on their way to the laboratory (shape n): who, when (seconds of the period), in which pool."""

    person: Ints
    taken_at: Ints
    pool: Ints


def join_samples(parts: Sequence[Samples]) -> Samples:
    """All samples of the parts, part by part."""
    return Samples(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Samples)))


def find_retests(samples: Sequence[Samples], *, day: int) -> Ints:
    """Who was in a pool that was reported positive the day before."""
    recalled = [
        part.person[part.is_positive & (part.pool != ALONE) & (part.reported_at // DAY_S == day - 1)]
        for part in samples
    ]
    return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *recalled]))


def take_swabs(
    town: Town,
    dice: np.random.Generator,
    *,
    day: int,
    can_be_swabbed: Flags,
    seeks_help_at: Ints,
    retests: Ints,
    screened_townships: Ints,
    first_pool: int,
) -> Swabs:
    """The swabs of a day; nobody gives two, the more urgent reason counts (`seeks_help_at` is by person)."""
    people = town.people
    is_screened = np.isin(people.township, screened_townships) & (people.age >= OLD_ENOUGH)
    is_screened &= dice.random(people.count) < TAKES_PART
    is_staff = town.at_work_in(*EXPOSED_STAFF) & ((np.arange(people.count) + day) % STAFF_EVERY_DAYS == 1)
    is_new = people.is_traveller & (people.arrives == day) & (dice.random(people.count) < ARRIVALS_SWABBED)
    wants_to_know = dice.random(people.count) < JUST_WANTS_TO_KNOW
    is_recalled = np.isin(np.arange(people.count), retests)
    seeks_help = seeks_help_at // DAY_S == day
    seconds = np.where(is_recalled, dice.integers(*RETEST_S, people.count), dice.integers(*ANY_TIME_S, people.count))
    alone = can_be_swabbed & (seeks_help | is_recalled | (wants_to_know & ~is_screened))
    single = np.flatnonzero(alone)
    pooled = np.flatnonzero(can_be_swabbed & ~alone & (is_screened | is_staff | is_new))
    queue, pool, second = form_pools(town, dice, pooled, first_pool=first_pool)
    return Swabs(
        np.concatenate([single, queue]),
        np.concatenate([np.where(seeks_help, seeks_help_at, day * DAY_S + seconds)[single], day * DAY_S + second]),
        np.concatenate([np.full(single.size, ALONE), pool]),
    )


def form_pools(town: Town, dice: np.random.Generator, person: Ints, *, first_pool: int) -> tuple[Ints, Ints, Ints]:
    """People in the order in which families queue at their township's site, their pools, and the second of the day."""
    people = town.people
    turn = dice.random(town.homes.township.size + 1)[people.household[person]]
    turn = np.where(people.household[person] >= 0, turn, dice.random(person.size))
    person = person[np.lexsort((turn, people.township[person]))]
    site = people.township[person]
    rank = rank_in_group(site)
    tubes = np.unique(site * person.size + rank // POOL_SIZE, return_inverse=True)[1]
    served = np.bincount(site, minlength=town.areas.county.size)[site]
    opens, closes = SESSION_S
    return person, first_pool + tubes, opens + (closes - opens) * rank // np.maximum(served, 1)


def examine(dice: np.random.Generator, swabs: Swabs, infections: Infections) -> Samples:
    """What the laboratories report on the swabs; all swabs of a pool share its result and its time."""
    is_alone = swabs.pool == ALONE
    finds = np.where(is_alone, FINDS_ALONE, FINDS_IN_POOL)
    is_found = detectable(swabs, infections) & (dice.random(swabs.person.size) < finds)
    tube_is_positive, tube, tube_reported_at = examine_pools(dice, swabs, is_found)
    reported_at = swabs.taken_at + hours(dice, ALONE_REPORT_H, swabs.person.size)
    is_positive = is_found.copy()
    reported_at[~is_alone] = tube_reported_at[tube]
    is_positive[~is_alone] = tube_is_positive[tube]
    return Samples(swabs.person, swabs.pool, swabs.taken_at, reported_at, is_positive)


def examine_pools(dice: np.random.Generator, swabs: Swabs, is_found: Flags) -> tuple[Flags, Ints, Ints]:
    """Whether each tube is positive (a few by contamination), whose tube is whose, and when each is reported."""
    pooled = np.flatnonzero(swabs.pool != ALONE)
    tubes, tube = np.unique(swabs.pool[pooled], return_inverse=True)
    is_positive = np.bincount(tube, weights=is_found[pooled], minlength=tubes.size) > 0
    is_positive |= dice.random(tubes.size) < CONTAMINATED_POOL
    last_taken = np.zeros(tubes.size, dtype=np.int64)
    np.maximum.at(last_taken, tube, swabs.taken_at[pooled])
    delay = np.where(dice.random(tubes.size) < DELAYED, DELAY_S, 0)
    return is_positive, tube, last_taken + hours(dice, POOL_REPORT_H, tubes.size) + delay


def hours(dice: np.random.Generator, between: tuple[float, float], count: int) -> Ints:
    """Seconds drawn evenly between two numbers of hours (shape count)."""
    return (dice.uniform(*between, count) * HOUR_S).astype(np.int64)


def detectable(swabs: Swabs, infections: Infections) -> Flags:
    """Whether each swab carries enough to be found at all."""
    order = np.argsort(infections.person)
    if order.size == 0:
        return np.zeros(swabs.person.size, dtype=bool)
    nearest = order[np.searchsorted(infections.person[order], swabs.person).clip(0, order.size - 1)]
    since = swabs.taken_at - (infections.infectious_from[nearest] - DETECTABLE_BEFORE_S)
    is_detectable: Flags = (infections.person[nearest] == swabs.person) & (since >= 0) & (since < DETECTABLE_FOR_S)
    return is_detectable
