"""Indexes are laid where a day is long, stand beside what comes late, and go with what they were over (6.4)."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from store_rows import DAY, NOW, OFFICER, batch, files_under, receive, visits

from ringfence.store import (
    Act,
    Laid,
    Store,
    end_batch,
    find_rows,
    forget_before,
    forget_people,
    index_lake,
    indexing,
)
from ringfence.terms import RecordKind

COPIES = ("by_cell", "by_person")
LONG_DAY = 20


def index(store: Store) -> int:
    return index_lake(store, actor=OFFICER, now=NOW, progress=lambda _: None, long_day=LONG_DAY)


def laid(store: Store, copy: str = "by_person") -> Laid:
    return store.lake.laid(RecordKind.VISIT, copy=copy)


def send(store: Store, number: int, people: range, *, day: int = DAY) -> None:
    receive(store, RecordKind.VISIT, visits([(day, 7, person) for person in people], batch=number), batch(number))


def people_of(one: Laid) -> list[int]:
    """Whoever of 1 to 99 the indexes know."""
    wanted = np.arange(1, 100)
    return sorted(person for path in one.indexes for person in find_rows(path, wanted)["person"].to_pylist())


def check_disk(store: Store) -> None:
    """The folder of the lake holds what the manifest speaks of and nothing else."""
    known = store.desk.rows("select path from lake_file union all select path from lake_index")
    assert files_under(store.lake.folder) == sorted(row.path for row in known)


def test_a_long_day_is_laid_by_key_in_both_copies_and_a_short_one_is_not(store: Store) -> None:
    send(store, 1, range(1, 31))
    send(store, 2, range(1, 11), day=DAY + 1)
    assert index(store) == 2
    for copy in COPIES:
        [[_, sources]] = laid(store, copy).indexes.items()
        assert len(sources) == 1
        assert len(laid(store, copy).files) == 2
        assert set(laid(store, copy).unindexed) == set(laid(store, copy).files) - set(sources)
    assert people_of(laid(store)) == list(range(1, 31))
    assert index(store) == 0
    check_disk(store)
    lines = store.desk.rows("select subject, count from ledger where action = 'lake.indexed' order by 1")
    assert [tuple(line) for line in lines] == [(f"visit/by_cell/{DAY}", 30), (f"visit/by_person/{DAY}", 30)]


def test_little_that_comes_late_stays_beside_the_index_and_much_is_laid_into_another(store: Store) -> None:
    send(store, 1, range(1, 61))
    index(store)
    send(store, 2, range(61, 63))
    assert index(store) == 0
    assert (people_of(laid(store)), len(laid(store).unindexed)) == (list(range(1, 61)), 1)
    send(store, 3, range(63, 70))
    assert index(store) == 2
    assert (people_of(laid(store)), laid(store).unindexed) == (list(range(1, 70)), ())
    check_disk(store)


def test_many_small_files_beside_an_index_are_laid_into_another(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "MANY_FILES", 2)
    send(store, 1, range(1, 91))
    index(store)
    for number in range(2, 4):
        send(store, number, range(90 + number, 91 + number))
        assert index(store) == 0
    send(store, 4, range(94, 95))
    assert index(store) == 2
    assert laid(store).unindexed == ()


def test_a_withdrawn_batch_takes_its_index_out_of_use(store: Store) -> None:
    send(store, 1, range(1, 31))
    send(store, 2, range(31, 41))
    index(store)

    def withdraw(act: Act) -> None:
        end_batch(act, 2, status="withdrawn")
        act.note("batch.withdrawn", subject="batch:2")

    store.act(withdraw, actor=OFFICER, now=NOW)
    assert (laid(store).indexes, len(laid(store).unindexed)) == ({}, 1)
    assert index(store) == 2
    assert people_of(laid(store)) == list(range(1, 31))


def test_whoever_is_forgotten_is_in_no_index_either(store: Store) -> None:
    send(store, 1, range(1, 31))
    index(store)
    forget_people(store, RecordKind.VISIT, [5], actor=OFFICER, now=NOW)
    assert laid(store).indexes == {}
    check_disk(store)
    index(store)
    assert people_of(laid(store)) == [person for person in range(1, 31) if person != 5]


def test_a_forgotten_day_takes_its_index_with_it(store: Store) -> None:
    send(store, 1, range(1, 31))
    index(store)
    forget_before(store, RecordKind.VISIT, day=DAY + 1, actor=OFFICER, now=NOW)
    assert files_under(store.lake.folder) == []


def test_an_index_that_is_gone_or_not_whole_is_passed_by_and_laid_anew(store: Store) -> None:
    send(store, 1, range(1, 31))
    index(store)
    [path] = laid(store).indexes
    Path(path).write_bytes(Path(path).read_bytes() + b"\0")
    assert (laid(store).indexes, len(laid(store).unindexed)) == ({}, 1)
    assert index(store) == 1
    assert people_of(laid(store)) == list(range(1, 31))
    check_disk(store)


def test_a_file_replaced_while_its_index_is_written_leaves_the_day_for_the_next_time(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(store, 1, range(1, 31))
    act = store.act

    def forget_first(work: Callable[[Act], object], **known: object) -> object:
        monkeypatch.setattr(store, "act", act)
        forget_people(store, RecordKind.VISIT, [5], actor=OFFICER, now=NOW)
        return act(work, **known)

    monkeypatch.setattr(store, "act", forget_first)
    assert index(store) == 1  # by_cell lost the race; by_person came after
    assert laid(store, "by_cell").indexes == {}
    check_disk(store)
