"""Keys: turned, lost, damaged, wrong and destroyed, one clear sentence each and nothing lost (policy 6.4)."""

import base64
import json
import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest
from store_rows import NOW, OFFICER, add, bytes_under

from ringfence.errors import KeysMissing, StoredDamaged
from ringfence.store import Act, Content, Store, fold_inbox, open_store, rotate_keys, seal, unseal
from ringfence.store.keys import KeyRing, MasterKeys, make_master_keys, read_master_keys
from ringfence.terms import Purpose

T = TypeVar("T")
MASTERS = "select distinct wrapped_by from data_key where destroyed_at is null"


def do(store: Store, work: Callable[[Act], T]) -> T:
    def noted(act: Act) -> T:
        act.note("keys.tested")
        return work(act)

    return store.act(noted, actor=OFFICER, now=NOW)


def names(store: Store) -> list[str]:
    register = store.read_register(purpose=Purpose("link", "2.1"), actor=OFFICER, now=NOW)
    return sorted(row["name"] for found in register for row in found.to_pylist())


def test_everything_is_readable_after_a_rotation_with_one_master_key_left(deployment: Path) -> None:
    store = open_store(deployment)
    add(store, {"name": "folded"})
    fold_inbox(store, actor=OFFICER, now=NOW)
    add(store, {"name": "waits"})
    before = read_master_keys(store.deployment.keys)
    assert rotate_keys(store, actor=OFFICER, now=NOW) == 4  # chaining, sealing, inbox, one vault part
    after = read_master_keys(store.deployment.keys)
    assert after.keys.keys() == {after.current}
    assert before.current not in after.keys
    assert [row.wrapped_by for row in store.desk.rows(MASTERS)] == [after.current]
    store.close()
    store = open_store(deployment)
    assert names(store) == ["folded", "waits"]
    store.verify_ledger()
    store.close()


STEPS: list[Callable[[KeyRing, Act], object]] = [KeyRing.add_master, KeyRing.rewrap, KeyRing.drop_old_masters]


@pytest.mark.parametrize("done", [1, 2, 3])
def test_a_rotation_killed_between_its_steps_leaves_everything_readable_and_can_be_finished(
    deployment: Path, done: int
) -> None:
    store = open_store(deployment)
    add(store, {"name": "a"})
    for step in STEPS[:done]:
        do(store, lambda act, step=step: step(store.keys, act))  # type: ignore[misc]
    store.close()  # and no later step ever runs
    store = open_store(deployment)
    assert names(store) == ["a"]
    add(store, {"name": "b"})
    rotate_keys(store, actor=OFFICER, now=NOW)
    assert len(read_master_keys(store.deployment.keys).keys) == 1
    assert names(store) == ["a", "b"]
    store.verify_ledger()
    store.close()


def test_a_rotation_whose_rewrapping_is_not_committed_leaves_everything_readable(deployment: Path) -> None:
    store = open_store(deployment)
    add(store, {"name": "a"})
    do(store, store.keys.add_master)

    def fail(act: Act) -> None:
        store.keys.rewrap(act)
        raise StoredDamaged("the power went")

    with pytest.raises(StoredDamaged):
        do(store, fail)
    do(store, store.keys.drop_old_masters)  # must keep the old one, for everything still needs it
    store.close()
    store = open_store(deployment)
    assert names(store) == ["a"]
    store.close()


def test_rotations_at_once_drop_no_master_key_that_is_needed(deployment: Path) -> None:
    store = open_store(deployment)
    add(store, {"name": "a"})
    with ThreadPoolExecutor(4) as pool:
        turns = [pool.submit(rotate_keys, store, actor=OFFICER, now=NOW) for _ in range(6)]
        more = [pool.submit(add, store, {"name": f"b{n}"}) for n in range(6)]
        for one in (*turns, *more):
            one.result()
    rotate_keys(store, actor=OFFICER, now=NOW)
    assert len(read_master_keys(store.deployment.keys).keys) == 1
    store.close()
    store = open_store(deployment)
    assert names(store) == ["a", *(f"b{n}" for n in range(6))]
    store.close()


def test_a_reader_that_was_open_before_a_rotation_reads_on(deployment: Path) -> None:
    store = open_store(deployment)
    add(store, {"name": "a"})
    fold_inbox(store, actor=OFFICER, now=NOW)
    reader = open_store(deployment, writes=False)
    rotate_keys(store, actor=OFFICER, now=NOW)
    rotate_keys(store, actor=OFFICER, now=NOW)
    [part] = reader.vault.parts(Content.PEOPLE)
    assert reader.vault.read_part(part)["name"].to_pylist() == ["a"]
    reader.close()
    store.close()


def other_keys() -> str:
    return json.dumps({"current": "m", "keys": {"m": base64.b64encode(bytes(32)).decode()}})


