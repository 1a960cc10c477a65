"""Log-linear models of counts with a level for each season and one slope, for thousands of series in one computation.

All series of a batch share the design, and the information matrix of such a model is an arrow: a diagonal of seasons
and one column of the slope. Within-season centring solves it in as many steps as there are seasons.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

from ringfence.sentinel.counts import Matrix

STEPS = 25
TOLERANCE = 1e-8
START = 0.1  # R's glm begins at the counts plus this


@dataclass(frozen=True)
class Design:
    """What the rows of a batch have in common: their season, from 0, and their time, 0 being the point to predict."""

    season: NDArray[np.intp]
    time: NDArray[np.float64]
    seasons: int

    def sums(self) -> Matrix:
        """Rows that sum a column by season, its product with time by season, and with time squared over all."""
        member = (np.arange(self.seasons)[:, None] == self.season).astype(float)
        return np.asarray(np.vstack([member, member * self.time, self.time**2]))


@dataclass(frozen=True)
class Information:
    """The information matrix, solved: weight (seasons, series), mean time by season, and spread of time (series)."""

    weight: Matrix
    centre: Matrix
    spread: Matrix

    def variance_now(self) -> Matrix:
        """The variance, over the dispersion, of the predicted logarithm at time 0 in the last season."""
        return np.asarray(1 / self.weight[-1] + self.centre[-1] ** 2 / self.spread)


@dataclass(frozen=True)
class LogLinear:
    """A fitted batch. `level` (seasons, series) and `slope` (series) give the logarithm of the mean (rows, series).

    `working` are the weights before the last step, which is where R takes standard errors, dispersion and hat values
    from. `freedom` are the residual degrees of freedom.
    """

    design: Design
    level: Matrix
    slope: Matrix
    has_converged: NDArray[np.bool_]
    mean: Matrix
    working: Matrix
    information: Information
    freedom: Matrix

    def hat_values(self) -> Matrix:
        """The leverage of each row, at the weights before the last step."""
        season, time = self.design.season, self.design.time[:, None]
        away = (time - self.information.centre[season]) ** 2 / self.information.spread
        return np.asarray(self.working * (1 / self.information.weight[season] + away))

    def dispersion(self, counts: Matrix, *, weights: Matrix | None = None) -> Matrix:
        """Pearson's estimate from working residuals, at the working weights unless others are given."""
        off = (counts - self.mean) / self.mean
        return np.asarray(np.einsum("ij,ij,ij->j", self.working if weights is None else weights, off, off)) / (
            self.freedom
        )


def fit(counts: Matrix, design: Design, *, weights: Matrix, offset: Matrix | None, has_trend: bool) -> LogLinear:
    """Fit counts (rows, series) as glm of R does: same start, same steps, same rule to stop (McCullagh & Nelder 1989).

    `weights` are prior weights, 0 for a row that is missing; `offset` is added to the logarithm of the mean.
    """
    sums = design.sums() if has_trend else design.sums()[: design.seasons]
    with np.errstate(all="ignore"):
        steps = _Steps(counts, design, sums, weights, offset)
        steps.run()
    mean = np.maximum(steps.mean(steps.level, steps.slope, slice(None)), np.finfo(float).eps)
    before = steps.mean(steps.level_before, steps.slope_before, slice(None))
    before = np.where(steps.at_once, counts + START, before)
    seen = (design.sums()[: design.seasons] @ (weights > 0)) > 0
    freedom = (weights > 0).sum(axis=0) - seen.sum(axis=0) - has_trend
    return LogLinear(
        design, steps.level, steps.slope, steps.converged, mean, weights * before, steps.information(), freedom
    )


