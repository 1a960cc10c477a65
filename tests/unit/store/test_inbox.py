"""The inbox: nobody is lost, doubled or brought back between inbox and vault (policy 2.1, 6.4)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from store_rows import NOW, OFFICER, add, files_under

from ringfence.errors import InputRefused, KeysMissing
from ringfence.store import PEOPLE, Act, Content, Store, fold_inbox, forget_in_vault, inbox
from ringfence.store.inbox import KEY_USE
from ringfence.terms import Purpose

LIVE_INBOX_KEYS = "select key_id from data_key where used_for = 'inbox' and destroyed_at is null"

SPENT_INBOX_KEYS = "select key_id, wrapped from data_key where used_for = 'inbox' and destroyed_at is not null"

PUT_BEFORE_ALL = """
insert into inbox (inbox_no, person_no, key_id, sealed, recorded_at)
select -1, 99, key_id, sealed, recorded_at from inbox
"""


def everybody(store: Store) -> list[tuple[int, str]]:
    register = store.read_register(purpose=Purpose("link", "2.1"), actor=OFFICER, now=NOW)
    return sorted((row["person_no"], row["name"]) for found in register for row in found.to_pylist())


def test_numbers_of_people_added_together_follow_each_other(store: Store) -> None:
    assert add(store, {"name": "a"}, {"name": "b"}) == 1
    assert add(store, {"name": "c"}) == 3
    assert everybody(store) == [(1, "a"), (2, "b"), (3, "c")]


def test_folding_moves_everybody_once_and_leaves_the_inbox_empty(store: Store) -> None:
    add(store, {"name": "a"}, {"name": "b"})
    assert fold_inbox(store, actor=OFFICER, now=NOW) == 2
    assert inbox.count_inbox(store.desk) == 0
    assert fold_inbox(store, actor=OFFICER, now=NOW) == 0
    assert everybody(store) == [(1, "a"), (2, "b")]


def test_whoever_comes_during_a_folding_stays_in_the_inbox(store: Store) -> None:
    add(store, {"name": "a"})
    folding = inbox.stage_folding(store.desk, store.keys, store.vault)
    add(store, {"name": "b"})
    store.act(lambda act: _fold(act, store, folding), actor=OFFICER, now=NOW)
    assert inbox.count_inbox(store.desk) == 1
    assert everybody(store) == [(1, "a"), (2, "b")]


def test_a_folding_that_others_overtook_is_begun_again(store: Store) -> None:
    """Two foldings at once, or one whose people were forgotten meanwhile: the stale one must not commit."""
    add(store, {"name": "a"}, {"name": "b"})
    stale = inbox.stage_folding(store.desk, store.keys, store.vault)
    forget_in_vault(store, [1], actor=OFFICER, now=NOW)
    add(store, {"name": "c"})
    with pytest.raises(inbox.InboxMoved):
        store.act(lambda act: _fold(act, store, stale), actor=OFFICER, now=NOW)
    assert everybody(store) == [(2, "b"), (3, "c")]


def test_a_row_that_appears_before_the_last_one_read_is_not_deleted_with_it(store: Store) -> None:
    """On PostgreSQL a transaction that took its number earlier may commit later."""
    add(store, {"name": "a"})
    folding = inbox.stage_folding(store.desk, store.keys, store.vault)

    def put(act: Act) -> None:
        act.run(PUT_BEFORE_ALL)
        act.note("test.put")

    store.act(put, actor=OFFICER, now=NOW)
    with pytest.raises(inbox.InboxMoved):
        store.act(lambda act: _fold(act, store, folding), actor=OFFICER, now=NOW)
    assert inbox.count_inbox(store.desk) == 2


def test_many_foldings_at_once_keep_everybody_exactly_once(store: Store) -> None:
    def work(n: int) -> None:
        add(store, {"name": f"n{n}"})
        fold_inbox(store, actor=OFFICER, now=NOW)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(24)))
    assert sorted(name for _, name in everybody(store)) == sorted(f"n{n}" for n in range(24))
    known = {part.path for part in store.vault.parts(Content.PEOPLE)}
    assert set(files_under(store.vault.folder)) == known  # what overtaken foldings staged is gone


def test_a_folding_ends_the_key_the_inbox_was_sealed_under(store: Store) -> None:
    [before] = store.desk.rows(LIVE_INBOX_KEYS)
    add(store, {"name": "a"})
    fold_inbox(store, actor=OFFICER, now=NOW)
    [after] = store.desk.rows(LIVE_INBOX_KEYS)
    [spent] = store.desk.rows(SPENT_INBOX_KEYS)
    assert (spent.key_id, spent.wrapped) == (before.key_id, None)
    assert after.key_id != before.key_id
    with pytest.raises(KeysMissing, match="was destroyed"):
        store.keys.read(before.key_id)


def test_a_key_that_somebody_still_waits_under_is_not_ended(store: Store) -> None:
    add(store, {"name": "a"})
    folding = inbox.stage_folding(store.desk, store.keys, store.vault)
    add(store, {"name": "b"})
    store.act(lambda act: _fold(act, store, folding), actor=OFFICER, now=NOW)
    assert len(store.desk.rows(LIVE_INBOX_KEYS)) == 2
    fold_inbox(store, actor=OFFICER, now=NOW)
    assert len(store.desk.rows(LIVE_INBOX_KEYS)) == 1
    assert everybody(store) == [(1, "a"), (2, "b")]


def test_whoever_is_added_in_the_group_of_a_folding_is_sealed_under_the_new_key(store: Store) -> None:
    """The key ends in the same transaction: asked outside it, it still looks alive."""
    add(store, {"name": "a"})
    folding = inbox.stage_folding(store.desk, store.keys, store.vault)

    def both(act: Act) -> None:
        _fold(act, store, folding)
        inbox.add_people(act, store.keys, [{"name": "b"}])

    store.act(both, actor=OFFICER, now=NOW)
    assert everybody(store) == [(1, "a"), (2, "b")]
    fold_inbox(store, actor=OFFICER, now=NOW)
    assert everybody(store) == [(1, "a"), (2, "b")]


@pytest.mark.parametrize(
    ("person", "sentence"),
    [
        ({"nmae": "a"}, "field 'nmae' that the vault does not keep"),
        ({"person_no": 7}, "field 'person_no'"),
        ({"phone": 13_800_138_000}, "field 'phone' .* is not of type string"),
        ({"birth_date": "1947-04-09"}, "field 'birth_date' .* is not of type date32"),
        ({"household_no": 2**63}, "field 'household_no'"),
        ({"name": "\ud800"}, "field 'name'"),
    ],
)
def test_a_person_the_vault_could_not_take_later_is_refused_now(
    store: Store, person: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InputRefused, match=sentence) as error:
        add(store, {"name": "fine"}, person)
    assert error.value.__cause__ is None  # its text would quote the person
    assert "1947" not in str(error.value)
    assert everybody(store) == []


def test_a_date_with_a_time_is_kept_as_its_date(store: Store) -> None:
    add(store, {"birth_date": datetime(1947, 4, 9, 5)})  # noqa: DTZ001 - a date of birth has no zone
    fold_inbox(store, actor=OFFICER, now=NOW)
    [part] = store.vault.parts(Content.PEOPLE)
    assert store.vault.read_part(part)["birth_date"].to_pylist()[0].isoformat() == "1947-04-09"


def test_the_sealed_form_keeps_every_column_of_a_person() -> None:
    assert {field.name for field in inbox._SEALED} | {"person_no", "batch", "row", "recorded_at"} == set(PEOPLE.names)
    assert KEY_USE == "inbox"


def _fold(act: Act, store: Store, folding: inbox.Folding) -> None:
    inbox.fold(act, store.keys, store.vault, folding)
    act.note("inbox.folded", count=len(folding.inbox_nos))
