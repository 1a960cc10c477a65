"""Interviewers: which cases met which others before, as far as both tell; now and then the wrong way round."""

from collections.abc import Iterator

import numpy as np

from ringfence.city.arrays import Texts, either
from ringfence.city.departments.case_line_list import case_ids
from ringfence.city.natural_history import DAY_S
from ringfence.city.sheets import Sheet, file_of_day
from ringfence.city.truth import History

TOLD, WRONG_WAY = 0.7, 0.05


def write(history: History) -> Iterator[Sheet]:
    """One sheet a day, by the later of the two reports."""
    town, cases, infections = history.town, history.outbreak.cases, history.outbreak.infections
    dice = town.options.dice("case_contacts")
    number = np.full(town.people.count, -1)
    number[cases.person] = np.arange(cases.person.size)
    infector = np.where(infections.infector >= 0, number[infections.infector], -1)
    infectee = number[infections.person]
    is_told = (infector >= 0) & (infectee >= 0) & (dice.random(infectee.size) < TOLD)
    infector, infectee = infector[is_told], infectee[is_told]
    day_of = np.maximum(cases.reported_at[infector], cases.reported_at[infectee]) // DAY_S
    is_swapped = dice.random(infectee.size) < WRONG_WAY * town.options.slips
    for day in range(town.options.days):
        rows = np.flatnonzero(day_of == day)
        one, other, swapped = case_ids(infector[rows]), case_ids(infectee[rows]), is_swapped[rows]
        columns: dict[str, Texts] = {"from": either(swapped, other, one), "to": either(swapped, one, other)}
        yield Sheet(file_of_day("case_contacts", town.options.first_day, day), columns)
