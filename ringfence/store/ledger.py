"""The ledger: who did and who looked, each line bound to the one before it by a keyed hash (policy 6.4).

Each writing process has a chain of its own, so that processes do not wait for each other; heads are signed and handed
out, for cutting off the end of a chain shows only against a head somebody else holds.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ringfence.errors import LedgerBroken
from ringfence.store.act import LedgerLine
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

READ_LINES = """
select chain, seq, recorded_at, actor, action, purpose, subject, count, details, sealed_ids, mac
from ledger where chain = :chain and seq > :after order by seq limit :page
"""

RECENT_LINES = """
select chain, seq, recorded_at, actor, action, purpose, subject, count, details
from ledger order by recorded_at desc, chain, seq desc limit :page
"""

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


def _mac(keys: LedgerKeys, previous: bytes, row: dict[str, object]) -> bytes:
    sealed = row["sealed_ids"]
    fields = [row[name] for name in ("chain", "seq", "recorded_at", "actor", "action", "purpose", "subject", "count")]
    ids = hashlib.sha256(sealed).hexdigest() if isinstance(sealed, bytes) else None
    text = json.dumps([*fields, row["details"], ids], ensure_ascii=False, separators=(",", ":"))
    return hmac.digest(keys.chaining, previous + text.encode(), "sha256")


class Chain:
    """The one chain this process writes; the head moves on when the transaction is committed."""

    def __init__(self, keys: LedgerKeys, chain: int, desk: Desk) -> None:
        self._keys = keys
        self._chain = chain
        found = desk.rows(READ_HEAD, chain=chain)
        self._head = Head(chain, found[0].seq, bytes(found[0].mac)) if found else Head(chain, 0, START)

    def append(self, connection: Connection, lines: Iterable[tuple[datetime, LedgerLine]]) -> Head:
        """Write lines after the head; the head they lead to, to be kept once they are committed."""
        head, rows = self._head, []
        for recorded_at, line in lines:
            row = self._row(head.seq + 1, recorded_at, line)
            head = Head(self._chain, head.seq + 1, _mac(self._keys, head.mac, row))
            rows.append({**row, "mac": head.mac})
        if rows:
            connection.execute(prepared(INSERT_LINE), rows)
        return head

    def keep(self, head: Head) -> None:
        """The transaction that led to this head is committed."""
        self._head = head

    def _row(self, seq: int, recorded_at: datetime, line: LedgerLine) -> dict[str, object]:
        details = json.dumps(line.details, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        ids = json.dumps(line.ids, separators=(",", ":")).encode()
        place = f"ledger/{self._chain}/{seq}"
        return {
            "chain": self._chain,
            "seq": seq,
            "recorded_at": to_us(recorded_at),
            "actor": line.actor,
            "action": line.action,
            "purpose": line.purpose,
            "subject": line.subject,
            "count": line.count,
            "details": details,
            "sealed_ids": seal(self._keys.sealing, ids, place=place) if line.ids else None,
        }


def read_heads(desk: Desk) -> list[Head]:
    """The head of every chain."""
    return [Head(row.chain, row.seq, bytes(row.mac)) for row in desk.rows(READ_HEADS)]


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
    heads = {head.chain: head for head in read_heads(desk)}
    for chain in sorted(heads.keys() | expected.keys()):
        heads[chain] = _verify_chain(desk, keys, chain, expected.get(chain, {}))
    return [heads[chain] for chain in sorted(heads)]


def _verify_chain(desk: Desk, keys: LedgerKeys, chain: int, expected: dict[int, bytes]) -> Head:
    seq, mac = 0, START
    while rows := desk.rows(READ_LINES, chain=chain, after=seq, page=_PAGE):
        for row in rows:
            fields = row._asdict()
            if fields["sealed_ids"] is not None:
                fields["sealed_ids"] = bytes(fields["sealed_ids"])
            if row.seq != seq + 1 or not hmac.compare_digest(bytes(row.mac), _mac(keys, mac, fields)):
                _break(chain, seq + 1)
            seq, mac = row.seq, bytes(row.mac)
            if seq in expected and not hmac.compare_digest(expected[seq], mac):
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


def _break(chain: int, seq: int) -> None:
    raise LedgerBroken(
        "chain {chain} of the ledger does not hold at line {seq}: it was changed, moved or removed; "
        "restore the desk from a backup and compare",
        chain=chain,
        seq=seq,
    )
