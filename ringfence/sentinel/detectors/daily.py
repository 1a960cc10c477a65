"""Ringfence's own choice for daily counts: the days of the week and a trend over the last weeks.

The same as `weekly` in everything but its baseline: what is compared with is each day of the week's own level over
eight weeks, and a trend; the last days before the one tested are left out, so that an outbreak does not hide itself.
Where cases are too few to tell days of the week apart, all days count alike, after the prior of `rare`.
"""

from collections.abc import Mapping

import numpy as np

from ringfence.errors import InputRefused
from ringfence.sentinel.control import AtLeastOne, AtLeastZero, Control, NotNegative, Share, read_control
from ringfence.sentinel.counts import DAILY, Alarms, Counts, Matrix, Points, read_points
from ringfence.sentinel.predictive import judge
from ringfence.sentinel.waves import Past, expect

WEEK = 7
BATCH = 2048  # columns fitted at once
CASES_A_COLUMN = 5  # fewer say nothing of a day of the week


class Options(Control, frozen=True):
    """Days of baseline and how many before the tested one are left out, the level, and what counts less."""

    days: AtLeastOne = 56
    days_not_included: AtLeastZero = 2
    fewest_reports: AtLeastOne = 28
    alpha: Share = 0.004
    weights_threshold: NotNegative = 2.58


def detect(counts: Counts, *, control: Mapping[str, object]) -> Alarms:
    """Bounds and alarms; SHORT_HISTORY where fewer days than `fewestReports` of the baseline were reported."""
    options = read_control(Options, control)
    if counts.frequency != DAILY:
        raise InputRefused(
            "daily is for daily counts, and these come {frequency} times a year; take weekly",
            frequency=counts.frequency,
        )
    points = read_points(options.range, first=1, length=len(counts))
    rows = np.arange(-options.days - options.days_not_included, -options.days_not_included)
    padded = np.vstack([np.full((-int(rows[0]), len(counts.units)), np.nan), counts.counts])
    mean, ratio, reports = np.full((3, len(points), len(counts.units)), np.nan)
    for cell in np.array_split(np.arange(mean.size), max(-(-mean.size // BATCH), 1)):
        cells = (cell // mean.shape[1], cell % mean.shape[1])
        past = padded[points[cells[0]] + np.arange(len(rows))[:, None], cells[1]]
        mean[cells], ratio[cells] = _expect(past, rows, options.weights_threshold)
        reports[cells] = np.isfinite(past).sum(axis=0)
    is_short = reports < options.fewest_reports
    return judge(counts, points, mean, ratio, level=options.alpha, is_short=is_short)


def _expect(past: Matrix, rows: Points, threshold: float) -> tuple[Matrix, Matrix]:
    """The mean expected of some series, and over it the variance of a count to come."""
    reports, cases = np.isfinite(past).sum(axis=0), np.nansum(past, axis=0)
    with np.errstate(all="ignore"):
        mean, ratio = (cases + 0.5) / reports, (reports + 1) / reports
    is_enough = cases >= CASES_A_COLUMN * (WEEK + 1)
    found = expect(_past(past[:, is_enough], rows), threshold=threshold)
    mean[is_enough], ratio[is_enough] = found.rate, found.ratio + found.rate * found.doubt
    return mean, ratio


def _past(counts: Matrix, rows: Points) -> Past:
    """The day of the week of each row as a column, that of the point first, and the trend in weeks."""
    days = np.append(rows, 0)
    level = (days[:, None] % WEEK == np.arange(WEEK)).astype(float)
    design = np.hstack([level, days[:, None] / WEEK])
    return Past(counts, np.zeros_like(counts), design[:-1], design[-1])
