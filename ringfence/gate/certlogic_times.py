"""Times as CertLogic 1.3.3 reads and moves them: to the millisecond, in UTC, over calendar edges as ECMAScript does."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from ringfence.errors import InputRefused

MILLISECOND_US = 1000
MONTHS = 12

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", re.ASCII)
_DATE_TIME = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:Z|([+-])(\d{1,2}):?(\d{2})?)?", re.ASCII
)


def plus_time(text: str, *, amount: int, unit: str) -> datetime:
    """The instant a text names, moved by so many years, months, days or hours (specification, "plusTime").

    InputRefused for a text in none of the allowed forms, another unit, and an instant no calendar has.
    """
    if unit not in _MOVES:
        raise InputRefused("'{unit}' is no unit of time in a rule; use year, month, day or hour", unit=unit)
    try:
        return _MOVES[unit](_read_instant(text), amount)
    except (OverflowError, ValueError) as error:
        raise _unreadable(text) from error


def date_of_birth(text: str) -> datetime:
    """The last day that a birth date, whole or not, allows (specification, "dccDateOfBirth")."""
    try:
        found = _read_date(text)
    except (OverflowError, ValueError) as error:
        raise _unreadable(text) from error
    if found is None:
        raise _unreadable(text)
    return found


def write_instant(instant: datetime) -> str:
    """An instant as CertLogic writes it: UTC, three decimals."""
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _unreadable(text: str) -> InputRefused:
    return InputRefused("a rule was given a time of {size} characters that it cannot read or move", size=len(text))


def _read_instant(text: str) -> datetime:
    if found := _read_date(text):
        return found
    if not (match := _DATE_TIME.fullmatch(text)):
        raise ValueError("no date and no time")
    year, month, day, hour, minute, second = (int(match[group]) for group in range(1, 7))
    milliseconds = int((match[7] or "0").ljust(3, "0")[:3])
    local = datetime(year, month, day, hour, minute, second, milliseconds * MILLISECOND_US, tzinfo=UTC)
    offset = timedelta(hours=int(match[9] or 0), minutes=int(match[10] or 0))
    return local + offset if match[8] == "-" else local - offset


def _read_date(text: str) -> datetime | None:
    """Midnight of a date; of a year or a month alone, its last day's."""
    match = _PARTIAL.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    if year is None or month is None:
        return _at(int(match[1]), MONTHS, 31)
    return _at(year, month, day) if day else _move_months(_at(year, month, 1), 1) - timedelta(days=1)


def _at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


def _move_months(instant: datetime, amount: int) -> datetime:
    """The same day of another month; a day it does not have runs over into the next (ECMA-262, MakeDay)."""
    months = instant.year * MONTHS + instant.month - 1 + amount
    first = instant.replace(year=months // MONTHS, month=months % MONTHS + 1, day=1)
    return first + timedelta(days=instant.day - 1)


_MOVES: Mapping[str, Callable[[datetime, int], datetime]] = {
    "year": lambda instant, amount: _move_months(instant, amount * MONTHS),
    "month": _move_months,
    "day": lambda instant, amount: instant + timedelta(days=amount),
    "hour": lambda instant, amount: instant + timedelta(hours=amount),
}
