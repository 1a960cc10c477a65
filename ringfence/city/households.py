"""Who lives behind one door: households of one to six with coherent ages, and rooms of care homes.

The shares of the kinds of households are ours, of the order of a northern Chinese city's (2.5 persons a household, a
fifth of the people over 60); a mother is 20 to 41 years older than her child, a grandmother 19 to 36 years older than
her son.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from ringfence.city.arrays import Flags, Floats, Ints
from ringfence.city.options import CityOptions

MOST = 6
ROOMS_PER_CARE_HOME = 25
CARE_ROOM_SHARE = 0.004


class Kin(IntEnum):
    """Who somebody is within a household."""

    ADULT = 0
    ELDER = 1
    HUSBAND = 2
    WIFE = 3
    CHILD = 4
    SECOND_CHILD = 5
    GRANDMOTHER = 6
    GRANDFATHER = 7
    IN_CARE = 8


@dataclass(frozen=True)
class HouseholdKind:
    """A kind of household: its share of all, its members, and the age of its first child (years)."""

    share: float
    members: tuple[Kin, ...]
    first_child: tuple[float, float] = (0.0, 0.0)


COUPLE = (Kin.HUSBAND, Kin.WIFE)
HOUSEHOLD_KINDS = (
    HouseholdKind(0.13, (Kin.ADULT,)),
    HouseholdKind(0.09, (Kin.ELDER,)),
    HouseholdKind(0.11, (Kin.GRANDFATHER, Kin.GRANDMOTHER)),
    HouseholdKind(0.14, COUPLE),
    HouseholdKind(0.22, (*COUPLE, Kin.CHILD), (0.0, 22.0)),
    HouseholdKind(0.04, (*COUPLE, Kin.CHILD), (22.0, 32.0)),
    HouseholdKind(0.10, (*COUPLE, Kin.CHILD, Kin.SECOND_CHILD), (1.5, 22.0)),
    HouseholdKind(0.03, (Kin.WIFE, Kin.CHILD), (0.5, 20.0)),
    HouseholdKind(0.05, (*COUPLE, Kin.CHILD, Kin.GRANDMOTHER), (0.0, 14.0)),
    HouseholdKind(0.06, (*COUPLE, Kin.CHILD, Kin.GRANDMOTHER, Kin.GRANDFATHER), (0.0, 14.0)),
    HouseholdKind(0.03, (*COUPLE, Kin.CHILD, Kin.SECOND_CHILD, Kin.GRANDMOTHER, Kin.GRANDFATHER), (1.5, 14.0)),
    HouseholdKind(CARE_ROOM_SHARE, (Kin.IN_CARE,) * 3),
)
MEMBERS = np.array([[*kind.members, *[-1] * (MOST - len(kind.members))] for kind in HOUSEHOLD_KINDS])
SIZES = (MEMBERS >= 0).sum(axis=1)
CARE_ROOM = len(HOUSEHOLD_KINDS) - 1


@dataclass(frozen=True)
class Households:
    """Households and their members, laid out household by household.

    Shape households: `township`, `care_home` (number, -1 for none). Shape care homes: `care_home_township`.
    Shape members: `household`, `kin`, `is_male`, `age` (years on the first day).
    """

    township: Ints
    care_home: Ints
    care_home_township: Ints
    household: Ints
    kin: Ints
    is_male: Flags
    age: Floats


def draw_households(options: CityOptions, *, township_weight: Floats) -> Households:
    """Households of exactly the asked number of residents, spread over the townships by weight."""
    dice = options.dice("households")
    kinds = draw_kinds(dice, options.residents)
    is_room = kinds == CARE_ROOM
    homes = -(-int(is_room.sum()) // ROOMS_PER_CARE_HOME)
    care_home_township = dice.choice(township_weight.size, size=homes, p=township_weight)
    care_home = np.full(kinds.size, -1)
    care_home[is_room] = np.arange(int(is_room.sum())) % max(homes, 1)
    township = dice.choice(township_weight.size, size=kinds.size, p=township_weight)
    township[is_room] = care_home_township[care_home[is_room]]
    household, slot = np.nonzero(MEMBERS[kinds] >= 0)
    kin = MEMBERS[kinds][household, slot]
    return Households(
        township=township,
        care_home=care_home,
        care_home_township=care_home_township,
        household=household,
        kin=kin,
        is_male=draw_sexes(dice, kin),
        age=draw_ages(dice, kinds)[household, kin] + np.where(kin == Kin.IN_CARE, dice.uniform(-6, 6, kin.size), 0.0),
    )


def draw_kinds(dice: np.random.Generator, residents: int) -> Ints:
    """Kinds of households whose members add up to the residents; single adults fill what is left over."""
    shares = np.array([kind.share for kind in HOUSEHOLD_KINDS])
    kinds = dice.choice(shares.size, size=residents, p=shares / shares.sum())
    members = np.cumsum(SIZES[kinds])
    kept = int(np.searchsorted(members, residents, side="right"))
    left_over = residents - int(members[kept - 1])
    return np.concatenate([kinds[:kept], np.zeros(left_over, dtype=np.int64)])


def draw_sexes(dice: np.random.Generator, kin: Ints) -> Flags:
    """Whether male, by kin: more old women live alone than old men, slightly more boys are born than girls."""
    share = np.full(len(Kin), 0.52)
    share[[Kin.HUSBAND, Kin.GRANDFATHER]] = 1.0
    share[[Kin.WIFE, Kin.GRANDMOTHER]] = 0.0
    share[[Kin.ELDER, Kin.IN_CARE]] = 0.38
    return dice.random(kin.size) < share[kin]


def draw_ages(dice: np.random.Generator, kinds: Ints) -> Floats:
    """Ages in years that every kin would have in every household (shape households, kin): from the child upward."""
    ages = np.empty((kinds.size, len(Kin)))
    youngest, oldest = np.array([kind.first_child for kind in HOUSEHOLD_KINDS]).T
    child = dice.uniform(youngest[kinds], oldest[kinds])
    is_childless = oldest[kinds] == 0.0
    wife = np.where(
        is_childless,
        dice.uniform(22, 60, kinds.size),
        child + normal(dice, kinds.size, around=(27, 4), within=(20, 41)),
    )
    husband = np.maximum(wife + normal(dice, kinds.size, around=(2, 2.5), within=(-3, 8)), 20.0)
    is_alone = ~(MEMBERS[kinds] == Kin.HUSBAND).any(axis=1)
    old = 60 + 30 * dice.beta(1.3, 2.2, kinds.size)
    grandmother = np.where(is_alone, old, husband + normal(dice, kinds.size, around=(26, 4), within=(19, 36)))
    ages[:, Kin.ADULT] = 19 + 41 * dice.beta(1.2, 1.8, kinds.size)
    ages[:, Kin.ELDER] = 62 + 33 * dice.beta(1.4, 2.0, kinds.size)
    ages[:, Kin.IN_CARE] = 74 + 22 * dice.beta(1.8, 2.0, kinds.size)
    ages[:, Kin.HUSBAND], ages[:, Kin.WIFE], ages[:, Kin.CHILD] = husband, wife, child
    ages[:, Kin.SECOND_CHILD] = child - 1.2 - dice.random(kinds.size) * np.maximum(np.minimum(child, 8.0) - 1.2, 0.0)
    ages[:, Kin.GRANDMOTHER] = grandmother
    ages[:, Kin.GRANDFATHER] = np.minimum(
        grandmother + normal(dice, kinds.size, around=(2, 2.5), within=(-3, 8)), 104.0
    )
    return ages


def normal(
    dice: np.random.Generator, count: int, *, around: tuple[float, float], within: tuple[float, float]
) -> Floats:
    """Normal numbers of a mean and a deviation, held within limits (shape count)."""
    return np.clip(dice.normal(*around, count), *within)
