"""How many each case infects on average, from the days of cases and the time between one case and the next.

Cori, Ferguson, Fraser & Cauchemez (2013), American Journal of Epidemiology 178:1505; the numbers equal those of R's
EpiEstim 2.2. The first day's cases count as imported: they infect, but were infected by nobody in the data.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammainc, gammaincinv

from ringfence.errors import InputRefused
from ringfence.sentinel.counts import Matrix, Points

WEEK = 7
CUT_OFF = 0.01  # what an interval may lack that is not followed to its end


@dataclass(frozen=True)
class Reproduction:
    """The posterior of R over windows of days (windows, series): a gamma distribution each.

    `starts` and `ends` are the first and last day of each window, from 0. NaN where a day of the window is missing or
    nobody could have infected anybody.
    """

    starts: Points
    ends: Points
    shape: Matrix
    scale: Matrix

    @property
    def mean(self) -> Matrix:
        """The posterior mean."""
        return np.asarray(self.shape * self.scale)

    @property
    def deviation(self) -> Matrix:
        """The posterior standard deviation."""
        return np.asarray(np.sqrt(self.shape) * self.scale)

    def quantile(self, share: float) -> Matrix:
        """The value that R is at most, with this probability."""
        return np.asarray(gammaincinv(self.shape, share) * self.scale)


def discretise_interval(mean: float, deviation: float, *, days: int) -> Matrix:
    """The probability of a serial interval of 0, 1, ... days: a gamma distribution moved by one day (Cori 2013).

    InputRefused unless the mean is above a day.
    """
    if not (mean > 1 and deviation > 0):
        raise InputRefused(
            "a serial interval of {mean} days, give or take {deviation}, has no such distribution; "
            "its mean is above 1 and its deviation above 0",
            mean=mean,
            deviation=deviation,
        )
    shape, scale = ((mean - 1) / deviation) ** 2, deviation**2 / (mean - 1)
    day = np.arange(days, dtype=float)

    def below(at: Matrix, more: int) -> Matrix:
        return np.asarray(gammainc(shape + more, np.maximum(at, 0) / scale))

    found = day * below(day, 0) + (day - 2) * below(day - 2, 0) - 2 * (day - 1) * below(day - 1, 0)
    found += shape * scale * (2 * below(day - 1, 1) - below(day - 2, 1) - below(day, 1))
    return np.asarray(np.maximum(found, 0))


def infectivity(cases: Matrix, interval: Matrix) -> Matrix:
    """How much earlier cases weigh on each day: cases (days, series) by the interval's probabilities; NaN on the first.

    A missing day makes every day missing that it weighs on.
    """
    found = np.zeros(cases.shape)
    for lag in range(1, min(len(interval), len(cases))):
        if interval[lag]:
            found[lag:] += interval[lag] * cases[:-lag]
    found[:1] = np.nan
    return found


def estimate_reproduction(
    cases: Matrix,
    interval: Matrix,
    *,
    windows: tuple[Points, Points] | None = None,
    prior_mean: float = 5,
    prior_deviation: float = 5,
) -> Reproduction:
    """R over windows of days (first and last, from 0; without them every week from the second day), for many series.

    `cases` are (days, series); `interval` is the probability of a serial interval of 0, 1, ... days, which is none of 0
    days and sums to 1. The prior is a gamma distribution.
    """
    if interval[0] != 0 or (interval < 0).any() or abs(interval.sum() - 1) > CUT_OFF:
        raise InputRefused("the interval is no distribution over whole days above 0; let it begin with 0 and sum to 1")
    starts, ends = windows or (np.arange(1, len(cases) - WEEK + 1), np.arange(WEEK, len(cases)))
    if len(starts) and not (starts.min() >= 1 and (starts <= ends).all() and ends.max() < len(cases)):
        raise InputRefused(
            "a window begins before the second day or ends after the last; {days} days are given", days=len(cases)
        )
    weight = infectivity(cases, interval)
    shape = (prior_mean / prior_deviation) ** 2 + _sums(cases, starts, ends)
    pressure = _sums(weight, starts, ends)
    scale = 1 / (prior_mean / prior_deviation**2 + pressure)
    known = pressure > 0
    return Reproduction(starts, ends, np.where(known, shape, np.nan), np.where(known, scale, np.nan))


def _sums(days: Matrix, starts: Points, ends: Points) -> Matrix:
    """Sums over windows; NaN for a window with a missing day."""
    total = np.vstack([np.zeros(days.shape[1]), np.cumsum(np.nan_to_num(days), axis=0)])
    gaps = np.vstack([np.zeros(days.shape[1]), np.cumsum(np.isnan(days), axis=0)])
    found = total[ends + 1] - total[starts]
    return np.asarray(np.where(gaps[ends + 1] > gaps[starts], np.nan, found))
