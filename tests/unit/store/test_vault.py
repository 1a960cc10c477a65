"""The vault: nothing of anybody on the disk in the clear, and the newest of everybody for who may look (policy 6.4)."""

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from store_rows import NOW, OFFICER, add, batch, bytes_under, files_under

from ringfence.errors import KeysMissing, NotAllowed, StoredDamaged, Unusable
from ringfence.store import PEOPLE, Act, Content, Store, commit_batch, fold_inbox, forget_in_vault, open_store
from ringfence.store.rereading import read_listed
from ringfence.terms import SYSTEM, Purpose

ZHANG = {
    "name": "张三丰",
    "sex": "male",
    "birth_date": date(1947, 4, 9),
    "id_number": "14020219470409001X",
    "phone": "13800138000",
    "address": "武当路一号",
    "area_code": "140213",
    "household_no": 12,
    "source_key": "R-77",
    "row": 3,
}
LOOK = Purpose("follow_up", "2.3")


def stage_people(store: Store, people: list[dict[str, Any]]) -> None:
    """People straight into the vault, as a register is received."""
    whole = [{**dict.fromkeys(PEOPLE.names), "recorded_at": 1, **person} for person in people]
    staged = store.vault.stage(Content.PEOPLE, pa.Table.from_pylist(whole, schema=PEOPLE))

    def commit(act: Act) -> None:
        store.vault.commit(act, staged)
        act.note("register.received", count=len(people))

    store.act(commit, actor=OFFICER, now=NOW)


