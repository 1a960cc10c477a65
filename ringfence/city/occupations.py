"""Where people spend their working day: pupils in classes, staff in teams or at counters, the old in care homes."""

from dataclasses import dataclass

import numpy as np

from ringfence.city.arrays import Flags, Floats, Ints, rank_in_group
from ringfence.city.households import Households, Kin
from ringfence.city.options import CityOptions
from ringfence.city.people import People
from ringfence.city.settings import HOUR_S, SCHOOLS, Setting, fact
from ringfence.city.venues import SCHOOL_AGES, Places

AT_WORK = 0.74
WORKING_AGES = (19.0, 57.0)
AT_SCHOOL = 0.96
TEAM, CLASS_SIZE = 12, 40
COMMUTE_REACH = np.array([0.35, 0.40, 0.25])
RIDES = 0.14
OLD_ENOUGH_TO_RIDE = 12.0
DAY_ROOM_S = (8 * HOUR_S + 1800, 8 * HOUR_S)
MOST_ROOMS = 60


@dataclass(frozen=True)
class Occupations:
    """The working day of everybody (shape persons): `place` and `room_in_place` are -1 for who has none.

    `start_s` and `length_s` are a usual day's seconds; `rides` is who comes by public transport; `is_pupil` who learns.
    """

    place: Ints
    room_in_place: Ints
    start_s: Ints
    length_s: Ints
    is_pupil: Flags
    rides: Flags


@dataclass(frozen=True)
class Rooms:
    """The rooms of all places, place by place: `first` and `count` by place, the rest by room."""

    first: Ints
    count: Ints
    place: Ints
    m3: Floats
    air_changes_per_h: Floats


def occupy(options: CityOptions, homes: Households, people: People, places: Places) -> tuple[Occupations, Rooms]:
    """Who spends the day where, and the rooms that this takes."""
    dice = options.dice("occupations")
    place = np.full(people.count, -1)
    is_pupil = send_to_school(dice, people, places, place)
    employ(dice, people, places, place)
    move_into_care(homes, people, places, place)
    setting = np.where(place >= 0, places.setting[place], 0)
    is_in_care = people.kin == Kin.IN_CARE
    group = group_members(people, places, place=place, is_pupil=is_pupil)
    rooms = build_rooms(places, place=place, group=group, is_pupil=is_pupil)
    start, length = draw_shifts(dice, setting)
    can_ride = (people.age >= OLD_ENOUGH_TO_RIDE) & ~is_in_care & (place >= 0)
    return Occupations(
        place=place,
        room_in_place=np.where(place >= 0, group % rooms.count[place], -1),
        start_s=np.where(is_in_care, DAY_ROOM_S[0], start),
        length_s=np.where(is_in_care, DAY_ROOM_S[1], length),
        is_pupil=is_pupil,
        rides=can_ride & (dice.random(people.count) < RIDES),
    ), rooms


def send_to_school(dice: np.random.Generator, people: People, places: Places, place: Ints) -> Flags:
    """Give nearly every child a school of the own township or the nearest; who is a pupil."""
    is_pupil = np.zeros(people.count, dtype=bool)
    for setting in SCHOOLS:
        youngest, oldest, _ = SCHOOL_AGES[setting]
        of_age = (people.household >= 0) & (people.age >= youngest) & (people.age < oldest)
        pupils = np.flatnonzero(of_age & (dice.random(people.count) < AT_SCHOOL))
        is_pupil[pupils] = True
        nearest = np.zeros(pupils.size, dtype=np.int64)
        place[pupils] = places.choose(
            np.full(pupils.size, int(setting)), people.township[pupils], reach=nearest, luck=dice.random(pupils.size)
        )
    return is_pupil


def employ(dice: np.random.Generator, people: People, places: Places, place: Ints) -> None:
    """Give most people of working age, and every guest worker, a place of work; big ones are chosen more often."""
    least, most = WORKING_AGES
    is_free = (place < 0) & (people.kin != Kin.IN_CARE) & ~people.is_traveller
    works = is_free & (people.age >= least) & (people.age < most)
    works &= (dice.random(people.count) < AT_WORK) | (people.household < 0)
    staff = np.flatnonzero(works)
    shares = fact("staff") / fact("staff").sum()
    place[staff] = places.choose(
        dice.choice(shares.size, size=staff.size, p=shares),
        people.township[staff],
        reach=dice.choice(COMMUTE_REACH.size, size=staff.size, p=COMMUTE_REACH),
        luck=dice.random(staff.size),
    )


def move_into_care(homes: Households, people: People, places: Places, place: Ints) -> None:
    """Put those who live in a care home into its day rooms."""
    cared = np.flatnonzero(people.kin == Kin.IN_CARE)
    order = np.empty(homes.care_home_township.size, dtype=np.int64)
    order[np.argsort(homes.care_home_township, kind="stable")] = np.arange(order.size)
    first = int(np.searchsorted(places.setting, Setting.CARE_HOME))
    place[cared] = first + order[homes.care_home[people.household[cared]]]


def group_members(people: People, places: Places, *, place: Ints, is_pupil: Flags) -> Ints:
    """The team, class or post of each member within the place, from 0 (shape persons; 0 for who has no place)."""
    group = rank_in_group(place)
    has_teams = np.isin(places.setting[place], [Setting.WORKPLACE, Setting.WAREHOUSE, Setting.CARE_HOME])
    group = np.where(has_teams, group // TEAM, group)
    pupils = np.flatnonzero(is_pupil)
    grade = place[pupils] * 32 + people.age[pupils].astype(np.int64)
    part = grade * 4096 + rank_in_group(grade) // CLASS_SIZE
    classes, number = np.unique(part, return_inverse=True)
    school = classes // (32 * 4096)
    group[pupils] = rank_in_group(school)[number]
    return group


def build_rooms(places: Places, *, place: Ints, group: Ints, is_pupil: Flags) -> Rooms:
    """Rooms of every place: one for each team and class, and as many as its size asks for where customers come."""
    has_own_room = (place >= 0) & (is_pupil | ~np.isin(places.setting[place], SCHOOLS))  # teachers go to the classes
    groups = np.ones(places.setting.size, dtype=np.int64)
    np.maximum.at(groups, place[has_own_room], group[has_own_room] + 1)
    for_customers = np.clip(np.round(places.size * fact("rooms")[places.setting]), 1, MOST_ROOMS).astype(np.int64)
    is_for_customers = fact("rooms")[places.setting] > 0
    count = np.where(is_for_customers, for_customers, groups)
    owner = np.repeat(np.arange(count.size), count)
    growth = np.where(
        is_for_customers, np.sqrt(places.size * fact("rooms")[places.setting] / count).clip(0.7, 4.0), 1.0
    )
    return Rooms(
        first=np.cumsum(count) - count,
        count=count,
        place=owner,
        m3=(fact("room_m3")[places.setting] * growth)[owner],
        air_changes_per_h=fact("air_changes_per_h")[places.setting][owner],
    )


def draw_shifts(dice: np.random.Generator, setting: Ints) -> tuple[Ints, Ints]:
    """Usual start and length of the day in each person's setting (seconds)."""
    start, length = (
        dice.uniform(fact(name)[setting, 0], fact(name)[setting, 1]) for name in ("shift_start_h", "shift_length_h")
    )
    return (start * HOUR_S).astype(np.int64), (length * HOUR_S).astype(np.int64)
