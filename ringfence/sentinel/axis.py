"""One axis of days for all series: every day, week or month from the first to the last, whether reported or not."""

from datetime import timedelta

import numpy as np

from ringfence.errors import InputRefused
from ringfence.sentinel.counts import DAILY, LONGEST, MONTHLY, WEEKLY, Points, find_frequency
from ringfence.sentinel.windows import EPOCH, months_before

STEPS = {DAILY: 1, WEEKLY: 7}


def lay_axis(days: Points, *, frequency: int | None) -> tuple[Points, Points]:
    """The place of each day on an axis without gaps, and the axis; InputRefused for a day between two of its points."""
    seen = np.unique(days)
    rhythm = frequency or find_frequency(seen)
    length = (int(seen[-1]) - int(seen[0])) // STEPS.get(rhythm, 1)
    if length > LONGEST:
        raise InputRefused(
            "the times reach from the first to {length} steps later; at most {most} are read",
            length=length,
            most=LONGEST,
        )
    axis = _months(int(seen[0]), int(seen[-1])) if rhythm == MONTHLY else _even(seen, rhythm)
    places = np.searchsorted(axis, days)
    is_on = axis[np.minimum(places, len(axis) - 1)] == days
    if not is_on.all():
        odd = EPOCH + timedelta(days=int(days[np.argmin(is_on)]))
        raise InputRefused(
            "{day} does not fit the rhythm of {frequency} times a year that the other dates have",
            day=odd.isoformat(),
            frequency=rhythm,
        )
    return places, axis


def _even(seen: Points, rhythm: int) -> Points:
    if rhythm not in STEPS:
        raise InputRefused("a frequency of {frequency} is none of 365, 52 and 12", frequency=rhythm)
    return np.arange(seen[0], seen[-1] + 1, STEPS[rhythm])


def _months(first: int, last: int) -> Points:
    months = 0
    axis = [first]
    while axis[-1] < last:
        months += 1
        axis.append(months_before(first, -months))
    return np.array(axis)
