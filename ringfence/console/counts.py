"""Counts for a page: of what a visitor could list, under the first purpose that opens it to them."""

from collections.abc import Mapping

from ringfence.console.visitor import Visitor
from ringfence.store import Scope
from ringfence.terms import to_us


def count(visitor: Visitor, sql: str, table: str, *purposes: str) -> Mapping[str, int]:
    """The counts of a statement; nothing where no purpose opens the table."""
    scope = open_first(visitor, table, *purposes)
    if scope is None:
        return {}
    now, today = visitor.now, visitor.today
    clock = visitor.store.clock
    moments = {
        "now": to_us(now),
        "midnight": to_us(clock.midnight(today)),
        "day": today,
        "second": clock.second_of(now),
    }
    bound = {name: value for name, value in moments.items() if f":{name}" in sql}
    [row] = visitor.store.desk.rows(sql, scope=scope, **bound)
    return {name: int(value) for name, value in row._asdict().items()}


def open_first(visitor: Visitor, table: str, *purposes: str) -> Scope | None:
    """What the visitor sees for the first purpose that opens a table to them."""
    return next((visitor.scope(key) for key in purposes if visitor.opens(table, key)), None)
