"""Text to values, one reader for each kind of column: what cannot be read or be true is spoken against (policy 2.1).

A reader takes the texts of a column and gives its values row by row; a row spoken against may have any value. An
empty text stays empty, everything else that is empty becomes null.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.feeds.declarations import Column, Kind
from ringfence.feeds.known import UNKNOWN, Known
from ringfence.feeds.lines import Flags
from ringfence.feeds.verdicts import Value, Verdicts
from ringfence.feeds.wall_times import DAY_S, Reading, read_days, read_times, read_wall_times, to_instants
from ringfence.terms import Clock, ReasonCode, day_number

FIRST_DAY = day_number(date(1900, 1, 1))
"""Before it nothing happened that a department still reports, and nobody was born who is alive."""

_WHOLE = "^-?[0-9]{1,18}$"
_DECIMAL = r"^-?[0-9]{1,18}(?:\.[0-9]{1,18})?(?:[eE][+-]?[0-9]{1,2})?$"
_LOST_DIGITS = r"^[0-9](?:\.[0-9]+)?[eE]\+[0-9]{2}$"  # what Excel makes of a long number; its last digits are gone
_WIDE = r"^[\x{20}-\x{7e}\x{ff01}-\x{ff5e}\x{3000}]+$"


@dataclass(frozen=True)
class Reader:
    """A column being read: what may be in it, by when and where it is read, and what is said against its rows."""

    column: Column
    verdicts: Verdicts
    known: Known
    clock: Clock
    today: int

    def read(self, texts: pa.StringArray) -> pa.Array:
        """The values of the column."""
        is_filled = np.asarray(pc.not_equal(texts, ""))
        if self.column.is_required:
            self.reject(~is_filled, ReasonCode.EMPTY_FIELD)
        return READERS[self.column.kind](self, texts, is_filled)

    def reject(self, where: Flags, code: ReasonCode, **values: Value) -> None:
        """Speak against some rows on account of this column."""
        self.verdicts.reject(where, code, column=self.column.name, **values)


def read_text(reader: Reader, texts: pa.StringArray, is_filled: Flags) -> pa.Array:
    """The text itself, not too long, and known where it refers to something."""
    limit = reader.column.longest
    reader.reject(np.asarray(pc.utf8_length(texts)) > limit, ReasonCode.TEXT_TOO_LONG, found=texts, limit=limit)
    if any(pc.any(pc.match_substring(texts, mark)).as_py() for mark in ("E+", "e+")):
        has_lost = pc.match_substring_regex(texts, _LOST_DIGITS)
        reader.reject(np.asarray(has_lost), ReasonCode.LOST_DIGITS, found=texts)
    reference = reader.column.refers_to
    if reference is not None:
        is_known = np.asarray(pc.is_in(texts, value_set=reader.known.keys(reference)))
        reader.reject(is_filled & ~is_known, UNKNOWN[reference], found=texts)
    return texts


def read_code(reader: Reader, texts: pa.StringArray, is_filled: Flags) -> pa.Array:
    """The code as it is kept."""
    codes, places = _look_up(reader.column, texts)
    reader.reject(is_filled & np.asarray(pc.is_null(places)), ReasonCode.UNKNOWN_CODE, found=texts)
    return pc.fill_null(codes, "")


def read_codes(reader: Reader, texts: pa.StringArray, is_filled: Flags) -> pa.Array:
    """Lists of codes as they are kept."""
    parts = pc.split_pattern(texts, ";")
    codes, places = _look_up(reader.column, pc.utf8_trim_whitespace(parts.values))
    is_unknown = np.zeros(len(texts), dtype=bool)
    is_unknown[np.asarray(pc.list_parent_indices(parts))[np.asarray(pc.is_null(places))]] = True
    reader.reject(is_filled & is_unknown, ReasonCode.UNKNOWN_CODE, found=texts)
    return pa.ListArray.from_arrays(parts.offsets, codes)


def read_whole(reader: Reader, texts: pa.StringArray, is_filled: Flags) -> pa.Array:
    """A whole number within its bounds."""
    return _read_number(reader, texts, is_filled, _WHOLE, pa.int64())


def read_decimal(reader: Reader, texts: pa.StringArray, is_filled: Flags) -> pa.Array:
    """A decimal number within its bounds."""
    return _read_number(reader, texts, is_filled, _DECIMAL, pa.float64())


def read_day(reader: Reader, texts: pa.StringArray, is_filled: Flags) -> pa.Array:
    """A local day that can be."""
    reading = read_days(narrow(texts))
    is_possible = _check_days(reader, texts, is_filled, reading, reading.numbers)
    return pa.array(reading.numbers.astype(np.int32), mask=~is_possible).cast(pa.date32())


def read_time(reader: Reader, texts: pa.StringArray, is_filled: Flags) -> pa.Array:
    """Seconds on the wall clock."""
    reading = read_times(narrow(texts))
    reader.reject(is_filled & ~reading.are_read, ReasonCode.BAD_DATE, found=texts)
    return pa.array(reading.numbers, pa.int32(), mask=~reading.are_read)


def read_instant(reader: Reader, texts: pa.StringArray, is_filled: Flags) -> pa.Array:
    """Microseconds since 1970-01-01 UTC of a time that was."""
    reading = read_wall_times(narrow(texts))
    is_possible = _check_days(reader, texts, is_filled, reading, reading.numbers // DAY_S)
    instants, are_skipped = to_instants(np.where(is_possible, reading.numbers, 0), reader.clock)
    reader.reject(is_possible & are_skipped, ReasonCode.SKIPPED_TIME, found=texts)
    return pa.array(instants, mask=~is_possible)


READERS: dict[Kind, Callable[[Reader, pa.StringArray, Flags], pa.Array]] = {
    Kind.TEXT: read_text,
    Kind.CODE: read_code,
    Kind.CODES: read_codes,
    Kind.WHOLE: read_whole,
    Kind.DECIMAL: read_decimal,
    Kind.DAY: read_day,
    Kind.TIME_OF_DAY: read_time,
    Kind.INSTANT: read_instant,
}


def _look_up(column: Column, texts: pa.StringArray) -> tuple[pa.Array, pa.Array]:
    """What is kept for each text (null: nothing), and its place in the code list (null: none)."""
    codes = column.codes or {}
    places = pc.index_in(texts, value_set=pa.array(list(codes), pa.string()))
    return pa.array(list(codes.values()), pa.string()).take(places), places


def _check_days(reader: Reader, texts: pa.StringArray, is_filled: Flags, reading: Reading, days: np.ndarray) -> Flags:
    """Which days can be; the others are spoken against."""
    reader.reject(is_filled & ~reading.are_read, ReasonCode.BAD_DATE, found=texts)
    last_day = reader.today + reader.column.days_ahead
    is_possible = reading.are_read & (days >= FIRST_DAY) & (days <= last_day)
    reader.reject(reading.are_read & ~is_possible, ReasonCode.DATE_OUT_OF_RANGE, found=texts)
    return is_possible


def _read_number(reader: Reader, texts: pa.StringArray, is_filled: Flags, pattern: str, kind: pa.DataType) -> pa.Array:
    """Numbers as the pattern allows them, within the bounds of the column."""
    written = narrow(texts)
    are_numbers = pc.match_substring_regex(written, pattern)
    reader.reject(is_filled & ~np.asarray(are_numbers), ReasonCode.BAD_NUMBER, found=texts)
    numbers = pc.if_else(are_numbers, written, pa.scalar(None, pa.string())).cast(kind)
    column = reader.column
    for bound, is_beyond in ((column.at_least, pc.less), (column.at_most, pc.greater)):
        if bound is not None:
            beyond = np.asarray(pc.fill_null(is_beyond(numbers, bound), fill_value=False))
            reader.reject(beyond, ReasonCode.NUMBER_OUT_OF_RANGE, found=texts)
    return numbers


def narrow(texts: pa.StringArray) -> pa.StringArray:
    """Full-width letters, as Chinese keyboards type them, as what they stand for; other texts stay as they are."""
    are_beyond_ascii = pc.not_equal(pc.binary_length(texts), pc.utf8_length(texts))
    if not pc.any(are_beyond_ascii).as_py():
        return texts
    are_wide = pc.and_(are_beyond_ascii, pc.match_substring_regex(texts, _WIDE))
    return pc.replace_with_mask(texts, are_wide, pc.utf8_normalize(texts.filter(are_wide), "NFKC"))
