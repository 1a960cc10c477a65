"""A file that finds rows by their key: where each key's rows begin, and the rows as plain columns (policy 2.2).

The rows stand in the order of the key, which is kept as runs (Arrow's run-end encoding); nothing is compressed, so that
a mapped file gives the rows of a key as a slice of memory. Looking up k of n keys touches k log n numbers and the rows
found, where a Parquet file has to unpack every row group that holds one of the keys: of a city's day with 7 million
visits, those at the places of 50 cases in a hundredth of the time (bench/trace.py).
"""

from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import ipc

from ringfence.store.files import damage_named

Integers: TypeAlias = npt.NDArray[np.int64]


def write_index(path: Path, rows: pa.Table, *, key: str) -> None:
    """Write rows by their key (whole numbers, none of them empty); rows of one key stay in the order they came in.

    Where the rows are files in order one after the other, that takes time with their bytes: sorted runs are merged.
    """
    keys = rows[key].to_numpy()
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    ends = np.flatnonzero(np.append(keys[1:] != keys[:-1], True)[: keys.size]) + 1
    runs = pa.RunEndEncodedArray.from_arrays(pa.array(ends, pa.int32()), pa.array(keys[ends - 1]))
    beside = [name for name in rows.column_names if name != key]
    columns = [runs, *(pa.array(rows[name].to_numpy()[order]) for name in beside)]
    batch = pa.record_batch(columns, names=[key, *beside])
    with pa.OSFile(str(path), "wb") as file, ipc.new_file(file, batch.schema) as writer:
        writer.write_batch(batch)


def find_rows(path: Path, keys: Integers) -> pa.Table:
    """The rows of some keys (sorted, each once), key by key; StoredDamaged where the file is not there or not whole."""
    with damage_named(path), pa.memory_map(str(path)) as mapped:
        [key, *beside], names = _columns(mapped)
        values, ends = key.values.to_numpy(), key.run_ends.to_numpy()
        runs = _find(values, keys)
        starts = np.where(runs > 0, ends[runs - 1], 0).astype(np.int64)
        counts = ends[runs] - starts
        rows = _spread(starts, counts)
        found = [np.repeat(values[runs], counts), *(column.to_numpy()[rows] for column in beside)]
        return pa.table(found, names=names)


def _columns(mapped: pa.MemoryMappedFile) -> tuple[list[pa.Array], list[str]]:
    batch = ipc.open_file(mapped).get_batch(0)
    return batch.columns, batch.schema.names


def _find(values: Integers, keys: Integers) -> Integers:
    """Where those of some keys that are among the values stand."""
    places = np.searchsorted(values, keys)
    inside = places < values.size
    places, keys = places[inside], keys[inside]
    found: Integers = places[values[places] == keys]
    return found


def _spread(starts: Integers, counts: Integers) -> Integers:
    """Every number of ranges, one range after the other."""
    before = np.cumsum(counts) - counts
    return np.repeat(starts - before, counts) + np.arange(counts.sum())
