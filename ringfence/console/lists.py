"""A page of a declared listing as a room shows it: filters and cursor from the address, the next page's back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ringfence.console.asked import Asked
from ringfence.console.visitor import Visitor
from ringfence.store import Listing, Scope, count_rows, read_page

ROWS = 50
COUNTED = 10_000
"""Lists longer than this are not counted to their end; the page says "more than"."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Rows in order, how many there are (COUNTED or more where there are that many), and the next page's address."""

    rows: Sequence[Mapping[str, Any]]
    count: int
    next: str | None
    filters: Mapping[str, str]


def read_list(
    visitor: Visitor,
    asked: Asked,
    listing: Listing,
    *,
    scope: Scope,
    always: Mapping[str, object] | None = None,
    usual: Mapping[str, str] | None = None,
    limit: int = ROWS,
) -> Shown:
    """The page an address asks for.

    `always` are filters the room sets itself; `usual` are those of an address that says nothing about any filter.
    """
    said = {name: asked.text(name) for name in listing.filters if asked.has(name)}
    named = any(name in asked.given for name in listing.filters)
    chosen = said if named else dict(usual or {})
    filters = {**chosen, **(always or {})}
    desk = visitor.store.desk
    page = read_page(
        desk,
        listing,
        scope=scope,
        sort=asked.text("sort") or None,
        filters=filters,
        after=asked.text("after") or None,
        limit=limit,
    )
    return Shown(
        rows=page.rows,
        count=count_rows(desk, listing, scope=scope, filters=filters, most=COUNTED),
        next=asked.onward(**chosen, after=page.next_cursor) if page.next_cursor else None,
        filters=chosen,
    )
