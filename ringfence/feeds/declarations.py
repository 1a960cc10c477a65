"""What a format declares, as data: its columns, its periods, and under which contract it is sent (policy 2.1).

A format says what belongs into a file; one engine reads and checks every one of them (`checking`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import pyarrow as pa


class Kind(StrEnum):
    """How the text of a field is read, and what it is then."""

    TEXT = "text"  # text, without the space around it; empty stays empty
    CODE = "code"  # one of `codes`
    CODES = "codes"  # some of `codes`, between semicolons
    WHOLE = "whole"  # int64
    DECIMAL = "decimal"  # float64
    DAY = "day"  # `YYYY-MM-DD`: date32
    TIME_OF_DAY = "time_of_day"  # `HH:MM[:SS]`, up to 24:00: seconds on the wall clock, int32
    INSTANT = "instant"  # `YYYY-MM-DD HH:MM[:SS]` on the wall clock: microseconds since 1970-01-01 UTC, int64


TYPES = {
    Kind.TEXT: pa.string(),
    Kind.CODE: pa.string(),
    Kind.CODES: pa.list_(pa.string()),
    Kind.WHOLE: pa.int64(),
    Kind.DECIMAL: pa.float64(),
    Kind.DAY: pa.date32(),
    Kind.TIME_OF_DAY: pa.int32(),
    Kind.INSTANT: pa.int64(),
}


class Reference(StrEnum):
    """What is known already and a field may have to name (see `Known`)."""

    AREA = "area"
    PLACE = "place"
    CASE = "case"
    DISEASE = "disease"
    SITE = "site"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a file. What does not apply to its kind is left alone.

    `codes` maps what may be written to what is kept. `at_least` and `at_most` bound numbers, `longest` the characters
    of a text, `days_ahead` how far after today a day or instant may lie: what happened cannot lie ahead, but the day
    on which a file is made may have begun there and not yet here.
    """

    name: str
    kind: Kind = Kind.TEXT
    is_required: bool = False
    codes: Mapping[str, str] | None = None
    refers_to: Reference | None = None
    at_least: float | None = None
    at_most: float | None = None
    longest: int = 200
    days_ahead: int = 1


class Order(StrEnum):
    """How the end of a period must lie to its start."""

    AFTER = "after"
    NOT_BEFORE = "not_before"
    DIFFERENT = "different"  # times of day, whose end may be that of the next day


@dataclass(frozen=True, kw_only=True)
class Period:
    """Two columns that begin and end something; `longest` is how long that can be."""

    starts: str
    ends: str
    order: Order = Order.AFTER
    longest: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class Contract:
    """Who sends it, what it may be looked at for (a declared purpose), and the key of how long it is kept.

    `basis` names the epidemiological basis on which its rows may become signals; without one they never do (6.5).
    """

    department: str
    purpose: str
    retention: str
    basis: str = ""


@dataclass(frozen=True, kw_only=True)
class Format:
    """A format: its name (that of its file in `formats/`), contract, columns and periods.

    `rows_stand_alone` says that no row needs another of its file to be understood: such a file may be of any length,
    for it is taken in part by part. Files of other formats are held whole.
    """

    name: str
    contract: Contract
    columns: tuple[Column, ...]
    periods: tuple[Period, ...] = ()
    rows_stand_alone: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, as declared."""
        return tuple(column.name for column in self.columns)

    @property
    def schema(self) -> pa.Schema:
        """What accepted rows look like: `row` is the line in the file (from 1), then the columns as declared."""
        return pa.schema([("row", pa.int32()), *((column.name, TYPES[column.kind]) for column in self.columns)])


def codes_of(kinds: Iterable[StrEnum], **spellings: StrEnum) -> Mapping[str, str]:
    """Codes that are written as they are kept, and other spellings of them."""
    return {kind.value: kind.value for kind in kinds} | {spelt: kind.value for spelt, kind in spellings.items()}
