"""What one file brings: its rows with their persons, and what they turn into."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from ringfence.feeds import Feed, Known, Provenance
from ringfence.policy import Policy, PolicySet
from ringfence.store import Act, Store
from ringfence.terms import Actor, Area, ReasonCode, RecordKind, to_us


@dataclass(frozen=True, kw_only=True)
class Reception:
    """Who takes files in, where and when, and what their fields may name."""

    store: Store
    policy: PolicySet
    known: Known
    actor: Actor
    now: datetime

    @property
    def areas(self) -> Mapping[str, Area]:
        """The hierarchy by code."""
        return self.known.areas

    @property
    def today(self) -> Policy:
        """The policy of the day the files came."""
        return Policy(self.policy, self.store.clock.day_of(self.now))

    @property
    def tested_for(self) -> str:
        """The disease a laboratory's results are about, where they do not say it themselves."""
        return self.today.text("laboratory.tested_for")

    def provenance_of(self, batch_no: int) -> Provenance:
        """What every record of a batch ends in."""
        return Provenance(batch_no=batch_no, recorded_at=to_us(self.now))

    def take_numbers(self, name: str, count: int) -> int:
        """The first of so many numbers that nobody else gets."""

        def take(act: Act) -> int:
            act.note("numbers.taken", subject=name, count=count)
            return act.take_numbers(name, count)

        return self.store.act(take, actor=self.actor, now=self.now)


@dataclass(frozen=True, kw_only=True)
class Arrival(Reception):
    """Accepted rows of one file, and the person of each (int64, shape n) where the format names people.

    All of them, or a part of a file whose rows stand alone.
    """

    feed: Feed
    rows: pa.Table
    persons: pa.Array
    batch_no: int

    @property
    def provenance(self) -> Provenance:
        """What every record of this file ends in."""
        return self.provenance_of(self.batch_no)


@dataclass(frozen=True, kw_only=True)
class Effects:
    """What rows turn into: records of the lake, people of the vault, and what to do on the desk in the batch's act."""

    records: Mapping[RecordKind, pa.Table] = field(default_factory=dict)
    people: pa.Table | None = None
    on_desk: Callable[[Act], None] | None = None


@dataclass(frozen=True, kw_only=True)
class Refused:
    """Rows of a file that were rejected for one reason: how many, and the line (from 1) of the first.

    What stood there may be somebody's name and is in the vault only; `column` is empty where the whole line is meant.
    """

    code: ReasonCode
    column: str
    rows: int
    first_row: int


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """What became of one file; `is_known` says that it had been received before and changed nothing now.

    Of a file sent again because some of its rows named what was not known yet, `rows` are those that were still out.
    """

    file: str
    format: str
    batch_no: int
    rows: int
    accepted: int
    rejected: int
    newcomers: int = 0
    is_known: bool = False
    refused: tuple[Refused, ...] = ()
