"""A day of visits: who is in which room from when to when; being at home is no visit.

Everybody's day is a row of spans that cannot overlap: the way to work, work (with or without lunch outside), and
errands before, after or instead of it. So nobody is in two places at once.
"""

from datetime import timedelta

import numpy as np

from ringfence.city.arrays import Flags
from ringfence.city.errands import Shift, plan_errands
from ringfence.city.households import Kin
from ringfence.city.settings import HOUR_S, MINUTE_S, Setting, fact
from ringfence.city.stays import Visits, draw_rooms, join_visits, within_opening_hours
from ringfence.city.town import Town
from ringfence.city.venues import Reach

SATURDAY = 5
WORKS_AT_WEEKENDS = 0.06
STAYS_AWAY = 0.04
JITTER_S = 10 * MINUTE_S
LUNCHES_OUT = 0.15
LUNCH_FROM_S = (int(11.6 * HOUR_S), int(12.4 * HOUR_S))
LUNCH_S = (30 * MINUTE_S, 45 * MINUTE_S)
WALK_S = 5 * MINUTE_S


def plan_day(town: Town, *, day: int) -> Visits:
    """The visits that people would make on a day of the period (0 is the first) if nobody kept them from it."""
    dice = town.options.dice("visits", day)
    is_weekend = (town.options.first_day + timedelta(days=day)).weekday() >= SATURDAY
    shift = draw_shift(town, dice, day=day, is_weekend=is_weekend)
    parts = [*plan_rides(town, dice, shift), *plan_work(town, dice, shift)]
    parts += plan_errands(town, dice, day=day, is_weekend=is_weekend, shift=shift)
    return within_opening_hours(town.places, town.rooms, join_visits(parts))


def draw_shift(town: Town, dice: np.random.Generator, *, day: int, is_weekend: bool) -> Shift:
    """Who works or learns on that day: offices and schools rest at weekends, everybody else one day in seven."""
    occupations = town.occupations
    place = occupations.place
    rests_at_weekends = fact("rests_at_weekends")[town.places.setting[place]] > 0
    weekly_rest = (np.arange(place.size) + day) % 7 == 0
    comes_anyway = (dice.random(place.size) < WORKS_AT_WEEKENDS) & ~occupations.is_pupil
    rests = np.where(rests_at_weekends, is_weekend & ~comes_anyway, weekly_rest & (town.people.kin != Kin.IN_CARE))
    is_on = town.people.are_here(day) & (place >= 0) & ~rests & (dice.random(place.size) >= STAYS_AWAY)
    start = occupations.start_s + dice.integers(-JITTER_S, JITTER_S, place.size)
    end = start + occupations.length_s + dice.integers(-JITTER_S, JITTER_S, place.size)
    return Shift(is_on, start, end)


def plan_rides(town: Town, dice: np.random.Generator, shift: Shift) -> list[Visits]:
    """Public transport to work and back: over before work begins, begun after it has ended."""
    rider = np.flatnonzero(shift.is_on & town.occupations.rides)
    hub = town.favourite[rider, Setting.TRANSPORT].astype(np.int64)
    there = shift.start_s[rider] - 40 * MINUTE_S + dice.integers(0, 10 * MINUTE_S, rider.size)
    back = shift.end_s[rider] + dice.integers(MINUTE_S, 4 * MINUTE_S, rider.size)
    rooms = [draw_rooms(town.rooms, hub, dice.random(rider.size)) for _ in range(2)]
    return [
        Visits(rider, rooms[0], there, there + dice.integers(5 * MINUTE_S, 15 * MINUTE_S, rider.size)),
        Visits(rider, rooms[1], back, back + dice.integers(5 * MINUTE_S, 10 * MINUTE_S, rider.size)),
    ]


def plan_work(town: Town, dice: np.random.Generator, shift: Shift) -> list[Visits]:
    """Work and lessons; some leave for lunch in a restaurant near by and come back."""
    room = town.rooms.first[town.occupations.place] + town.occupations.room_in_place
    lunches = shift.is_on & can_lunch_out(town, shift) & (dice.random(shift.is_on.size) < LUNCHES_OUT)
    whole = np.flatnonzero(shift.is_on & ~lunches)
    split = np.flatnonzero(lunches)
    lunch_from = dice.integers(*LUNCH_FROM_S, split.size)
    lunch_until = lunch_from + dice.integers(*LUNCH_S, split.size)
    restaurant = town.places.choose(
        np.full(split.size, int(Setting.RESTAURANT)),
        town.places.township[town.occupations.place[split]],
        reach=np.full(split.size, int(Reach.TOWNSHIP)),
        luck=dice.random(split.size),
    )
    return [
        Visits(whole, room[whole], shift.start_s[whole], shift.end_s[whole]),
        Visits(split, room[split], shift.start_s[split], lunch_from - WALK_S),
        Visits(split, draw_rooms(town.rooms, restaurant, dice.random(split.size)), lunch_from, lunch_until),
        Visits(split, room[split], lunch_until + WALK_S, shift.end_s[split]),
    ]


def can_lunch_out(town: Town, shift: Shift) -> Flags:
    """Whose working day lies around noon and is not spent at school or in care."""
    around_noon = (shift.start_s < LUNCH_FROM_S[0] - HOUR_S) & (shift.end_s > LUNCH_FROM_S[1] + 2 * HOUR_S)
    can_go: Flags = around_noon & ~town.occupations.is_pupil & (town.people.kin != Kin.IN_CARE)
    return can_go
