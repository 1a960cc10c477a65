"""EARS C1, C2 and C3: the last day against the days before it, for daily data and short histories.

Hutwagner, Thompson, Seeman & Treadwell (2003), Journal of Urban Health 80:i89; Fricker, Hegler & Dunfal (2008). The
options are those of earsC in R surveillance and the answers equal its. C3 has no bound where the days before do not
vary.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.special import ndtri

from ringfence.sentinel.control import Control, NotNegative, Share, read_control
from ringfence.sentinel.counts import Alarms, Counts, Matrix, Points, read_points
from ringfence.sentinel.recent import judge

LAGS = {"C1": 0, "C2": 2, "C3": 4}
ALPHAS = {"C1": 0.001, "C2": 0.001, "C3": 0.025}


class Options(Control, frozen=True):
    """The options of earsC, with its defaults."""

    method: Literal["C1", "C2", "C3"] = "C1"
    baseline: Annotated[int, msgspec.Meta(ge=3)] = 7
    min_sigma: NotNegative = 0
    alpha: Share | None = None


def detect(counts: Counts, *, control: Mapping[str, object]) -> Alarms:
    """Bounds and alarms; rows too near the beginning are SHORT_HISTORY."""
    options = read_control(Options, control)
    reach = options.baseline + LAGS[options.method]
    points = read_points(options.range, first=reach + 1, length=len(counts))
    normal = float(ndtri(1 - (options.alpha or ALPHAS[options.method])))
    upper = np.full((len(points), len(counts.units)), np.nan)
    far = points >= reach
    known = points[far]
    if len(known):
        bound = _sum_bound if options.method == "C3" else _bound
        upper[far] = bound(counts.counts, known, options, normal)
    return judge(counts, points, upper, is_short=np.broadcast_to(~far[:, None], upper.shape))


def _baseline(counts: Matrix, points: Points, options: Options, lag: int) -> tuple[Matrix, Matrix]:
    """Mean and standard deviation, at least the smallest allowed, of the days that end `lag` days before each point."""
    past = sliding_window_view(counts, options.baseline, axis=0)[points - options.baseline - lag]
    return past.mean(axis=-1), np.maximum(past.std(axis=-1, ddof=1), options.min_sigma)


def _bound(counts: Matrix, points: Points, options: Options, normal: float) -> Matrix:
    mean, spread = _baseline(counts, points, options, LAGS[options.method])
    return mean + normal * spread


def _sum_bound(counts: Matrix, points: Points, options: Options, normal: float) -> Matrix:
    """C3: what today may be when the excess of yesterday and the day before already counts."""
    past: Matrix = np.zeros((len(points), counts.shape[1]))
    for back in (2, 1):
        mean, spread = _baseline(counts, points - back, options, 2)
        with np.errstate(divide="ignore", invalid="ignore"):
            past = past + np.maximum(0, (counts[points - back] - mean) / spread - 1)
    _, spread = _baseline(counts, points, options, 2)
    with np.errstate(invalid="ignore"):
        return np.maximum(0, counts[points] + spread * (normal - past))
