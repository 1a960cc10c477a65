"""A key's rows by index are the rows of that key, whatever the order they were laid in (policy 2.2)."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.errors import StoredDamaged
from ringfence.store import find_rows, write_index

KEYS = st.integers(-(2**62), 2**62) | st.integers(0, 5)


@given(st.lists(st.tuples(KEYS, st.integers(0, 9))), st.sets(KEYS))
def test_the_rows_of_some_keys_are_found_in_their_order_and_no_others(
    rows: list[tuple[int, int]], keys: set[int]
) -> None:
    table = pa.table({"person": [key for key, _ in rows], "enter_s": [value for _, value in rows]}).cast(
        pa.schema([("person", pa.int64()), ("enter_s", pa.int32())])
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "day-1.arrow"
        write_index(path, table, key="person")
        found = find_rows(path, np.array(sorted(keys), dtype=np.int64))
    expected = sorted(((key, value) for key, value in rows if key in keys), key=lambda row: row[0])
    assert found.schema.types == [pa.int64(), pa.int32()]
    assert list(zip(*found.to_pydict().values(), strict=True)) == expected


def test_what_was_found_outlives_the_file(tmp_path: Path) -> None:
    path = tmp_path / "day-1.arrow"
    write_index(path, pa.table({"cell": np.arange(1000) // 10, "person": np.arange(1000)}), key="cell")
    found = find_rows(path, np.array([7, 99]))
    path.write_bytes(b"\0" * path.stat().st_size)
    assert found["person"].to_pylist() == [*range(70, 80), *range(990, 1000)]


@pytest.mark.parametrize("cut", [0, 1, 100, 500])
def test_a_file_cut_off_or_gone_is_named(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "day-1.arrow"
    with pytest.raises(StoredDamaged, match=r"day-1\.arrow"):
        find_rows(path, np.array([1]))
    write_index(path, pa.table({"cell": np.arange(100), "person": np.arange(100)}), key="cell")
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(StoredDamaged, match=r"day-1\.arrow"):
        find_rows(path, np.array([1]))
