"""Ringfence's own choice for weekly or monthly counts: smooth waves and a trend over as many years as there are.

The bound is a quantile of the negative binomial whose variance holds both what counts scatter and what is not known of
their mean. How years, waves, weights and level were chosen, on series other than those that figures are reported for:
`bench/sentinel.py --choose`.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby

import numpy as np

from ringfence.errors import InputRefused
from ringfence.sentinel.control import AtLeastOne, AtLeastZero, Control, NotNegative, Share, read_control
from ringfence.sentinel.counts import MONTHLY, WEEKLY, Alarms, Counts, Matrix, Points, read_points
from ringfence.sentinel.predictive import judge
from ringfence.sentinel.regression import harmonics
from ringfence.sentinel.waves import Past, expect

FEWEST_YEARS = 3
BATCH = 512  # columns fitted at once: what they need stays in the cache
DAYS_A_YEAR = 365.2425


class Options(Control, frozen=True):
    """The most years of baseline, waves a year, the level, and what of the past counts less or not at all."""

    years: AtLeastOne = 10
    waves: AtLeastZero = 3
    alpha: Share = 0.006
    weights_threshold: NotNegative = 2.58
    weeks_not_included: AtLeastZero = 26
    population_offset: bool = False


def detect(counts: Counts, *, control: Mapping[str, object]) -> Alarms:
    """Bounds and alarms; each point has the whole years before it as baseline, three at least."""
    options = read_control(Options, control)
    if counts.frequency not in {WEEKLY, MONTHLY}:
        raise InputRefused(
            "weekly is for weekly or monthly counts, and these come {frequency} times a year; take cdc_switch or ears",
            frequency=counts.frequency,
        )
    points = read_points(options.range, first=FEWEST_YEARS * counts.frequency + 1, length=len(counts))
    shape = (len(points), len(counts.units))
    mean, ratio = np.full((2, *shape), np.nan)
    for together, rows in _share(counts, points, options):
        for cells in _batches(together, shape[1]):
            mean[cells], ratio[cells] = _expect(counts, points[cells[0]], cells[1], rows, options)
    is_short = np.minimum(points // counts.frequency, options.years) < min(FEWEST_YEARS, options.years)
    return judge(counts, points, mean, ratio, level=options.alpha, is_short=is_short[:, None])


def _share(counts: Counts, points: Points, options: Options) -> Iterator[tuple[Points, Points]]:
    """Points (by place) that have equally many years before them, and the rows of their past, against the point."""
    skipped = options.weeks_not_included * counts.frequency // WEEKLY
    years = np.minimum(points // counts.frequency, options.years)
    for found, places in groupby(range(len(points)), key=years.tolist().__getitem__):
        if found >= min(FEWEST_YEARS, options.years):
            yield np.array(list(places)), np.arange(-found * counts.frequency, -skipped)


def _batches(places: Points, series: int) -> Iterator[tuple[Points, Points]]:
    for begin in range(0, len(places) * series, BATCH):
        cell = np.arange(begin, min(begin + BATCH, len(places) * series))
        yield places[cell // series], cell % series


def _expect(counts: Counts, points: Points, series: Points, rows: Points, options: Options) -> tuple[Matrix, Matrix]:
    """The mean of some cells, and over it the variance of a count to come; waves run with the calendar, if known."""
    is_dated_week = counts.days is not None and counts.frequency == WEEKLY
    period = DAYS_A_YEAR / 7 if is_dated_week else counts.frequency
    design = harmonics(np.append(rows, 0) / period, frequency=1, waves=options.waves, has_trend=True)
    design = np.hstack([design[:, :1], design[:, 2:], design[:, 1:2]])
    past = points + rows[:, None], series
    offset, people = np.zeros((len(rows), len(series))), np.ones(len(series))
    if options.population_offset:
        with np.errstate(divide="ignore"):
            offset, people = np.log(counts.population[past]), counts.population[points, series]
    found = expect(Past(counts.counts[past], offset, design[:-1], design[-1]), threshold=options.weights_threshold)
    mean = found.rate * people
    return mean, found.ratio + mean * found.doubt
