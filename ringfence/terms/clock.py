"""Time as the stores keep it: instants in UTC, day numbers and seconds of the day local to the deployment's one zone.

A *day number* counts local calendar days since 1970-01-01. A *second of the day* counts seconds that really passed
since that day's local midnight, so a day of 23 or 25 hours has 82,800 or 90,000 of them and no second stands for two
instants. An *instant* is an aware datetime in code and an integer of microseconds since 1970-01-01 UTC in every store.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

EPOCH = date(1970, 1, 1)
EPOCH_INSTANT = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
FIRST_DAY, LAST_DAY = -36_525, 73_050  # 1870 to 2169: who is older or plans further mistyped a date

Integers = npt.NDArray[np.int64]


def day_number(day: date) -> int:
    """The number of a calendar day, 1970-01-01 being 0."""
    return (day - EPOCH).days


def calendar_day(number: int) -> date:
    """The calendar day of a day number."""
    return EPOCH + timedelta(days=number)


def to_us(instant: datetime) -> int:
    """Microseconds since 1970-01-01 UTC of an aware datetime; ValueError without a zone."""
    if instant.tzinfo is None:
        message = "an instant needs a time zone"
        raise ValueError(message)
    return (instant - EPOCH_INSTANT) // MICROSECOND


def from_us(us: int) -> datetime:
    """The instant, in UTC, of an integer of microseconds since 1970-01-01 UTC."""
    return EPOCH_INSTANT + us * MICROSECOND


@dataclass(frozen=True)
class Stay:
    """A part of a stay that lies within one local day: `enter_s` and `stay_s` are seconds."""

    day: int
    enter_s: int
    stay_s: int


@dataclass(frozen=True)
class Clock:
    """The deployment's zone and everything that follows from it."""

    zone: ZoneInfo

    def midnight(self, day: int) -> datetime:
        """The instant, in UTC, at which a local day begins (where midnight is skipped, the first instant after it)."""
        return datetime.combine(calendar_day(day), time(), tzinfo=self.zone).astimezone(UTC)

    def day_of(self, instant: datetime) -> int:
        """The local day number of an instant."""
        return day_number(instant.astimezone(self.zone).date())

    def second_of(self, instant: datetime) -> int:
        """Whole seconds passed since local midnight."""
        return (instant - self.midnight(self.day_of(instant))) // timedelta(seconds=1)

    def instant(self, day: int, second: int) -> datetime:
        """The instant, in UTC, of a second of a local day."""
        return self.midnight(day) + timedelta(seconds=second)

    def seconds_in(self, day: int) -> int:
        """The length of a local day in seconds: 86,400 but where the clocks change."""
        return (self.midnight(day + 1) - self.midnight(day)) // timedelta(seconds=1)

    def split_at_midnight(self, enter: datetime, leave: datetime) -> list[Stay]:
        """A stay cut into its local days; empty when it does not end after it began."""
        stays = []
        while enter < leave:
            day = self.day_of(enter)
            end = min(leave, self.midnight(day + 1))
            stays.append(Stay(day, self.second_of(enter), (end - enter) // timedelta(seconds=1)))
            enter = end
        return stays

    @cached_property
    def midnights(self) -> Integers:
        """UTC seconds of every local midnight from FIRST_DAY to LAST_DAY; entry i belongs to day FIRST_DAY + i."""
        starts = [self.midnight(day) for day in range(FIRST_DAY, LAST_DAY + 1)]
        return np.array([to_us(start) // 1_000_000 for start in starts], dtype=np.int64)

    def days_and_seconds(self, utc_seconds: Integers) -> tuple[Integers, Integers]:
        """Local day numbers and seconds of the day of many instants at once (shape n, n); ValueError out of range."""
        if utc_seconds.size and not (self.midnights[0] <= utc_seconds.min() and utc_seconds.max() < self.midnights[-1]):
            message = "an instant lies before 1870 or after 2169"
            raise ValueError(message)
        index = np.searchsorted(self.midnights, utc_seconds, side="right") - 1
        return index + FIRST_DAY, utc_seconds - self.midnights[index]
