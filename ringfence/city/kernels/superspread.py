"""A few infect nearly all: infectiousness is gamma with a small shape, long gatherings and households carry the chains.

The dose of a gathering grows with the square of the hours shared and levels off after a long evening, whoever sits
where; passing contacts count for next to nothing. At home the differences between persons are damped: a household
finds a way. Shape of the gamma distribution: of the order of Lloyd-Smith et al. (2005) for SARS.
"""

import numpy as np

from ringfence.city.arrays import Floats
from ringfence.city.kernels.model import HomeMeetings, Kernel, RoomMeetings

SHAPE = 0.35
PER_SQUARE_HOUR = 0.005
LEVELS_OFF_AFTER_H = 3.0
AT_HOME_PER_DAY = 1.0


def draw_power(dice: np.random.Generator, count: int) -> Floats:
    """Gamma with mean 1 and a small shape: most infect nobody, a few infect many."""
    return dice.gamma(SHAPE, 1 / SHAPE, count)


def room_dose(meetings: RoomMeetings) -> Floats:
    """Hours together squared, levelling off, times the hazard of the first hour."""
    squared = (meetings.together_s / 3600) ** 2
    levelled = squared / (1 + squared / LEVELS_OFF_AFTER_H**2)
    return PER_SQUARE_HOUR * levelled * meetings.shedding * meetings.power


def home_dose(meetings: HomeMeetings) -> Floats:
    """A fixed daily hazard for everybody behind the same door."""
    return AT_HOME_PER_DAY * (meetings.together_s / 86_400) * meetings.shedding * np.sqrt(meetings.power)


KERNEL = Kernel(name="superspread", draw_power=draw_power, room_dose=room_dose, home_dose=home_dose)
