"""Alarms over many series, of which at most a wanted share is false on average.

Benjamini & Hochberg (1995), JRSS B 57:289; Benjamini & Yekutieli (2001), Annals of Statistics 29:1165, for series that
depend on one another in any way.
"""

from dataclasses import replace

import numpy as np

from ringfence.errors import InputRefused
from ringfence.sentinel.counts import Alarms, Matrix, Status, Truths


def find_discoveries(p: Matrix, *, rate: float, are_dependent: bool = False) -> Truths:
    """Which of the p (points, series) are discoveries, each point by itself; NaN are no tests and none."""
    tests = np.isfinite(p).sum(axis=1, keepdims=True)
    order = np.argsort(np.where(np.isnan(p), np.inf, p), axis=1)
    ranked = np.take_along_axis(p, order, axis=1)
    rank = np.arange(1, p.shape[1] + 1)
    strictness = np.where(tests > 0, np.cumsum(1 / rank)[tests - 1], 1) if are_dependent else 1
    passes = ranked <= rate * rank / (np.maximum(tests, 1) * strictness)
    last = np.where(passes, rank, 0).max(axis=1, keepdims=True, initial=0)
    found = np.zeros(p.shape, dtype=bool)
    np.put_along_axis(found, order, rank <= last, axis=1)
    return found & np.isfinite(p)


def control_discoveries(alarms: Alarms, *, rate: float, are_dependent: bool = False) -> Alarms:
    """The same answers, alarms being what is discovered at each point among all series that were tested.

    InputRefused for a detector that gives no p.
    """
    p = next((alarms.columns[name] for name in ("pvalue", "p.value") if name in alarms.columns), None)
    if p is None:
        raise InputRefused("this detector gives no p to hold false discoveries down with; choose another")
    is_tested = alarms.status == Status.TESTED
    found = find_discoveries(np.where(is_tested, p, np.nan), rate=rate, are_dependent=are_dependent)
    if "alarm" in alarms.columns:
        told = {"alarm": np.where(is_tested, found, np.nan)}
    else:
        told = {"alert": np.where(is_tested, np.where(found, "red", "blue"), "grey")}
    return replace(alarms, columns={**alarms.columns, **told})
