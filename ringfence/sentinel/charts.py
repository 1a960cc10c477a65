"""Charts of negative binomial counts that accumulate evidence and begin anew after an alarm."""

from dataclasses import dataclass
from typing import Annotated

import msgspec
import numpy as np

from ringfence.errors import InputRefused
from ringfence.sentinel.control import AtLeastZero, Control, NotNegative
from ringfence.sentinel.counts import Alarms, Counts, Matrix, Points, Status, read_points
from ringfence.sentinel.regression import fit_poisson, harmonics

POISSON = 1e-9  # below this the dispersion changes no digit that is shown


class ChartOptions(Control, frozen=True):
    """How the baseline is learnt from the rows before the range: yearly `waves`, a `trend`; `alpha` if it is known."""

    waves: AtLeastZero = 1
    trend: bool = False
    alpha: NotNegative | None = None
    threshold: Annotated[float, msgspec.Meta(gt=0)] = msgspec.field(default=5.0, name="c.ARL")
    resets: bool = msgspec.field(default=True, name="reset")


@dataclass(frozen=True)
class Baseline:
    """Means expected at the points (points, series) and the dispersion: variance = mean + alpha mean^2 (series)."""

    mean: Matrix
    alpha: Matrix


def learn_baseline(counts: Counts, points: Points, options: ChartOptions) -> Baseline:
    """A Poisson regression of the rows before the points, and the dispersion by moments where it is not given."""
    rows = np.arange(len(counts), dtype=np.float64) + counts.first_season
    design = harmonics(rows, frequency=counts.frequency, waves=options.waves, has_trend=options.trend)
    past = counts.counts[: points[0]]
    coefficients = fit_poisson(past, design[: points[0]])
    with np.errstate(all="ignore"):
        fitted, mean = np.exp(design[: points[0]] @ coefficients), np.exp(design[points] @ coefficients)
        present = np.where(np.isfinite(past), 1.0, 0.0)
        scale = present.sum(axis=0) / (present.sum(axis=0) - design.shape[1])
        excess = np.nansum((past - fitted) ** 2, axis=0) * scale - (present * fitted).sum(axis=0)
        alpha = np.maximum(excess / (present * fitted**2).sum(axis=0), 0)
    if options.alpha is not None:
        alpha = np.full(len(counts.units), options.alpha)
    return Baseline(np.where(np.isfinite(alpha), mean, np.nan), alpha)


def run_chart(counts: Counts, options: ChartOptions, *, increases: Matrix) -> Alarms:
    """The larger of the log-likelihood ratios of increases by factors exp(`increases`), each as a CUSUM.

    With one factor this is the likelihood ratio CUSUM, with many the generalised likelihood ratio (Höhle & Paul 2008,
    Computational Statistics & Data Analysis 52:4357): the largest over factors and over the row it began at. The bound
    is the smallest count that gives an alarm. A missing report leaves the chart where it is.
    """
    if options.range is None or options.range[0] == 1:
        raise InputRefused("a chart learns from the rows before its range; give a range that begins later than 1")
    points = read_points(options.range, first=1, length=len(counts))
    base = learn_baseline(counts, points, options)
    now = counts.counts[points]
    chart, upper = np.full((2, *now.shape), np.nan)
    reached = np.zeros((len(increases), now.shape[1]))
    for row in range(len(points)):
        slope, shift = _ratio(base.mean[row], base.alpha, increases)
        with np.errstate(all="ignore"):
            upper[row] = np.ceil(((options.threshold - reached - shift) / slope).min(axis=0))
            step = np.where(np.isfinite(now[row] + base.mean[row]), slope * now[row] + shift, 0)
        reached = np.maximum(0, reached + step)
        chart[row] = reached.max(axis=0)
        if options.resets:
            reached[:, chart[row] >= options.threshold] = 0
    is_known = np.isfinite(base.mean)
    status = np.select([np.isnan(now), ~is_known], [Status.MISSING, Status.SHORT_HISTORY], Status.TESTED).astype(
        np.int8
    )
    is_tested = status == Status.TESTED
    columns = {
        "upperbound": np.where(is_known, np.maximum(upper, 0), np.nan),
        "alarm": np.where(is_tested, chart >= options.threshold, np.nan),
        "expected": np.where(is_known, base.mean, np.nan),
        "chart": np.where(is_tested, chart, np.nan),
    }
    return Alarms(points, status, columns)


def _ratio(mean: Matrix, alpha: Matrix, increases: Matrix) -> tuple[Matrix, Matrix]:
    """The log-likelihood ratio of an increase as slope x count + shift, both (increases, series)."""
    higher = mean * np.exp(increases[:, None])
    with np.errstate(all="ignore"):
        growth = np.log1p(alpha * higher) - np.log1p(alpha * mean)
        is_poisson = alpha < POISSON
        slope = increases[:, None] - np.where(is_poisson, 0, growth)
        shift = np.where(is_poisson, mean - higher, -growth / np.where(is_poisson, 1, alpha))
    return slope, shift
