"""What detectors look at and what they answer: a matrix of time by series, and a status for each of its cells."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ringfence.errors import InputRefused

Matrix = NDArray[np.float64]
Points = NDArray[np.int64]
Truths = NDArray[np.bool_]
Statuses = NDArray[np.int8]

DAILY, WEEKLY, MONTHLY = 365, 52, 12
LONGEST = 50_000  # points of an axis: more than a century of days, and a mistyped year is beyond it


class Status(IntEnum):
    """Why a cell has the answer it has; only TESTED says that there is no alarm where there is none."""

    TESTED = 0
    MISSING = 1  # nothing was reported, or what was reported is no count
    SHORT_HISTORY = 2  # what the detector compares with does not reach back far enough
    FEW_CASES = 3  # below the rule on low counts: not tested on purpose
    NO_BOUND = 4  # the model could not be fitted, or a spread of zero leaves no bound


@dataclass(frozen=True)
class Counts:
    """Many series over one time axis.

    `counts` and `population` are (time, series), NaN where nothing was reported; `days` are day numbers (1970-01-01 is
    0) of the time points, or None where only their order is known; `frequency` is points a year (365, 52 or 12);
    `first_season` is the place of the first point in its year, from 1.
    """

    units: tuple[str, ...]
    counts: Matrix
    population: Matrix
    frequency: int
    days: Points | None = None
    first_season: int = 1

    def __post_init__(self) -> None:
        if self.counts.shape != self.population.shape or self.counts.shape[1] != len(self.units):
            raise InputRefused(
                "{units} units do not fit the matrix of counts; give one column a unit", units=len(self.units)
            )

    def __len__(self) -> int:
        return len(self.counts)


@dataclass(frozen=True)
class Alarms:
    """What a detector found at some points of time; every matrix is (points, series), of numbers or words.

    `columns` are in the order they are written in; `alarm` among them is 1, 0 or NaN. Where a detector copies another
    tool, `alarm` is what that tool says; `status` always says what it is worth.
    """

    points: Points
    status: Statuses
    columns: dict[str, NDArray[Any]]

    def count_statuses(self) -> dict[str, int]:
        """How many cells have each status."""
        found = np.bincount(self.status.ravel(), minlength=len(Status))
        return {status.name.lower(): int(found[status]) for status in Status}


def read_points(asked: tuple[int, int] | None, *, first: int, length: int) -> Points:
    """Row numbers, from 0, of a range said from 1 with both ends; without one, all rows from `first` (from 1)."""
    if asked is None:
        return np.arange(first - 1, length)
    begin, end = asked
    if not 1 <= begin <= end <= length:
        raise InputRefused(
            "the range {begin} to {end} is not within 1 to {length}", begin=begin, end=end, length=length
        )
    return np.arange(begin - 1, end)


def find_frequency(days: Points) -> int:
    """Points a year, from the usual gap between day numbers."""
    if len(days) < 2:  # noqa: PLR2004 - a gap needs two days
        return WEEKLY
    gap = int(np.median(np.diff(days)))
    return DAILY if gap == 1 else WEEKLY if gap == 7 else MONTHLY  # noqa: PLR2004 - a week
