"""Alarms of a day: counts above what is expected, and counts so low that the counting itself is in doubt (4.1, 4.2).

Each series is tested by the first of its detectors that has enough history; a series none of them can test is counted,
not silently passed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

import numpy as np

from ringfence.sentinel.counts import DAILY, Status
from ringfence.sentinel.detecting import detect
from ringfence.sentinel.reports import Series, Site
from ringfence.terms import Observation, Reason, ReasonCode, Subject, SubjectKind, calendar_day

RARE = {"window": 1}
"""A count by itself, as the others judge it: not the sum of several days."""

DETECTORS: dict[bool, tuple[tuple[str, Mapping[str, object]], ...]] = {
    True: (("daily", {}), ("rare", RARE)),
    False: (("weekly", {}), ("rare", RARE)),
}
"""Those of daily series and of weekly ones with their control, in the order they are asked."""


class Direction(StrEnum):
    """Whether more was counted than expected, or fewer."""

    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """A count that its history does not explain; `day` is the (first) local day it was counted on.

    `bound` is the most that would have been no alarm; of a count below, the mean expected.
    """

    site: Site
    syndrome: str
    day: int
    is_weekly: bool
    direction: Direction
    count: int
    expected: float
    bound: float

    @property
    def reason(self) -> Reason:
        """Why, in words that the catalogues say."""
        code = ReasonCode.COUNT_ABOVE_BOUND if self.direction is Direction.ABOVE else ReasonCode.COUNT_BELOW_BOUND
        day = calendar_day(self.day).isoformat()
        expected = round(self.expected, 1)
        return Reason.of(
            code, syndrome=self.syndrome, day=day, count=self.count, expected=expected, bound=int(self.bound)
        )

    def observe(self, *, now: datetime) -> Observation:
        """What is noticed, for others to judge."""
        return Observation(
            subject=Subject(SubjectKind.SITE, self.site.site_id),
            reason=self.reason,
            observed_at=now,
            area_path=self.site.area_path,
        )


@dataclass(frozen=True, kw_only=True)
class Tested:
    """What the tests of a day came to: alarms, and how many series have each status."""

    alarms: tuple[Alarm, ...]
    statuses: Mapping[str, int]


def find_alarms(
    series: Sequence[Series], *, sites: Mapping[str, Site], today: int, level: float, is_holiday: bool
) -> Tested:
    """The alarms of a local day, daily series by that day and weekly ones where their week begins within the last two.

    `level` is the chance below which a count is too low; on a holiday none is, for there few come anywhere.
    """
    alarms: list[Alarm] = []
    statuses: Counter[str] = Counter()
    for one in series:
        is_daily = one.counts.frequency == DAILY
        place = _find_point(one, today)
        if place is None:
            statuses[Status.MISSING.name.lower()] += len(one.keys)
            continue
        tested = _test(one, place, DETECTORS[is_daily])
        statuses.update(Status(status).name.lower() for status in tested["status"].tolist())
        for number, (site_id, syndrome) in enumerate(one.keys):
            direction = _judge(tested, number, level=0.0 if is_holiday else level)
            if direction is None or site_id not in sites:
                continue
            expected, bound = float(tested["expected"][number]), float(tested["upperbound"][number])
            alarms.append(
                Alarm(
                    site=sites[site_id],
                    syndrome=syndrome,
                    day=_day(one, place),
                    is_weekly=not is_daily,
                    direction=direction,
                    count=int(one.counts.counts[place, number]),
                    expected=expected,
                    bound=bound if direction is Direction.ABOVE else expected,
                )
            )
    return Tested(alarms=tuple(alarms), statuses=dict(statuses))


def _find_point(series: Series, today: int) -> int | None:
    """The row to test: today's, or the last week that is over; None where the axis does not reach it."""
    days = series.counts.days
    if days is None:
        return None
    last = today if series.counts.frequency == DAILY else today - 6  # a week is over with its seventh day
    place = int(np.searchsorted(days, last, side="right")) - 1
    if place < 0 or (series.counts.frequency == DAILY and days[place] != today):
        return None
    return place


def detect_series(series: Series, column: int, *, rows: tuple[int, int]) -> dict[str, np.ndarray]:
    """What one series was held against from a row to another, both included, for a picture of it."""
    counts = series.counts
    one = replace(
        counts,
        units=("one",),
        counts=counts.counts[:, column : column + 1],
        population=counts.population[:, column : column + 1],
    )
    alone = Series((series.keys[column],), one)
    each = [_test(alone, row, DETECTORS[counts.frequency == DAILY]) for row in range(rows[0], rows[1] + 1)]
    return {name: np.array([found[name][0] for found in each]) for name in ("expected", "upperbound")}


def _test(series: Series, place: int, detectors: Sequence[tuple[str, Mapping[str, object]]]) -> dict[str, np.ndarray]:
    """The first answer there is for each series: status, alarm, bound, mean, and the chance of so few."""
    many = len(series.keys)
    found = {name: np.full(many, np.nan) for name in ("alarm", "upperbound", "expected", "lowpvalue")}
    status = np.full(many, Status.MISSING, np.int8)
    waiting = np.ones(many, dtype=bool)
    for name, control in detectors:
        answer = detect(series.counts, detector=name, control={**control, "range": [place + 1, place + 1]})
        for column, values in found.items():
            if column in answer.columns:
                values[waiting] = answer.columns[column][0][waiting]
        status[waiting] = answer.status[0][waiting]
        waiting &= status != Status.TESTED
    return {**found, "status": status}


def _judge(tested: Mapping[str, np.ndarray], number: int, *, level: float) -> Direction | None:
    if tested["alarm"][number] == 1:
        return Direction.ABOVE
    return Direction.BELOW if tested["lowpvalue"][number] < level else None


def _day(series: Series, place: int) -> int:
    return 0 if series.counts.days is None else int(series.counts.days[place])
