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

_WRITTEN = tuple(IDENTITIES.names[1:])


@dataclass(frozen=True)
class Distinct:
    """Rows without their repetitions, and which of them each row is (int64, shape of all rows)."""

    rows: pa.Table
    of_rows: pa.Int64Array


def find_identities(accepted: pa.Table) -> Distinct:
    """The distinct identities (schema IDENTITIES) of rows in the order in which they first appear.

    Identities of several parts, put together, go through here as rows do: the result numbers them over all parts.
    """
    written = {name: _to_texts(accepted, name) for name in _WRITTEN}
    numbers, firsts = number_distinct(list(written.values()))
    chosen = pa.table(written).take(pa.array(firsts))
    return Distinct(
        chosen.add_column(0, IDENTITIES.field("row_id"), pa.array(np.arange(firsts.size))), pa.array(numbers)
    )


class Identities:
    """The distinct identities of many rows, numbered from 0 as they first appear: linking is asked once for each.

    Rows come in parts, of one file after the other; they are let go, and only who stands in them is held.
    """

    def __init__(self) -> None:
        self._written = pa.table({name: pa.array([], pa.string()) for name in _WRITTEN})
        self._files, self._lines = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)

    @property
    def count(self) -> int:
        """How many there are."""
        return int(self._written.num_rows)

    @property
    def rows(self) -> pa.Table:
        """All of them (schema IDENTITIES), in the order of their numbers."""
        return self._written.add_column(0, IDENTITIES.field("row_id"), pa.array(np.arange(self.count)))

    @property
    def first_stood(self) -> tuple[Integers, Integers]:
        """In which file each first stood, and on which line of it."""
        return self._files, self._lines

    def add(self, accepted: pa.Table, *, file: int) -> Integers:
        """The number of each row's identity; `file` is the number of the file the rows are of."""
        texts = [_to_texts(accepted, name) for name in _WRITTEN]
        of_rows, first_rows = number_distinct(texts)
        own = pa.table(texts, names=list(_WRITTEN)).take(pa.array(first_rows))
        known = self.count
        together = pa.concat_tables([self._written, own]).combine_chunks()
        numbers, firsts = number_distinct([column.combine_chunks() for column in together.columns])
        new = firsts[known:]
        self._written = together.take(pa.array(firsts)) if new.size < own.num_rows else together
        lines = np.asarray(accepted["row"]).astype(np.int64)[first_rows[new - known]]
        self._files = np.append(self._files, np.full(new.size, file))
        self._lines = np.append(self._lines, lines)
        return numbers[known:][of_rows]


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