def read(store: Store, *numbers: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = store.read_people(numbers, purpose=LOOK, actor=OFFICER, now=NOW).to_pylist()
    return rows


def test_everything_said_of_a_person_comes_back_from_inbox_and_vault(store: Store) -> None:
    number = add(store, ZHANG)
    waiting = read(store, number)
    assert fold_inbox(store, actor=OFFICER, now=NOW) == 1
    assert read(store, number) == waiting
    [person] = waiting
    assert person == {**ZHANG, "person_no": number, "batch": None, "recorded_at": int(NOW.timestamp()) * 10**6}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_no_name_number_or_address_is_in_any_file(embedded: Store, encoding: str) -> None:
    add(embedded, ZHANG)
    stage_people(embedded, [{**ZHANG, "person_no": 900, "row": 1}])
    embedded.vault.stage(Content.RAW, pa.table({"line": [f"{ZHANG['name']},{ZHANG['phone']}"]}))
    inside = bytes_under(embedded.deployment.folder)
    fold_inbox(embedded, actor=OFFICER, now=NOW)
    read(embedded, 1, 900)
    inside += bytes_under(embedded.deployment.folder)
    assert len(inside) > 100_000
    for value in ZHANG.values():
        if isinstance(value, str) and len(value) > 4:
            assert value.encode(encoding) not in inside, value
    for value in (str(ZHANG["name"]), str(ZHANG["address"])):
        assert value.encode("gb18030") not in inside


def test_the_names_of_the_columns_are_not_in_the_files_either(embedded: Store) -> None:
    stage_people(embedded, [{**ZHANG, "person_no": 900, "row": 1}])
    assert b"id_number" not in bytes_under(embedded.vault.folder)


def test_a_look_is_on_the_ledger_before_anything_is_opened(embedded: Store) -> None:
    stage_people(embedded, [{"person_no": 5, "name": "a"}])
    shutil.rmtree(embedded.vault.folder)
    with pytest.raises(StoredDamaged, match="is missing from the vault"):
        read(embedded, 5)
    [look] = embedded.desk.rows("select purpose, count, sealed_ids from ledger where action = 'people.read'")
    assert (look.purpose, look.count) == ("follow_up", 1)
    assert look.sealed_ids is not None


def test_the_system_itself_looks_at_nobody(embedded: Store) -> None:
    with pytest.raises(NotAllowed, match="the system looks at nobody"):
        embedded.read_people([1], purpose=LOOK, actor=SYSTEM, now=NOW)
    assert not embedded.desk.rows("select seq from ledger where action = 'people.read'")


def test_the_newest_row_of_a_person_counts_wherever_it_lies(store: Store) -> None:
    stage_people(store, [{"person_no": 5, "name": "old", "recorded_at": 10}, {"person_no": 6, "name": "other"}])
    stage_people(store, [{"person_no": 5, "name": "new", "recorded_at": 30}])
    stage_people(store, [{"person_no": 5, "name": "middle", "recorded_at": 20}])
    assert [(row["person_no"], row["name"]) for row in read(store, 6, 5, 5)] == [(5, "new"), (6, "other")]


def test_numbers_nobody_has_give_no_rows(store: Store) -> None:
    stage_people(store, [{"person_no": 5}, {"person_no": 9}])
    assert read(store, 7) == []
    assert read(store) == []


def test_a_register_of_several_parts_is_read_by_number_and_streamed_whole(
    embedded: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ringfence.store.vault.PART_ROWS", 100)
    monkeypatch.setattr("ringfence.store.vault._ROW_GROUP", 20)
    stage_people(embedded, [{"person_no": n, "name": f"n{n}"} for n in range(250, 0, -1)])
    waiting = add(embedded, {"name": "waits"})
    bounds = [(part.first_no, part.last_no, part.row_count) for part in embedded.vault.parts(Content.PEOPLE)]
    assert bounds == [(1, 100, 100), (101, 200, 100), (201, 250, 50)]
    assert [row["name"] for row in read(embedded, 1, 100, 101, 250)] == ["waits", "n100", "n101", "n250"]
    streamed = pa.Table.from_batches(embedded.read_register(purpose=LOOK, actor=OFFICER, now=NOW), PEOPLE)
    assert sorted(streamed["person_no"].to_pylist()) == sorted([*range(1, 251), waiting])
    [look] = embedded.desk.rows("select count from ledger where action = 'register.read'")
    assert look.count == 251


def test_raw_rows_of_a_batch_are_kept_as_they_came(store: Store) -> None:
    rows = pa.table({"line": ["a,b", "c"], "row": pa.array([1, 2], pa.int32())})
    staged = store.vault.stage(Content.RAW, rows, batch_no=1, retain_until_day=5)

    def commit(act: Act) -> None:
        commit_batch(act, batch(1))
        store.vault.commit(act, staged)
        act.note("batch.received")

    store.act(commit, actor=OFFICER, now=NOW)
    [part] = store.vault.parts_of_batch(Content.RAW, 1)
    assert store.vault.read_part(part) == rows
    assert store.vault.parts_of_batch(Content.REJECT, 1) == []
    assert [found.path for found in store.vault.parts_past(6)] == [part.path]
    assert store.vault.parts_past(5) == []


def test_parts_that_were_never_committed_are_swept(embedded_folder: Path) -> None:
    store = open_store(embedded_folder)
    stage_people(store, [{"person_no": 1}])
    staged = store.vault.stage(Content.RAW, pa.table({"line": ["a"]}))
    store.vault.discard(store.vault.stage(Content.RAW, pa.table({"line": ["b"]})))
    assert len(files_under(store.vault.folder)) == 2
    store.close()
    store = open_store(embedded_folder)
    assert files_under(store.vault.folder) == [part.path for part in store.vault.parts(Content.PEOPLE)]
    with pytest.raises(StoredDamaged, match="missing"):
        store.vault.read_part(staged[0].part)
    store.close()


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    "harm",
    [
        lambda path, _: path.write_bytes(path.read_bytes()[:-9]),
        lambda path, _: flip(path, 60),
        lambda path, _: flip(path, path.stat().st_size - 30),
        lambda path, other: shutil.copy(other, path),
    ],
    ids=["cut off", "a page changed", "the footer changed", "another part in its place"],
)
def test_a_part_that_is_not_what_was_written_does_not_open(
    embedded: Store, harm: Callable[[Path, Path], object]
) -> None:
    stage_people(embedded, [{"person_no": 1, "name": "a" * 100}])
    stage_people(embedded, [{"person_no": 2, "name": "b" * 100}])
    first, second = (embedded.vault.folder / part.path for part in embedded.vault.parts(Content.PEOPLE))
    harm(first, second)
    with pytest.raises(StoredDamaged, match="restore it from a backup"):
        read(embedded, 1)
    with pytest.raises(StoredDamaged, match="restore it from a backup"):
        list(embedded.read_register(purpose=LOOK, actor=OFFICER, now=NOW))
    assert [row["person_no"] for row in read(embedded, 2)] == [2]


def test_a_part_under_another_name_does_not_open(embedded: Store) -> None:
    """Its name is bound into every page, so that an old part cannot be put in place of a new one."""
    stage_people(embedded, [{"person_no": 1}])
    [part] = embedded.vault.parts(Content.PEOPLE)
    shutil.copy(embedded.vault.folder / part.path, embedded.vault.folder / "people-x.parquet")
    renamed = type(part)(**{**vars(part), "path": "people-x.parquet"})
    with pytest.raises(StoredDamaged):
        embedded.vault.read_part(renamed)


def test_a_reader_looks_again_when_what_it_listed_was_replaced() -> None:
    listings = iter([["old"], ["new"]])

    def read(listed: list[str]) -> str:
        if listed == ["old"]:
            raise StoredDamaged("gone")
        return "found"

    assert read_listed(lambda: next(listings), read) == "found"


@pytest.mark.parametrize("error", [StoredDamaged("gone"), KeysMissing("gone")])
def test_a_reader_says_what_is_wrong_when_the_listing_still_speaks_of_it(error: Exception) -> None:
    def read(_: str) -> None:
        raise error

    with pytest.raises(type(error), match="gone"):
        read_listed(lambda: "same", read)


def test_people_are_read_while_others_are_forgotten(store: Store) -> None:
    """The part listed first is gone when it is opened; the reader must find its successor."""
    stage_people(store, [{"person_no": 1, "name": "stays"}, {"person_no": 2, "name": "goes"}])
    listed = store.vault.parts(Content.PEOPLE)
    forget_in_vault(store, [2], actor=OFFICER, now=NOW)
    with pytest.raises(StoredDamaged):
        store.vault.read_part(listed[0])
    parts, files = store.vault.open_all(Content.PEOPLE)
    forget_in_vault(store, [1], actor=OFFICER, now=NOW)
    assert [len(found) for found in store.vault.stream(parts, files)] == [1]  # open before, readable to the end


def test_a_part_replaced_by_another_step_is_not_dropped_twice(store: Store) -> None:
    stage_people(store, [{"person_no": 1}])
    [part] = store.vault.parts(Content.PEOPLE)

    def drop(act: Act) -> None:
        act.note("part.dropped")
        store.vault.drop(act, part)

    store.act(drop, actor=OFFICER, now=NOW + timedelta(1))
    with pytest.raises(Unusable, match="was replaced by another step"):
        store.act(drop, actor=OFFICER, now=NOW)
