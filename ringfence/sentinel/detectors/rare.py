"""The rule for rare pathogens: a handful of cases within some weeks, against all that was ever reported.

Where models have nothing to fit, the cases of the last `window` rows are held against the predictive distribution of
such a window, a negative binomial after Jeffreys' gamma prior on the rate (as in `bayes`), over everything before them.
`cases` is the least that can give an alarm; `at_once` cases give one whatever came before (1 for what is never seen).
"""

from collections.abc import Mapping

import numpy as np

from ringfence.sentinel.control import AtLeastOne, Control, Share, read_control
from ringfence.sentinel.counts import Alarms, Counts, Status, read_points
from ringfence.sentinel.quantiles import negbin_quantile, negbin_survival
from ringfence.sentinel.recent import count_recent


class Options(Control, frozen=True):
    """The window in rows, the level, the least cases, and the cases that are an alarm by themselves."""

    window: AtLeastOne = 4
    alpha: Share = 0.01
    cases: AtLeastOne = 2
    at_once: AtLeastOne | None = None
    history: AtLeastOne = 26


def detect(counts: Counts, *, control: Mapping[str, object]) -> Alarms:
    """Bounds of the window, alarms, cases in the window, those expected, and the probability of so many.

    SHORT_HISTORY until `history` rows were reported before the window, but for alarms at once.
    """
    options = read_control(Options, control)
    points = read_points(options.range, first=1, length=len(counts))
    present = np.isfinite(counts.counts)
    before = np.maximum(points - options.window, -1)
    reports = np.vstack([np.cumsum(present, axis=0, dtype=float), np.zeros(present.shape[1])])[before]
    cases = np.vstack([np.cumsum(np.nan_to_num(counts.counts), axis=0), np.zeros(present.shape[1])])[before]
    recent = count_recent(counts, length=options.window)[points]
    with np.errstate(all="ignore"):
        windows = reports / options.window
        mean, ratio = (cases + 0.5) / windows, (windows + 1) / windows
    is_short = reports < options.history
    probability = np.where(is_short, np.nan, negbin_survival(recent, mean=mean, ratio=np.where(is_short, 2, ratio)))
    bound = negbin_quantile(1 - options.alpha, mean=np.where(is_short, np.nan, mean), ratio=ratio)
    upper = np.maximum(bound, options.cases - 1)
    is_now = counts.counts[points] > 0
    at_once = is_now & (recent >= (options.at_once or np.inf))
    alarm = (is_now & (recent > upper)) | at_once
    status = np.select(
        [~present[points], is_short & ~at_once], [Status.MISSING, Status.SHORT_HISTORY], Status.TESTED
    ).astype(np.int8)
    columns = {
        "upperbound": upper,
        "alarm": np.where(status == Status.TESTED, alarm, np.nan),
        "recent": recent,
        "expected": np.where(is_short, np.nan, mean),
        "pvalue": probability,
    }
    return Alarms(points, status, columns)
