"""Visits as four columns, and how a plan of where to go becomes one: kept within opening hours, in one of the rooms."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ringfence.city.arrays import Flags, Floats, Ints
from ringfence.city.occupations import Rooms
from ringfence.city.venues import Places

SHORTEST_S = 180


@dataclass(frozen=True)
class Visits:
    """Stays of one day (shape visits each); `enter_s` and `leave_s` are seconds of that day."""

    person: Ints
    room: Ints
    enter_s: Ints
    leave_s: Ints

    @property
    def count(self) -> int:
        """How many there are."""
        return self.person.size

    def keep(self, chosen: Flags | Ints) -> "Visits":
        """Only the chosen ones, or all in another order."""
        return Visits(self.person[chosen], self.room[chosen], self.enter_s[chosen], self.leave_s[chosen])


def join_visits(parts: Sequence[Visits]) -> Visits:
    """All visits of the parts, part by part."""
    columns = ([getattr(part, name) for part in parts] for name in ("person", "room", "enter_s", "leave_s"))
    return Visits(*(np.concatenate(column) for column in columns))


def within_opening_hours(places: Places, rooms: Rooms, visits: Visits) -> Visits:
    """The visits cut to the opening hours of their places; what becomes too short did not take place."""
    place = rooms.place[visits.room]
    enter = np.maximum(visits.enter_s, places.opens_s[place])
    leave = np.minimum(visits.leave_s, places.closes_s[place])
    return Visits(visits.person, visits.room, enter, leave).keep(leave - enter >= SHORTEST_S)


def draw_rooms(rooms: Rooms, place: Ints, luck: Floats) -> Ints:
    """One of the rooms of each place (shape n)."""
    return rooms.first[place] + (luck * rooms.count[place]).astype(np.int64)
