"""A baseline of a trend and smooth waves of the year, past outbreaks counted less, for thousands of series at once.

Serfling (1963), Public Health Reports 78:494, with the log link and the overdispersion of Farrington et al. (1996), and
weights after Anscombe residuals as in Noufaily et al. (2013). All of the past speaks for each week of the year, where
seasons by steps hear only the weeks around it: so the mean is known better, and what exceeds it is seen earlier.
"""

from dataclasses import dataclass, replace

import numpy as np

from ringfence.sentinel.counts import Matrix, Truths
from ringfence.sentinel.log_linear import START, STEPS, TOLERANCE

SURE = 0.1  # the standard error of the logarithm up to which a trend that leads above every count is believed
WORTH_A_COPY = 0.6  # the share of series still moving below which those that stand are dropped
SINGULAR = 1e-12  # the determinant, on the scale of correlations, from which a design tells its columns apart


@dataclass(frozen=True)
class Past:
    """Counts (rows, series), NaN where missing, what is added to the logarithm of their means, and the design.

    `design` is (rows, columns) and `now` (columns), the row to predict: the trend is the last column, 0 now.
    """

    counts: Matrix
    offset: Matrix
    design: Matrix
    now: Matrix

    def without_trend(self, series: Truths) -> "Past":
        """Some series, and no trend."""
        counts, offset = self.counts[:, series], self.offset[:, series]
        return Past(counts, offset, self.design[:, :-1], self.now[:-1])


@dataclass(frozen=True)
class Expected:
    """The rate expected now, its variance on the logarithm, and the variance of counts over their mean (series).

    NaN where nothing fits.
    """

    rate: Matrix
    doubt: Matrix
    ratio: Matrix


def expect(past: Past, *, threshold: float) -> Expected:
    """What is expected now; outbreaks above `threshold` deviations count less.

    A trend that leads above every count seen is dropped (Farrington et al. 1996), unless the past tells surely where it
    leads: in large counts a steady growth does so rightly, and its loss would be a false alarm each week.
    """
    found = _expect(past, threshold=threshold)
    with np.errstate(invalid="ignore"):
        leads_above = (found.rate > np.nanmax(_rates(past), axis=0, initial=0)) & (found.doubt > SURE**2)
    if leads_above.any():
        flat = _expect(past.without_trend(leads_above), threshold=threshold)
        for name in ("rate", "doubt", "ratio"):
            getattr(found, name)[leads_above] = getattr(flat, name)
    return found


def _rates(past: Past) -> Matrix:
    return np.asarray(past.counts / np.exp(past.offset))


def _expect(past: Past, *, threshold: float) -> Expected:
    is_present = np.isfinite(past.counts) & np.isfinite(past.offset)
    counts, offset = np.where(is_present, past.counts, 0), np.where(is_present, past.offset, 0)
    cleaned, weights = replace(past, counts=counts, offset=offset), is_present.astype(float)
    freedom = is_present.sum(axis=0) - past.design.shape[1]
    freedom = np.where(freedom > 0, freedom, np.nan)
    with np.errstate(all="ignore"):
        first = _fit(cleaned, weights, None)
        mean = _means(cleaned, first)
        spread = np.sqrt(np.maximum((weights * (counts - mean) ** 2 / mean).sum(axis=0) / freedom, 1))
        power = np.log(counts) * (2 / 3) - np.log(mean) / 6
        residual = 1.5 * (np.exp(power) - np.sqrt(mean)) / spread
        weights *= np.where(residual > threshold, residual**-2, 1.0)
        weights *= is_present.sum(axis=0) / weights.sum(axis=0)
        second = _fit(cleaned, weights, first)
        mean = _means(cleaned, second)
        ratio = np.maximum((weights * (counts - mean) ** 2 / mean).sum(axis=0) / freedom, 1)
        doubt = ratio * _variance(past, weights * mean)
        return Expected(np.exp(past.now @ second), doubt, ratio)


def _means(past: Past, coefficients: Matrix) -> Matrix:
    logarithm = past.design @ coefficients
    logarithm += past.offset
    return np.asarray(np.exp(logarithm, out=logarithm))


def _fit(past: Past, weights: Matrix, begun: Matrix | None) -> Matrix:
    """Coefficients (columns, series) of a weighted Poisson regression, by the steps of glm or from those of another."""
    counts, pairs = past.counts, _pairs(past.design)
    if begun is None:
        start = counts + START
        begun = _step(past.design, pairs, weights * start, np.log(start) - START / start - past.offset)
    coefficients, left, deviance = begun.copy(), np.arange(counts.shape[1]), np.inf
    for _ in range(STEPS):
        mean = _means(past, coefficients[:, left])
        now = (weights * (mean - past.counts * np.log(mean))).sum(axis=0)
        is_moving = ~(np.abs(now - deviance) / (np.abs(now) + START) < TOLERANCE)
        if not is_moving.any():
            break
        if is_moving.mean() < WORTH_A_COPY:
            left, mean, now, weights = left[is_moving], mean[:, is_moving], now[is_moving], weights[:, is_moving]
            past = replace(past, counts=past.counts[:, is_moving], offset=past.offset[:, is_moving])
            is_moving = is_moving[is_moving]
        deviance, aim = now, (past.counts - mean) / mean
        mean *= weights
        # Who stands still stays there, whatever company it is fitted in.
        coefficients[:, left] += np.where(is_moving, _step(past.design, pairs, mean, aim), 0)
    return coefficients


def _pairs(design: Matrix) -> Matrix:
    """Products of each two columns of a design: rows that sum weights to an information matrix."""
    first, second = np.triu_indices(design.shape[1])
    return np.asarray((design[:, first] * design[:, second]).T)


def _step(design: Matrix, pairs: Matrix, weights: Matrix, aim: Matrix) -> Matrix:
    """Weighted least squares of each series."""
    return _solve(pairs @ weights, design.T @ (weights * aim))


def _variance(past: Past, weights: Matrix) -> Matrix:
    """The variance of the logarithm expected now, over the dispersion."""
    right = np.repeat(past.now[:, None], weights.shape[1], axis=1)
    return np.asarray(past.now @ _solve(_pairs(past.design) @ weights, right))


def _solve(sums: Matrix, right: Matrix) -> Matrix:
    """Solutions (columns, series) of the information matrices that sums of pairs make; NaN where there is none.

    On a scale where each matrix has ones on the diagonal, so that one measure tells which can be solved.
    """
    columns, series = right.shape
    first, second = np.triu_indices(columns)
    matrix = np.empty((series, columns, columns))
    matrix[:, first, second] = sums.T
    matrix[:, second, first] = sums.T
    scale = 1 / np.sqrt(np.einsum("sii->si", matrix))
    matrix *= scale[:, :, None] * scale[:, None]
    matrix[~np.isfinite(matrix).all(axis=(1, 2))] = 0
    is_solvable = np.linalg.det(matrix) > SINGULAR
    found = np.full((columns, series), np.nan)
    solved = np.linalg.solve(matrix[is_solvable], (right.T * scale)[is_solvable][..., None])[..., 0]
    found[:, is_solvable] = (solved * scale[is_solvable]).T
    return found
