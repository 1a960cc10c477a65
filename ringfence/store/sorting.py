"""The order of records in a copy: integers are packed into one number a row and sorted once (policy 2.2)."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.terms import Copy

_PROVENANCE = ("batch", "row")
"""Settles the order of rows that are otherwise alike."""

_BITS = 63

Integers = npt.NDArray[np.int64]


def find_order(rows: pa.Table, copy: Copy) -> pa.Array:
    """Where each row of a copy stands among some rows (shape n): by its columns, then as the rows came in.

    Several columns are several passes over the rows. Where they are integers that fit into 63 bits beside each other,
    as a day's places, seconds and persons do, they are one number and one pass; else Arrow sorts by each.
    """
    columns = copy.sorted_by if _is_in_order(rows) else (*copy.sorted_by, *_PROVENANCE)
    packed = _pack([rows[name] for name in columns])
    if packed is None:
        return pc.sort_indices(rows, sort_keys=[(name, "ascending") for name in columns])
    return pa.array(np.argsort(packed, kind="stable"))


def put_in_order(rows: pa.Table, copy: Copy) -> pa.Table:
    """Rows in the order of a copy."""
    return take(rows, find_order(rows, copy))


def take(rows: pa.Table, order: pa.Array) -> pa.Table:
    """Rows in another order, or some of them; a column that says the same everywhere is cut instead of gathered."""
    if not rows.num_rows:
        return rows.slice(0, 0)
    columns = [
        pa.chunked_array([_cut(column, len(order))]) if _is_constant(column) else column.take(order)
        for column in rows.columns
    ]
    return pa.table(columns, schema=rows.schema)


def _cut(column: pa.ChunkedArray, count: int) -> pa.Array:
    return pa.repeat(column[0], count)


def _is_constant(column: pa.ChunkedArray) -> bool:
    if not pa.types.is_integer(column.type) or column.null_count:
        return False
    least, most = _bounds(column)
    return least == most


def _bounds(column: pa.ChunkedArray) -> tuple[int, int]:
    bounds = pc.min_max(column)
    return bounds["min"].as_py(), bounds["max"].as_py()


def _is_in_order(rows: pa.Table) -> bool:
    """Whether rows stand as their provenance has them, so that a stable sort keeps that for rows that are alike."""
    return all(_is_constant(rows[name]) or (name == _PROVENANCE[-1] and _is_rising(rows[name])) for name in _PROVENANCE)


def _is_rising(column: pa.ChunkedArray) -> bool:
    return not column.null_count and bool((np.diff(np.asarray(column)) >= 0).all())


def _pack(columns: Sequence[pa.ChunkedArray]) -> Integers | None:
    """One number a row that sorts as the columns do; None where they are no integers, or too wide together."""
    if not len(columns[0]) or any(not pa.types.is_integer(column.type) or column.null_count for column in columns):
        return None
    bounds = [_bounds(column) for column in columns]
    widths = [(most - least).bit_length() for least, most in bounds]
    if sum(widths) > _BITS:
        return None
    packed = np.zeros(len(columns[0]), dtype=np.int64)
    for column, (least, _), width in zip(columns, bounds, widths, strict=True):
        packed <<= width
        packed |= np.asarray(column).astype(np.int64) - least
    return packed
