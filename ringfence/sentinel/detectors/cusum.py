"""The CUSUM of standardised counts: small excesses that add up.

Rossi, Lampugnani & Marchi (1999), Statistics in Medicine 18:2111; Pierce & Schafer (1986) for the residuals. The
options are those of cusum in R surveillance, and the answers equal its: it does not begin anew after an alarm
(`nb_cusum` does).
"""

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
import numpy as np

from ringfence.errors import InputRefused
from ringfence.sentinel.control import Control, NotNegative, read_control
from ringfence.sentinel.counts import Alarms, Counts, Matrix, Points, Status, read_points
from ringfence.sentinel.regression import fit_poisson, harmonics

THIRD = 1 / 3


class Options(Control, frozen=True):
    """The options of cusum, with its defaults; `m` is a mean, "glm" for one with a yearly wave, or the mean before."""

    k: NotNegative | None = 1.04
    h: NotNegative | None = 2.26
    m: Annotated[float, msgspec.Meta(gt=0)] | Literal["glm"] | None = None
    trans: Literal["rossi", "standard", "anscombe", "anscombe2nd", "pearsonNegBin", "none"] = "standard"
    alpha: NotNegative | None = 0.1


def detect(counts: Counts, *, control: Mapping[str, object]) -> Alarms:
    """Bounds and alarms over the range asked for, which must leave rows before it to learn from."""
    options = read_control(Options, control)
    if options.range is None or options.range[0] == 1:
        raise InputRefused("a CUSUM learns from the rows before its range; give a range that begins later than 1")
    points = read_points(options.range, first=1, length=len(counts))
    k, h = 1.04 if options.k is None else options.k, 2.26 if options.h is None else options.h
    alpha = 0.1 if options.alpha is None else options.alpha
    mean, now = _mean(counts, points, options), counts.counts[points]
    with np.errstate(all="ignore"):
        excess = _standardise(now, mean, options.trans, alpha) - k
    reached = np.zeros((len(points) + 1, len(counts.units)))
    for row in range(len(points)):
        reached[row + 1] = np.maximum(0, reached[row] + np.nan_to_num(excess[row]))
    with np.errstate(all="ignore"):
        upper = _restore(mean, h + k - reached[:-1], h - reached[1:], options.trans, alpha)
    is_known = np.isfinite(mean)
    upper = np.where(is_known, np.maximum(np.nan_to_num(upper), 0), np.nan)
    status = np.select([np.isnan(now), ~is_known], [Status.MISSING, Status.SHORT_HISTORY], Status.TESTED).astype(
        np.int8
    )
    alarm = np.where(status == Status.TESTED, reached[1:] >= h, np.nan)
    return Alarms(points, status, {"upperbound": upper, "alarm": alarm})


def _mean(counts: Counts, points: Points, options: Options) -> Matrix:
    """The mean expected at each point."""
    shape = (len(points), len(counts.units))
    past = counts.counts[: points[0]]
    if options.m is None:
        present = np.isfinite(past)
        with np.errstate(invalid="ignore"):
            return np.broadcast_to(np.where(present, past, 0).sum(axis=0) / present.sum(axis=0), shape)
    if options.m != "glm":
        return np.full(shape, float(options.m))
    rows = np.arange(len(counts), dtype=np.float64) + counts.first_season
    design = harmonics(rows, frequency=counts.frequency, waves=1, has_trend=False)
    return np.asarray(np.exp(design[points] @ fit_poisson(past, design[: points[0]])))


def _standardise(x: Matrix, m: Matrix, transform: str, alpha: float) -> Matrix:
    match transform:
        case "rossi":
            found = (x - 3 * m + 2 * np.sqrt(x * m)) / (2 * np.sqrt(m))
        case "standard":
            found = (x - m) / np.sqrt(m)
        case "anscombe":
            found = 1.5 * (x ** (2 * THIRD) - m ** (2 * THIRD)) / m ** (THIRD / 2)
        case "anscombe2nd":
            found = (x ** (2 * THIRD) - (m ** (2 * THIRD) - m**-THIRD / 9)) / (2 * THIRD * m ** (THIRD / 2))
        case "pearsonNegBin":
            found = (x - m) / np.sqrt(m + alpha * m**2)
        case _:
            found = x
    return np.asarray(found)


def _restore(m: Matrix, room: Matrix, left: Matrix, transform: str, alpha: float) -> Matrix:
    """The count that would use up the room there is: `room` before the count, `left` after it."""
    match transform:
        case "rossi":
            root = np.sqrt(4 * m**2 + 2 * m**1.5 * room)
            found = 2 * room * np.sqrt(m) + 5 * m - 2 * root
        case "standard":
            found = np.ceil(np.sqrt(m) * room + m)
        case "anscombe":
            found = np.maximum(2 * THIRD * m ** (THIRD / 2) * room + m ** (2 * THIRD), 0) ** 1.5
        case "anscombe2nd":
            middle = m ** (2 * THIRD) - m**THIRD / 9
            found = np.maximum(2 * THIRD * m ** (THIRD / 2) * room + middle, 0) ** 1.5
        case "pearsonNegBin":
            found = np.sqrt(m + alpha * m**2) * room + m
        case _:
            found = left
    return np.asarray(found)
