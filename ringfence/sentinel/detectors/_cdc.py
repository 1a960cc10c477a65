"""What the detectors of the CDC share: a growing baseline behind a guard band, and their colours."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

import msgspec
import numpy as np

from ringfence.sentinel.control import AtLeastZero, Control
from ringfence.sentinel.counts import Alarms, Counts, Matrix, Status, read_points

RED, YELLOW = 0.01, 0.05


class Options(Control, frozen=True):
    """Baseline and guard band in days."""

    baseline: Annotated[int, msgspec.Meta(ge=7)] = msgspec.field(default=28, name="B")
    g: AtLeastZero = 2


@dataclass(frozen=True)
class Past:
    """The baseline of one row: rows `begin` to `end`, the latter not included."""

    row: int
    begin: int
    end: int


def read_pasts(length: int, options: Options, *, shortest: int) -> Iterator[Past]:
    """The baseline of each row that has one: all days before the guard band until there are enough, then the last."""
    for row in range(shortest + options.g, length):
        end = row - options.g
        yield Past(row, max(0, end - options.baseline), end)


def colour(counts: Counts, options: Options, columns: Mapping[str, Matrix]) -> Alarms:
    """Columns with the colours of their p: red below .01, yellow below .05, else blue, grey where nothing is told."""
    points = read_points(options.range, first=1, length=len(counts))
    shown = {name: column[points] for name, column in columns.items()}
    p = shown["p.value"]
    now = counts.counts[points]
    status = np.select([np.isnan(now), np.isnan(p)], [Status.MISSING, Status.SHORT_HISTORY], Status.TESTED).astype(
        np.int8
    )
    shades = np.select([p < RED, p < YELLOW, p >= YELLOW], ["red", "yellow", "blue"], "grey")
    return Alarms(points, status, {**shown, "alert": shades})
