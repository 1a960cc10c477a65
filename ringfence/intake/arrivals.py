"""What one file brings: its rows with their persons, and what they turn into."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from ringfence.feeds import Format, Known, Provenance
from ringfence.policy import Policy, PolicySet
from ringfence.store import Act, Store
from ringfence.terms import Actor, Area, RecordKind, to_us


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """The accepted rows of one file, and the person of each (int64, shape n) where the format names people."""

    store: Store
    declared: Format
    rows: pa.Table
    persons: pa.Array
    batch_no: int
    actor: Actor
    now: datetime
    known: Known
    policy: PolicySet

    @property
    def areas(self) -> Mapping[str, Area]:
        """The hierarchy by code."""
        return self.known.areas

    @property
    def tested_for(self) -> str:
        """The disease a laboratory's results are about, where they do not say it themselves."""
        return self.today.text("laboratory.tested_for")

    @property
    def provenance(self) -> Provenance:
        """What every record of this file ends in."""
        return Provenance(batch_no=self.batch_no, recorded_at=to_us(self.now))

    def take_numbers(self, name: str, count: int) -> int:
        """The first of so many numbers that nobody else gets."""

        def take(act: Act) -> int:
            act.note("numbers.taken", subject=name, count=count)
            return act.take_numbers(name, count)

        return self.store.act(take, actor=self.actor, now=self.now)

    @property
    def today(self) -> Policy:
        """The policy of the day the file came."""
        return Policy(self.policy, self.store.clock.day_of(self.now))


@dataclass(frozen=True, kw_only=True)
class Effects:
    """What rows turn into: records of the lake, people of the vault, and what to do on the desk in the batch's act."""

    records: Mapping[RecordKind, pa.Table] = field(default_factory=dict)
    people: pa.Table | None = None
    on_desk: Callable[[Act], None] | None = None


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """What became of one file; `is_known` says that it had been received before and changed nothing now."""

    file: str
    format: str
    batch_no: int
    rows: int
    accepted: int
    rejected: int
    newcomers: int = 0
    is_known: bool = False
