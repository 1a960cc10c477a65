"""Counts held against what is expected of them by a negative binomial: bounds, alarms and chances of `weekly`, `daily`.

A count is an alarm when so many or more are less likely than the level, half of the chance of exactly so many left out
(mid-p: Lancaster 1961, JASA 56:223). Without that, a site with few cases would have far fewer false alarms than its
level allows, and find less.
"""

import numpy as np

from ringfence.sentinel.counts import Alarms, Counts, Matrix, Points, Status, Truths
from ringfence.sentinel.quantiles import negbin_quantile, negbin_survival


def judge(counts: Counts, points: Points, mean: Matrix, ratio: Matrix, *, level: float, is_short: Truths) -> Alarms:
    """Alarms at some points, from the mean expected and the variance over it; all matrices are (points, series).

    `lowpvalue` is the chance of so few, by the same rule.
    """
    now = counts.counts[points]
    upper = bound(level, mean=mean, ratio=ratio)
    status = np.select(
        [np.isnan(now), np.broadcast_to(is_short, now.shape), np.isnan(upper)],
        [Status.MISSING, Status.SHORT_HISTORY, Status.NO_BOUND],
        Status.TESTED,
    ).astype(np.int8)
    is_tested = status == Status.TESTED
    chance = np.where(is_tested, mid_p(np.nan_to_num(now), mean=mean, ratio=ratio), np.nan)
    columns = {
        "upperbound": np.where(is_short, np.nan, upper),
        "alarm": np.where(is_tested, now > upper, np.nan),
        "expected": mean,
        "ratio": ratio,
        "pvalue": chance,
        "lowpvalue": 1 - chance,
    }
    return Alarms(points, status, columns)


def bound(level: float, *, mean: Matrix, ratio: Matrix) -> Matrix:
    """The largest count that is no alarm; NaN where the mean is no number."""
    upper = negbin_quantile(1 - level, mean=mean, ratio=ratio)
    return np.asarray(np.where(mid_p(upper, mean=mean, ratio=ratio) < level, upper - 1, upper))


def mid_p(count: Matrix, *, mean: Matrix, ratio: Matrix) -> Matrix:
    """The chance of more, and half the chance of exactly so many."""
    at_least, more = (negbin_survival(many, mean=mean, ratio=ratio) for many in (count, count + 1))
    return np.asarray((at_least + more) / 2)