def same_name_other_key(text: str) -> str:
    found = json.loads(text)
    return json.dumps({**found, "keys": {name: base64.b64encode(bytes(32)).decode() for name in found["keys"]}})


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (lambda path: path.unlink(), "is missing; nothing can be opened without it"),
        (lambda path: path.write_text(""), "is damaged"),
        (lambda path: path.write_bytes(b"\xff\xfe"), "is damaged"),
        (lambda path: path.write_text(path.read_text()[:40]), "is damaged"),
        (lambda path: path.write_text("[]"), "is damaged"),
        (lambda path: path.write_text('{"current": "a", "keys": {}}'), "is damaged"),
        (lambda path: path.write_text('{"current": "a", "keys": {"a": "c2hvcnQ="}}'), "is damaged"),
        (lambda path: path.write_text('{"current": "a", "keys": {"a": "!!!"}}'), "is damaged"),
        (lambda path: path.write_text(other_keys()), "lacks master key master-"),
        (lambda path: path.write_text(same_name_other_key(path.read_text())), "is not the one the data was wrapped"),
    ],
    ids=["lost", "empty", "no text", "cut off", "a list", "no current", "short", "no base64", "another's", "changed"],
)
def test_a_key_file_that_is_not_the_right_one_is_one_sentence_and_nothing_is_lost(
    embedded_folder: Path, harm: Callable[[Path], object], sentence: str
) -> None:
    store = open_store(embedded_folder)
    add(store, {"name": "a"})
    fold_inbox(store, actor=OFFICER, now=NOW)
    path = store.deployment.keys
    store.close()
    right, stored = path.read_bytes(), bytes_under(embedded_folder / "vault")
    harm(path)
    with pytest.raises(KeysMissing, match=sentence):
        open_store(embedded_folder)
    assert bytes_under(embedded_folder / "vault") == stored
    path.write_bytes(right)
    store = open_store(embedded_folder)  # and the lease was not kept by the failed ones
    assert names(store) == ["a"]
    store.close()


def test_only_its_owner_may_read_the_key_file(embedded: Store) -> None:
    path = embedded.deployment.keys
    aside = path.with_name(path.name + ".new")
    aside.write_text("left by a killed process")
    aside.chmod(0o666)
    rotate_keys(embedded, actor=OFFICER, now=NOW)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert not aside.exists()


def test_a_key_file_this_user_may_not_read_is_said_to_be_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> bytes:
        raise PermissionError

    monkeypatch.setattr(Path, "read_bytes", refuse)  # the superuser, who may run this, may read every file
    with pytest.raises(KeysMissing, match="may not be read by this user"):
        read_master_keys(tmp_path / "keys.json")


def test_an_existing_key_file_is_never_written_over(tmp_path: Path) -> None:
    make_master_keys(tmp_path / "keys.json")
    before = read_master_keys(tmp_path / "keys.json")
    make_master_keys(tmp_path / "keys.json")
    assert read_master_keys(tmp_path / "keys.json") == before


def test_a_destroyed_key_is_gone_from_desk_and_memory(store: Store) -> None:
    made = do(store, lambda act: store.keys.make(act, "case contact"))
    assert store.keys.read(made.key_id) == made.key
    do(store, lambda act: store.keys.destroy(act, made.key_id))
    with pytest.raises(KeysMissing, match="was destroyed: what it sealed is gone for good"):
        store.keys.read(made.key_id)
    with pytest.raises(KeysMissing, match="the desk holds no key for case contact"):
        store.keys.newest("case contact")
    with pytest.raises(KeysMissing, match="the desk knows no key key-none"):
        store.keys.read("key-none")


def test_a_key_made_in_an_act_can_be_read_in_the_next_act_of_its_group(store: Store) -> None:
    def both(act: Act) -> bytes:
        made = store.keys.make(act, "case contact")
        return store.keys.read(made.key_id)

    assert len(do(store, both)) == 32


def test_no_key_lies_in_the_clear_in_the_desk(embedded: Store) -> None:
    made = do(embedded, lambda act: embedded.keys.make(act, "case contact"))
    inside = bytes_under(embedded.deployment.folder / "desk")
    masters = read_master_keys(embedded.deployment.keys)
    for key in (made.key, *masters.keys.values()):
        assert key not in inside
        assert base64.b64encode(key) not in inside


def test_wrapping_follows_rfc_3394() -> None:
    """The first 256-bit test vector of RFC 3394, section 4.6."""
    kek = bytes.fromhex("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F")
    key = bytes.fromhex("00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F")
    wrapped = "28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21"
    masters = MasterKeys("a", {"a": kek})
    assert masters.wrap(key).hex().upper() == wrapped
    assert masters.unwrap(bytes.fromhex(wrapped), "a") == key


@pytest.mark.parametrize(
    "open_it",
    [
        lambda key, sealed: unseal(key, sealed, place="task/2"),
        lambda _, sealed: unseal(bytes(32), sealed, place="task/1"),
        lambda key, sealed: unseal(key, sealed[:-1] + bytes([sealed[-1] ^ 1]), place="task/1"),
        lambda key, sealed: unseal(key, sealed[:5], place="task/1"),
        lambda key, _: unseal(key, b"", place="task/1"),
    ],
    ids=["moved", "another key", "changed", "cut off", "empty"],
)
def test_what_is_sealed_opens_only_whole_under_its_key_and_at_its_place(
    open_it: Callable[[bytes, bytes], Any],
) -> None:
    key = os.urandom(32)
    sealed = seal(key, b"13800138000", place="task/1")
    assert unseal(key, sealed, place="task/1") == b"13800138000"
    assert seal(key, b"13800138000", place="task/1") != sealed
    with pytest.raises(StoredDamaged, match="does not open"):
        open_it(key, sealed)
