"""Epidemiological weeks as departments write them: ISO 8601 (from Monday) and MMWR (from Sunday) weeks (policy 4.1).

A week is kept as its first day. ISO 8601-1:2019, 5.2.3; CDC, "MMWR Weeks": week 1 is the first with four days in the
year.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

_WRITTEN = re.compile(r"(?P<year>[0-9]{4})\s*(?:-?\s*[Ww]|[-/年]第?)?\s*(?P<week>[0-9]{1,2})\s*周?")
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class WeekLayout:
    """A layout whose texts are weeks: `2022-W05`, `202205`, `2022年第5周`."""

    declared: str

    def rewrite(self, texts: pa.StringArray) -> pa.StringArray:
        """Weeks as the day they begin on; what is none stays as it is and is judged as such."""
        weeks = texts.dictionary_encode()
        days = [_rewrite(text, WEEKS[self.declared]) for text in weeks.dictionary.to_pylist()]
        return pc.cast(pa.array(days, pa.string()).take(weeks.indices), pa.string())


def begin_iso_week(year: int, week: int) -> date:
    """The Monday of an ISO week; ValueError where the year has no such week."""
    return date.fromisocalendar(year, week, 1)


def begin_mmwr_week(year: int, week: int) -> date:
    """The Sunday of an MMWR week; ValueError where the year has no such week."""
    first = _first_sunday(year)
    begun = first + (week - 1) * _WEEK
    if not first <= begun < _first_sunday(year + 1):
        raise ValueError(week)
    return begun


def _first_sunday(year: int) -> date:
    """The Sunday of the week that 4 January is in: the first with four days in the year."""
    fourth = date(year, 1, 4)
    return fourth - timedelta(days=fourth.isoweekday() % 7)


WEEKS: dict[str, Callable[[int, int], date]] = {"iso_week": begin_iso_week, "mmwr_week": begin_mmwr_week}
"""What a layout of days may be called instead of being put together from parts."""


def _rewrite(text: str, begin: Callable[[int, int], date]) -> str:
    found = _WRITTEN.fullmatch(text)
    try:
        return begin(int(found["year"]), int(found["week"])).isoformat() if found else text
    except ValueError:
        return text
