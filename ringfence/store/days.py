"""Cutting records into local days, the way the lake keeps them."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.store.sorting import take
from ringfence.terms import CELL_BITS, LAYOUTS, RecordKind


def days_of(kind: RecordKind, rows: pa.Table) -> pa.ChunkedArray | None:
    """The local day number of each row; None for kinds that are not kept by day."""
    column = LAYOUTS[kind].day_column
    if column is None:
        return None
    days = rows[column]
    return pc.shift_right(days, CELL_BITS) if column == "cell" else days


def split_by_day(kind: RecordKind, rows: pa.Table) -> Iterator[tuple[int | None, pa.Table]]:
    """The rows of each day, in day order; nothing for no rows. They are gathered once, unless all are of one day."""
    if not rows.num_rows:
        return
    days = days_of(kind, rows)
    if days is None:
        yield None, rows
        return
    numbers = np.asarray(days).astype(np.int64)
    since_first = numbers - numbers.min()
    if since_first.any():
        narrow = since_first.astype(np.min_scalar_type(since_first.max()))  # few bits sort by radix
        order = np.argsort(narrow, kind="stable")
        rows, numbers = take(rows, pa.array(order)), numbers[order]
    starts = [0, *(np.flatnonzero(np.diff(numbers)) + 1), len(numbers)]
    for start, end in pairwise(starts):
        yield int(numbers[start]), rows.slice(start, end - start)
