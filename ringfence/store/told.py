"""What the ledger tells others outside: lines of some kinds in their order, from a place in a chain on.

The ledger is written in the transaction of every act, so whoever is told from it is told of all that happened and of
nothing that did not.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from ringfence.store.desk import Desk
from ringfence.store.ledger import LedgerKeys, read_ids
from ringfence.terms import from_us

# One step of an index for each chain, however long they are.
CHAIN_ENDS = """
with recursive step (chain) as (
    select min(chain) from ledger
    union all
    select (select min(l.chain) from ledger l where l.chain > step.chain) from step where step.chain is not null
)
select chain, (select max(l.seq) from ledger l where l.chain = step.chain) as seq
from step where chain is not null
"""

LINES_BEHIND = """
select chain, seq, recorded_at, action, subject, count as n, sealed_ids
from ledger where chain = :chain and seq > :seq order by seq limit :most
"""


@dataclass(frozen=True, kw_only=True)
class Told:
    """A line of the ledger with its ids opened; chain and number name it."""

    chain: int
    seq: int
    happened_at: datetime
    action: str
    subject: str
    count: int
    ids: tuple[int, ...]


def read_chain_ends(desk: Desk) -> dict[int, int]:
    """The number of the last line of every chain."""
    return {row.chain: row.seq for row in desk.rows(CHAIN_ENDS)}


def read_told(
    desk: Desk, keys: LedgerKeys, *, behind: Mapping[int, int], actions: Collection[str], most: int
) -> tuple[list[Told], dict[int, int]]:
    """Lines of some actions behind a place in each chain, and how far each chain was read; at most `most` of each."""
    told, reached = [], dict(behind)
    for chain, seq in sorted(behind.items()):
        rows = desk.rows(LINES_BEHIND, chain=chain, seq=seq, most=most)
        reached[chain] = rows[-1].seq if rows else seq
        for row in rows:
            if row.action in actions:
                sealed = row.sealed_ids
                ids = () if sealed is None else read_ids(keys, chain=chain, seq=row.seq, sealed=bytes(sealed))
                told.append(
                    Told(
                        chain=chain,
                        seq=row.seq,
                        happened_at=from_us(row.recorded_at),
                        action=row.action,
                        subject=row.subject,
                        count=row.n,
                        ids=tuple(ids),
                    )
                )
    return told, reached
