"""The exponentially weighted moving average of NSSP-ESSENCE: a slow and a fast average against four weeks.

Burkom, Elbert, Magruder, Najmi, Peter & Thompson (2008); the options and answers are those of alert_ewma in the CDC's
Rnssp 0.3.1. A missing day is left out of the baseline and does not move the averages.
"""

from collections.abc import Mapping

import numpy as np
from scipy.special import stdtr, stdtrit

from ringfence.sentinel.control import Share, read_control
from ringfence.sentinel.counts import Alarms, Counts, Matrix
from ringfence.sentinel.detectors._cdc import RED, YELLOW, Options, colour, read_pasts

SHORTEST = 7


class Smoothing(Options, frozen=True):
    """The options of alert_ewma, with its defaults."""

    w1: Share = 0.4
    w2: Share = 0.9


def detect(counts: Counts, *, control: Mapping[str, object]) -> Alarms:
    """The expected count, the larger of both test statistics, its p and the colour, for every row."""
    options = read_control(Smoothing, control)
    return colour(counts, options, smooth(counts.counts, options))


def smooth(counts: Matrix, options: Smoothing) -> dict[str, Matrix]:
    """The columns; NaN for rows without a baseline of a week."""
    names = ("baseline_expected", "test_statistic", "p.value")
    found = {name: np.full(counts.shape, np.nan) for name in names}
    averages = [np.copy(counts[0]), np.copy(counts[0])] if len(counts) else []
    for row in range(1, min(SHORTEST + options.g, len(counts))):
        averages = [_move(z, counts[row], w) for z, w in zip(averages, (options.w1, options.w2), strict=True)]
    for past in read_pasts(len(counts), options, shortest=SHORTEST):
        baseline, now = counts[past.begin : past.end], counts[past.row]
        days = np.isfinite(baseline).sum(axis=0).astype(float)
        with np.errstate(all="ignore"):
            expected = np.nansum(baseline, axis=0) / days
            spread = np.sqrt(np.nansum((baseline - expected) ** 2, axis=0) / (days - 1))
            tests = []
            for number, w in enumerate((options.w1, options.w2)):
                averages[number], test = _test(
                    _move(averages[number], now, w), w, options.g, expected=expected, spread=spread, days=days
                )
                tests.append(np.where(np.isnan(now), np.nan, test))
            p = [1 - stdtr(days - 1, test) for test in tests]
        is_slow = p[0] < p[1]
        for name, values in zip(names, (expected, np.where(is_slow, *tests), np.where(is_slow, *p)), strict=True):
            found[name][past.row] = values
    return found


def _move(average: Matrix, now: Matrix, weight: float) -> Matrix:
    moved = np.where(np.isnan(average), now, weight * now + (1 - weight) * average)
    return np.where(np.isnan(now), average, moved)


def _test(
    average: Matrix, weight: float, guard: int, *, expected: Matrix, spread: Matrix, days: Matrix
) -> tuple[Matrix, Matrix]:
    """The average, drawn back where it left the limits of an alert, and the test statistic."""
    alert, warning = (np.round(stdtrit(days - 1, 1 - level), 5) for level in (RED, YELLOW))
    rest = 1 - weight
    correction = np.sqrt(weight / (2 - weight) + 1 / days - 2 * rest ** (guard + 1) * (1 - rest**days) / days)
    least = weight / warning * (1 + 0.5 * rest**2)
    constant = (0.1289 - (0.2414 - 0.1826 * rest**4) * np.log(10 * YELLOW)) * weight / warning
    sigma = np.maximum(least, spread * correction + constant)
    test = (average - expected) / sigma
    limited = np.where(np.abs(test) > alert, expected + np.sign(test) * alert * sigma, average)
    return limited, test
