"""Counts from CSV files and alarms into them: in the columns of R's sts objects, or of the CDC's data frames."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv

from ringfence.errors import InputRefused
from ringfence.sentinel.axis import lay_axis
from ringfence.sentinel.counts import LONGEST, WEEKLY, Alarms, Counts, Matrix, Points, find_frequency

TOO_LARGE = 1e15  # above this a double no longer tells two counts apart
NOTHING = ("", "NA")


@dataclass(frozen=True)
class CountsFile:
    """The counts of a file with its rows, and what was done with rows that say nothing or say it twice.

    `rows` (time, series) is the line of `table` that counts for a cell, -1 where there is none. `corrected` rows were
    followed by another for the same unit and time; `refused` counts are none (negative, not finite, too large).
    """

    counts: Counts
    table: pa.Table
    rows: Points
    corrected: int
    refused: int

    @property
    def missing(self) -> int:
        """How many cells have no count."""
        return int(np.isnan(self.counts.counts).sum())

    @property
    def is_frame(self) -> bool:
        """Whether the columns are date and count, as the CDC's tools name them, and not those of R."""
        return "observed" not in self.table.column_names


def read_counts(
    path: Path, *, frequency: int | None = None, first_season: int = 1, codes: Mapping[str, str] | None = None
) -> CountsFile:
    """The counts of a file; InputRefused where it cannot be read as one.

    The columns are t, date, unit, observed, population, or date, count and perhaps id. Times that no row names are
    missing, not zero; with dates, t is counted from the first. A later row for the same unit and time corrects the
    earlier. `codes` gives, for a code that a site went by, the one it goes by now.
    """
    table = _read(path)
    units, series = _units(table, codes or {})
    times, days = _times(table, frequency)
    shape = (int(times.max()) + 1 if days is None else len(days), len(units))
    rows = np.full(shape, -1)
    rows[times, series] = np.arange(len(times))  # the last row of a cell stays
    observed = _numbers(table, "observed" if "observed" in table.column_names else "count")
    is_refused = ~np.isnan(observed) & ~((observed >= 0) & (observed < TOO_LARGE))
    cleaned = np.append(np.where(is_refused, np.nan, observed), np.nan)
    population = _numbers(table, "population") if "population" in table.column_names else np.ones(len(times))
    counts = Counts(
        units=units,
        counts=cleaned[rows],
        population=np.append(population, np.nan)[rows],
        frequency=frequency or (WEEKLY if days is None else find_frequency(days)),
        days=days,
        first_season=first_season,
    )
    return CountsFile(counts, table, rows, len(times) - int((rows >= 0).sum()), int(is_refused.sum()))


def _read(path: Path) -> pa.Table:
    """The file, every column as text."""
    try:
        head = csv.open_csv(path).schema.names
        types = csv.ConvertOptions(column_types=dict.fromkeys(head, pa.string()), strings_can_be_null=False)
        table = csv.read_csv(path, convert_options=types)
    except (pa.ArrowException, OSError) as error:
        raise InputRefused("{path} cannot be read as a CSV file of counts: {why}", path=path, why=str(error)) from error
    names = set(table.column_names)
    if not ({"t", "unit", "observed"} <= names or {"date", "count"} <= names):
        raise InputRefused(
            "{path} has the columns {names}; counts need t, unit and observed, or date and count",
            path=path,
            names=", ".join(table.column_names),
        )
    if not table.num_rows:
        raise InputRefused("{path} has no rows", path=path)
    return table


def _units(table: pa.Table, codes: Mapping[str, str]) -> tuple[tuple[str, ...], Points]:
    """The units in the order they first appear, under the code they go by now, and the unit of each row."""
    name = next((name for name in ("unit", "id") if name in table.column_names), None)
    if name is None:
        return ("all",), np.zeros(table.num_rows, dtype=np.int64)
    coded = table[name].combine_chunks().dictionary_encode()
    now = [codes.get(code, code) for code in coded.dictionary.to_pylist()]
    units = tuple(dict.fromkeys(now))
    place = {unit: number for number, unit in enumerate(units)}
    return units, np.array([place[unit] for unit in now])[coded.indices.to_numpy()]


