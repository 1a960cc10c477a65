"""The case reproduction number over time: whom those fallen ill on a day went on to infect (policy 2.2, 7.3).

Wallinga and Teunis (Am J Epidemiol 2004; 160, 509): the posterior chances of having infected somebody, added up over
all infectees, by the day of the infector's onset. Each infectee has one infector, and who that is hangs on no other
infectee, so what a day's cases infected is a sum of yes and no with known chances (Poisson's binomial); its interval
says how sure it is who infected whom, not how many they might have infected by chance. Days of late are too low, for
those infected have not fallen ill yet: `share_seen` says how much of the serial interval is over.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ringfence.policy import SerialInterval
from ringfence.trace.chains import imported
from ringfence.trace.intervals import Numbers, interval_density

REPRODUCTION = pa.schema(
    [
        ("day", pa.int32()),
        ("cases", pa.int64()),
        ("reproduction", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("share_seen", pa.float64()),
    ]
)
"""By day of onset with cases: how many, the mean number each infected with its 95 % interval, and the share of those
infected whose onset would have come by the last day."""

_TAIL = 0.025  # on either side of a 95 % interval


def estimate_reproduction(
    cases: pa.Table, meetings: pa.Table, *, interval: SerialInterval, background: float, until_day: int
) -> pa.Table:
    """The case reproduction number of each day of onset (REPRODUCTION), by the posteriors of `find_infectors`.

    `cases` has the columns of CHAIN_CASES, `meetings` those of MEETINGS; onsets after `until_day` are not seen.
    """
    seen = cases.filter(pa.array(cases["onset_day"].to_numpy() <= until_day, pa.bool_()))
    if not seen.num_rows:
        return REPRODUCTION.empty_table()
    onset = seen["onset_day"].to_numpy()
    first = int(onset.min())
    count = np.bincount(onset - first, minlength=until_day - first + 1)
    density = interval_density(interval, days=count.size)
    chances = _chances_by_day(seen, meetings, onset=onset - first, count=count, density=density, background=background)
    days = np.flatnonzero(count)
    ends = np.array([_quantiles(chances[:, day]) for day in days]).reshape(-1, 2)
    return pa.table(
        [
            first + days,
            count[days],
            chances.sum(axis=0)[days] / count[days],
            ends[:, 0] / count[days],
            ends[:, 1] / count[days],
            np.cumsum(density)[until_day - first - days],
        ],
        schema=REPRODUCTION,
    )


def _chances_by_day(
    cases: pa.Table,
    meetings: pa.Table,
    *,
    onset: npt.NDArray[np.int32],
    count: npt.NDArray[np.int64],
    density: Numbers,
    background: float,
) -> Numbers:
    """The chance that somebody with onset on a day infected a case (shape cases here x days)."""
    here = np.flatnonzero(~imported(cases))
    between = onset[here, None] - np.arange(count.size)
    itself = between == 0
    together = _evidence_by_day(cases, meetings, onset=onset, days=count.size)[here]
    weights = np.where(between >= 0, density[np.maximum(between, 0)], 0.0) * (background * (count - itself) + together)
    chances: Numbers = weights / (weights.sum(axis=1, keepdims=True) + density.max() * background)
    return chances


def _evidence_by_day(cases: pa.Table, meetings: pa.Table, *, onset: npt.NDArray[np.int32], days: int) -> Numbers:
    """The evidence that each case met somebody with onset on a day (shape cases x days); nobody meets themselves."""
    place = {number: at for at, number in enumerate(cases["case_no"].to_pylist())}
    pairs = [
        (place[row["case_no"]], place[row["infector"]], row["weight"])
        for row in meetings.to_pylist()
        if row["case_no"] in place and row["infector"] in place and row["case_no"] != row["infector"]
    ]
    found: Numbers = np.zeros((cases.num_rows, days))
    if pairs:
        infectees, infectors, weights = (np.array(column) for column in zip(*pairs, strict=True))
        np.add.at(found, (infectees, onset[infectors]), weights)
    return found


def _quantiles(chances: Numbers) -> tuple[int, int]:
    """The 95 % interval of how many of some independent events happen."""
    most = chances[chances > 0]
    happening = np.ones(1)
    for chance in most:
        happening = np.convolve(happening, (1 - chance, chance))
    sums = np.cumsum(happening)
    return int(np.searchsorted(sums, _TAIL)), int(np.searchsorted(sums, 1 - _TAIL))
