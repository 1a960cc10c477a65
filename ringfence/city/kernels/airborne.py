"""Air carries it: a well-mixed room fills with quanta, is aired out, and keeps some after the source has left.

Wells-Riley (Riley et al. 1978) with the transient well-mixed room of Gammaitoni and Nucci (1997): a source breathing
out E quanta an hour into V cubic metres that lose them at rate L an hour raises the concentration to
E / (L V) (1 - exp(-L t)); it falls by exp(-L t) afterwards. The dose is what somebody inhales at B cubic metres an
hour; the crowd does not matter.
"""

import numpy as np

from ringfence.city.arrays import Floats
from ringfence.city.kernels.model import HomeMeetings, Kernel, RoomMeetings

QUANTA_PER_H = 7.5
BREATH_M3_PER_H = 0.5
DECAY_AND_SETTLING_PER_H = 0.9
HOME_M3, HOME_AIR_CHANGES_PER_H = 90.0, 0.5
POWER_SPREAD = 0.9


def draw_power(dice: np.random.Generator, count: int) -> Floats:
    """Log-normal with mean 1: viral emission spreads over an order of magnitude."""
    return dice.lognormal(-(POWER_SPREAD**2) / 2, POWER_SPREAD, count)


def room_dose(meetings: RoomMeetings) -> Floats:
    """Quanta inhaled while the source is in the room and from what it left behind."""
    loss = meetings.air_changes_per_h + DECAY_AND_SETTLING_PER_H
    came, went = meetings.source_from_s / 3600, meetings.source_until_s / 3600
    first, last = np.maximum(meetings.target_from_s / 3600, came), meetings.target_until_s / 3600
    until = np.clip(last, first, np.maximum(went, first))
    rising = (until - first) - (np.exp(-loss * (first - came)) - np.exp(-loss * (until - came))) / loss
    since, after = np.maximum(first, went), np.maximum(last, went)
    filled = 1 - np.exp(-loss * (went - came))
    falling = filled * (np.exp(-loss * (since - went)) - np.exp(-loss * (after - went))) / loss
    emission = QUANTA_PER_H * meetings.shedding * meetings.power
    dose: Floats = BREATH_M3_PER_H * emission / (loss * meetings.m3) * (np.where(went > first, rising, 0.0) + falling)
    return dose


def home_dose(meetings: HomeMeetings) -> Floats:
    """The steady concentration of a flat, breathed for the hours together."""
    emission = QUANTA_PER_H * meetings.shedding * meetings.power
    loss = HOME_AIR_CHANGES_PER_H + DECAY_AND_SETTLING_PER_H
    return BREATH_M3_PER_H * emission / (loss * HOME_M3) * meetings.together_s / 3600


KERNEL = Kernel(name="airborne", draw_power=draw_power, room_dose=room_dose, home_dose=home_dose, lingers=True)
