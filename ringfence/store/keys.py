"""Keys: every store encrypts under data keys of its own, and each data key lies wrapped under a master key.

The master keys stand in one file that belongs to the deployment's custodian (production keeps them behind a key
service; the wrapping below is the only place that touches them). Destroying a data key shreds whatever it sealed, in
every copy. Who writes the file or wraps a key stands in line at the table of data keys: of two processes that turn keys
at once, neither drops a master key the other still wraps under.
"""

import base64
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from sqlalchemy import Row

from ringfence.errors import KeysMissing
from ringfence.store.act import Act
from ringfence.store.desk import Desk, Query
from ringfence.store.files import write_durably
from ringfence.store.sealing import KEY_BYTES, new_key
from ringfence.terms import to_us

INSERT_KEY = """
insert into data_key (key_id, used_for, wrapped, wrapped_by, made_at)
values (:key_id, :used_for, :wrapped, :wrapped_by, :made_at)
"""

READ_KEY = "select key_id, wrapped, wrapped_by from data_key where key_id = :key_id"

NEWEST_KEY = """
select key_id from data_key where used_for = :used_for and destroyed_at is null order by made_at desc, key_id limit 1
"""

LIVE_KEYS = "select key_id, wrapped, wrapped_by from data_key where destroyed_at is null order by key_id"

MASTERS_IN_USE = "select distinct wrapped_by from data_key where destroyed_at is null"

REWRAP_KEY = "update data_key set wrapped = :wrapped, wrapped_by = :wrapped_by where key_id = :key_id"

DESTROY_KEY = """
update data_key set wrapped = null, destroyed_at = :now where key_id = :key_id and destroyed_at is null
"""

WRAPPING = "lock table data_key in row exclusive mode"  # beside others who wrap, never beside one who turns keys

TURNING = "lock table data_key in share row exclusive mode"


@dataclass(frozen=True)
class DataKey:
    """A data key in the clear; never written anywhere as it is."""

    key_id: str
    key: bytes


@dataclass(frozen=True)
class MasterKeys:
    """The master keys of a deployment: the current one wraps, the others can still unwrap."""

    current: str
    keys: dict[str, bytes]

    def wrap(self, key: bytes) -> bytes:
        """RFC 3394."""
        return aes_key_wrap(self.keys[self.current], key)

    def unwrap(self, wrapped: bytes, by: str) -> bytes:
        """The data key; KeysMissing when its master key is not the right one."""
        try:
            return aes_key_unwrap(self.keys[by], wrapped)
        except InvalidUnwrap as error:
            raise KeysMissing(
                "master key {master} in the key file is not the one the data was wrapped with; restore the right file",
                master=by,
            ) from error


def make_master_keys(path: Path) -> None:
    """A new key file with one master key; a file that is there already stays, for something may need it."""
    if not path.exists():
        _write_master_keys(path, _with_new_current({}))


def read_master_keys(path: Path) -> MasterKeys:
    """The master keys in a file; KeysMissing when it is not there or not readable."""
    try:
        found = json.loads(path.read_bytes())
        keys = {name: base64.b64decode(key, validate=True) for name, key in found["keys"].items()}
        is_whole = found["current"] in keys and all(len(key) == KEY_BYTES for key in keys.values())
    except FileNotFoundError as error:
        raise KeysMissing(
            "the key file {path} is missing; nothing can be opened without it: restore the custodian's copy", path=path
        ) from error
    except PermissionError as error:
        raise KeysMissing("the key file {path} may not be read by this user; mend its rights", path=path) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(path) from error
    if not is_whole:
        raise _damaged(path)
    return MasterKeys(found["current"], keys)


def _damaged(path: Path) -> KeysMissing:
    return KeysMissing("the key file {path} is damaged; restore the custodian's copy", path=path)


def _with_new_current(keys: dict[str, bytes]) -> MasterKeys:
    name = f"master-{secrets.token_hex(4)}"
    return MasterKeys(name, {**keys, name: new_key()})


def _write_master_keys(path: Path, masters: MasterKeys) -> None:
    keys = {name: base64.b64encode(key).decode() for name, key in masters.keys.items()}
    write_durably(path, json.dumps({"current": masters.current, "keys": keys}, indent=2).encode())


def fresh_key() -> DataKey:
    """A data key nobody has used; it lasts once `KeyRing.keep` has put it into the desk."""
    return DataKey(f"key-{secrets.token_hex(12)}", new_key())


