"""Listings: what a long list shows, by what it is sorted and filtered; declared once for API, console and command line.

A statement is put together from declared parts only; what a reader sends is looked up among them or bound as a value.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar

from ringfence.errors import InputRefused
from ringfence.store.scope import PROTECTED
from ringfence.terms import calendar_day, day_number, from_us, to_us

T = TypeVar("T")

Reading: TypeAlias = Callable[[Any], Any]
"""Makes of a column's value what it means: `str`, `int`, an enumeration, `from_us` for an instant."""

_STORED_AS: Mapping[Any, type] = {from_us: int, calendar_day: int, int: int, bool: int, float: float}
_UNKEEPABLE = re.compile("[\\0\ud800-\udfff]")  # NUL for PostgreSQL, lone surrogates for both
_MOST = 2**63
_YES = frozenset({"true", "yes", "1"})
_NO = frozenset({"false", "no", "0"})


@dataclass(frozen=True)
class Filter:
    """A condition a reader may name: it binds the value read by `kind` as `:value`.

    A filter of kind bool binds nothing: said yes to, its condition holds, said no to, its opposite.
    """

    condition: str
    kind: Callable[[Any], Any] = str

    @classmethod
    def same(cls, column: str, kind: Callable[[Any], Any] = str) -> "Filter":
        """Rows with exactly this value in a column."""
        return cls(f"{column} = :value", kind)

    @classmethod
    def before(cls, column: str) -> "Filter":
        """Rows whose instant lies before one."""
        return cls(f"{column} < :value", read_instant)

    @classmethod
    def on(cls, column: str) -> "Filter":
        """Rows of a local day, named by its number or its date."""
        return cls(f"{column} = :value", read_day)

    @classmethod
    def since(cls, column: str) -> "Filter":
        """Rows whose instant is one or lies after it."""
        return cls(f"{column} >= :value", read_instant)


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One list: the columns of a table that its rows show, and the sorts and filters a reader may ask for.

    Every sort ends in the table's unique key, names only shown columns that are never null, and has an index that
    begins with them (and goes on with `area_path` and what is filtered by, to be judged without a look at the row).
    `needed` are filters without which the list is not read, such as the signal of exposures;
    `may_lack` are columns that a row may have no value in.
    """

    name: str
    table: str
    columns: Mapping[str, Reading]
    sorts: Mapping[str, tuple[str, ...]]
    usual_sort: str
    filters: Mapping[str, Filter]
    needed: frozenset[str] = frozenset()
    may_lack: frozenset[str] = frozenset()

    @property
    def source(self) -> str:
        """What its statements read from: the visible part of a table whose rows belong to an area."""
        return f"visible_{self.table}" if self.table in PROTECTED else self.table

    @property
    def key(self) -> str:
        """The column by which one row is found; that of a list whose key has several columns names no single row."""
        return self.sorts[self.usual_sort.removeprefix("-")][-1]

    def __hash__(self) -> int:
        return hash(self.name)

    def stored_as(self, column: str) -> type:
        """What the database keeps a column of the list as: `int`, `float` or `str`."""
        return _STORED_AS.get(self.columns[column], str)


@dataclass(frozen=True)
class Asked:
    """What a reader asked of a listing, looked up: the columns to sort by, which way, the filters and their values."""

    listing: Listing
    sort: tuple[str, ...]
    is_descending: bool
    conditions: tuple[str, ...]
    values: Mapping[str, Any]


def look_up(listing: Listing, *, sort: str | None, filters: Mapping[str, object]) -> Asked:
    """The declared parts that a reader's words stand for; InputRefused for a sort or filter the list does not have.

    `sort` is a sort's name, with a minus sign before it for the other way round; None for the usual one.
    """
    chosen = sort or listing.usual_sort
    name = chosen.removeprefix("-")
    if name not in listing.sorts:
        raise InputRefused(
            "the list of {list} is not sorted by '{sort}'; choose one of {sorts}",
            list=listing.name,
            sort=name,
            sorts=", ".join(listing.sorts),
        )
    for missing in sorted(listing.needed - filters.keys()):
        raise InputRefused("the list of {list} is read for one {filter}; name it", list=listing.name, filter=missing)
    pairs = [_look_up_filter(listing, filter_name, filters[filter_name]) for filter_name in sorted(filters)]
    values = {key: value for _, bound in pairs for key, value in bound.items()}
    return Asked(listing, listing.sorts[name], chosen.startswith("-"), tuple(text for text, _ in pairs), values)


def _look_up_filter(listing: Listing, name: str, given: object) -> tuple[str, dict[str, Any]]:
    if name not in listing.filters:
        raise InputRefused(
            "the list of {list} is not filtered by '{filter}'; choose among {filters}",
            list=listing.name,
            filter=name,
            filters=", ".join(listing.filters),
        )
    declared = listing.filters[name]
    try:
        value = _read_bool(given) if declared.kind is bool else check_bindable(declared.kind(given))
    except (ValueError, TypeError) as error:
        raise InputRefused(
            "the filter {filter} of the list of {list} cannot be read; mend its value", filter=name, list=listing.name
        ) from error
    if declared.kind is bool:
        return (declared.condition if value else f"not ({declared.condition})"), {}
    return declared.condition.replace(":value", f":filter_{name}"), {f"filter_{name}": value}


@lru_cache(maxsize=4096)
def page_sql(
    listing: Listing, sort: tuple[str, ...], *, is_descending: bool, conditions: tuple[str, ...], goes_on: bool
) -> str:
    """The statement of a page: in order from the first row, or (`goes_on`) from the row behind `:after_...`."""
    way = " desc" if is_descending else ""
    marks = ", ".join(f":after_{n}" for n in range(len(sort)))
    behind = [f"({', '.join(sort)}) {'<' if is_descending else '>'} ({marks})"] if goes_on else []
    return "\n".join(
        [
            f"select {', '.join(listing.columns)}",
            f"from {listing.source}",
            *_where([*conditions, *behind]),
            f"order by {', '.join(column + way for column in sort)}",
            "limit :limit",
        ]
    )


@lru_cache(maxsize=256)
def row_sql(listing: Listing, source: str) -> str:
    """The statement of one row by its key."""
    return f"select {', '.join(listing.columns)} from {source} where {listing.key} = :key"  # noqa: S608 - as above


@lru_cache(maxsize=256)
def among_sql(listing: Listing) -> str:
    """The statement of those of some keys that are visible."""
    return f"select {listing.key} from {listing.source} where {listing.key} in :among"  # noqa: S608 - as above


@lru_cache(maxsize=4096)
def count_sql(listing: Listing, conditions: tuple[str, ...]) -> str:
    """The statement that counts rows up to a limit."""
    found = "\n".join([f"select 1 from {listing.source}", *_where(conditions), "limit :limit"])  # noqa: S608 - as above
    return f"select count(*) as n from ({found}) as found"  # noqa: S608 - as above


def _where(conditions: Sequence[str]) -> list[str]:
    return [f"where {' and '.join(conditions)}"] if conditions else []


def read_instant(given: object) -> int:
    """Microseconds of an aware datetime, or of one written in ISO 8601; ValueError without a zone."""
    return to_us(given if isinstance(given, datetime) else datetime.fromisoformat(str(given)))


def read_day(given: object) -> int:
    """The number of a day given as a number, a date, or a date written in ISO 8601."""
    if isinstance(given, int):
        return given
    return day_number(given if isinstance(given, date) else date.fromisoformat(str(given)))


def check_bindable(value: T) -> T:
    """A value that either database can compare with a column; ValueError for one that it would choke on."""
    if isinstance(value, int) and not -_MOST <= value < _MOST:
        raise ValueError(value)
    if isinstance(value, str) and _UNKEEPABLE.search(value):
        raise ValueError(value)
    return value


def _read_bool(given: object) -> bool:
    word = str(given).lower()
    if word not in _YES | _NO:
        raise ValueError(word)
    return word in _YES
