"""Quantiles of counts with overdispersion, for whole matrices at once and for means of any size."""

import numpy as np
from scipy.special import betainc, betaincc, gammainc, gammaincc, ndtri

from ringfence.sentinel.counts import Matrix, Truths

LARGE = 1e12  # from here on the distance between two counts is nothing beside the spread


def negbin_survival(count: Matrix, *, mean: Matrix, ratio: Matrix) -> Matrix:
    """P(Y >= count) for a mean and a variance of `ratio` times the mean; Poisson where the ratio is at most 1."""
    with np.errstate(divide="ignore", invalid="ignore"):
        size = mean / (ratio - 1)
        spread = betaincc(size, count, 1 / ratio)
        poisson = gammainc(count, mean)
    return np.where(count <= 0, 1.0, np.where(ratio > 1, spread, poisson))


def negbin_quantile(share: float, *, mean: Matrix, ratio: Matrix) -> Matrix:
    """The smallest count that at least `share` of the distribution does not exceed; NaN where the mean is no number.

    Begins at the Cornish-Fisher expansion, brackets by doubling, then halves the bracket: a handful of steps for any
    mean. Above a mean of 1e12 the expansion itself is the answer.
    """
    mean, ratio = np.broadcast_arrays(np.asarray(mean, float), np.maximum(np.asarray(ratio, float), 1))
    known = np.isfinite(mean) & np.isfinite(ratio) & (mean >= 0)
    found = np.full(mean.shape, np.nan)
    found[known] = _quantile(share, mean[known], ratio[known])
    return found


def _quantile(share: float, mean: Matrix, ratio: Matrix) -> Matrix:
    spread, skewness = np.sqrt(mean * ratio), (2 * ratio - 1) / np.sqrt(np.maximum(mean * ratio, 1e-300))
    normal = ndtri(share)
    start = np.floor(np.maximum(mean + spread * (normal + skewness * (normal**2 - 1) / 6), 0) + 0.5)
    start = np.minimum(start, mean + 40 * spread * (1 + spread))
    searched = mean < LARGE
    start[searched] = _search(share, np.floor(start[searched]), mean[searched], ratio[searched])
    return np.asarray(start)


def _reaches(share: float, count: Matrix, mean: Matrix, ratio: Matrix) -> Truths:
    """Whether P(Y <= count) >= share, with the tolerance of R for shares that are exactly met."""
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = betainc(mean / (ratio - 1), count + 1, 1 / ratio)
        spread = np.where(mean == 0, 1.0, spread)
        below = np.where(ratio > 1, spread, gammaincc(count + 1, mean))
    return np.asarray(np.where(count < 0, 0.0, below) >= share * (1 - 64 * np.finfo(float).eps))


def _search(share: float, start: Matrix, mean: Matrix, ratio: Matrix) -> Matrix:
    """The quantile between a count that does not reach the share and one that does."""
    low, high, width = start - 1, start.copy(), 1.0
    while not (short := _reaches(share, high, mean, ratio)).all():
        low, high, width = np.where(short, low, high), np.where(short, high, high + width), 2 * width
    width = 1.0
    while (above := _reaches(share, low, mean, ratio)).any():
        high, low, width = np.where(above, low, high), np.where(above, np.maximum(low - width, -1), low), 2 * width
    while (open_ := high - low > 1).any():
        middle = np.floor((low + high) / 2)
        reached = _reaches(share, middle, mean, ratio)
        high = np.where(open_ & reached, middle, high)
        low = np.where(open_ & ~reached, middle, low)
    return high
