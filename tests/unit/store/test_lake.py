"""The lake: batches once, files by kind, day and copy, and damage named (policy 2.1, 6.4)."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_rows import DAY, NOW, OFFICER, add, batch, files_under, receive, records, visits

from ringfence.errors import InputRefused, StoredDamaged
from ringfence.store import Act, Store, commit_batch, end_batch, open_store, read_batch, read_batches
from ringfence.store.days import days_of, split_by_day
from ringfence.terms import CELL_BITS, LAYOUTS, RecordKind, cell

TWO_DAYS = [(DAY, 7, 3), (DAY, 5, 1), (DAY + 1, 5, 2), (DAY + 1, 5, 1)]


def test_the_same_batch_twice_is_there_once_and_leaves_no_second_files(store: Store) -> None:
    rows = visits(TWO_DAYS)
    assert receive(store, RecordKind.VISIT, rows, batch(1, batch_id="checkins-2022-03-01"))
    files = files_under(store.lake.folder)
    assert not receive(store, RecordKind.VISIT, rows, batch(2, batch_id="checkins-2022-03-01"))
    assert store.lake.read(RecordKind.VISIT).num_rows == 4
    assert files_under(store.lake.folder) == files
    assert [one.batch_no for one in read_batches(store.desk)] == [1]
    [known] = store.desk.rows("select subject from ledger where action = 'batch.known'")
    assert known.subject == "batch:2"


def test_the_manifest_keeps_what_was_said_of_a_batch(store: Store) -> None:
    receive(store, RecordKind.VISIT, visits(TWO_DAYS), batch(1, batch_id="b", retain_until_day=DAY + 14))
    found = read_batch(store.desk, "b")
    assert found is not None
    assert (found.batch_no, found.status, found.received_by, found.retain_until_day) == (
        1, "committed", OFFICER.actor_id, DAY + 14
    )  # fmt: skip
    assert found.recorded_at == int(NOW.timestamp()) * 10**6
    assert read_batch(store.desk, "another") is None


def test_a_batch_that_was_never_committed_is_not_there_and_its_files_are_swept(embedded_folder: Path) -> None:
    store = open_store(embedded_folder)
    store.lake.stage(RecordKind.VISIT, visits(TWO_DAYS), batch_no=1)
    assert store.lake.read(RecordKind.VISIT).num_rows == 0
    assert len(files_under(store.lake.folder)) == 4
    store.close()
    store = open_store(embedded_folder)
    assert files_under(store.lake.folder) == []
    store.close()


def test_a_batch_whose_act_fails_is_not_there(store: Store) -> None:
    staged = store.lake.stage(RecordKind.VISIT, visits(TWO_DAYS), batch_no=1)

    def fail(act: Act) -> None:
        commit_batch(act, batch(1))
        store.lake.commit(act, staged)
        act.note("batch.received")
        raise InputRefused("no")

    with pytest.raises(InputRefused):
        store.act(fail, actor=OFFICER, now=NOW)
    assert read_batches(store.desk) == []
    assert store.lake.read(RecordKind.VISIT).num_rows == 0


def test_files_lie_by_kind_and_copy_and_day(embedded: Store) -> None:
    receive(embedded, RecordKind.VISIT, visits(TWO_DAYS), batch(1))
    receive(embedded, RecordKind.MEMBERSHIP, records(RecordKind.MEMBERSHIP, [{"person": 1}], batch=2), batch(2))
    assert files_under(embedded.lake.folder) == [
        "membership/all/always/batch-000000002.parquet",
        f"visit/by_cell/day-{DAY}/batch-000000001.parquet",
        f"visit/by_cell/day-{DAY + 1}/batch-000000001.parquet",
        f"visit/by_person/day-{DAY}/batch-000000001.parquet",
        f"visit/by_person/day-{DAY + 1}/batch-000000001.parquet",
    ]


def test_both_copies_hold_the_same_rows_each_in_its_order(embedded: Store) -> None:
    receive(embedded, RecordKind.VISIT, visits(TWO_DAYS), batch(1))
    by_cell = embedded.lake.read(RecordKind.VISIT)
    by_person = embedded.lake.read(RecordKind.VISIT, copy="by_person")
    assert by_cell["cell"].to_pylist() == [cell(DAY, 5), cell(DAY, 7), cell(DAY + 1, 5), cell(DAY + 1, 5)]
    assert by_cell["person"].to_pylist() == [1, 3, 1, 2]
    assert by_person["person"].to_pylist() == [1, 1, 2, 3]
    order = [("batch", "ascending"), ("row", "ascending")]
    assert by_cell.sort_by(order) == by_person.sort_by(order)


def test_some_days_are_read_without_the_others(embedded: Store) -> None:
    receive(embedded, RecordKind.VISIT, visits([(day, 1, day) for day in range(DAY, DAY + 5)]), batch(1))
    found = embedded.lake.read(RecordKind.VISIT, days=(DAY + 1, DAY + 3))
    assert found["person"].to_pylist() == [DAY + 1, DAY + 2, DAY + 3]


def test_rows_that_sort_alike_lie_in_the_order_they_came(embedded: Store) -> None:
    receive(embedded, RecordKind.VISIT, visits([(DAY, 1, 1)] * 50), batch(1))
    assert embedded.lake.read(RecordKind.VISIT)["row"].to_pylist() == list(range(1, 51))


def test_duckdb_reads_the_day_a_record_says_and_no_column_from_the_folder(embedded: Store) -> None:
    points = records(RecordKind.ROUTE_POINT, [{"person": 1, "day": DAY}])
    receive(embedded, RecordKind.ROUTE_POINT, points, batch(1))
    found = duckdb.execute("select * from read_parquet($paths)", {"paths": embedded.lake.paths(RecordKind.ROUTE_POINT)})
    assert [column[0] for column in found.description] == LAYOUTS[RecordKind.ROUTE_POINT].schema.names


@given(
    rows=st.lists(st.tuples(st.integers(-40_000, 73_000), st.integers(0, 2**32 - 1), st.integers(1, 99)), max_size=60)
)
def test_splitting_by_day_keeps_every_row_under_its_day_in_order(rows: list[tuple[int, int, int]]) -> None:
    split = list(split_by_day(RecordKind.VISIT, visits(rows)))
    days = [day for day, _ in split]
    assert days == sorted({day for day, _, _ in rows})
    for day, part in split:
        assert part["row"].to_pylist() == [row for row, (on, _, _) in enumerate(rows, start=1) if on == day]
        assert {number >> CELL_BITS for number in part["cell"].to_pylist()} == {day}


def test_a_kind_without_days_is_one_part(embedded: Store) -> None:
    rows = records(RecordKind.MEMBERSHIP, [{"person": 1}, {"person": 2}])
    assert [(day, part.num_rows) for day, part in split_by_day(RecordKind.MEMBERSHIP, rows)] == [(None, 2)]
    assert days_of(RecordKind.MEMBERSHIP, rows) is None
    assert embedded.lake.stage(RecordKind.MEMBERSHIP, rows.slice(0, 0), batch_no=1) == []


def test_a_withdrawn_batch_is_out_of_sight_and_stays_known(store: Store) -> None:
    receive(store, RecordKind.VISIT, visits(TWO_DAYS), batch(1, batch_id="b"))

    def withdraw(act: Act) -> bool:
        act.note("batch.withdrawn", subject="batch:1")
        return end_batch(act, 1, status="withdrawn")

    assert store.act(withdraw, actor=OFFICER, now=NOW)
    assert not store.act(withdraw, actor=OFFICER, now=NOW)
    assert store.lake.files(RecordKind.VISIT, copy="by_cell") == []
    assert not receive(store, RecordKind.VISIT, visits(TWO_DAYS), batch(2, batch_id="b"))


def test_staging_a_number_twice_never_writes_over_what_is_committed(embedded: Store) -> None:
    receive(embedded, RecordKind.VISIT, visits([(DAY, 1, 1)]), batch(1))
    again = embedded.lake.stage(RecordKind.VISIT, visits([(DAY, 1, 2)]), batch_no=1)
    assert embedded.lake.read(RecordKind.VISIT)["person"].to_pylist() == [1]
    assert len({file.path for file in again}) == 2
    assert len(files_under(embedded.lake.folder)) == 4


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (visits([(DAY, 1, 1)]).drop_columns(["cell"]), "do not fit its columns"),
        (visits([(DAY, 1, 1)]).set_column(2, "enter_s", pa.array([2**40])), "do not fit its columns"),
        (visits([(DAY, 1, 1)]).set_column(1, "person", pa.array(["zhang"])), "do not fit its columns"),
        (visits([(DAY, 1, 1)]).set_column(0, "cell", pa.array([None], pa.int64())), "1 records .* have no day"),
    ],
)
def test_records_that_do_not_fit_are_refused_and_leave_nothing(embedded: Store, rows: pa.Table, sentence: str) -> None:
    with pytest.raises(InputRefused, match=sentence):
        embedded.lake.stage(RecordKind.VISIT, rows, batch_no=1)
    assert files_under(embedded.lake.folder) == []


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (lambda path: path.unlink(), "is missing from the lake"),
        (lambda path: path.write_bytes(path.read_bytes()[:-1]), "bytes instead of"),
        (lambda path: path.write_bytes(bytes(path.stat().st_size)), "does not open"),
    ],
    ids=["missing", "cut off", "overwritten"],
)
def test_a_file_that_is_not_what_was_written_is_named(embedded: Store, harm: object, sentence: str) -> None:
    receive(embedded, RecordKind.VISIT, visits([(DAY, 1, 1)]), batch(1))
    [path] = embedded.lake.paths(RecordKind.VISIT, copy="by_cell")
    harm(Path(path))  # type: ignore[operator]
    with pytest.raises(StoredDamaged, match=sentence) as error:
        embedded.lake.read(RecordKind.VISIT)
    assert path in str(error.value)


def test_sweeping_leaves_what_the_manifest_speaks_of_and_what_is_young(embedded: Store) -> None:
    receive(embedded, RecordKind.VISIT, visits(TWO_DAYS), batch(1))
    embedded.lake.stage(RecordKind.VISIT, visits(TWO_DAYS), batch_no=2)
    embedded.sweep()
    assert len(files_under(embedded.lake.folder)) == 8
    assert embedded.lake.read(RecordKind.VISIT).num_rows == 4


def test_numbers_are_taken_once_each_and_by_name(store: Store) -> None:
    def take(act: Act) -> tuple[int, int, int, int]:
        act.note("numbers.taken")
        return act.take_numbers("a", 3), act.take_numbers("a", 0), act.take_numbers("a", 1), act.take_numbers("b", 1)

    assert store.act(take, actor=OFFICER, now=NOW) == (1, 4, 4, 1)
    assert add(store, {"name": "a"}) == 1
    with pytest.raises(InputRefused, match="-1 is no count"):
        store.act(lambda act: act.take_numbers("a", -1), actor=OFFICER, now=NOW)
