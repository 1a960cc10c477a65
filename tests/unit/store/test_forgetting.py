"""Forgetting: no row in either sorted copy, no file on the disk, no key that opens an old one (policy 6.4)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pyarrow as pa
import pytest
from store_rows import DAY, NOW, OFFICER, add, batch, files_under, receive, records, visits

from ringfence.errors import InputRefused, KeysMissing
from ringfence.store import (
    Act,
    Content,
    Store,
    commit_batch,
    end_batch,
    fold_inbox,
    forget_before,
    forget_due,
    forget_in_vault,
    forget_people,
    forgetting,
    merge_people,
    read_batch,
    upkeep,
)
from ringfence.store.forgetting import Drafts, Forgetting, draft_people, files_of, join
from ringfence.terms import Actor, AliasKind, Purpose, Reason, ReasonCode, RecordKind

COPIES = ("by_cell", "by_person")
WHY = Reason.of(ReasonCode.LINK_TIER, tier="id_number")


def people_in(store: Store, copy: str) -> list[int]:
    return sorted(store.lake.read(RecordKind.VISIT, copy=copy)["person"].to_pylist())


def known_files(store: Store) -> list[str]:
    return sorted(file.path for copy in COPIES for file in store.lake.files(RecordKind.VISIT, copy=copy))


def check_disk(store: Store) -> None:
    """The folder of the lake holds what the manifest speaks of and nothing else."""
    assert files_under(store.lake.folder) == [
        row.path for row in store.desk.rows("select path from lake_file order by 1")
    ]


def test_days_past_leave_both_copies_and_the_disk(store: Store) -> None:
    receive(store, RecordKind.VISIT, visits([(DAY + n, 1, n) for n in range(5)]), batch(1))
    receive(store, RecordKind.VISIT, visits([(DAY + n, 1, 10 + n) for n in range(5)], batch=2), batch(2))
    forgotten = forget_before(store, RecordKind.VISIT, day=DAY + 2, actor=OFFICER, now=NOW)
    assert (forgotten.rows, len(forgotten.files)) == (4, 8)
    for copy in COPIES:
        assert people_in(store, copy) == [2, 3, 4, 12, 13, 14]
    check_disk(store)
    [line] = store.desk.rows("select subject, count, details from ledger where action = 'records.forgotten'")
    assert (line.subject, line.count, line.details) == ("visit", 4, f'{{"before_day":{DAY + 2}}}')
    assert forget_before(store, RecordKind.VISIT, day=DAY + 2, actor=OFFICER, now=NOW).rows == 0


def test_days_before_1970_are_days_too(store: Store) -> None:
    receive(store, RecordKind.VISIT, visits([(-3, 1, 1), (0, 1, 2)]), batch(1))
    assert forget_before(store, RecordKind.VISIT, day=0, actor=OFFICER, now=NOW).rows == 1
    assert people_in(store, "by_cell") == [2]


def test_some_people_leave_both_copies_and_the_rest_stays_in_order(store: Store) -> None:
    rows = [(DAY + n % 2, n % 3, 1 + n % 4) for n in range(24)]
    receive(store, RecordKind.VISIT, visits(rows), batch(1))
    forgotten = forget_people(store, RecordKind.VISIT, [2, 3, 99], actor=OFFICER, now=NOW)
    assert forgotten.rows == 12
    for copy in COPIES:
        assert people_in(store, copy) == [1] * 6 + [4] * 6
        left = store.lake.read(RecordKind.VISIT, copy=copy)
        assert sorted(left["row"].to_pylist()) == [row for row, (*_, who) in enumerate(rows, start=1) if who in {1, 4}]
    check_disk(store)


def test_a_file_with_nobody_left_has_no_successor(store: Store) -> None:
    receive(store, RecordKind.VISIT, visits([(DAY, 1, 1), (DAY + 1, 1, 2)]), batch(1))
    forget_people(store, RecordKind.VISIT, [1], actor=OFFICER, now=NOW)
    assert len(known_files(store)) == 2
    check_disk(store)


def test_people_are_forgotten_under_every_number_that_leads_to_them(store: Store) -> None:
    add(store, {"name": "a"}, {"name": "b"}, {"name": "c"})
    receive(store, RecordKind.VISIT, visits([(DAY, 1, 1), (DAY, 1, 2), (DAY, 1, 3)]), batch(1))

    def merge(act: Act) -> None:
        merge_people(act, from_no=2, to_no=1, reason=WHY, kind=AliasKind.MERGED)

    store.act(merge, actor=OFFICER, now=NOW)
    forget_people(store, RecordKind.VISIT, [2], actor=OFFICER, now=NOW)
    forget_in_vault(store, [2], actor=OFFICER, now=NOW)
    for copy in COPIES:
        assert people_in(store, copy) == [3]
    assert who(store) == [3]


def who(store: Store) -> list[int]:
    register = store.read_register(purpose=Purpose("link", "2.1"), actor=OFFICER, now=NOW)
    return sorted(number for found in register for number in found["person_no"].to_pylist())


def test_who_is_forgotten_in_the_vault_leaves_parts_inbox_and_disk_and_the_old_keys_are_shredded(store: Store) -> None:
    add(store, {"name": "a"}, {"name": "b"})
    fold_inbox(store, actor=OFFICER, now=NOW)
    add(store, {"name": "c"}, {"name": "d"})
    [old] = store.vault.parts(Content.PEOPLE)
    copy = (store.vault.folder / old.path).read_bytes()
    assert forget_in_vault(store, [1, 3], actor=OFFICER, now=NOW).rows == 2
    assert who(store) == [2, 4]
    assert files_under(store.vault.folder) == sorted(part.path for part in store.vault.parts(Content.PEOPLE))
    (store.vault.folder / old.path).write_bytes(copy)  # from a backup
    with pytest.raises(KeysMissing, match="was destroyed"):
        store.vault.read_part(old)
    assert store.desk.rows("select wrapped from data_key where key_id = :key", key=old.key_id)[0].wrapped is None
    assert store.read_people([1, 3], purpose=Purpose("a", "1"), actor=OFFICER, now=NOW).num_rows == 0


def test_whoever_reaches_the_inbox_during_a_forgetting_is_forgotten_with_it(store: Store) -> None:
    """The row stands under a number that is being forgotten, put there after the folding."""
    add(store, {"name": "a"})

    def put_again(act: Act) -> None:
        act.run(
            "insert into inbox (person_no, key_id, sealed, recorded_at) "
            "select 1, key_id, wrapped, 1 from data_key where used_for = 'inbox' and wrapped is not null"
        )
        act.note("test.put")

    def fold(store: Store, *, actor: Actor, now: datetime) -> int:
        store.act(put_again, actor=actor, now=now)
        return 0

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(upkeep, "fold_inbox", fold)
        forget_in_vault(store, [1], actor=OFFICER, now=NOW)
    assert store.desk.rows("select person_no from inbox") == []


def test_batches_past_their_time_leave_lake_and_vault_whole(store: Store) -> None:
    receive(store, RecordKind.VISIT, visits([(DAY, 1, 1)]), batch(1, retain_until_day=DAY + 14))
    receive(store, RecordKind.VISIT, visits([(DAY, 1, 2)], batch=2), batch(2, retain_until_day=DAY + 15))
    receive(store, RecordKind.VISIT, visits([(DAY, 1, 3)], batch=3), batch(3))
    raw = [store.vault.stage(Content.RAW, pa.table({"line": ["a"]}), retain_until_day=DAY + n) for n in (14, 15)]

    def commit(act: Act) -> None:
        act.note("raw.kept")
        for staged in raw:
            store.vault.commit(act, staged)

    store.act(commit, actor=OFFICER, now=NOW)
    forgotten = forget_due(store, day=DAY + 15, actor=OFFICER, now=NOW)
    assert (forgotten.rows, len(forgotten.parts)) == (1, 1)
    for copy in COPIES:
        assert people_in(store, copy) == [2, 3]
    check_disk(store)
    assert files_under(store.vault.folder) == [raw[1][0].part.path]
    with pytest.raises(KeysMissing, match="was destroyed"):
        store.keys.read(raw[0][0].part.key_id)
    assert [read_batch(store.desk, f"batch-{n}").status for n in (1, 2, 3)] == [  # type: ignore[union-attr]
        "forgotten", "committed", "committed"
    ]  # fmt: skip


def test_a_forgotten_batch_is_not_taken_again(store: Store) -> None:
    receive(store, RecordKind.VISIT, visits([(DAY, 1, 1)]), batch(1, batch_id="b", retain_until_day=DAY))
    forget_due(store, day=DAY + 1, actor=OFFICER, now=NOW)
    assert not receive(store, RecordKind.VISIT, visits([(DAY, 1, 1)]), batch(2, batch_id="b"))


def test_a_withdrawn_batch_is_forgotten_at_the_end_of_its_time(store: Store) -> None:
    receive(store, RecordKind.VISIT, visits([(DAY, 1, 1)]), batch(1, retain_until_day=DAY))

    def withdraw(act: Act) -> None:
        end_batch(act, 1, status="withdrawn")
        act.note("batch.withdrawn")

    store.act(withdraw, actor=OFFICER, now=NOW)
    forget_due(store, day=DAY + 1, actor=OFFICER, now=NOW)
    assert files_under(store.lake.folder) == []
    forget_people(store, RecordKind.VISIT, [1], actor=OFFICER, now=NOW)


def test_a_batch_committed_in_the_same_group_is_forgotten_too(store: Store) -> None:
    """What the group wrote is not committed yet: a look from outside would miss its files and end the batch anyway."""
    staged = store.lake.stage(RecordKind.VISIT, visits([(DAY, 1, 1)]), batch_no=1)

    def both(act: Act) -> Forgetting:
        commit_batch(act, batch(1, retain_until_day=DAY))
        store.lake.commit(act, staged)
        found = forgetting.find_due(act, store.lake, store.vault, day=DAY + 1)
        forgetting.commit(act, store.lake, store.vault, found)
        forgetting.end_due(act, day=DAY + 1)
        act.note("retention.kept")
        return found

    assert store.act(both, actor=OFFICER, now=NOW).rows == 1
    assert known_files(store) == []


def test_a_batch_that_comes_during_a_forgetting_is_searched_too(store: Store) -> None:
    receive(store, RecordKind.VISIT, visits([(DAY, 1, 1), (DAY, 1, 2)]), batch(1))
    drafts = Drafts(files_of(store.lake, RecordKind.VISIT), lambda file: draft_people(store.lake, file, [1], turn=1))
    receive(store, RecordKind.VISIT, visits([(DAY, 1, 1), (DAY, 1, 3)], batch=2), batch(2))

    def complete(act: Act) -> Forgetting:
        act.note("test.completed")
        return drafts.complete(act)

    found = store.act(complete, actor=OFFICER, now=NOW)
    assert (found.rows, len(found.files), len(found.shortened)) == (2, 4, 4)
    assert drafts.unused() == Forgetting()


def test_a_file_replaced_during_a_forgetting_is_not_brought_back(store: Store) -> None:
    receive(store, RecordKind.VISIT, visits([(DAY, 1, 1), (DAY, 1, 2), (DAY, 1, 3)]), batch(1))
    drafts = Drafts(files_of(store.lake, RecordKind.VISIT), lambda file: draft_people(store.lake, file, [1], turn=77))
    forget_people(store, RecordKind.VISIT, [2], actor=OFFICER, now=NOW)

    def complete(act: Act) -> Forgetting:
        found = drafts.complete(act)
        store.lake.drop(act, found.files)
        store.lake.commit(act, found.shortened)
        act.note("test.completed")
        return found

    store.act(complete, actor=OFFICER, now=NOW)
    for copy in COPIES:
        assert people_in(store, copy) == [3]
    assert len(drafts.unused().shortened) == 2  # drafted for the files that are gone


def test_forgettings_at_once_forget_everybody_asked_for_and_nobody_else(store: Store) -> None:
    receive(store, RecordKind.VISIT, visits([(DAY + n % 3, n % 5, n % 10) for n in range(60)]), batch(1))
    add(store, *({"name": f"n{n}"} for n in range(10)))
    with ThreadPoolExecutor(5) as pool:
        asked = [pool.submit(forget_people, store, RecordKind.VISIT, [n], actor=OFFICER, now=NOW) for n in (1, 3, 5, 7)]
        asked += [pool.submit(forget_in_vault, store, [n], actor=OFFICER, now=NOW) for n in (1, 3, 5, 7)]
        for one in asked:
            one.result()
    for copy in COPIES:
        assert people_in(store, copy) == sorted([0, 2, 4, 6, 8, 9] * 6)
    assert who(store) == [2, 4, 6, 8, 9, 10]
    check_disk(store)


def test_a_sample_of_a_person_is_forgotten_and_one_of_a_place_with_the_same_number_stays(store: Store) -> None:
    rows = [{"subject_kind": kind, "subject": 5, "day": DAY} for kind in ("person", "place", "lot")]
    for n, kind in enumerate((RecordKind.SAMPLE, RecordKind.EXPOSURE_BELOW_CUT), start=1):
        whole = [{**row, "last_day": DAY} if kind is RecordKind.EXPOSURE_BELOW_CUT else row for row in rows]
        fields = [
            {name: value for name, value in row.items() if name in records(kind, []).schema.names} for row in whole
        ]
        receive(store, kind, records(kind, fields, batch=n), batch(n))
        assert forget_people(store, kind, [5], actor=OFFICER, now=NOW).rows == 1
        assert sorted(store.lake.read(kind)["subject_kind"].to_pylist()) == ["lot", "place"]


def test_records_about_nobody_known_are_not_touched(store: Store) -> None:
    receive(store, RecordKind.PASSAGE, records(RecordKind.PASSAGE, [{"day": DAY}, {"day": DAY, "person": 1}]), batch(1))
    forget_people(store, RecordKind.PASSAGE, [1], actor=OFFICER, now=NOW)
    assert store.lake.read(RecordKind.PASSAGE)["person"].to_pylist() == [None]


def test_what_cannot_be_forgotten_that_way_is_said(embedded: Store) -> None:
    with pytest.raises(InputRefused, match="are not kept by day"):
        forget_before(embedded, RecordKind.MEMBERSHIP, day=DAY, actor=OFFICER, now=NOW)
    with pytest.raises(InputRefused, match="hold no persons"):
        forget_people(embedded, RecordKind.COUNT, [1], actor=OFFICER, now=NOW)


def test_joined_forgettings_count_every_row_once() -> None:
    assert join([]) == Forgetting()
    assert join([Forgetting(rows=2), Forgetting(rows=3)]).rows == 5
