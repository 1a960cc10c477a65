"""Public security: the guests of hotels, a list a day of who left, and on the last day of who is still there."""

from collections.abc import Iterator

import numpy as np

from ringfence.city.arrays import Ints, Texts, either, numerals, rank_in_group
from ringfence.city.identities import IN_FULL, write_identities, write_twice
from ringfence.city.settings import Setting
from ringfence.city.sheets import Sheet, file_of_day, wall_days
from ringfence.city.truth import History

HASTE = 0.8
WRITTEN_TWICE = 0.005
ROOMS_A_FLOOR, GUESTS_A_ROOM = 20, 2
FLOOR_WRITTEN = 0.5
BROKEN_ROWS = 0.0005


def write(history: History) -> Iterator[Sheet]:
    """One sheet a day: every traveller once, in the hotel that they would come back to."""
    town, options = history.town, history.town.options
    dice = options.dice("guest_register")
    guests = np.flatnonzero(town.people.is_traveller)
    hotel = town.favourite[guests, Setting.HOTEL].astype(np.int64)
    room = rank_in_group(hotel) // GUESTS_A_ROOM
    left_on = town.people.leaves[guests]
    for day in range(options.days):
        rows = write_twice(dice, np.flatnonzero(left_on == day), share=WRITTEN_TWICE * options.slips)
        yield fill_sheet(history, dice, guests[rows], (hotel[rows], room[rows]), day)


def fill_sheet(
    history: History, dice: np.random.Generator, guests: Ints, lodging: tuple[Ints, Ints], day: int
) -> Sheet:
    """The guests of a day; who is there on the last one has not left."""
    town, first_day = history.town, history.town.options.first_day
    hotel, room = lodging
    floor = room // ROOMS_A_FLOOR + 2
    is_leaving = np.full(guests.size, day < town.options.days - 1)
    columns: dict[str, Texts] = {
        "place_id": town.places.place_id.take(hotel),
        "room": numerals(floor * 100 + room % ROOMS_A_FLOOR + 1),
        "floor": either(dice.random(guests.size) < FLOOR_WRITTEN, numerals(floor), ""),
        "arrived_on": wall_days(first_day, town.people.arrives[guests]),
        "left_on": either(is_leaving, wall_days(first_day, town.people.leaves[guests]), ""),
        **write_identities(town, guests, IN_FULL, dice, haste=HASTE),
    }
    name = file_of_day("guest_register", first_day, day)
    return Sheet(name, columns, guests, BROKEN_ROWS * town.options.slips)
