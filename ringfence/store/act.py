"""An act: one step of work by one actor, its rows and its ledger lines in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from ringfence.errors import NotAllowed
from ringfence.store.desk import prepared
from ringfence.terms import Actor, Purpose

TAKE_NUMBERS = """
insert into counter (name, next_value) values (:name, :count + 1)
on conflict (name) do update set next_value = counter.next_value + :count
returning next_value
"""


@dataclass(frozen=True, kw_only=True)
class LedgerLine:
    """What the ledger says of an act: who, what, why, to how many; the ids are sealed."""

    actor: str
    action: str
    purpose: str
    subject: str
    count: int
    details: dict[str, str | int | float | None]
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

    def run(self, sql: str, **values: object) -> int:
        """Write; how many rows it changed."""
        self.writes += 1
        return self.connection.execute(prepared(sql), values).rowcount

    def run_many(self, sql: str, rows: Sequence[dict[str, Any]]) -> None:
        """Write one statement for many rows."""
        if rows:
            self.writes += 1
            self.connection.execute(prepared(sql), rows)

    def insert(self, sql: str, **values: object) -> int:
        """Write one row with a `returning` clause; the number it got."""
        self.writes += 1
        return int(self.connection.execute(prepared(sql), values).scalar_one())

    def take_numbers(self, name: str, count: int) -> int:
        """The first of `count` numbers nobody else gets; the sequence starts at 1 and may have gaps."""
        self.writes += 1
        after = self.connection.execute(prepared(TAKE_NUMBERS), {"name": name, "count": count}).scalar_one()
        return int(after) - count

    def note(
        self,
        action: str,
        *,
        subject: object = "",
        purpose: Purpose | None = None,
        count: int = 1,
        ids: tuple[int, ...] = (),
        **details: str | float | None,
    ) -> None:
        """Tell the ledger: an action as `noun.verb`, its subject, and details in ids and codes, never names."""
        self.lines.append(
            LedgerLine(
                actor=self.actor.actor_id,
                action=action,
                purpose=purpose.key if purpose else "",
                subject=str(subject),
                count=count,
                details=details,
                ids=ids,
            )
        )

    def check_is_on_record(self) -> None:
        """NotAllowed when something was written that no ledger line speaks of."""
        if self.writes and not self.lines:
            raise NotAllowed("an act by {actor} wrote without telling the ledger", actor=self.actor.actor_id)