def _times(table: pa.Table, frequency: int | None) -> tuple[Points, Points | None]:
    """The time of each row, from 0, and the days of all times, None where there are none."""
    if "date" in table.column_names:
        written = table["date"].combine_chunks()
        if not pc.any(pc.is_in(written, pa.array(NOTHING))).as_py():
            return lay_axis(_days(written), frequency=frequency)
    if "t" not in table.column_names:
        raise InputRefused("a date is missing; write every date as 2022-03-01")
    times = _numbers(table, "t")
    if not (np.isfinite(times) & (times >= 1) & (times == np.floor(times))).all():
        raise InputRefused("t is not a whole number from 1 in every row; number the times from 1")
    if times.max() > LONGEST:
        raise InputRefused(
            "the times reach from the first to {length} steps later; at most {most} are read",
            length=int(times.max()),
            most=LONGEST,
        )
    return times.astype(np.int64) - 1, None


def _days(written: pa.StringArray) -> Points:
    try:
        days = pc.cast(pc.strptime(written, format="%Y-%m-%d", unit="s"), pa.date32())
    except pa.ArrowInvalid as error:
        raise InputRefused("a date cannot be read: {why}", why=str(error)) from error
    return np.asarray(days.cast(pa.int32()).to_numpy(), dtype=np.int64)


def _numbers(table: pa.Table, name: str) -> Matrix:
    """A column as numbers, NaN for NA and for nothing."""
    written = table[name].combine_chunks()
    written = pc.if_else(pc.is_in(written, pa.array(NOTHING)), pa.scalar(None, pa.string()), written)
    try:
        return np.asarray(pc.cast(written, pa.float64()).to_numpy(zero_copy_only=False), dtype=float)
    except pa.ArrowInvalid as error:
        raise InputRefused(
            "the column {name} has something that is no number: {why}", name=name, why=str(error)
        ) from error


def write_alarms(path: Path, read: CountsFile, alarms: Alarms) -> None:
    """Alarms as CSV, one series after the other: t, unit and observed, or the file's own columns, then the answers."""
    columns = _frame_columns(read, alarms) if read.is_frame else _sts_columns(read, alarms)
    columns |= {name: _text(matrix.T.ravel()) for name, matrix in alarms.columns.items()}
    lines = pc.binary_join_element_wise(*columns.values(), ",").to_pylist()
    path.write_text("\n".join([",".join(columns), *lines, ""]), encoding="utf-8")


def _sts_columns(read: CountsFile, alarms: Alarms) -> dict[str, pa.Array]:
    units = [_quoted(unit) for unit in read.counts.units]
    return {
        "t": _text(np.tile(alarms.points + 1, len(units)).astype(float)),
        "unit": pa.array(np.repeat(np.array(units, dtype=object), len(alarms.points)), pa.string()),
        "observed": _text(read.counts.counts[alarms.points].T.ravel()),
    }


def _frame_columns(read: CountsFile, alarms: Alarms) -> dict[str, pa.Array]:
    """The file's own columns; where it has no row, the date and the unit are known and the rest is NA."""
    rows = read.rows[alarms.points].T.ravel()
    kept = pa.array(np.where(rows < 0, 0, rows))
    is_there = pa.array(rows >= 0)
    days = np.tile(alarms.points, len(read.counts.units))
    known = {}
    if read.counts.days is not None:
        dates = pa.array(read.counts.days[days].astype(np.int32)).cast(pa.date32())
        known["date"] = pc.strftime(dates.cast(pa.timestamp("s")), format="%Y-%m-%d")
    known["id"] = pa.array(np.repeat(np.array(read.counts.units, dtype=object), len(alarms.points)), pa.string())
    return {
        name: pc.if_else(is_there, _quotes(read.table[name].combine_chunks()).take(kept), known.get(name, "NA"))
        for name in read.table.column_names
    }


def _text(values: NDArray[Any]) -> pa.Array:
    """Numbers as the shortest text that reads back as the same number, NA for none; words as they are."""
    if values.dtype.kind == "U":
        return pa.array(values.astype(object), pa.string())
    written = pc.cast(pa.array(values, from_pandas=True), pa.string())
    written = pc.replace_substring(pc.fill_null(written, "NA"), "inf", "Inf")
    return pc.replace_substring_regex(written, r"\.0$", "")


def _quotes(words: pa.StringArray) -> pa.StringArray:
    coded = words.dictionary_encode()
    return pa.array([_quoted(word) for word in coded.dictionary.to_pylist()], pa.string()).take(coded.indices)


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"' if any(mark in word for mark in ',"\r\n') else word
