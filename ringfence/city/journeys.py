"""How travellers came: numbered trains, flights and coaches with their stops, and a seat for each of them."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ringfence.city.arrays import Ints, Texts, either, join, numerals, rank_in_group
from ringfence.city.natural_history import DAY_S
from ringfence.city.settings import HOUR_S
from ringfence.city.town import Town
from ringfence.terms import TripKind

MODES = (TripKind.RAIL, TripKind.AIR, TripKind.ROAD)
SHARES = (0.6, 0.15, 0.25)
SEATS = (400, 160, 45)
"""How many travellers to this city one trip carries at most."""
ACROSS = ("ABCDF", "ABCJKL", "")
ROWS = 20
"""Rows of seats in a carriage of a train; a flight's rows go on, a coach counts its seats."""
STOPS = (("北京", "张家口", "本市"), ("SHA", "DAT"), ("太原", "朔州", "本市"))
NUMBERS = ("G", "MU", "晋B")
FIRST_NUMBER = (2000, 5000, 10000)
LEAVES_S, A_LEG_S, A_HALT_S = 7 * HOUR_S, 2 * HOUR_S, 300


@dataclass(frozen=True)
class Journeys:
    """The journey of each traveller who arrived (shape n): `mode` as in MODES, `trip` the number among its mode's.

    `day` is a day of the period, `seat` the traveller's place on the trip, `board` the stop they got on at.
    """

    person: Ints
    day: Ints
    mode: Ints
    trip: Ints
    seat: Ints
    board: Ints


def plan_journeys(town: Town) -> Journeys:
    """Every traveller who came within the period, on the trips of their day."""
    dice = town.options.dice("journeys")
    person = np.flatnonzero(town.people.is_traveller)
    day = town.people.arrives[person]
    mode = dice.choice(len(MODES), size=person.size, p=SHARES)
    order = rank_in_group(day * len(MODES) + mode)
    seats = np.array(SEATS)[mode]
    last = np.array([len(stops) - 1 for stops in STOPS])[mode]
    return Journeys(
        person=person,
        day=day,
        mode=mode,
        trip=order // seats,
        seat=order % seats,
        board=(dice.random(person.size) * last).astype(np.int64),
    )


def name_trips(mode: Ints, trip: Ints) -> Texts:
    """The numbers of trips, the same every day (shape n)."""
    return join(pa.array(NUMBERS).take(pa.array(mode)), numerals(np.array(FIRST_NUMBER)[mode] + trip))


def name_seats(mode: Ints, seat: Ints) -> tuple[Texts, Texts]:
    """Carriage and seat as they stand on the ticket; only trains have carriages (shape n, n)."""
    carriages, seats = pa.array([""] * seat.size, pa.string()), numerals(seat + 1)
    for kind, letters in enumerate(ACROSS):
        if not letters:
            continue
        row, across = np.divmod(seat, len(letters))
        is_rail = MODES[kind] is TripKind.RAIL
        written = join(numerals((row % ROWS if is_rail else row) + 1), pa.array(list(letters)).take(pa.array(across)))
        seats = either(mode == kind, written, seats)
        if is_rail:
            carriages = either(mode == kind, numerals(row // ROWS + 1), carriages)
    return carriages, seats


def name_stops(mode: Ints, stop: Ints) -> Texts:
    """The names of stops, counted from 0; -1 is the last (shape n)."""
    first = np.cumsum([0, *(len(stops) for stops in STOPS)])
    place = np.where(stop < 0, first[1:][mode] + stop, first[:-1][mode] + stop)
    return pa.array([name for stops in STOPS for name in stops]).take(pa.array(place))


def leaves_at(day: Ints, trip: Ints, stop: Ints) -> Ints:
    """When a trip leaves a stop, in seconds of the period: one trip an hour, a leg between two stops (shape n)."""
    return day * DAY_S + LEAVES_S + trip * HOUR_S + stop * A_LEG_S
