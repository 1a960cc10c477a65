"""The Bayes subsystem: the predictive distribution of a count after a gamma prior, from the recent past and past years.

Riebler (2004) and Höhle (2007), Computational Statistics 22:571, with Jeffreys' prior. The options are those of bayes
in R surveillance, and the answers equal those of its release 1.20; an alarm is a count above the quantile.
"""

from collections.abc import Mapping

import numpy as np

from ringfence.sentinel.control import AtLeastZero, Control, Share, read_control
from ringfence.sentinel.counts import Alarms, Counts, Matrix, Points, read_points
from ringfence.sentinel.quantiles import negbin_quantile
from ringfence.sentinel.recent import judge


class Options(Control, frozen=True):
    """The options of bayes, with its defaults."""

    b: AtLeastZero = 0
    w: AtLeastZero = 6
    act_y: bool = True
    alpha: Share = 0.05


def detect(counts: Counts, *, control: Mapping[str, object]) -> Alarms:
    """Bounds and alarms; a report missing in the past is left out of it."""
    options = read_control(Options, control)
    reach = options.b * counts.frequency + options.w
    points = read_points(options.range, first=reach + 1, length=len(counts))
    far = points >= reach
    cases, rows = _sums(counts, points[far], options)
    with np.errstate(divide="ignore", invalid="ignore"):
        bound = negbin_quantile(1 - options.alpha, mean=(cases + 0.5) / rows, ratio=(rows + 1) / rows)
    upper = np.full((len(points), len(counts.units)), np.nan)
    upper[far] = np.where(rows > 0, bound, np.nan)
    return judge(counts, points, upper, is_short=np.isnan(upper))


def _sums(counts: Counts, points: Points, options: Options) -> tuple[Matrix, Matrix]:
    """Cases and reports in the past of each point."""
    present = np.isfinite(counts.counts)
    runs = [(-options.w, 0)] if options.act_y else []
    runs += [
        (-year * counts.frequency - options.w, -year * counts.frequency + options.w + 1) for year in _years(options)
    ]
    sums = []
    for matrix in (np.where(present, counts.counts, 0), present.astype(float)):
        total = np.vstack([np.zeros(matrix.shape[1]), np.cumsum(matrix, axis=0)])
        parts = [total[points + end] - total[points + begin] for begin, end in runs]
        sums.append(np.sum(parts, axis=0) if parts else np.zeros((len(points), matrix.shape[1])))
    return sums[0], sums[1]


def _years(options: Options) -> range:
    return range(1, options.b + 1)
