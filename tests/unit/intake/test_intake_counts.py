"""Counts that a feed's words bring together are added up; those of a plain file stand as they are."""

import pyarrow as pa

from ringfence.intake.formats.sentinel_counts import add_up

ROWS = pa.table({
    "row": pa.array([2, 3, 4, 5], pa.int32()),
    "site_id": ["A", "A", "A", "B"],
    "date": pa.array([19_051, 19_051, 19_051, 19_051], pa.int32()).cast(pa.date32()),
    "syndrome": ["antipyretics", "antipyretics", "cough", "antipyretics"],
    "count": pa.array([3, 4, 0, 1], pa.int64()),
    "reported_at": pa.array([9, 9, 9, 9], pa.int64()),
})  # fmt: skip


def test_drugs_of_a_class_are_one_count_on_the_first_line_that_tells_of_them() -> None:
    added = add_up(ROWS)
    assert added.column_names == ROWS.column_names
    said = [(row["row"], row["site_id"], row["syndrome"], row["count"]) for row in added.to_pylist()]
    assert said == [(2, "A", "antipyretics", 7), (4, "A", "cough", 0), (5, "B", "antipyretics", 1)]
