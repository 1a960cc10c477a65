"""Lengths of time cut at every local midnight, many at once."""

import numpy as np

from ringfence.feeds.lines import Integers
from ringfence.terms import Clock


def split_at_midnights(
    enter: Integers, leave: Integers, *, clock: Clock
) -> tuple[Integers, Integers, Integers, Integers]:
    """Stays cut into local days, as `Clock.split_at_midnight` does it, many at once.

    Takes instants in seconds since 1970-01-01 UTC (shape n, n), each stay ending after it began. Gives for each part
    the stay it is of (0 to n - 1), the day number, the second of the day at which it begins, and its length in seconds.
    """
    first_day, first_s = clock.days_and_seconds(enter)
    last_day, last_s = clock.days_and_seconds(leave - 1)
    parts = last_day - first_day + 1
    stay = np.repeat(np.arange(enter.size), parts)
    is_first = np.diff(stay, prepend=-1) > 0
    is_last = np.diff(stay, append=enter.size) > 0
    day = first_day[stay] + np.arange(stay.size) - np.flatnonzero(is_first)[stay]
    begins = np.where(is_first, first_s[stay], 0)
    ends = np.where(is_last, last_s[stay] + 1, _lengths(day, clock))
    return stay, day, begins, ends - begins


def _lengths(days: Integers, clock: Clock) -> Integers:
    """The seconds of each day: 86,400 but where the clocks change."""
    distinct, place = np.unique(days, return_inverse=True)
    return np.array([clock.seconds_in(day) for day in distinct.tolist()], dtype=np.int64)[place]
