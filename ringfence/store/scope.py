"""The scoped query: a read of the desk sees only what lies inside the reader's areas (policy 6.4).

SQL that shows something to somebody reads `visible_task`, never `task`; the scope stands in front of it as named
steps that let through the reader's areas only. A query that names a protected table itself is refused, so the lazy
way is the lawful way.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

from ringfence.errors import NotAllowed
from ringfence.terms import path_end

PROTECTED = frozenset(
    {
        "arrival_report",
        "case_episode",
        "dispute",
        "exposure",
        "finding",
        "follow_up",
        "measure_order",
        "observation",
        "passage",
        "sample_pool",
        "scorecard",
        "signal",
        "task",
        "unit",
        "user_grant",
    }
)
"""The tables whose rows belong to an area; the rest is reached through them or says nothing of anybody."""

REACHED_THROUGH = {
    "contact_detail": frozenset({"task"}),
    "case_other_key": frozenset({"case_episode"}),
    "case_report": frozenset({"case_episode"}),
    "corrective_action": frozenset({"finding"}),
    "exposure_below_cut": frozenset({"signal", "unit"}),
    "exposure_reason": frozenset({"exposure", "task"}),
    "follow_up_day": frozenset({"follow_up"}),
    "passage_occupant": frozenset({"passage"}),
    "pool_member": frozenset({"sample_pool"}),
    "signal_decision": frozenset({"signal"}),
    "task_attempt": frozenset({"task"}),
    "task_basis": frozenset({"exposure", "signal", "task"}),
}
"""Tables about people or cases without an area of their own: a query reads them beside one of these, scoped."""

EVERYWHERE = ""
"""The path that every area's path begins with."""

_ABOVE_ALL_PATHS = chr(0x10FFFF)
_UNSPOKEN = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)  # literals and comments name no table
_WORD = re.compile(r"\w+")
_VISIBLE = "visible_"
_STARTS_WITH = re.compile(r"\s*with(\s+recursive)?\s+")


class Reach(Enum):
    """How many rows of its table a page of a listing may be sorted from; the way there is not left to a planner.

    Without knowledge of the table's rows a planner may sort all of them for a page of fifty.
    """

    UNKNOWN = "unknown"
    FEW = "few"  # take the reader's rows through the index of paths, then sort them
    MANY = "many"  # walk the sort's index and pass over rows of other areas


_STEPS = {
    Reach.UNKNOWN: "as (select * from {table} where {ranges})",
    Reach.FEW: "as materialized (select * from {table} where {ranges})",
    # No index of paths answers for a `case`, and a planner takes it to let through half of the rows.
    Reach.MANY: "as not materialized (select * from {table} where case when {ranges} then true else false end)",
}


@dataclass(frozen=True)
class Scope:
    """Which tables may be read, and protected ones under which area paths; what is not listed is not readable."""

    paths: Mapping[str, tuple[str, ...]]
    reach: Reach = Reach.UNKNOWN

    @classmethod
    def of_system(cls) -> "Scope":
        """Everything: for the system's own computations, never for showing rows to somebody."""
        return cls(dict.fromkeys(PROTECTED, (EVERYWHERE,)))

    def reaching(self, reach: Reach) -> "Scope":
        """The same scope for a reader known to see few rows, or many."""
        return replace(self, reach=reach)

    def within(self, area_path: str) -> "Scope":
        """What of the scope lies within an area; tables whose paths all lie elsewhere are not readable."""
        return Scope({table: _within(paths, area_path) for table, paths in self.paths.items()}, self.reach)


def _within(paths: tuple[str, ...], area_path: str) -> tuple[str, ...]:
    if any(area_path.startswith(path) for path in paths):
        return (area_path,)
    return tuple(path for path in paths if path.startswith(area_path))


@lru_cache(maxsize=1024)
def tables_of(sql: str) -> tuple[str, ...]:
    """The protected tables a query reads through the scope; NotAllowed when it reaches around it.

    A protected table's name may stand nowhere in a query, whatever it would mean there: quoted, in capitals, behind
    a comma or a schema it still names the table.
    """
    reached = PROTECTED & _words_of(sql)
    if reached:
        raise _reaches_around(reached)
    return tuple(sorted({word.removeprefix(_VISIBLE) for word in _words_of(sql) if word.startswith(_VISIBLE)}))


@lru_cache(maxsize=1024)
def _words_of(sql: str) -> frozenset[str]:
    return frozenset(_WORD.findall(_UNSPOKEN.sub(" ", sql).lower()))


def _check_reached(sql: str, tables: tuple[str, ...], scope: Scope) -> None:
    """NotAllowed for a table that is read alone and belongs beside a scoped one, unless the reader sees all of that."""
    alone = {
        table
        for table in REACHED_THROUGH.keys() & _words_of(sql)
        if not any(parent in tables or EVERYWHERE in scope.paths.get(parent, ()) for parent in REACHED_THROUGH[table])
    }
    if alone:
        raise _reaches_around(alone)


def _reaches_around(tables: Iterable[str]) -> NotAllowed:
    return NotAllowed("a query reads {tables} around the scope; read visible_...", tables=", ".join(sorted(tables)))


@lru_cache(maxsize=4096)
def _scoped(sql: str, widths: tuple[tuple[str, int], ...], reach: Reach) -> str:
    steps = []
    for table, width in widths:
        ranges = " or ".join(f"(area_path >= :{table}_from_{n} and area_path < :{table}_to_{n})" for n in range(width))
        steps.append(f"visible_{table} " + _STEPS[reach].format(table=table, ranges=ranges))
    start = _STARTS_WITH.match(sql)
    head = "with recursive " if start and start[1] else "with "
    return head + ",\n".join(steps) + (", " + sql[start.end() :] if start else "\n" + sql)


def scope_query(sql: str, scope: Scope) -> tuple[str, dict[str, str]]:
    """The query behind the scope's steps and the values they bind; NotAllowed for a table the scope does not open."""
    tables = tables_of(sql)
    closed = [table for table in tables if table not in PROTECTED or not scope.paths.get(table)]
    if closed:
        raise NotAllowed("your roles do not open {tables} for this purpose", tables=", ".join(closed))
    _check_reached(sql, tables, scope)
    if not tables:
        return sql, {}
    values: dict[str, str] = {}
    for table in tables:
        for n, path in enumerate(scope.paths[table]):
            values[f"{table}_from_{n}"] = path
            values[f"{table}_to_{n}"] = path_end(path) if path else _ABOVE_ALL_PATHS
    return _scoped(sql, tuple((table, len(scope.paths[table])) for table in tables), scope.reach), values
