"""Days, times of day and instants as departments write them: in figures, by the wall clock, many at once (policy 2.1).

As declared or not at all: what a general parser makes of 31 February, of `03/04` or of a missing year is a wrong row
that nobody sees.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.feeds.lines import Flags, Integers
from ringfence.terms import Clock, calendar_day, to_us

DAY_S, HOUR_S, MINUTE_S = 86_400, 3_600, 60
SECOND_US = 1_000_000

DAY_LAYOUT = "0000-00-00"
TIME_LAYOUTS = ("00:00", "00:00:00")
INSTANT_LAYOUTS = tuple(f"{DAY_LAYOUT} {layout}" for layout in TIME_LAYOUTS)

_ZERO, _NINE = np.uint8(ord("0")), np.uint8(9)

Letters: TypeAlias = npt.NDArray[np.uint8]

MONTH_STARTS = np.arange("0000-01", "10000-02", dtype="datetime64[M]").astype("datetime64[D]").astype(np.int64)
"""The day number of the first of each month from year 0 to the one after year 9999."""


@dataclass(frozen=True)
class Reading:
    """Numbers read from texts (shape n), and which of them could be read; the others are 0."""

    numbers: Integers
    are_read: Flags


def read_days(texts: pa.StringArray) -> Reading:
    """The local day number of each `YYYY-MM-DD`."""
    reading = _nothing(len(texts))
    for rows, (year, month, day) in _read_layouts(texts, [DAY_LAYOUT]):
        _put(reading, rows, *_day_number(year, month, day))
    return reading


def read_times(texts: pa.StringArray) -> Reading:
    """The seconds on the wall clock of each `HH:MM` or `HH:MM:SS`; 24:00 is the end of a day."""
    reading = _nothing(len(texts))
    for rows, parts in _read_layouts(texts, TIME_LAYOUTS):
        seconds, are_times = _wall_seconds(*parts)
        _put(reading, rows, seconds, are_times & (seconds <= DAY_S))
    return reading


def read_wall_times(texts: pa.StringArray) -> Reading:
    """Seconds since 1970-01-01 00:00, counted by the wall clock, of each `YYYY-MM-DD HH:MM` with or without seconds."""
    reading = _nothing(len(texts))
    for rows, (year, month, day, *parts) in _read_layouts(texts, INSTANT_LAYOUTS):
        days, are_days = _day_number(year, month, day)
        seconds, are_times = _wall_seconds(*parts)
        _put(reading, rows, days * DAY_S + seconds, are_days & are_times & (seconds < DAY_S))
    return reading


def to_instants(wall: Integers, clock: Clock) -> tuple[Integers, Flags]:
    """The instants (microseconds since 1970-01-01 UTC) of wall times, and which the clock skipped (shapes n, n).

    Of a time that the clock showed twice it is the first.
    """
    days, seconds = np.divmod(wall, DAY_S)
    distinct = np.asarray(pc.unique(pa.array(days)))
    first_day = int(distinct.min(initial=0))
    starts, are_even = np.zeros((2, int(distinct.max(initial=0)) - first_day + 1), dtype=np.int64)
    for day in distinct.tolist():
        starts[day - first_day] = to_us(clock.midnight(day))
        are_even[day - first_day] = clock.seconds_in(day) == DAY_S
    instants = starts[days - first_day] + seconds * SECOND_US
    are_skipped = np.zeros(wall.size, dtype=bool)
    odd = np.flatnonzero(are_even[days - first_day] == 0)
    times, place = np.unique(wall[odd], return_inverse=True)
    found = [_to_instant(second, clock) for second in times.tolist()]
    instants[odd] = np.array([instant for instant, _ in found], dtype=np.int64)[place]
    are_skipped[odd] = np.array([is_skipped for _, is_skipped in found], dtype=bool)[place]
    return instants, are_skipped


def _to_instant(wall: int, clock: Clock) -> tuple[int, bool]:
    """One wall time, by the zone itself: on the days when the clocks change."""
    day, second = divmod(wall, DAY_S)
    shown = datetime.combine(calendar_day(day), time()) + timedelta(seconds=second)
    instant = shown.replace(tzinfo=clock.zone).astimezone(UTC)
    return to_us(instant), instant.astimezone(clock.zone).replace(tzinfo=None) != shown


def _nothing(count: int) -> Reading:
    return Reading(np.zeros(count, dtype=np.int64), np.zeros(count, dtype=bool))


def _put(reading: Reading, rows: Integers, numbers: Integers, are_read: Flags) -> None:
    reading.numbers[rows] = np.where(are_read, numbers, 0)
    reading.are_read[rows] = are_read


def _day_number(year: Integers, month: Integers, day: Integers) -> tuple[Integers, Flags]:
    is_month = (month >= 1) & (month <= 12)  # noqa: PLR2004 - the months of a year
    place = np.where(is_month, year * 12 + month - 1, 0)
    starts = MONTH_STARTS[place]
    return starts + day - 1, is_month & (day >= 1) & (starts + day <= MONTH_STARTS[place + 1])


def _wall_seconds(hour: Integers, minute: Integers, second: Integers | int = 0) -> tuple[Integers, Flags]:
    seconds = hour * HOUR_S + minute * MINUTE_S + second
    return seconds, (minute < MINUTE_S) & (second < MINUTE_S)


def _read_layouts(texts: pa.StringArray, layouts: Sequence[str]) -> Iterator[tuple[Integers, list[Integers]]]:
    """For each layout the rows that follow it, and the numbers in its places (shape rows each)."""
    lengths = np.asarray(pc.binary_length(texts))
    for layout in layouts:
        rows = np.flatnonzero(lengths == len(layout))
        letters = _letters(texts if rows.size == len(texts) else texts.take(pa.array(rows)), len(layout))
        follow = np.ones(rows.size, dtype=bool)
        for column, letter in zip(letters, layout.encode(), strict=True):
            follow &= column - _ZERO <= _NINE if letter == _ZERO else column == letter
        if not follow.all():
            rows, letters = rows[follow], letters[:, follow]
        yield rows, [_join(letters[first:end]) for first, end in (run.span() for run in re.finditer("0+", layout))]


def _join(letters: Letters) -> Integers:
    """The numbers that figures make (shape figures, n to shape n)."""
    number = np.zeros(letters.shape[1], dtype=np.int32)
    for column in letters:
        number *= 10
        number += column - _ZERO
    return number.astype(np.int64)


def _letters(texts: pa.StringArray, width: int) -> Letters:
    """The bytes of texts that all have the same number of them, letter by letter (shape width, n)."""
    _, offsets, content = texts.buffers()
    first = np.frombuffer(offsets, dtype=np.int32)[texts.offset] if len(texts) else 0
    letters = np.frombuffer(content, dtype=np.uint8, count=len(texts) * width, offset=first)
    return np.ascontiguousarray(letters.reshape(len(texts), width).T)
