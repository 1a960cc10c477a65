"""What the Farrington detectors share: reweighting past outbreaks, the rule on trends, and bounds."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtr

from ringfence.sentinel.counts import Counts, Matrix
from ringfence.sentinel.log_linear import Design, LogLinear, fit
from ringfence.sentinel.quantiles import negbin_quantile, negbin_survival
from ringfence.sentinel.windows import SharedWindow

BATCH = 512  # columns fitted at once: large enough to amortise a step, small enough to stay in the cache
YEARS_FOR_TREND = 3
EXPONENTS = {"none": 1.0, "1/2": 1 / 2, "2/3": 2 / 3}


@dataclass(frozen=True)
class Rule:
    """How a batch is fitted. `has_r_weights` keeps R's habit of taking spreads with the reweighting weights alone."""

    years: int
    may_trend: bool
    trend_threshold: float
    reweights: bool
    weight_threshold: float
    has_r_weights: bool = False
    is_phi_in_error: bool = False


@dataclass(frozen=True)
class Prediction:
    """The logarithm of the mean expected now, its standard error, and what it rests on; all (series)."""

    logarithm: Matrix
    error: Matrix
    ratio: Matrix
    slope: Matrix
    first_slope: Matrix
    has_trend: NDArray[np.bool_]
    is_fitted: NDArray[np.bool_]


@dataclass(frozen=True)
class Batch:
    """Past counts of some cells: rows, NaN where missing, by cells; and the offset now, for each cell."""

    points: NDArray[np.int64]
    series: NDArray[np.int64]
    counts: Matrix
    offset: Matrix | None
    offset_now: Matrix


def read_batches(counts: Counts, window: SharedWindow, *, has_offset: bool) -> Iterator[Batch]:
    """The past of every point of a shared window and every series, some thousand cells at a time."""
    units = len(counts.units)
    for begin in range(0, len(window.points) * units, BATCH):
        cell = np.arange(begin, min(begin + BATCH, len(window.points) * units))
        points, series = window.points[cell // units], cell % units
        rows = points + window.rows[:, None]
        with np.errstate(divide="ignore"):
            offset = np.log(counts.population[rows, series]) if has_offset else None
            now = np.log(counts.population[points, series]) if has_offset else np.zeros(len(cell))
        yield Batch(points, series, counts.counts[rows, series], offset, now)


def predict(batch: Batch, design: Design, rule: Rule) -> Prediction:
    """What is expected now, with a trend where the rule allows one."""
    if not (rule.may_trend and rule.years >= YEARS_FOR_TREND):
        return _predict_once(batch, design, rule, has_trend=False)
    trending = _predict_once(batch, design, rule, has_trend=True)
    rest = np.flatnonzero(~trending.has_trend)
    if not len(rest):
        return trending
    offset = None if batch.offset is None else batch.offset[:, rest]
    part = Batch(batch.points[rest], batch.series[rest], batch.counts[:, rest], offset, batch.offset_now[rest])
    flat = _predict_once(part, design, rule, has_trend=False)
    for name in ("logarithm", "error", "ratio", "slope", "is_fitted"):
        getattr(trending, name)[rest] = getattr(flat, name)
    return trending


def _predict_once(batch: Batch, design: Design, rule: Rule, *, has_trend: bool) -> Prediction:
    present = np.isfinite(batch.counts)
    if batch.offset is not None:
        present &= np.isfinite(batch.offset)
    counts, offset = np.where(present, batch.counts, 0), batch.offset
    if offset is not None:
        offset = np.where(present, offset, 0)
    first = fit(counts, design, weights=present.astype(float), offset=offset, has_trend=has_trend)
    with np.errstate(all="ignore"):
        model, given = first, None
        if rule.reweights:
            given = _reweight(first, counts, present, rule.weight_threshold)
            model = fit(counts, design, weights=given, offset=offset, has_trend=has_trend)
        ratio = np.maximum(model.dispersion(counts), 1)
        spread = model.dispersion(counts, weights=given) if rule.has_r_weights else model.dispersion(counts)
        logarithm = model.level[-1] + batch.offset_now
        kept = has_trend & first.has_converged & _may_keep_trend(model, counts, logarithm, spread, rule)
        error = np.sqrt((ratio if rule.is_phi_in_error else spread) * model.information.variance_now())
    fitted = first.has_converged & np.isfinite(logarithm) & np.isfinite(ratio) & np.isfinite(error)
    return Prediction(logarithm, error, ratio, model.slope, first.slope, kept, fitted)


def _may_keep_trend(
    model: LogLinear, counts: Matrix, logarithm: Matrix, spread: Matrix, rule: Rule
) -> NDArray[np.bool_]:
    """A trend is kept where it is significant and does not lead above every count seen (Farrington et al. 1996)."""
    ratio = np.abs(model.slope) / np.sqrt(spread / model.information.spread)
    significant = 2 * stdtr(model.freedom, -ratio) < rule.trend_threshold
    return np.asarray(significant & (np.exp(logarithm) <= counts.max(axis=0)))


def _reweight(model: LogLinear, counts: Matrix, present: NDArray[np.bool_], threshold: float) -> Matrix:
    """Weights that count past outbreaks less: by standardised Anscombe residuals above a threshold."""
    with np.errstate(divide="ignore"):
        power = np.log(counts) * (2 / 3) - np.log(model.mean) / 6
    residual = 1.5 * (np.exp(power) - np.sqrt(model.mean))
    ratio = np.maximum(model.dispersion(counts), 1)
    residual /= np.sqrt(ratio * (1 - model.hat_values()))
    weights = np.where(present, np.where(residual > threshold, residual**-2, 1.0), 0.0)
    return np.asarray(weights * (present.sum(axis=0) / weights.sum(axis=0)))


@dataclass(frozen=True)
class Bound:
    """The upper bound of a count, the probability of at least what was seen, and the exceedance score."""

    upper: Matrix
    probability: Matrix
    score: Matrix


def delta_bound(now: Matrix, prediction: Prediction, *, tail: float, transform: str, is_lower: bool = False) -> Bound:
    """A normal interval on a scale where counts are less skewed (Farrington et al. 1996, section 3.6)."""
    with np.errstate(all="ignore"):
        mean = np.exp(prediction.logarithm)
        tau = prediction.ratio + (prediction.error * mean) ** 2 / mean
        exponent = EXPONENTS[transform]
        spread = exponent * np.sqrt(tau * mean ** (2 * exponent - 1))
        upper = (mean**exponent + ndtri(1 - tail) * spread) ** (1 / exponent)
        deviation = (now**exponent - mean**exponent) / spread
        probability = ndtr(deviation if is_lower else -deviation)
        return Bound(upper, probability, (now - mean) / (upper - mean))


def negbin_bound(now: Matrix, prediction: Prediction, *, tail: float, is_mean_uncertain: bool) -> Bound:
    """A quantile of the negative binomial at the mean (Noufaily et al. 2013), or at the mean's own upper bound.

    The score, as in R, is against the logarithm of the mean; only whether it exceeds 1 means something.
    """
    with np.errstate(all="ignore"):
        shift = ndtri(1 - tail) * prediction.error if is_mean_uncertain else 0
        mean = np.exp(prediction.logarithm + shift)
        upper = negbin_quantile(1 - tail, mean=mean, ratio=prediction.ratio)
        probability = negbin_survival(now, mean=mean, ratio=prediction.ratio)
        score = (now - prediction.logarithm) / (upper - prediction.logarithm)
        return Bound(upper, probability, score)
