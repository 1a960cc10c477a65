"""How much was reported lately: the low-count rule and plain moving windows."""

import numpy as np
from numpy.typing import NDArray

from ringfence.sentinel.counts import Alarms, Counts, Matrix, Points, Status


def count_recent(counts: Counts, *, length: int) -> Matrix:
    """Cases in the `length` rows that end with each row; a missing report adds nothing."""
    total = np.cumsum(np.vstack([np.zeros(len(counts.units)), np.nan_to_num(counts.counts)]), axis=0)
    end = np.arange(1, len(counts) + 1)
    return np.asarray(total[end] - total[np.maximum(end - length, 0)])


def judge(counts: Counts, points: Points, upper: Matrix, *, is_short: NDArray[np.bool_]) -> Alarms:
    """Alarms where a count exceeds its bound; where there is none, the status says why and `alarm` is NaN."""
    now = counts.counts[points]
    status = np.select(
        [np.isnan(now), is_short, np.isnan(upper)],
        [Status.MISSING, Status.SHORT_HISTORY, Status.NO_BOUND],
        Status.TESTED,
    ).astype(np.int8)
    alarm = (now > upper).astype(float)
    alarm[status != Status.TESTED] = np.nan
    return Alarms(points, status, {"upperbound": upper, "alarm": alarm})
