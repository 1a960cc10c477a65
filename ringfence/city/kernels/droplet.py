"""Droplets reach only neighbours: a few people sit or stand near the source, and only their minutes count.

Who is near whom in a room is fixed by the pair and the room, so the same desks and pews are neighbours every day; the
fuller the room, the smaller the share of its people who are near. Near ones run a constant hazard per minute.
"""

import numpy as np

from ringfence.city.arrays import Floats, hashed_share
from ringfence.city.kernels.model import HomeMeetings, Kernel, RoomMeetings

NEIGHBOURS = 5.0
PER_MINUTE = 0.00055
AWAKE_AND_NEAR = 0.6
POWER_SPREAD = 0.5


def draw_power(dice: np.random.Generator, count: int) -> Floats:
    """Log-normal with mean 1: people differ, but nobody is out of all measure."""
    return dice.lognormal(-(POWER_SPREAD**2) / 2, POWER_SPREAD, count)


def room_dose(meetings: RoomMeetings) -> Floats:
    """Minutes near the source times the hazard of a minute."""
    together = meetings.together_s
    spent = (meetings.source_until_s - meetings.source_from_s).clip(1)
    others = np.bincount(meetings.stay, weights=together / spent)[meetings.stay]
    low, high = np.minimum(meetings.source, meetings.target), np.maximum(meetings.source, meetings.target)
    is_near = hashed_share(0, meetings.room, low, high) * others.clip(1.0) < NEIGHBOURS
    dose: Floats = is_near * PER_MINUTE * (together / 60) * meetings.shedding * meetings.power
    return dose


def home_dose(meetings: HomeMeetings) -> Floats:
    """A share of the time at home is spent awake and close."""
    return PER_MINUTE * AWAKE_AND_NEAR * (meetings.together_s / 60) * meetings.shedding * meetings.power


KERNEL = Kernel(name="droplet", draw_power=draw_power, room_dose=room_dose, home_dose=home_dose)
