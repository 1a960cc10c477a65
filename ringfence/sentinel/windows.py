"""Which past rows a point of time is compared with: windows a year apart, and seasons between them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from ringfence.sentinel.counts import DAILY, MONTHLY, WEEKLY, Counts, Points
from ringfence.sentinel.log_linear import Design

EPOCH = date(1970, 1, 1)
WEEK = 7
MONTHS = 12


@dataclass(frozen=True)
class Window:
    """The rows that one point is compared with: their season, and their time against it in units of the slope."""

    rows: NDArray[np.int64]
    season: NDArray[np.intp]
    time: NDArray[np.float64]


@dataclass(frozen=True)
class SharedWindow:
    """Points whose windows look alike, so that one batch fits them all: `rows` are against the point."""

    points: Points
    rows: NDArray[np.int64]
    design: Design


def share_windows(windows: Iterable[tuple[int, Window]], *, seasons: int) -> Iterator[SharedWindow]:
    """Points with their windows, put together where the windows differ by nothing but where they begin."""
    alike: dict[tuple[bytes, ...], tuple[list[int], Window]] = {}
    for point, window in windows:
        key = ((window.rows - point).tobytes(), window.season.tobytes(), window.time.tobytes())
        alike.setdefault(key, ([], window))[0].append(point)
    for points, window in alike.values():
        design = Design(window.season, window.time, seasons)
        yield SharedWindow(np.array(points), window.rows - points[0], design)


def find_references(counts: Counts, point: int, *, years: int) -> NDArray[np.int64] | None:
    """Rows of the point and of the same time in each year before it, latest first; None where one is not there.

    With days: the same date a year earlier, moved to the nearest equal weekday in weekly data (Salmon, Schumacher &
    Höhle 2016). Without: `frequency` rows back.
    """
    if counts.days is None:
        rows = point - counts.frequency * np.arange(years + 1)
        return rows if rows[-1] >= 0 else None
    today = int(counts.days[point])
    days = [years_before(today, back) for back in range(years + 1)]
    if counts.frequency == WEEKLY:
        days = [nearest_weekday(day, like=today) for day in days]
    return find_rows(counts.days, days)


def find_rows(days: Points, wanted: list[int]) -> NDArray[np.int64] | None:
    """The rows of days, or None where one is missing."""
    rows = np.searchsorted(days, wanted)
    is_there = (rows < len(days)) & (days[np.minimum(rows, len(days) - 1)] == wanted)
    return rows if is_there.all() else None


def years_before(day: int, years: int) -> int:
    """The same date in an earlier year; 29 February becomes 1 March where there is none."""
    at = EPOCH + timedelta(days=day)
    try:
        earlier = at.replace(year=at.year - years)
    except ValueError:
        earlier = date(at.year - years, 3, 1)
    return (earlier - EPOCH).days


def months_before(day: int, months: int) -> int:
    """The same day of an earlier month (of a later one, where negative)."""
    at = EPOCH + timedelta(days=day)
    month = at.year * MONTHS + at.month - 1 - months
    return (date(month // MONTHS, month % MONTHS + 1, at.day) - EPOCH).days


def nearest_weekday(day: int, *, like: int) -> int:
    """The nearest day with the weekday of another."""
    ahead = (like - day) % WEEK
    return day + ahead if ahead <= WEEK // 2 else day + ahead - WEEK


def label_seasons(references: NDArray[np.int64], *, half_width: int, seasons: int) -> NDArray[np.float64] | None:
    """The season of each row up to the point, NaN where it has none; the windows around references are the last.

    What lies between two windows is shared among the other seasons, the earlier ones getting the remainder (Noufaily et
    al. 2013). None where a window begins before the data, or leaves too few rows for the seasons.
    """
    point = int(references[0])
    label = np.full(point + 1, np.nan)
    label[max(point - half_width, 0) :] = seasons - 1
    for later, centre in zip(references[:-1].tolist(), references[1:].tolist(), strict=True):
        if centre - half_width < -1:
            return None
        begin, end = centre + half_width + 1, later - half_width
        label[max(centre - half_width, 0) : begin] = seasons - 1
        if seasons == 1:
            continue
        if end - begin < seasons - (2 * half_width + 1) or end < begin:
            return None
        length, longer = divmod(end - begin, seasons - 1)
        lengths = np.where(np.arange(seasons - 1) < longer, length + 1, length)
        label[begin:end] = np.repeat(np.arange(seasons - 1), lengths)
    return label


def seasonal_window(
    counts: Counts, point: int, *, years: int, half_width: int, seasons: int, skipped: int
) -> Window | None:
    """Windows and seasons of the years before a point, without it and the `skipped` rows before it.

    Time runs in rows; with days, in the length of the first gap (so months are not all of one length). None where the
    history does not reach back.
    """
    references = find_references(counts, point, years=years)
    if references is None:
        return None
    label = label_seasons(references, half_width=half_width, seasons=seasons)
    if label is None:
        return None
    label[max(point - skipped, 0) :] = np.nan
    rows = np.flatnonzero(~np.isnan(label))
    return Window(rows, label[rows].astype(np.intp), times(counts, point, rows)) if len(rows) else None


def times(counts: Counts, point: int, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Time of rows against a point."""
    if counts.days is None:
        return (rows - point).astype(float)
    return np.asarray((counts.days[rows] - counts.days[point]) / float(counts.days[1] - counts.days[0]))


def plain_window(counts: Counts, point: int, *, years: int, half_width: int) -> Window | None:
    """The rows within `half_width` of the same time in each year before, as far as they are there (Farrington 1996)."""
    around = range(-half_width, half_width + 1)
    if counts.days is None:
        rows = [point - back * counts.frequency + step for back in range(years, 0, -1) for step in around]
        kept = np.array([row for row in rows if row >= 0], dtype=np.int64)
    else:
        today = int(counts.days[point])
        wanted = [
            _step_day(years_before(today, back), step, counts.frequency, like=today)
            for back in range(1, years + 1)
            for step in around
        ]
        kept = np.flatnonzero(np.isin(counts.days, wanted))
    if not len(kept):
        return None
    return Window(kept, np.zeros(len(kept), np.intp), (kept - point).astype(float))


def _step_day(day: int, step: int, frequency: int, *, like: int) -> int:
    if frequency == DAILY:
        return day + step
    if frequency == MONTHLY:
        return months_before(day, -step)
    return nearest_weekday(day + WEEK * step, like=like)
