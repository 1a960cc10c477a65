"""Everybody who is in the city for a time: its residents, and the workers and travellers who are on no register."""

from dataclasses import dataclass

import numpy as np

from ringfence.city.areas import Areas
from ringfence.city.arrays import Flags, Floats, Ints
from ringfence.city.households import Households
from ringfence.city.options import CityOptions
from ringfence.terms import day_number

DAYS_A_YEAR = 365.2425
UNREGISTERED = 0.015
UNREGISTERED_NEWBORN = 0.5
TRAVELLERS = 0.5
MEN_AMONG_GUESTS = 0.6


@dataclass(frozen=True)
class People:
    """Everybody, residents first, household by household (shape persons each).

    `household` and `kin` are -1 for non-residents; `born` is a day number; `age` is in years on the first day;
    `arrives` and `leaves` are days of the period, both included; `register_no` is -1 for who is on no register.
    """

    household: Ints
    kin: Ints
    is_male: Flags
    born: Ints
    age: Floats
    township: Ints
    is_traveller: Flags
    arrives: Ints
    leaves: Ints
    register_no: Ints

    @property
    def count(self) -> int:
        """How many there are."""
        return self.age.size

    @property
    def residents(self) -> int:
        """How many of them, from the first, live here."""
        return int((self.household >= 0).sum())

    def are_here(self, day: int) -> Flags:
        """Who is in the city on a day of the period."""
        return (self.arrives <= day) & (day <= self.leaves)


def draw_people(options: CityOptions, areas: Areas, homes: Households) -> People:
    """The members of the households, and beside them as many guests as the options say."""
    dice = options.dice("people")
    guests = round(options.residents * options.non_resident_share / (1 - options.non_resident_share))
    is_traveller = np.concatenate([np.zeros(homes.age.size, dtype=bool), dice.random(guests) < TRAVELLERS])
    crowding = areas.weight * np.where(areas.is_urban, 3.0, 1.0)
    guest_township = dice.choice(crowding.size, size=guests, p=crowding / crowding.sum())
    age = np.concatenate([homes.age, dice.uniform(18, 60, guests)])
    household = np.concatenate([homes.household, np.full(guests, -1)])
    arrives, leaves = draw_presence(dice, is_traveller, days=options.days)
    return People(
        household=household,
        kin=np.concatenate([homes.kin, np.full(guests, -1)]),
        is_male=np.concatenate([homes.is_male, dice.random(guests) < MEN_AMONG_GUESTS]),
        born=day_number(options.first_day) - np.ceil(age * DAYS_A_YEAR).astype(np.int64),
        age=age,
        township=np.concatenate([homes.township[homes.household], guest_township]),
        is_traveller=is_traveller,
        arrives=arrives,
        leaves=leaves,
        register_no=draw_register(dice, is_resident=household >= 0, age=age),
    )


def draw_presence(dice: np.random.Generator, is_traveller: Flags, *, days: int) -> tuple[Ints, Ints]:
    """First and last day in the city; travellers stay one to five days, everybody else the whole time."""
    first = dice.integers(-3, days, is_traveller.size)
    last = np.maximum(first + dice.integers(0, 5, is_traveller.size), 0)
    arrives = np.where(is_traveller, np.maximum(first, 0), 0)
    return arrives, np.where(is_traveller, np.minimum(last, days - 1), days - 1)


def draw_register(dice: np.random.Generator, *, is_resident: Flags, age: Floats) -> Ints:
    """The register's number of each resident, in no telling order; half the newborns and a few others have none yet."""
    chance = np.where(age < 30 / DAYS_A_YEAR, UNREGISTERED_NEWBORN, UNREGISTERED)
    is_registered = is_resident & (dice.random(age.size) >= chance)
    return np.where(is_registered, dice.permutation(age.size) + 1, -1)
