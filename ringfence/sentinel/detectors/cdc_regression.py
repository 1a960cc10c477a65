"""The adaptive multiple regression of NSSP-ESSENCE: a line and the days of the week over four weeks.

Burkom (2007), Johns Hopkins APL Technical Digest 27:304; the options and answers are those of alert_regression in the
CDC's Rnssp 0.3.1, which leaves the first days without an expectation but colours them blue. It needs days. `holidays`,
which Rnssp does not know, are taken for Sundays, as ESSENCE does.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np
from scipy.special import stdtr, stdtrit

from ringfence.errors import InputRefused
from ringfence.sentinel.control import read_control
from ringfence.sentinel.counts import Alarms, Counts, Matrix, Points, Status
from ringfence.sentinel.detectors._cdc import YELLOW, Options, Past, colour, read_pasts
from ringfence.sentinel.windows import EPOCH

COLUMNS = ("baseline_expected", "test_statistic", "p.value", "sigma", "adjusted_r_squared")
COEFFICIENTS = 8
SHORTEST = 11  # three degrees of freedom
COLOURED_FROM = 8
WEEK = 7
THURSDAY = 3  # the weekday of 1970-01-01, Monday being 0
SUNDAY = 6


class Regressing(Options, frozen=True):
    """The options of alert_regression, and holidays."""

    holidays: tuple[date, ...] = ()


def detect(counts: Counts, *, control: Mapping[str, object]) -> Alarms:
    """The expected count, test statistic, p, spread, adjusted R squared and colour, for every row."""
    options = read_control(Regressing, control)
    found = colour(counts, options, regress(counts, options, holidays=options.holidays))
    is_early = (found.points >= COLOURED_FROM + options.g)[:, None] & (found.status == Status.SHORT_HISTORY)
    found.columns["alert"][is_early] = "blue"
    return found


def regress(counts: Counts, options: Options, *, holidays: tuple[date, ...]) -> dict[str, Matrix]:
    """The columns; NaN where the baseline is too short or has a missing day."""
    if counts.days is None:
        raise InputRefused("this detector needs the days of the counts; give dates")
    if options.baseline % WEEK:
        raise InputRefused("a baseline of {days} days is no number of whole weeks", days=options.baseline)
    found = {name: np.full(counts.counts.shape, np.nan) for name in COLUMNS}
    weekdays = _weekdays(counts.days, holidays)
    for past in read_pasts(len(counts), options, shortest=SHORTEST):
        answers = _regress_once(counts.counts, weekdays, past)
        for name, values in zip(COLUMNS, answers, strict=True):
            found[name][past.row] = values
    return found


def _weekdays(days: Points, holidays: tuple[date, ...]) -> Points:
    """The weekday of each day, Monday being 0; Sunday on holidays."""
    free = [(holiday - EPOCH).days for holiday in holidays]
    return np.asarray(np.where(np.isin(days, free), SUNDAY, (days + THURSDAY) % WEEK))


def _design(weekdays: Points, ahead: int) -> Matrix:
    """A constant, the time from `ahead`, and the weekday, Sunday being the one left out."""
    is_on = weekdays[:, None] == np.arange(SUNDAY)
    return np.column_stack([np.ones(len(weekdays)), np.arange(len(weekdays)) + float(ahead), is_on])


def _regress_once(counts: Matrix, weekdays: Points, past: Past) -> tuple[Matrix, ...]:
    rows = slice(past.begin, past.end)
    design, known = _design(weekdays[rows], 1), counts[rows]
    size = len(known)
    freedom = size - COEFFICIENTS
    complete = np.where(np.isfinite(known).all(axis=0), 1.0, np.nan)
    filled = np.nan_to_num(known)
    coefficients, _, rank, _ = np.linalg.lstsq(design, filled, rcond=None)
    if rank < COEFFICIENTS:
        complete = complete * np.nan
    fitted = design @ coefficients
    left = ((filled - fitted) ** 2).sum(axis=0)
    explained = ((fitted - fitted.mean(axis=0)) ** 2).sum(axis=0)
    ahead = _design(weekdays[past.row : past.row + 1], past.row - past.begin + 1)[0]
    with np.errstate(all="ignore"):
        share = explained / (left + explained)
        adjusted = np.nan_to_num(1 - (1 - share) * (size - 1) / freedom)
        widening = np.sqrt((size + 7) * (size - 4) / (size * (size - 7)))
        least = 1.01 / np.round(stdtrit(freedom, 1 - YELLOW), 5)
        sigma = np.maximum(np.sqrt(left / freedom) * widening, least)
        expected = np.maximum(0, ahead @ coefficients)
        test = (counts[past.row] - expected) / sigma
    return tuple(complete * part for part in (expected, test, 1 - stdtr(freedom, test), sigma, adjusted))
