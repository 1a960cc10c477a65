"""The flexible Farrington method: a log-linear baseline of several years with seasons, past outbreaks counted less.

Noufaily, Enki, Farrington, Garthwaite, Andrews & Charlett (2013), Statistics in Medicine 32:1206. The options are those
of farringtonFlexible in R surveillance. `compat="surveillance"` answers as R 1.20 does, to rounding: with standard
errors and the trend's p from the reweighting weights alone, a mean's bound exponentiated twice under "delta", and
`alarm` 0 where there is no bound. `compat=None` takes the dispersion from the fitted weights, one scale for means and
scores, and leaves `alarm` empty where nothing was tested.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
import numpy as np
from scipy.special import ndtri

from ringfence.sentinel.control import AtLeastOne, AtLeastZero, Control, NotNegative, Share, read_control
from ringfence.sentinel.counts import Alarms, Counts, Matrix, Status, Statuses, Truths, read_points
from ringfence.sentinel.farrington import (
    Batch,
    Bound,
    Prediction,
    Rule,
    delta_bound,
    negbin_bound,
    predict,
    read_batches,
)
from ringfence.sentinel.recent import count_recent
from ringfence.sentinel.windows import Window, seasonal_window, share_windows

COLUMNS = ("upperbound", "alarm", "expected", "mu0Vector", "phi", "trend", "trendCoef", "score", "pvalue")


class Options(Control, frozen=True):
    """The options of farringtonFlexible, with its defaults."""

    b: AtLeastOne = 5
    w: AtLeastZero = 3
    reweight: bool = True
    weights_threshold: NotNegative = 2.58
    alpha: Share = 0.05
    trend: bool = True
    p_threshold_trend: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.05
    limit54: tuple[NotNegative, AtLeastOne] = (5, 4)
    powertrans: Literal["none", "1/2", "2/3"] = "2/3"
    population_offset: bool = False
    no_periods: AtLeastOne = 1
    past_weeks_not_included: AtLeastZero | None = None
    threshold_method: Literal["delta", "nbPlugin", "muan"] = "delta"
    compat: Literal["surveillance"] | None = "surveillance"


def detect(counts: Counts, *, control: Mapping[str, object]) -> Alarms:
    """Bounds and alarms at each point; points whose history does not reach back are SHORT_HISTORY."""
    options = read_control(Options, control)
    points = read_points(options.range, first=counts.frequency * options.b + options.w + 1, length=len(counts))
    shape = (len(points), len(counts.units))
    columns = {name: np.full(shape, np.nan) for name in COLUMNS}
    status = np.full(shape, Status.SHORT_HISTORY, np.int8)
    recent = count_recent(counts, length=options.limit54[1])
    windows = ((point, window) for point in points.tolist() if (window := _window(counts, point, options)))
    for shared in share_windows(windows, seasons=options.no_periods):
        for batch in read_batches(counts, shared, has_offset=options.population_offset):
            now = counts.counts[batch.points, batch.series]
            found = predict(batch, shared.design, _rule(options))
            is_enough = recent[batch.points, batch.series] >= options.limit54[0]
            cells = (batch.points - points[0], batch.series)
            answer = _answer(now, found, is_enough, options)
            for name in COLUMNS:
                columns[name][cells] = answer[name]
            status[cells] = _status(now, found, is_enough, batch)
    if options.compat is None:
        columns["alarm"][status != Status.TESTED] = np.nan
    return Alarms(points, status, columns)


def _window(counts: Counts, point: int, options: Options) -> Window | None:
    skipped = options.w if options.past_weeks_not_included is None else options.past_weeks_not_included
    return seasonal_window(
        counts, point, years=options.b, half_width=options.w, seasons=options.no_periods, skipped=skipped
    )


def _rule(options: Options) -> Rule:
    is_r = options.compat is not None
    return Rule(
        years=options.b,
        may_trend=options.trend,
        trend_threshold=options.p_threshold_trend,
        reweights=options.reweight,
        weight_threshold=options.weights_threshold,
        has_r_weights=is_r and options.reweight,
        is_phi_in_error=not is_r,
    )


def _bound(now: Matrix, found: Prediction, options: Options) -> Bound:
    if options.threshold_method == "delta":
        return delta_bound(now, found, tail=options.alpha, transform=options.powertrans)
    is_uncertain = options.threshold_method == "muan"
    return negbin_bound(now, found, tail=options.alpha, is_mean_uncertain=is_uncertain)


def _answer(now: Matrix, found: Prediction, is_enough: Truths, options: Options) -> dict[str, Matrix]:
    """The columns of some cells."""
    bound = _bound(now, found, options)
    with np.errstate(all="ignore"):
        mean = np.exp(found.logarithm)
        is_delta, is_r = options.threshold_method == "delta", options.compat is not None
        centre, error = (mean, mean * found.error) if is_delta and is_r else (found.logarithm, found.error)
        shift = 0 if options.threshold_method == "nbPlugin" else ndtri(1 - options.alpha) * error
        score = bound.score if is_r else (now - mean) / (bound.upper - mean)
        kept = np.where(is_enough, 1.0, np.nan)
        columns = {
            "upperbound": bound.upper * kept,
            "alarm": ((score > 1) & is_enough & (now != 0)).astype(float),
            "expected": np.where(np.isnan(bound.upper), 0.0 if is_r else np.nan, mean * kept),
            "mu0Vector": np.exp(centre + shift),
            "phi": found.ratio,
            "trend": found.has_trend.astype(float),
            "trendCoef": np.where(found.has_trend, found.slope, np.nan),
            "score": score,
            "pvalue": bound.probability,
        }
    for name in ("upperbound", "mu0Vector", "phi", "trendCoef", "score", "pvalue"):
        columns[name] = np.where(found.is_fitted, columns[name], np.nan)
    columns["alarm"] = np.where(found.is_fitted, columns["alarm"], np.nan)
    return columns


def _status(now: Matrix, found: Prediction, is_enough: Truths, batch: Batch) -> Statuses:
    no_bound = ~found.is_fitted | (np.isfinite(batch.counts).sum(axis=0) == 0)
    return np.select(
        [np.isnan(now), no_bound, ~is_enough],
        [Status.MISSING, Status.NO_BOUND, Status.FEW_CASES],
        Status.TESTED,
    ).astype(np.int8)
