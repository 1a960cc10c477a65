"""A lane's own queue: what a device registered while it was offline, sealed on its disk until the server has it.

Put is durable when it returns. A passage leaves the queue only after the server acknowledged it; killed in between, the
device sends it again and the server knows it by its UUID: so each is registered once. What the server refuses is set
aside, for one passage that is wrong must not keep the others from being sent.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from os import urandom
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ringfence.errors import InputRefused

WAYS = """
pragma journal_mode = wal;
pragma synchronous = full;
pragma secure_delete = on;
create table if not exists waiting (
    place integer primary key autoincrement, passage_id text not null unique, sealed blob not null
);
create table if not exists set_aside (passage_id text primary key, sealed blob not null, why text not null);
"""

PUT = "insert into waiting (passage_id, sealed) values (?, ?) on conflict do nothing"
NEXT = "select passage_id, sealed from waiting order by place limit ?"
SENT = "delete from waiting where passage_id = ?"
SET_ASIDE = "insert or replace into set_aside (passage_id, sealed, why) values (?, ?, ?)"
READ_ASIDE = "select passage_id, sealed, why from set_aside order by passage_id"
COUNT = "select count(*) from waiting"

MOST_AT_ONCE = 100
_NONCE_BYTES = 12

Send = Callable[[Sequence[Mapping[str, Any]]], object]
"""Sends passages, all or none; returns once the server acknowledged them. `Client.register_passages` does."""


@dataclass(frozen=True, kw_only=True)
class SetAside:
    """A passage the server refused, and what it said."""

    passage: Mapping[str, Any]
    why: str


class LaneQueue:
    """The queue of one device, in one file; `key` (32 bytes) is the device's and is not kept beside it."""

    def __init__(self, path: Path, *, key: bytes) -> None:
        self._key = AESGCM(key)
        self._file = sqlite3.connect(path, isolation_level=None)
        self._file.executescript(WAYS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        [(count,)] = self._rows(COUNT)
        return int(count)

    def close(self) -> None:
        """Let go of the file; what waits stays."""
        self._file.close()

    def put(self, passage: Mapping[str, Any]) -> None:
        """Keep a passage (as the API takes it) until it is sent; put twice it waits once."""
        passage_id = str(passage["passage_id"])
        self._file.execute(PUT, (passage_id, self._seal(passage, passage_id)))

    def send(self, send: Send) -> int:
        """Send all that waits, the oldest first, a hundred at a time; how many were acknowledged.

        Whatever `send` raises but a refusal ends it, and what was not acknowledged waits on.
        """
        count = 0
        while waiting := self._rows(NEXT, MOST_AT_ONCE):
            count += self._send_part(waiting, send)
        return count

    def read_set_aside(self) -> list[SetAside]:
        """What the server refused, to be looked at by somebody."""
        return [
            SetAside(passage=self._open(sealed, passage_id), why=why)
            for passage_id, sealed, why in self._rows(READ_ASIDE)
        ]

    def _send_part(self, waiting: Sequence[tuple[str, bytes]], send: Send) -> int:
        """Send some in one request; where that is refused each by itself, so that the wrong one is found."""
        try:
            send([self._open(sealed, passage_id) for passage_id, sealed in waiting])
        except InputRefused as refusal:
            if len(waiting) > 1:
                return sum(self._send_part([one], send) for one in waiting)
            [(passage_id, sealed)] = waiting
            self._forget([passage_id], set_aside=(passage_id, sealed, str(refusal)))
            return 0
        self._forget([passage_id for passage_id, _ in waiting])
        return len(waiting)

    def _forget(self, passage_ids: Sequence[str], *, set_aside: tuple[str, bytes, str] | None = None) -> None:
        self._file.execute("begin immediate")
        if set_aside:
            self._file.execute(SET_ASIDE, set_aside)
        self._file.executemany(SENT, [(one,) for one in passage_ids])
        self._file.execute("commit")

    def _rows(self, sql: str, *values: object) -> list[Any]:
        with closing(self._file.execute(sql, values)) as found:
            return found.fetchall()

    def _seal(self, passage: Mapping[str, Any], passage_id: str) -> bytes:
        nonce = urandom(_NONCE_BYTES)
        return nonce + self._key.encrypt(nonce, msgspec.json.encode(passage), passage_id.encode())

    def _open(self, sealed: bytes, passage_id: str) -> dict[str, Any]:
        plain = self._key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], passage_id.encode())
        opened: dict[str, Any] = msgspec.json.decode(plain)
        return opened
