"""The ledger: who did and who looked, each line bound to the one before it by a keyed hash (policy 6.4).

Each writing process has a chain of its own, so that processes do not wait for each other; heads are signed and handed
out, for cutting off the end of a chain shows only against a head somebody else holds.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ringfence.errors import LedgerBroken
from ringfence.store.act import LedgerLine, encode_json
from ringfence.store.desk import Desk, prepared
from ringfence.store.sealing import seal, unseal
from ringfence.terms import to_us

INSERT_LINE = """
insert into ledger (chain, seq, recorded_at, actor, action, purpose, subject, count, details, sealed_ids, mac)
values (:chain, :seq, :recorded_at, :actor, :action, :purpose, :subject, :count, :details, :sealed_ids, :mac)
"""

READ_HEAD = "select seq, mac from ledger where chain = :chain order by seq desc limit 1"

READ_HEADS = """
select l.chain, l.seq, l.mac
from ledger l join (select chain, max(seq) as seq from ledger group by chain) h on h.chain = l.chain and h.seq = l.seq
order by l.chain
"""

READ_CHAINS = "select distinct chain from ledger"

READ_LINES = """
select chain, seq, recorded_at, actor, action, purpose, subject, count, details, sealed_ids, mac
from ledger where chain = :chain and seq > :after order by seq limit :page
"""

RECENT_LINES = """
select chain, seq, recorded_at, actor, action, purpose, subject, count, details
from ledger order by recorded_at desc, chain, seq desc limit :page
"""

_CHAINED = ("chain", "seq", "recorded_at", "actor", "action", "purpose", "subject", "count", "details")
_PAGE = 20_000
START = bytes(32)


@dataclass(frozen=True)
class LedgerKeys:
    """One key chains the lines, the other seals the ids in them."""

    chaining: bytes
    sealing: bytes


@dataclass(frozen=True)
class Head:
    """The last line of a chain: whoever holds it can tell later that nothing before it is gone."""

    chain: int
    seq: int
    mac: bytes


def _mac(keys: LedgerKeys, previous: bytes, row: Mapping[str, object]) -> bytes:
    sealed = row["sealed_ids"]
    fields = [row[name] for name in _CHAINED]
    ids = None if sealed is None else hashlib.sha256(_blob(sealed)).hexdigest()
    text = encode_json([*fields, ids])
    return hmac.digest(keys.chaining, previous + text.encode(), "sha256")


def _blob(found: object) -> bytes:
    """The bytes of a column; TypeError for anything else, which only a tampered SQLite column can hold."""
    if not isinstance(found, bytes | memoryview):
        raise TypeError(found)
    return bytes(found)


def append_lines(
    connection: Connection, keys: LedgerKeys, lines: Sequence[tuple[datetime, LedgerLine]], *, chain: int
) -> None:
    """Write lines at the end of a chain, in a transaction that alone may write to it.

    The head is read where it is written, never remembered: after a commit whose answer was lost nobody knows which
    head there is but the database.
    """
    if not lines:
        return
    head, rows = _read_head(connection, chain), []
    for recorded_at, line in lines:
        row = _row(keys, line, chain=chain, seq=head.seq + 1, recorded_at=recorded_at)
        head = Head(chain, head.seq + 1, _mac(keys, head.mac, row))
        rows.append({**row, "mac": head.mac})
    connection.execute(prepared(INSERT_LINE), rows)


def _read_head(connection: Connection, chain: int) -> Head:
    found = connection.execute(prepared(READ_HEAD), {"chain": chain}).all()
    return Head(chain, found[0].seq, bytes(found[0].mac)) if found else Head(chain, 0, START)


def _row(keys: LedgerKeys, line: LedgerLine, *, chain: int, seq: int, recorded_at: datetime) -> dict[str, object]:
    return {
        "chain": chain,
        "seq": seq,
        "recorded_at": to_us(recorded_at),
        "actor": line.actor,
        "action": line.action,
        "purpose": line.purpose,
        "subject": line.subject,
        "count": line.count,
        "details": line.details,
        "sealed_ids": _seal_ids(keys, line, chain=chain, seq=seq) if line.ids else None,
    }


def _seal_ids(keys: LedgerKeys, line: LedgerLine, *, chain: int, seq: int) -> bytes:
    return seal(keys.sealing, encode_json(line.ids).encode(), place=f"ledger/{chain}/{seq}")


def read_heads(desk: Desk) -> list[Head]:
    """The head of every chain."""
    return [Head(row.chain, row.seq, bytes(row.mac)) for row in desk.rows(READ_HEADS)]


def read_recent_lines(desk: Desk, *, count: int) -> list[dict[str, Any]]:
    """The last lines of all chains, newest first; what is sealed in them stays sealed."""
    return [row._asdict() for row in desk.rows(RECENT_LINES, page=count)]


def read_ids(keys: LedgerKeys, *, chain: int, seq: int, sealed: bytes) -> list[int]:
    """The sealed id list of one line."""
    ids: list[int] = json.loads(unseal(keys.sealing, sealed, place=f"ledger/{chain}/{seq}"))
    return ids


def verify_chains(desk: Desk, keys: LedgerKeys, *, witnessed: Iterable[Head] = ()) -> list[Head]:
    """The heads of all chains, every line recomputed; LedgerBroken at the first line that does not hold.

    `witnessed` are heads somebody else kept: a chain must still contain each of them. Cost: one pass over the ledger.
    """
    expected: dict[int, dict[int, bytes]] = {}
    for head in witnessed:
        expected.setdefault(head.chain, {})[head.seq] = head.mac
    chains = {row.chain for row in desk.rows(READ_CHAINS)} | expected.keys()
    return [_verify_chain(desk, keys, chain, expected.get(chain, {})) for chain in sorted(chains, key=str)]


def _verify_chain(desk: Desk, keys: LedgerKeys, chain: int, expected: dict[int, bytes]) -> Head:
    seq, mac = 0, START
    while rows := desk.rows(READ_LINES, chain=chain, after=seq, page=_PAGE):
        for row in rows:
            if row.seq != seq + 1 or not _holds(keys, mac, row._mapping):  # noqa: SLF001 - public, named so by namedtuple
                _break(chain, seq + 1)
            seq, mac = row.seq, bytes(row.mac)
            if not hmac.compare_digest(expected.get(seq, mac), mac):
                _break(chain, seq)
    if expected and max(expected) > seq:
        raise LedgerBroken(
            "chain {chain} of the ledger ends at line {seq}, but a signed head speaks of line {head}: its end was cut "
            "off; restore the desk from a backup and compare",
            chain=chain,
            seq=seq,
            head=max(expected),
        )
    return Head(chain, seq, mac)


def _holds(keys: LedgerKeys, previous: bytes, row: Mapping[Any, Any]) -> bool:
    try:
        return hmac.compare_digest(_blob(row["mac"]), _mac(keys, previous, row))
    except (TypeError, ValueError):
        return False  # a tampered column need not even keep its type


def _break(chain: int, seq: int) -> None:
    raise LedgerBroken(
        "chain {chain} of the ledger does not hold at line {seq}: it was changed, moved or removed; "
        "restore the desk from a backup and compare",
        chain=chain,
        seq=seq,
    )
