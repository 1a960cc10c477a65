"""The Farrington detectors of the CDC: weekly counts, four years, two guard bands.

The answers are those of alert_farrington in the CDC's Rnssp 0.3.1: as the classic ("original") or the flexible
("modified") method, one-sided at .05, with an alert only when more than 5 cases came in five weeks. `time_coefficient`
is the slope before reweighting, whether the trend was kept or not. It needs days.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec
import numpy as np

from ringfence.errors import InputRefused
from ringfence.sentinel.control import AtLeastOne, Control, read_control
from ringfence.sentinel.counts import Alarms, Counts, Matrix, Status, Statuses, Truths, read_points
from ringfence.sentinel.farrington import Batch, Prediction, Rule, delta_bound, negbin_bound, predict, read_batches
from ringfence.sentinel.recent import count_recent
from ringfence.sentinel.windows import Window, plain_window, seasonal_window, share_windows

COLUMNS = ("predicted", "time_coefficient", "include_time_term", "upper", "alert_score")
TAIL = 0.05
RECENT_WEEKS, RECENT_CASES = 5, 5
WEEKS = 52


class Options(Control, frozen=True):
    """The options of alert_farrington, with its defaults; `g` and `p` are for the modified method."""

    method: Literal["original", "modified"] = "original"
    years: AtLeastOne = msgspec.field(default=4, name="B")
    w: AtLeastOne = 3
    g: AtLeastOne = 27
    p: AtLeastOne = 10


def detect(counts: Counts, *, control: Mapping[str, object]) -> Alarms:
    """The expected count, slope, bound, score and colour, for every row; the first years are grey."""
    options = read_control(Options, control)
    if counts.days is None:
        raise InputRefused("this detector needs the days of the counts; give dates")
    points = read_points(options.range, first=1, length=len(counts))
    shape = (len(points), len(counts.units))
    columns = {name: np.full(shape, np.nan) for name in COLUMNS}
    is_red, status = np.zeros(shape, dtype=bool), np.full(shape, Status.SHORT_HISTORY, np.int8)
    is_enough = count_recent(counts, length=RECENT_WEEKS) > RECENT_CASES
    late = points[points >= WEEKS * options.years + options.w + 1].tolist()
    windows = ((point, window) for point in late if (window := _window(counts, point, options)))
    for shared in share_windows(windows, seasons=options.p if options.method == "modified" else 1):
        for batch in read_batches(counts, shared, has_offset=False):
            now, enough = counts.counts[batch.points, batch.series], is_enough[batch.points, batch.series]
            found = predict(batch, shared.design, _rule(options))
            cells = (batch.points - points[0], batch.series)
            for name, values in _answer(now, found, enough, options).items():
                columns[name][cells] = np.where(found.is_fitted, values, np.nan)
            is_red[cells] = (columns["alert_score"][cells] > 1) & enough
            status[cells] = _status(now, found, enough, batch)
    shades = np.where(np.isnan(columns["alert_score"]), "grey", np.where(is_red, "red", "blue"))
    has_answer = ~np.isnan(columns["alert_score"])
    told = {**columns, "include_time_term": np.where(has_answer, "TRUE", "NA"), "alert": shades}
    return Alarms(points, status, told)


def _window(counts: Counts, point: int, options: Options) -> Window | None:
    if options.method == "original":
        return plain_window(counts, point, years=options.years, half_width=options.w)
    return seasonal_window(
        counts, point, years=options.years, half_width=options.w, seasons=options.p, skipped=options.g - 1
    )


def _rule(options: Options) -> Rule:
    return Rule(
        years=options.years,
        may_trend=True,
        trend_threshold=0.05,
        reweights=True,
        weight_threshold=1 if options.method == "original" else 2.58,
        has_r_weights=True,
    )


def _answer(now: Matrix, found: Prediction, enough: Truths, options: Options) -> dict[str, Matrix]:
    if options.method == "original":
        bound = delta_bound(now, found, tail=TAIL, transform="2/3")
        upper = np.maximum(bound.upper, 0)
    else:
        bound = negbin_bound(now, found, tail=TAIL, is_mean_uncertain=False)
        upper = np.where(enough, bound.upper, np.nan)
    with np.errstate(over="ignore"):
        predicted = np.exp(found.logarithm)
    answers = (predicted, found.first_slope, np.ones_like(predicted), upper, bound.score)
    return dict(zip(COLUMNS, answers, strict=True))


def _status(now: Matrix, found: Prediction, enough: Truths, batch: Batch) -> Statuses:
    unfitted = ~found.is_fitted | ~np.isfinite(batch.counts).any(axis=0)
    return np.select(
        [np.isnan(now), unfitted, ~enough], [Status.MISSING, Status.NO_BOUND, Status.FEW_CASES], Status.TESTED
    ).astype(np.int8)
