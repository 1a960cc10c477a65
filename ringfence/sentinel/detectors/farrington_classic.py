"""The classic Farrington method: windows around the same week of past years, two-sided bounds, one slope.

Farrington, Andrews, Beale & Catchpole (1996), JRSS A 159:547. The options are those of farrington in R surveillance,
and the answers equal its: bound and alarm are 0 below the low-count rule, `alpha` is split between both sides, and
`trend` says whether a trend was asked for, not whether it was kept.
"""

from collections.abc import Mapping
from typing import Literal

import numpy as np

from ringfence.sentinel.control import AtLeastOne, AtLeastZero, Control, NotNegative, Share, read_control
from ringfence.sentinel.counts import Alarms, Counts, Status, read_points
from ringfence.sentinel.farrington import Rule, delta_bound, predict, read_batches
from ringfence.sentinel.recent import count_recent
from ringfence.sentinel.windows import plain_window, share_windows


class Options(Control, frozen=True):
    """The options of farrington, with its defaults; the fits differ in R by speed and by the offset alone."""

    b: AtLeastOne = 5
    w: AtLeastZero = 3
    reweight: bool = True
    alpha: Share = 0.05
    trend: bool = True
    limit54: tuple[NotNegative, AtLeastOne] = (5, 4)
    powertrans: Literal["none", "1/2", "2/3"] = "2/3"
    fit_fun: Literal[
        "algo.farrington.fitGLM.fast", "algo.farrington.fitGLM", "algo.farrington.fitGLM.populationOffset"
    ] = "algo.farrington.fitGLM.fast"


def detect(counts: Counts, *, control: Mapping[str, object]) -> Alarms:
    """Bounds and alarms at each point; windows that reach back before the data are taken as far as they are there."""
    options = read_control(Options, control)
    first = max(counts.frequency * options.b - options.w, 1)
    points = read_points(options.range, first=first, length=len(counts))
    shape = (len(points), len(counts.units))
    columns = {name: np.full(shape, np.nan) for name in ("upperbound", "alarm")}
    columns["trend"] = np.full(shape, float(options.trend))
    status = np.full(shape, Status.SHORT_HISTORY, np.int8)
    recent = count_recent(counts, length=options.limit54[1])
    windows = (
        (point, window)
        for point in points.tolist()
        if (window := plain_window(counts, point, years=options.b, half_width=options.w))
    )
    rule = Rule(
        years=options.b,
        may_trend=options.trend,
        trend_threshold=0.05,
        reweights=options.reweight,
        weight_threshold=1,
        is_phi_in_error=True,
    )
    for shared in share_windows(windows, seasons=1):
        for batch in read_batches(counts, shared, has_offset=options.fit_fun.endswith("populationOffset")):
            now = counts.counts[batch.points, batch.series]
            found = predict(batch, shared.design, rule)
            bound = delta_bound(now, found, tail=options.alpha / 2, transform=options.powertrans)
            is_enough = recent[batch.points, batch.series] >= options.limit54[0]
            upper = np.where(found.is_fitted, bound.upper, np.nan)
            cells = (batch.points - points[0], batch.series)
            columns["upperbound"][cells] = np.where(is_enough, upper, 0)
            columns["alarm"][cells] = is_enough & (bound.score > 1)
            status[cells] = np.select(
                [np.isnan(now), np.isnan(upper), ~is_enough],
                [Status.MISSING, Status.NO_BOUND, Status.FEW_CASES],
                Status.TESTED,
            )
    columns["alarm"][np.isin(status, (Status.MISSING, Status.NO_BOUND))] = np.nan
    return Alarms(points, status, columns)
