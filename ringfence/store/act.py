"""An act: one step of work by one actor, its rows and its ledger lines in one transaction."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Row

from ringfence.errors import InputRefused, NotAllowed
from ringfence.store.desk import prepared, prepared_among
from ringfence.terms import Actor, Purpose

TAKE_NUMBERS = """
insert into counter (name, next_value) values (:name, :count + 1)
on conflict (name) do update set next_value = counter.next_value + :count
returning next_value
"""

_MOST = 2**63 - 1
_PORTION = 10_000  # values a statement carries on both databases
_UNKEEPABLE = re.compile("[\\0\ud800-\udfff]")  # NUL for PostgreSQL, lone surrogates for both

encode_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
"""JSON as the ledger keeps it; made once, for `json.dumps` makes an encoder for every line."""


@dataclass(frozen=True, kw_only=True)
class LedgerLine:
    """What the ledger says of an act: who, what, why, to how many; `details` is JSON, the ids are sealed."""

    actor: str
    action: str
    purpose: str
    subject: str
    count: int
    details: str
    ids: tuple[int, ...]


@dataclass
class Act:
    """A running transaction: it carries the actor and the moment, and remembers what to tell the ledger."""

    actor: Actor
    now: datetime
    connection: Connection
    lines: list[LedgerLine] = field(default_factory=list)
    writes: int = 0

    def rows(self, sql: str, **values: object) -> Sequence[Row[Any]]:
        """The rows of a query inside this transaction."""
        return self.connection.execute(prepared(sql), values).all()

    def rows_among(self, sql: str, among: Iterable[object], **values: object) -> list[Row[Any]]:
        """The rows of a query that asks `in :among`, however many the values: put in portions a statement can carry."""
        wanted, statement = list(dict.fromkeys(among)), prepared_among(sql)
        portions = (wanted[first : first + _PORTION] for first in range(0, len(wanted), _PORTION))
        return [row for portion in portions for row in self.connection.execute(statement, {**values, "among": portion})]

    def run(self, sql: str, **values: object) -> int:
        """Write; how many rows it changed."""
        self.writes += 1
        return self.connection.execute(prepared(sql), values).rowcount

    def run_returning(self, sql: str, **values: object) -> Sequence[Row[Any]]:
        """Write with a `returning` clause; the rows it returns."""
        self.writes += 1
        return self.connection.execute(prepared(sql), values).all()

    def stand_in_line(self, lock: str) -> None:
        """Take a lock of PostgreSQL's until the end of the group; the embedded desk has one writer and no line."""
        if self.connection.dialect.name == "postgresql":
            self.connection.exec_driver_sql(lock)

    def run_many(self, sql: str, rows: Sequence[dict[str, Any]]) -> int:
        """Write one statement for many rows; how many it changed."""
        if not rows:
            return 0
        self.writes += 1
        statement, order = _driver_statement(sql, self.connection.dialect)
        values = [tuple(row[name] for name in order) for row in rows] if order else list(rows)
        return self.connection.exec_driver_sql(statement, values).rowcount

    def insert(self, sql: str, **values: object) -> int:
        """Write one row with a `returning` clause; the number it got."""
        [[number]] = self.run_returning(sql, **values)
        return int(number)

    def take_numbers(self, name: str, count: int) -> int:
        """The first of `count` numbers nobody else gets; the sequence starts at 1 and may have gaps."""
        if count < 0:
            raise InputRefused(
                "{count} is no count of numbers of '{name}'; ask for none or more", count=count, name=name
            )
        return self.insert(TAKE_NUMBERS, name=name, count=count) - count

    def note(
        self,
        action: str,
        *,
        subject: object = "",
        purpose: Purpose | None = None,
        count: int = 1,
        ids: Iterable[int] = (),
        **details: str | float | None,
    ) -> None:
        """Tell the ledger: an action as `noun.verb`, its subject, and details in ids and codes, never names.

        What the ledger could not keep is refused here and not when the group is committed, where it would take every
        other act down with it.
        """
        line = LedgerLine(
            actor=self.actor.actor_id,
            action=action,
            purpose=purpose.key if purpose else "",
            subject=str(subject),
            count=int(count),
            details=encode_json(details),
            ids=tuple(int(number) for number in ids),
        )
        _check_fits(line)
        self.lines.append(line)

    def check_is_on_record(self) -> None:
        """NotAllowed when something was written that no ledger line speaks of."""
        if self.writes and not self.lines:
            raise NotAllowed("an act by {actor} wrote without telling the ledger", actor=self.actor.actor_id)


@lru_cache(maxsize=1024)
def _driver_statement(sql: str, dialect: Dialect) -> tuple[str, tuple[str, ...]]:
    """A statement as the driver takes it, and the order of its values; none where the driver takes them by name.

    Rows by the ten thousand go past SQLAlchemy, which would make an object of each.
    """
    compiled = prepared(sql).compile(dialect=dialect)
    return str(compiled), tuple(getattr(compiled, "positiontup", None) or ())


def _check_fits(line: LedgerLine) -> None:
    text = f"{line.actor}{line.action}{line.purpose}{line.subject}{line.details}"
    if not 0 <= line.count <= _MOST or _UNKEEPABLE.search(text):
        raise InputRefused(
            "the ledger cannot keep this line of action '{action}': its count is out of range or a text holds a "
            "character no database keeps; mend what was sent",
            action=_UNKEEPABLE.sub("?", line.action),
        )
