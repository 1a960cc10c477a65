"""Railways and coach companies: who came on which trip on which seat, a list a day. Airlines: one a flight (PAXLST)."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from ringfence.city.air_lists import AirList
from ringfence.city.arrays import Ints, Texts, either
from ringfence.city.identities import write_identities, write_twice
from ringfence.city.journeys import MODES, Journeys, name_seats, name_stops, name_trips, plan_journeys
from ringfence.city.sheets import Sheet, file_of_day, wall_days
from ringfence.city.truth import History
from ringfence.terms import TripKind

WHO = ("name", "sex", "birth_date", "id_number", "phone")
HASTE = 0.5
WRITTEN_TWICE = 0.002
SEAT_UNKNOWN = 0.03
BROKEN_ROWS = 0.0005


def write(history: History) -> Iterator[Sheet]:
    """One sheet a day, by the day of travel, and a list for every flight."""
    options = history.town.options
    journeys, dice = plan_journeys(history.town), options.dice("passenger_list")
    has_flown = journeys.mode == MODES.index(TripKind.AIR)
    for day in range(options.days):
        is_today = journeys.day == day
        rows = write_twice(dice, np.flatnonzero(is_today & ~has_flown), share=WRITTEN_TWICE * options.slips)
        yield fill_sheet(history, dice, journeys, rows, day)
        for trip in np.unique(journeys.trip[is_today & has_flown]):
            flown = np.flatnonzero(is_today & has_flown & (journeys.trip == trip))
            yield list_flight(history, dice, journeys, flown, day)


def fill_sheet(history: History, dice: np.random.Generator, journeys: Journeys, rows: Ints, day: int) -> Sheet:
    """The passengers of a day."""
    town, mode = history.town, journeys.mode[rows]
    carriage, seat = name_seats(mode, journeys.seat[rows])
    is_unknown = dice.random(rows.size) < SEAT_UNKNOWN * town.options.slips
    columns: dict[str, Texts] = {
        "kind": pa.array([one.value for one in MODES]).take(pa.array(mode)),
        "trip_number": name_trips(mode, journeys.trip[rows]),
        "departs_on": wall_days(town.options.first_day, journeys.day[rows]),
        "carriage": carriage,
        "seat": either(is_unknown, "", seat),
        "board_stop": name_stops(mode, journeys.board[rows]),
        "alight_stop": name_stops(mode, np.full(rows.size, -1)),
        **write_identities(town, journeys.person[rows], WHO, dice, haste=HASTE),
    }
    name = file_of_day("passenger_list", town.options.first_day, day)
    return Sheet(name, columns, journeys.person[rows], BROKEN_ROWS * town.options.slips)


def list_flight(history: History, dice: np.random.Generator, journeys: Journeys, rows: Ints, day: int) -> AirList:
    """Who came on one flight, in the Latin letters of their documents."""
    town = history.town
    cards = town.card.take(pa.array(journeys.person[rows]))
    sheet = fill_sheet(history, dice, journeys, rows, day)
    in_documents = {"name": "pinyin", "sex": "sex", "birth_date": "birth_date"}
    columns = {**sheet.columns, **{name: cards[column].combine_chunks() for name, column in in_documents.items()}}
    file = sheet.file.replace(".csv", f"_{columns['trip_number'][0]}.txt")
    return AirList(file, columns, sheet.person, slips=town.options.slips)
