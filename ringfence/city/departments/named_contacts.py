"""Interviewers: whom cases name when they are asked who was close to them, and which cases know each other."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ringfence.city.arrays import Flags, Ints, Texts, either
from ringfence.city.departments.case_line_list import case_ids
from ringfence.city.identities import IN_FULL, write_identities
from ringfence.city.natural_history import DAY_S
from ringfence.city.sheets import Sheet, file_of_day, wall_days
from ringfence.city.truth import History

NAMES_AT_HOME, NAMES_AT_WORK, MOST_AT_WORK = 0.85, 0.4, 8
HASTE = 2.5
DAY_FORGOTTEN, LAST_SEEN_DAYS = 0.2, 3
BROKEN_ROWS = 0.001


@dataclass(frozen=True)
class Named:
    """Whom cases named (shape n): the case, the person, and whether they live together."""

    case: Ints
    person: Ints
    is_at_home: Flags


def write(history: History) -> Iterator[Sheet]:
    """One sheet a day, by the day of the case's report."""
    options, cases = history.town.options, history.outbreak.cases
    dice = options.dice("named_contacts")
    named = remember(history, dice)
    day_of = cases.reported_at[named.case] // DAY_S
    for day in range(options.days):
        rows = np.flatnonzero(day_of == day)
        yield fill_sheet(history, dice, Named(named.case[rows], named.person[rows], named.is_at_home[rows]), day)


def remember(history: History, dice: np.random.Generator) -> Named:
    """Nearly all of the household, and some of those one works with, case by case."""
    town, cases = history.town, history.outbreak.cases.person
    work = np.where(town.occupations.place >= 0, town.rooms.first[town.occupations.place], -1)
    work = np.where(work >= 0, work + town.occupations.room_in_place, -1)
    parts = [np.empty((3, 0), dtype=np.int64)]
    for group, chance, most in (
        (town.people.household, NAMES_AT_HOME, town.people.count),
        (work, NAMES_AT_WORK, MOST_AT_WORK),
    ):
        order = np.argsort(group, kind="stable")
        for case, person in enumerate(cases.tolist()):
            if group[person] < 0:
                continue
            first, end = np.searchsorted(group[order], [group[person], group[person] + 1])
            others = order[first:end][order[first:end] != person]
            told = others[dice.random(others.size) < chance][:most]
            is_at_home = np.full(told.size, int(group is town.people.household))
            parts.append(np.stack([np.full(told.size, case), told, is_at_home]))
    case, contact, is_at_home = np.concatenate(parts, axis=1)
    order = np.argsort(case, kind="stable")
    return Named(case[order], contact[order], is_at_home[order] == 1)


def fill_sheet(history: History, dice: np.random.Generator, named: Named, day: int) -> Sheet:
    """The contacts named on a day; who cannot say when they met leaves the days empty."""
    town, first_day = history.town, history.town.options.first_day
    count = named.case.size
    is_forgotten = dice.random(count) < DAY_FORGOTTEN * town.options.slips
    last = day - np.where(named.is_at_home, 0, dice.integers(0, LAST_SEEN_DAYS, count))
    first = last - dice.integers(0, LAST_SEEN_DAYS, count)
    columns: dict[str, Texts] = {
        "case_id": case_ids(named.case),
        "first_contact_on": either(is_forgotten, "", wall_days(first_day, first)),
        "last_contact_on": either(is_forgotten, "", wall_days(first_day, last)),
        "setting": either(named.is_at_home, pa.scalar("同住"), "同事"),
        **write_identities(town, named.person, IN_FULL, dice, haste=HASTE),
    }
    name = file_of_day("named_contacts", first_day, day)
    return Sheet(name, columns, named.person, BROKEN_ROWS * town.options.slips)
