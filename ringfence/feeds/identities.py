"""Whom the rows of a batch are about: each identity once, for linking is asked by identity, not by row (policy 2.1)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.feeds.lines import Integers

IDENTITIES = pa.schema(
    [
        ("row_id", pa.int64()),
        ("name", pa.string()),
        ("sex", pa.string()),
        ("birth_date", pa.string()),
        ("id_number", pa.string()),
        ("phone", pa.string()),
        ("address", pa.string()),
    ]
)
"""What is written about a person, as linking asks for it: texts, empty where a format or a row says nothing; `row_id`
counts them from 0."""


@dataclass(frozen=True)
class Distinct:
    """Rows without their repetitions, and which of them each row is (int64, shape of all rows)."""

    rows: pa.Table
    of_rows: pa.Int64Array


def find_identities(accepted: pa.Table) -> Distinct:
    """The distinct identities (schema IDENTITIES) of rows in the order in which they first appear.

    Identities of several parts, put together, go through here as rows do: the result numbers them over all parts.
    """
    written = {name: _to_texts(accepted, name) for name in IDENTITIES.names[1:]}
    numbers, firsts = number_distinct(list(written.values()))
    chosen = pa.table(written).take(pa.array(firsts))
    return Distinct(
        chosen.add_column(0, IDENTITIES.field("row_id"), pa.array(np.arange(firsts.size))), pa.array(numbers)
    )


def number_distinct(columns: Sequence[pa.Array]) -> tuple[Integers, Integers]:
    """The number of each row's combination of values, from 0 in order of appearance, and where each first stood."""
    count = len(columns[0])
    numbers = np.zeros(count, dtype=np.int64)
    for column in columns:
        values = column.dictionary_encode()
        pairs = numbers * max(len(values.dictionary), 1) + np.asarray(values.indices)
        numbers = np.asarray(pa.array(pairs).dictionary_encode().indices).astype(np.int64)
    firsts = np.zeros(int(numbers.max(initial=-1)) + 1, dtype=np.int64)
    firsts[numbers[::-1]] = np.arange(count)[::-1]
    return numbers, firsts


def _to_texts(accepted: pa.Table, name: str) -> pa.StringArray:
    if name not in accepted.column_names:
        return pa.repeat("", accepted.num_rows)
    return pc.fill_null(accepted[name].combine_chunks().cast(pa.string()), "")