class KeyRing:
    """The deployment's data keys, unwrapped as they are needed and held in memory only."""

    def __init__(self, path: Path, desk: Desk) -> None:
        self._path = path
        self._desk = desk
        self._masters = read_master_keys(path)
        self._open: dict[str, bytes] = {}
        for (by,) in desk.rows(MASTERS_IN_USE):
            self._master_file_with(by)

    def make(self, act: Act, used_for: str) -> DataKey:
        """A new data key, kept in this act."""
        made = fresh_key()
        self.keep(act, made, used_for=used_for)
        return made

    def keep(self, act: Act, data_key: DataKey, *, used_for: str) -> None:
        """Put a fresh data key into the desk, wrapped."""
        act.stand_in_line(WRAPPING)
        self._masters = read_master_keys(self._path)
        act.run(
            INSERT_KEY,
            key_id=data_key.key_id,
            used_for=used_for,
            wrapped=self._masters.wrap(data_key.key),
            wrapped_by=self._masters.current,
            made_at=to_us(act.now),
        )
        self._open[data_key.key_id] = data_key.key  # a later act of the same group may read what is not committed yet

    def read(self, key_id: str) -> bytes:
        """A data key by id; KeysMissing when it was destroyed or cannot be unwrapped."""
        if key_id not in self._open:
            self._open[key_id] = self._unwrapped(self._desk.rows(READ_KEY, key_id=key_id), key_id)
        return self._open[key_id]

    def newest(self, used_for: str, *, ask: Query | None = None) -> DataKey:
        """The newest live data key of a use; KeysMissing when there is none.

        An act passes its own `rows`: only they know what the acts before it in its group made or destroyed.
        """
        rows = (ask or self._desk.rows)(NEWEST_KEY, used_for=used_for)
        if not rows:
            raise KeysMissing("the desk holds no key for {used_for}; restore it from a backup", used_for=used_for)
        return DataKey(rows[0].key_id, self.read(rows[0].key_id))

    def destroy(self, act: Act, key_id: str) -> None:
        """Make everything sealed under a data key unreadable, wherever a copy of it may lie."""
        act.run(DESTROY_KEY, key_id=key_id, now=to_us(act.now))
        self.close_key(key_id)

    def close_key(self, key_id: str) -> None:
        """Forget an opened key: whoever wants it must ask the desk again."""
        self._open.pop(key_id, None)

    def add_master(self, act: Act) -> None:
        """First step of a rotation: a new current master key in the file, the old ones still beside it."""
        act.stand_in_line(TURNING)
        self._write(_with_new_current(read_master_keys(self._path).keys))

    def rewrap(self, act: Act) -> int:
        """Second step: every live data key wrapped under the current master key; how many changed."""
        act.stand_in_line(TURNING)
        self._masters = read_master_keys(self._path)
        stale = [row for row in act.rows(LIVE_KEYS) if row.wrapped_by != self._masters.current]
        for row in stale:
            wrapped = self._masters.wrap(self._unwrapped([row], row.key_id))
            act.run(REWRAP_KEY, key_id=row.key_id, wrapped=wrapped, wrapped_by=self._masters.current)
        return len(stale)

    def drop_old_masters(self, act: Act) -> None:
        """Last step, in an act after the rewrapping is committed: only master keys that are needed stay in the file."""
        act.stand_in_line(TURNING)
        masters = read_master_keys(self._path)
        needed = {masters.current} | {row.wrapped_by for row in act.rows(MASTERS_IN_USE)}
        self._write(MasterKeys(masters.current, {name: masters.keys[name] for name in masters.keys if name in needed}))

    def _write(self, masters: MasterKeys) -> None:
        _write_master_keys(self._path, masters)
        self._masters = masters

    def _unwrapped(self, rows: Sequence[Row[Any]], key_id: str) -> bytes:
        if not rows:
            raise KeysMissing("the desk knows no key {key}; restore it from a backup", key=key_id)
        [row] = rows
        if row.wrapped is None:
            raise KeysMissing("key {key} was destroyed: what it sealed is gone for good, as promised", key=key_id)
        return self._master_file_with(row.wrapped_by).unwrap(bytes(row.wrapped), row.wrapped_by)

    def _master_file_with(self, name: str) -> MasterKeys:
        """The master keys, read again when one is unknown: another process may have turned them."""
        if name not in self._masters.keys:
            self._masters = read_master_keys(self._path)
        if name not in self._masters.keys:
            raise KeysMissing(
                "the key file {path} lacks master key {master}; restore it from the custodian's copy",
                path=self._path,
                master=name,
            )
        return self._masters
