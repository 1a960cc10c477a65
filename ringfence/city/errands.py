"""What people do when they are not at work: errands of their own and outings of families, slot by slot of the day."""

from dataclasses import dataclass

import numpy as np

from ringfence.city.arrays import Flags, Floats, Ints
from ringfence.city.households import Kin
from ringfence.city.settings import HOUR_S, MINUTE_S, Setting, fact
from ringfence.city.stays import Visits, draw_rooms
from ringfence.city.town import HABIT_REACH, Town

SLOTS_S = (np.array([(7.2, 8.85), (9, 11.3), (11.5, 13.3), (14, 17.3), (18, 19.6), (19.75, 21.65)]) * HOUR_S).astype(
    int
)
EARLY, MORNING, NOON, AFTERNOON, EVENING, NIGHT = range(6)
BEFORE_WORK_S, AFTER_WORK_S = 45 * MINUTE_S, 15 * MINUTE_S

NOT_ALONE, TEENAGER, WORKER, AT_HOME, OLD, TRAVELLER = range(6)
CHANCES = np.array(
    [
        (0.00, 0.00, 0.00, 0.00, 0.00, 0.00),
        (0.00, 0.05, 0.03, 0.15, 0.08, 0.05),
        (0.10, 0.30, 0.25, 0.35, 0.38, 0.22),
        (0.12, 0.40, 0.18, 0.35, 0.28, 0.14),
        (0.25, 0.45, 0.06, 0.32, 0.12, 0.02),
        (0.70, 0.40, 0.75, 0.50, 0.65, 0.35),
    ]
)
"""How likely somebody free goes somewhere, by group and slot of a weekday."""
WEEKEND = np.array([0.0, 1.6, 1.4, 1.0, 1.0, 1.0])
GOES_ALONE_AGE, GROWN_AGE, OLD_AGE = 12.0, 18.0, 62.0

OUTINGS = {False: {EVENING: 0.10}, True: {MORNING: 0.06, AFTERNOON: 0.15, EVENING: 0.15}}
"""How likely a family goes out together in a slot, on weekdays and (True) at weekends."""
OUTING_SETTINGS = (Setting.SHOP, Setting.MARKET, Setting.RESTAURANT, Setting.LEISURE)
JOINS = 0.75
GOES_BACK = 0.6


@dataclass(frozen=True)
class Shift:
    """Who works or learns on a day, and from when to when (shape persons; seconds of the day)."""

    is_on: Flags
    start_s: Ints
    end_s: Ints


def group_people(town: Town) -> Ints:
    """Which row of CHANCES is everybody's (shape persons)."""
    people = town.people
    group = np.where(town.occupations.place >= 0, WORKER, AT_HOME)
    group[people.age >= OLD_AGE] = OLD
    group[people.age < GROWN_AGE] = TEENAGER
    group[(people.age < GOES_ALONE_AGE) | (people.kin == Kin.IN_CARE)] = NOT_ALONE
    group[people.is_traveller] = TRAVELLER
    return group


def plan_errands(town: Town, dice: np.random.Generator, *, day: int, is_weekend: bool, shift: Shift) -> list[Visits]:
    """Outings and errands of all slots of a day of the period; nobody has two in one slot or one beside work."""
    parts = []
    chances = CHANCES[group_people(town)] * np.where(is_weekend, WEEKEND, 1.0)[group_people(town), None]
    is_here = town.people.are_here(day)
    for slot, (opens, closes) in enumerate(SLOTS_S):
        is_free = is_here & (
            ~shift.is_on | (closes <= shift.start_s - BEFORE_WORK_S) | (opens >= shift.end_s + AFTER_WORK_S)
        )
        if slot in OUTINGS[is_weekend]:
            outing = plan_outing(town, dice, slot=slot, chance=OUTINGS[is_weekend][slot], is_free=is_free)
            is_free[outing.person] = False
            parts.append(outing)
        parts.append(plan_errand(town, dice, day=day, slot=slot, chance=chances[:, slot], is_free=is_free))
    return parts


def plan_outing(town: Town, dice: np.random.Generator, *, slot: int, chance: float, is_free: Flags) -> Visits:
    """Families going out together: one place, room and time for all who join; children only beside an adult."""
    families = town.homes.township.size
    weights = errand_weights(slot)[list(OUTING_SETTINGS)]
    setting = np.array(OUTING_SETTINGS)[dice.choice(weights.size, size=families, p=weights / weights.sum())]
    reach = dice.choice(HABIT_REACH.size, size=families, p=HABIT_REACH)
    place = town.places.choose(setting, town.homes.township, reach=reach, luck=dice.random(families))
    enter, leave = draw_stay(dice, slot, setting)
    room = draw_rooms(town.rooms, place, dice.random(families))
    goes = dice.random(families) < chance
    home = town.people.household[: town.people.residents]
    joins = goes[home] & is_free[: home.size] & (dice.random(home.size) < JOINS)
    joins &= town.people.kin[: home.size] != Kin.IN_CARE
    is_grown = town.people.age[: home.size] >= GROWN_AGE
    has_adult = np.bincount(home[joins & is_grown], minlength=families) > 0
    person = np.flatnonzero(joins & (is_grown | has_adult[home]))
    family = home[person]
    return Visits(person, room[family], enter[family], leave[family])


def plan_errand(
    town: Town, dice: np.random.Generator, *, day: int, slot: int, chance: Floats, is_free: Flags
) -> Visits:
    """Errands of single people, more often to the place they know than to another."""
    must_travel = town.people.is_traveller & (
        ((slot == MORNING) & (town.people.arrives == day)) | ((slot == AFTERNOON) & (town.people.leaves == day))
    )
    person = np.flatnonzero(is_free & ((dice.random(chance.size) < chance) | must_travel))
    weights = errand_weights(slot)
    setting = dice.choice(weights.size, size=person.size, p=weights / weights.sum())
    setting = np.where(must_travel[person], Setting.TRANSPORT, setting)
    setting = np.where(town.people.is_traveller[person] & (slot == EARLY), Setting.HOTEL, setting)
    reach = dice.choice(HABIT_REACH.size, size=person.size, p=HABIT_REACH)
    other = town.places.choose(setting, town.people.township[person], reach=reach, luck=dice.random(person.size))
    place = np.where(dice.random(person.size) < GOES_BACK, town.favourite[person, setting], other)
    enter, leave = draw_stay(dice, slot, setting)
    return Visits(person, draw_rooms(town.rooms, place, dice.random(person.size)), enter, leave)


def errand_weights(slot: int) -> Floats:
    """How much each setting draws in a slot (shape settings)."""
    return fact("errands")[:, slot]


def draw_stay(dice: np.random.Generator, slot: int, setting: Ints) -> tuple[Ints, Ints]:
    """When somebody enters and leaves within a slot: stays are log-uniform between the setting's limits."""
    opens, closes = SLOTS_S[slot]
    shortest, longest = np.maximum(fact("stay_min")[setting], 1.0).T
    stay = np.minimum(shortest * (longest / shortest) ** dice.random(setting.size) * MINUTE_S, closes - opens)
    enter = opens + dice.random(setting.size) * (closes - opens - stay)
    return enter.astype(np.int64), (enter + stay).astype(np.int64)
