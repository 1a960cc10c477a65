"""Ringfence's own choice for weekly counts: the flexible Farrington method in its clean mode, over as long as there is.

Made-up series of twelve years say that ten years of baseline find as much as the five of Noufaily et al. (2013) at
fewer false alarms, which leaves room for a higher level. How both were chosen, on series other than those that figures
are reported for: `bench/sentinel.py --choose`.
"""

from collections.abc import Mapping
from itertools import groupby

import numpy as np

from ringfence.sentinel.control import AtLeastOne, Control, NotNegative, Share, read_control
from ringfence.sentinel.counts import Alarms, Counts, read_points
from ringfence.sentinel.detectors import farrington_flexible

HALF_WIDTH = 3
FEWEST_YEARS = 3


class Options(Control, frozen=True):
    """The most years of baseline, the level, and from how many deviations on past outbreaks count less."""

    years: AtLeastOne = 10
    alpha: Share = 0.0075
    weights_threshold: NotNegative = 2.58
    population_offset: bool = False


def detect(counts: Counts, *, control: Mapping[str, object]) -> Alarms:
    """Bounds and alarms; each point has the whole years before it as baseline, three at least."""
    options = read_control(Options, control)
    first = FEWEST_YEARS * counts.frequency + HALF_WIDTH + 1
    points = read_points(options.range, first=first, length=len(counts))
    parts = [
        farrington_flexible.detect(counts, control=_control(options, years, [point + 1 for point in together]))
        for years, together in _by_years(counts, points.tolist(), options.years)
    ]
    if not parts:
        none = np.zeros((0, len(counts.units)))
        return Alarms(points, none.astype(np.int8), {"upperbound": none, "alarm": none})
    columns = {name: np.vstack([part.columns[name] for part in parts]) for name in parts[0].columns}
    return Alarms(points, np.vstack([part.status for part in parts]), columns)


def _by_years(counts: Counts, points: list[int], most: int) -> list[tuple[int, list[int]]]:
    def years(point: int) -> int:
        return int(np.clip((point - HALF_WIDTH) // counts.frequency, min(FEWEST_YEARS, most), most))

    return [(found, list(together)) for found, together in groupby(points, key=years)]


def _control(options: Options, years: int, rows: list[int]) -> dict[str, object]:
    return {
        "range": (rows[0], rows[-1]),
        "b": years,
        "w": HALF_WIDTH,
        "noPeriods": 10,
        "pastWeeksNotIncluded": 26,
        "weightsThreshold": options.weights_threshold,
        "pThresholdTrend": 1,
        "thresholdMethod": "nbPlugin",
        "limit54": (0, 4),
        "alpha": options.alpha,
        "populationOffset": options.population_offset,
        "compat": None,
    }
