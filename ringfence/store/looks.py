"""Looks at people, as the ledger has them: who looked, when, what for, and at whom (policy 6.4).

The ids in a line are sealed; they are opened here for those who watch over looks, and for the person they are about.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ringfence.store.desk import Desk
from ringfence.store.ledger import LedgerKeys, read_ids
from ringfence.terms import PersonNo, from_us, to_us

# A look has a purpose, whatever it was called; one at nobody in particular has no ids.
LOOKS = """
select chain, seq, recorded_at, actor, action, purpose, sealed_ids
from ledger
where purpose <> '' and sealed_ids is not null and recorded_at >= :since and recorded_at < :until
order by recorded_at, chain, seq
"""


@dataclass(frozen=True, kw_only=True)
class Look:
    """One line of the ledger about looking at people; chain and number name it."""

    chain: int
    seq: int
    looked_at: datetime
    actor: str
    action: str
    purpose: str
    people: frozenset[PersonNo]


def read_looks(desk: Desk, keys: LedgerKeys, *, since: datetime, until: datetime) -> Iterator[Look]:
    """Every look from one instant up to, and without, another, in order."""
    for row in desk.rows(LOOKS, since=to_us(since), until=to_us(until)):
        yield Look(
            chain=row.chain,
            seq=row.seq,
            looked_at=from_us(row.recorded_at),
            actor=row.actor,
            action=row.action,
            purpose=row.purpose,
            people=frozenset(read_ids(keys, chain=row.chain, seq=row.seq, sealed=bytes(row.sealed_ids))),
        )
