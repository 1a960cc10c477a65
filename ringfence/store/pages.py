"""Pages of a listing: found by the last row shown, never by counting rows off, so that a page costs what it shows.

Rows that come in between pages move nothing: no row stands on two pages, and none that was there before is missed.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row

from ringfence.errors import CursorRefused, InputRefused, NotAllowed, NotFound
from ringfence.store.act import Act
from ringfence.store.desk import Desk
from ringfence.store.listing import Asked, Listing, among_sql, check_bindable, count_sql, look_up, page_sql, row_sql
from ringfence.store.scope import PROTECTED, Reach, Scope

MOST_ROWS: Final = 1_000
"""The longest page."""

FEW: Final = 5_000
"""Up to so many visible rows it is quicker to take them all and sort them than to walk the sort's index for them."""

_STREAMED = 2_000
_MARK_BYTES = 8

ListRow = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """Some rows in order, and where the next page begins; None behind the last row."""

    rows: Sequence[ListRow]
    next_cursor: str | None


def read_page(
    desk: Desk,
    listing: Listing,
    *,
    scope: Scope,
    sort: str | None = None,
    filters: Mapping[str, object] | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """A page of a listing in the reader's areas: the first, or the one behind the cursor of another.

    InputRefused for a sort, filter or length that the listing does not have; CursorRefused for a cursor that is not of
    this list, sort and filter; NotAllowed where the scope does not open the listing's table.
    """
    if not 1 <= limit <= MOST_ROWS:
        raise InputRefused("a page has 1 to {most} rows, not {limit}", most=MOST_ROWS, limit=limit)
    asked = look_up(listing, sort=sort, filters=filters or {})
    reached = _reach(desk, listing, scope)
    return _read(desk, asked, scope=reached, after=after, limit=limit)


def read_row(desk: Desk, listing: Listing, key: object, *, scope: Scope) -> ListRow:
    """The row of a key in the reader's areas; NotFound where there is none, in the same words where it is another's."""
    _check_opens(listing, scope)
    return _only(listing, key, desk.rows(row_sql(listing, listing.source), scope=scope, key=key))


def read_row_in(act: Act, listing: Listing, key: object) -> ListRow:
    """The row of a key as it stands in an act, wherever it lies: for whoever was shown it before."""
    return _only(listing, key, act.rows(row_sql(listing, listing.table), key=key))


def check_listed(desk: Desk, listing: Listing, keys: Sequence[object], *, scope: Scope) -> None:
    """NotFound unless each of some things is on the list in the reader's areas."""
    found = set(among_listed(desk, listing, keys, scope=scope))
    for key in keys:
        if key not in found:
            _only(listing, key, [])


def among_listed(desk: Desk, listing: Listing, keys: Sequence[Any], *, scope: Scope) -> list[Any]:
    """Those of some things that are on the list in the reader's areas, in the order of their keys."""
    _check_opens(listing, scope)
    return sorted(row[0] for row in desk.rows_among(among_sql(listing), keys, scope=scope))


def count_rows(
    desk: Desk,
    listing: Listing,
    *,
    scope: Scope,
    filters: Mapping[str, object] | None = None,
    most: int = 10_000,
) -> int:
    """How many rows a listing has in the reader's areas; `most` where there are as many or more."""
    _check_opens(listing, scope)
    asked = look_up(listing, sort=None, filters=filters or {})
    [[count]] = desk.rows(count_sql(listing, asked.conditions), scope=scope, limit=most, **asked.values)
    return int(count)


def stream_rows(
    desk: Desk,
    listing: Listing,
    *,
    scope: Scope,
    sort: str | None = None,
    filters: Mapping[str, object] | None = None,
) -> Iterator[ListRow]:
    """Every row of a listing in the reader's areas, in order; no more than one page of them is held at a time."""
    asked = look_up(listing, sort=sort, filters=filters or {})
    reached = _reach(desk, listing, scope)
    page = _read(desk, asked, scope=reached, after=None, limit=_STREAMED)
    yield from page.rows
    while page.next_cursor:
        page = _read(desk, asked, scope=reached, after=page.next_cursor, limit=_STREAMED)
        yield from page.rows


def _read(desk: Desk, asked: Asked, *, scope: Scope, after: str | None, limit: int) -> Page:
    listing, sort = asked.listing, asked.sort
    behind = {} if after is None else _read_cursor(after, asked)
    sql = page_sql(
        listing, sort, is_descending=asked.is_descending, conditions=asked.conditions, goes_on=after is not None
    )
    found = desk.rows(sql, scope=scope, limit=limit + 1, **asked.values, **behind)
    rows = [_row(listing, row) for row in found[:limit]]
    has_more = len(found) > limit
    return Page(rows, _write_cursor(found[limit - 1], asked) if has_more else None)


def _row(listing: Listing, row: Row[Any]) -> ListRow:
    return {
        name: None if value is None else read(value)
        for (name, read), value in zip(listing.columns.items(), row, strict=True)
    }


def _only(listing: Listing, key: object, found: Sequence[Row[Any]]) -> ListRow:
    if not found:
        raise NotFound("{list} has nothing of the key {key} that is yours to see", list=listing.name, key=key)
    return _row(listing, found[0])


def _reach(desk: Desk, listing: Listing, scope: Scope) -> Scope:
    """The scope, told whether the reader sees few rows of the table or many."""
    _check_opens(listing, scope)
    if listing.table not in PROTECTED:
        return scope
    [[found]] = desk.rows(count_sql(listing, ()), scope=scope, limit=FEW + 1)
    return scope.reaching(Reach.FEW if found <= FEW else Reach.MANY)


def _check_opens(listing: Listing, scope: Scope) -> None:
    if not scope.paths.get(listing.table):
        raise NotAllowed("your roles do not open {tables} for this purpose", tables=listing.table)


def _write_cursor(row: Row[Any], asked: Asked) -> str:
    marks = [_mark(asked), *(getattr(row, column) for column in asked.sort)]
    return base64.urlsafe_b64encode(json.dumps(marks, separators=(",", ":")).encode()).decode().rstrip("=")


def _read_cursor(cursor: str, asked: Asked) -> dict[str, Any]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        mark, *values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        is_right = mark == _mark(asked) and [type(check_bindable(value)) for value in values] == [
            asked.listing.stored_as(column) for column in asked.sort
        ]
    except (ValueError, TypeError, binascii.Error):
        is_right = False
    if not is_right:
        raise CursorRefused(
            "this cursor was changed, or belongs to another list, sort or filter of it; begin again at the first page"
        )
    return {f"after_{n}": value for n, value in enumerate(values)}


def _mark(asked: Asked) -> str:
    """What a cursor is bound to, in a few letters: the same list, sorted the same way, filtered the same way."""
    bound = [asked.listing.name, asked.sort, asked.is_descending, asked.conditions, sorted(asked.values.items())]
    return hashlib.sha256(json.dumps(bound, default=str).encode()).hexdigest()[: 2 * _MARK_BYTES]
