"""The switch of NSSP-ESSENCE: the regression where it explains the baseline, else the moving average.

The options and answers are those of alert_switch in the CDC's Rnssp 0.3.1: the regression counts where its adjusted R
squared is at least .60.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np

from ringfence.sentinel.control import read_control
from ringfence.sentinel.counts import Alarms, Counts
from ringfence.sentinel.detectors._cdc import colour
from ringfence.sentinel.detectors.cdc_ewma import Smoothing, smooth
from ringfence.sentinel.detectors.cdc_regression import regress

EXPLAINS = 0.60


class Switching(Smoothing, frozen=True):
    """The options of alert_switch, and holidays for the regression."""

    holidays: tuple[date, ...] = ()


def detect(counts: Counts, *, control: Mapping[str, object]) -> Alarms:
    """The expected count, test statistic, p, colour and which of both detectors spoke, for every row."""
    options = read_control(Switching, control)
    regressed, smoothed = regress(counts, options, holidays=options.holidays), smooth(counts.counts, options)
    explains = regressed["adjusted_r_squared"] >= EXPLAINS
    columns = {name: np.where(explains, regressed[name], column) for name, column in smoothed.items()}
    spoke = np.where(explains, "Adaptive Multiple Regression", "EWMA")
    spoke = np.where(np.isnan(columns["test_statistic"]), "NA", spoke)
    found = colour(counts, options, columns)
    found.columns["detector"] = spoke[found.points]
    return found
