"""However records are sorted, packed into one number or column by column, they stand as Arrow sorts them."""

import numpy as np
import pyarrow as pa
import pytest

from ringfence.store.days import split_by_day
from ringfence.store.sorting import put_in_order, take
from ringfence.terms import CELL_BITS, LAYOUTS, RecordKind

COPIES = LAYOUTS[RecordKind.VISIT].copies


def visits(count: int, *, seed: int, batches: int = 1, far: bool = False) -> pa.Table:
    """Some visits, many of them alike; `far` spreads places and persons so widely that they fit into no 63 bits."""
    dice = np.random.default_rng(seed)
    places, persons = (2**31, 2**40) if far else (5, 7)
    row = dice.permutation(count) if batches > 1 else np.arange(count)
    columns = {
        "cell": (dice.integers(19_000, 19_003, count) << CELL_BITS) | dice.integers(0, places, count),
        "person": dice.integers(1, persons, count),
        "enter_s": dice.integers(0, 86_400, count) // 20_000,
        "stay_s": dice.integers(60, 9_000, count),
        "source": np.ones(count, dtype=np.int64),
        "batch": dice.integers(1, batches + 1, count),
        "row": row,
        "recorded_at": np.full(count, 1_646_000_000_000_000),
    }
    return pa.table(columns).cast(LAYOUTS[RecordKind.VISIT].schema)


@pytest.mark.parametrize("copy", COPIES, ids=lambda copy: copy.name)
@pytest.mark.parametrize(
    "rows",
    [visits(0, seed=1), visits(1, seed=1), visits(500, seed=2), visits(500, seed=3, batches=3),
     visits(500, seed=4, far=True)],
    ids=["none", "one", "as they came", "of three batches", "too wide to pack"],
)  # fmt: skip
def test_rows_stand_as_arrow_sorts_them_column_by_column(rows: pa.Table, copy: object) -> None:
    [chosen] = [one for one in COPIES if one == copy]
    keys = [(name, "ascending") for name in (*chosen.sorted_by, "batch", "row")]
    assert put_in_order(rows, chosen).to_pylist() == rows.sort_by(keys).to_pylist()


def test_what_is_empty_stands_last_as_arrow_puts_it() -> None:
    [copy] = LAYOUTS[RecordKind.NAMED_CONTACT].copies
    schema = LAYOUTS[RecordKind.NAMED_CONTACT].schema
    rows = pa.Table.from_pylist([{"person": None, "row": 0}, {"person": 3, "row": 1}, {"person": 1, "row": 2}], schema)
    assert put_in_order(rows, copy)["person"].to_pylist() == [1, 3, None]


def test_days_are_cut_from_rows_in_any_order_and_lose_none() -> None:
    rows = visits(200, seed=5)
    parts = list(split_by_day(RecordKind.VISIT, rows))
    assert [day for day, _ in parts] == [19_000, 19_001, 19_002]
    assert all(set(np.asarray(part["cell"]) >> CELL_BITS) == {day} for day, part in parts)
    assert sorted(number for _, part in parts for number in part["row"].to_pylist()) == list(range(200))


def test_a_column_that_is_the_same_everywhere_is_as_long_as_the_others() -> None:
    rows = visits(9, seed=6)
    assert take(rows, pa.array([4, 2])).to_pylist() == rows.take([4, 2]).to_pylist()