class _Steps:
    """Newton's steps over a batch; series that have stopped are dropped from the computation."""

    def __init__(self, counts: Matrix, design: Design, sums: Matrix, weights: Matrix, offset: Matrix | None) -> None:
        self.counts, self.design, self.sums, self.weights, self.offset = counts, design, sums, weights, offset
        self.seasons, series = design.seasons, counts.shape[1]
        self.level, self.level_before = np.full((2, self.seasons, series), np.nan)
        self.slope, self.slope_before = np.full((2, series), np.nan)
        self.moments = np.full((len(sums), series), np.nan)
        self.converged, self.at_once = np.zeros((2, series), dtype=bool)

    def run(self) -> None:
        """Step until every series has stopped or the steps are used up."""
        now = np.arange(self.counts.shape[1])
        weighted = self.weights * self.counts
        target = self.sums @ weighted
        shifted = 0.0 if self.offset is None else np.einsum("ij,ij->j", weighted, self.offset)
        fixed = (self.weights * xlogy(self.counts, self.counts)).sum(axis=0) - shifted - weighted.sum(axis=0)
        moments, level, slope, deviance = self._first()
        weights = self.weights
        for step in range(STEPS):
            means = self.mean(level, slope, now)
            next_moments = self.sums @ np.multiply(means, weights, out=means)
            next_deviance = self._deviance(level, slope, target, next_moments, fixed)
            stopped = np.abs(next_deviance - deviance) / (np.abs(next_deviance) + 0.1) < TOLERANCE
            self._keep(now, level, slope, moments)
            self.converged[now], self.at_once[now] = stopped, stopped & (step == 0)
            on = ~stopped & np.isfinite(next_deviance)
            if not on.any():
                return
            moments, deviance = next_moments, next_deviance
            if not on.all():
                now, level, slope, fixed = now[on], level[:, on], slope[on], fixed[on]
                weights, target, moments, deviance = weights[:, on], target[:, on], moments[:, on], deviance[on]
            self.level_before[:, now], self.slope_before[now] = level, slope
            add_level, add_slope = _solve(moments, target - moments, self.seasons)
            level, slope = level + add_level, slope + add_slope

    def _first(self) -> tuple[Matrix, Matrix, Matrix, Matrix]:
        """The step from the counts themselves: moments, level, slope, and the deviance to begin with."""
        begun = self.counts + START
        weighted = self.weights * begun
        aim = np.log(begun) - START / begun
        if self.offset is not None:
            aim = aim - self.offset
        moments = self.sums @ weighted
        level, slope = _solve(moments, self.sums @ (weighted * aim), self.seasons)
        over = self.weights * (xlogy(self.counts, self.counts / begun) + START)
        return moments, level, slope, 2 * over.sum(axis=0)

    def mean(self, level: Matrix, slope: Matrix, now: NDArray[np.intp] | slice) -> Matrix:
        """The mean of every row, for the series `now`."""
        with np.errstate(all="ignore"):
            logarithm = level[self.design.season] + self.design.time[:, None] * slope
            if self.offset is not None:
                logarithm += self.offset[:, now]
            return np.asarray(np.exp(logarithm, out=logarithm))

    def _deviance(self, level: Matrix, slope: Matrix, target: Matrix, moments: Matrix, fixed: Matrix) -> Matrix:
        explained = (level * target[: self.seasons]).sum(axis=0)
        if len(self.sums) > self.seasons:
            explained = explained + slope * target[self.seasons : -1].sum(axis=0)
        return np.asarray(2 * (fixed - explained + moments[: self.seasons].sum(axis=0)))

    def _keep(self, now: NDArray[np.intp], level: Matrix, slope: Matrix, moments: Matrix) -> None:
        self.level[:, now], self.slope[now], self.moments[:, now] = level, slope, moments

    def information(self) -> Information:
        """The solved information matrix of the last step."""
        weight, centre, spread = _centre(self.moments, self.seasons)
        return Information(weight, centre, spread)


def _centre(moments: Matrix, seasons: int) -> tuple[Matrix, Matrix, Matrix]:
    """Weight and mean time of each season, and the spread of time within seasons; infinite without a slope."""
    weight = moments[:seasons]
    if len(moments) == seasons:
        return weight, np.zeros_like(weight), np.full(weight.shape[1], np.inf)
    with np.errstate(all="ignore"):
        centre = np.where(weight > 0, moments[seasons:-1] / weight, 0)
    spread = moments[-1] - (centre * moments[seasons:-1]).sum(axis=0)
    return weight, centre, np.where(spread > 0, spread, np.nan)


def _solve(moments: Matrix, right: Matrix, seasons: int) -> tuple[Matrix, Matrix]:
    """Levels and slope from the information matrix and the right-hand side, both as sums."""
    weight, centre, spread = _centre(moments, seasons)
    slope = np.zeros(weight.shape[1])
    if len(moments) > seasons:
        slope = (right[seasons:-1].sum(axis=0) - (centre * right[:seasons]).sum(axis=0)) / spread
    return np.where(weight > 0, right[:seasons] / weight, 0) - centre * slope, slope
