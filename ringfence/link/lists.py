"""Lists of people as files: CSV with ids of any text, columns under other names, further columns to compare."""

import tomllib
from collections.abc import Iterator, Mapping
from csv import reader
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from ringfence.errors import InputRefused
from ringfence.link.tables import IDENTITY_SCHEMA, NAME_PARTS

CHUNK_ROWS = 250_000
"""Rows that are brought to normal form at a time: names of a whole city never stand in memory twice."""

_BLOCK = 1 << 24
_SAMPLE = 1 << 20
_OURS = (*IDENTITY_SCHEMA.names, *NAME_PARTS)


@dataclass(frozen=True)
class Columns:
    """Under which names a list has our columns (several are joined by a space), and its further columns by kind."""

    named: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)

    def sources(self, column: str) -> tuple[str, ...]:
        """The columns of the list that make one of ours."""
        return self.named.get(column, (column,))


def read_columns_file(path: Path) -> Columns:
    """What a TOML file says of columns: `[columns]` ours = "theirs" or a list, `[extra]` theirs = kind.

    InputRefused where it is no TOML or says something else.
    """
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise InputRefused("{file} is no TOML file that can be read; mend it", file=path.name) from error
    named = {
        ours: tuple([theirs] if isinstance(theirs, str) else map(str, theirs))
        for ours, theirs in _table(said, "columns")
    }
    extra = {column: str(kind) for column, kind in _table(said, "extra")}
    known = {*_OURS, "row_id", "person_id", "household_id"}
    if said.keys() - {"columns", "extra"} or named.keys() - known:
        raise InputRefused(
            "{file} may only hold [columns] with some of {columns}, and [extra]",
            file=path.name,
            columns=", ".join(sorted(known)),
        )
    return Columns(named, extra)


def _table(said: Mapping[str, object], name: str) -> list[tuple[str, Any]]:
    found = said.get(name, {})
    return list(found.items()) if isinstance(found, dict) else []


class PeopleList:
    """A CSV file about people (UTF-8 or GB 18030): its ids at once, what it says of people chunk by chunk."""

    def __init__(self, path: Path, *, key: str, columns: Columns) -> None:
        """InputRefused where the file cannot be read, names no ids or the same id twice, or says nothing of people."""
        self.path, self.key, self.columns = path, key, columns
        if not path.is_file():
            raise InputRefused("{file} is no file; name a CSV file", file=path.name)
        self._encoding = _find_encoding(path)
        self._names = _read_names(path, self._encoding)
        self._check_names()
        self.ids = self._read_ids(key)
        self._check_ids()

    def households(self) -> pa.ChunkedArray:
        """The household of each row, null where it has none."""
        (source,) = self.columns.sources("household_id")
        if source not in self._names:
            return pa.chunked_array([pa.nulls(len(self.ids), pa.string())])
        found = self._read_ids("household_id")
        return pc.if_else(pc.equal(found, ""), None, found)

    def chunks(self) -> Iterator[pa.Table]:
        """What is written of people, under our names, as text; what the list does not have is empty."""
        waiting: list[pa.RecordBatch] = []
        for batch in self._read(self._wanted()):
            waiting.append(batch)
            if sum(one.num_rows for one in waiting) >= CHUNK_ROWS:
                yield self._rename(pa.Table.from_batches(waiting))
                waiting = []
        if waiting:
            yield self._rename(pa.Table.from_batches(waiting))

    def _wanted(self) -> list[str]:
        ours = {source for column in _OURS for source in self.columns.sources(column)} | set(self.columns.extra)
        return [name for name in self._names if name in ours]

    def _rename(self, written: pa.Table) -> pa.Table:
        named = {column: self._join(written, self.columns.sources(column)) for column in _OURS}
        return pa.table(named | {column: self._join(written, (column,)) for column in self.columns.extra})

    def _join(self, written: pa.Table, sources: tuple[str, ...]) -> pa.ChunkedArray:
        parts = [written[source] for source in sources if source in written.column_names]
        if len(parts) > 1:
            return pc.binary_join_element_wise(*parts, " ")
        return parts[0] if parts else pa.chunked_array([pa.nulls(written.num_rows, pa.string())])

    def _read_ids(self, column: str) -> pa.ChunkedArray:
        (source,) = self.columns.sources(column)
        return pa.Table.from_batches(self._read([source]), schema=pa.schema([(source, pa.string())]))[source]

    def _check_names(self) -> None:
        wanted = [*self.columns.sources(self.key), *(name for names in self.columns.named.values() for name in names)]
        wanted += [*self.columns.extra, *(name for name in _OURS if name in self._names)]
        missing = [name for name in wanted if self._names.count(name) != 1]
        if missing:
            raise InputRefused("{file} needs exactly one column {column}", file=self.path.name, column=missing[0])
        if not self._wanted():
            raise InputRefused(
                "{file} says nothing of people; it needs some of the columns {columns}",
                file=self.path.name,
                columns=", ".join(_OURS),
            )

    def _check_ids(self) -> None:
        if pc.any(pc.equal(self.ids, "")).as_py():
            row = pc.index(self.ids, "").as_py() + 1
            raise InputRefused("{file} row {row}: '{column}' is empty", file=self.path.name, row=row, column=self.key)
        if pc.count_distinct(self.ids).as_py() != len(self.ids):
            raise InputRefused(
                "{file} has the same '{column}' on two rows; number the rows anew", file=self.path.name, column=self.key
            )

    def _read(self, columns: list[str]) -> Iterator[pa.RecordBatch]:
        """Some columns as they are written."""
        crooked: list[csv.InvalidRow] = []

        def refuse(row: csv.InvalidRow) -> str:
            crooked.append(row)
            return "error"

        types = dict.fromkeys(columns, pa.string())
        try:
            yield from csv.open_csv(
                self.path,
                read_options=csv.ReadOptions(encoding=self._encoding.removesuffix("-sig"), block_size=_BLOCK),
                parse_options=csv.ParseOptions(newlines_in_values=True, invalid_row_handler=refuse),
                convert_options=csv.ConvertOptions(
                    column_types=types, include_columns=columns, strings_can_be_null=False
                ),
            )
        except (pa.ArrowInvalid, UnicodeDecodeError) as error:
            if not crooked:
                raise InputRefused("{file} is no whole CSV file; export it again", file=self.path.name) from error
            raise InputRefused(
                "{file} has a row of {found} columns instead of {expected}; export it again",
                file=self.path.name,
                found=crooked[0].actual_columns,
                expected=crooked[0].expected_columns,
            ) from error


def _read_names(path: Path, encoding: str) -> list[str]:
    with path.open(encoding=encoding, newline="") as file:
        names = next(reader(file), [])
    if not names:
        raise InputRefused("{file} is empty or no CSV file; export it again", file=path.name)
    return names


def _find_encoding(path: Path) -> str:
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        is_cut = error.start >= len(sample) - 3 and len(sample) == _SAMPLE
        return "utf-8-sig" if is_cut else "gb18030"
    return "utf-8-sig"
