"""Interviewers: where cases say they were in the fortnight before, as far as they remember, by the day."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ringfence.city.areas import move_km
from ringfence.city.arrays import Ints, Texts, numerals
from ringfence.city.departments.case_line_list import case_ids
from ringfence.city.natural_history import DAY_S
from ringfence.city.settings import FACTS, Setting
from ringfence.city.sheets import Sheet, file_of_day, wall_days
from ringfence.city.truth import History

ASKED_DAYS = 14
REMEMBERS, FADES_A_DAY = 0.75, 0.94
INTERVIEWED_NEXT_DAY = 0.3
WRONG_DAY = 0.03
PRECISIONS_M = ((50, 200, 1000), (0.5, 0.35, 0.15))


@dataclass(frozen=True)
class Told:
    """What the cases told (shape n): the case, the day it was, the place."""

    case: Ints
    day: Ints
    place: Ints


def write(history: History) -> Iterator[Sheet]:
    """One sheet a day, by the day of the interview: that of the report or the next."""
    options, cases = history.town.options, history.outbreak.cases
    dice = options.dice("case_routes")
    reported = cases.reported_at // DAY_S
    interviewed = reported + (dice.random(reported.size) < INTERVIEWED_NEXT_DAY)
    told = remember(history, dice)
    for day in range(options.days):
        rows = np.flatnonzero(interviewed[told.case] == day)
        yield fill_sheet(history, dice, Told(told.case[rows], told.day[rows], told.place[rows]), day)


def remember(history: History, dice: np.random.Generator) -> Told:
    """Every visit of a case that comes to mind, case by case and day by day; older ones fade."""
    cases = history.outbreak.cases
    number = np.full(history.town.people.count, -1)
    number[cases.person] = np.arange(cases.person.size)
    parts = []
    for day in range(history.town.options.days):
        visits = history.visits.read(day)
        case = number[visits.person]
        ago = cases.reported_at[case] // DAY_S - day if cases.person.size else np.zeros_like(case)
        is_asked = (case >= 0) & (ago >= 0) & (ago <= ASKED_DAYS)
        is_told = is_asked & (dice.random(visits.count) < REMEMBERS * FADES_A_DAY ** np.maximum(ago, 0))
        place = history.town.rooms.place[visits.room[is_told]]
        parts.append(np.stack([case[is_told], np.full(place.size, day), place]))
    case, days, place = np.concatenate(parts, axis=1)
    days = days + dice.choice([-1, 1], days.size) * (dice.random(days.size) < WRONG_DAY)
    order = np.lexsort((days, case))
    return Told(case[order], days[order], place[order])


def fill_sheet(history: History, dice: np.random.Generator, told: Told, day: int) -> Sheet:
    """The routes told on a day; the position is only as good as `precision_m` says."""
    places, first_day = history.town.places, history.town.options.first_day
    precision = dice.choice(PRECISIONS_M[0], size=told.case.size, p=PRECISIONS_M[1])
    east, north = dice.normal(0.0, 0.5, (2, told.case.size)) * precision / 1000
    longitude, latitude = move_km(
        places.longitude[told.place], places.latitude[told.place], east_km=east, north_km=north
    )
    kinds = pa.array([FACTS[setting].kind.value for setting in Setting])
    columns: dict[str, Texts] = {
        "case_id": case_ids(told.case),
        "date": wall_days(first_day, told.day),
        "place_kind": kinds.take(pa.array(places.setting[told.place])),
        "longitude": pa.array(np.round(longitude, 5)).cast(pa.string()),
        "latitude": pa.array(np.round(latitude, 5)).cast(pa.string()),
        "precision_m": numerals(precision),
    }
    return Sheet(file_of_day("case_routes", first_day, day), columns)
