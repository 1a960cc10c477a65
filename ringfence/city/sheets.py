"""A department's file: rows of text with what happens to files on the way, and whom each row is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.city.arrays import Ints, Texts, either, join

MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True)
class Sheet:
    """One file to be written: its columns as texts, and whom each row is about (-1 nobody) where that is the truth.

    `broken_rows` is the share of rows that arrive damaged.
    """

    file: str
    columns: Mapping[str, Texts]
    person: Ints | None = None
    broken_rows: float = 0.0

    NOBODY: ClassVar[int] = -1

    @property
    def rows(self) -> int:
        """How many data rows it has."""
        return len(next(iter(self.columns.values())))

    def content(self, dice: np.random.Generator) -> bytes:
        """UTF-8, a header, one line a row. No field of the city holds a comma, a quote or a line break."""
        lines = damage(join(*self.columns.values(), by=","), dice, self.broken_rows)
        return b"".join([",".join(self.columns).encode(), b"\n", to_bytes(join(lines, "\n"))])


def write_sheet(folder: Path, sheet: Sheet, dice: np.random.Generator) -> None:
    """Write the file."""
    (folder / sheet.file).write_bytes(sheet.content(dice))


def damage(lines: Texts, dice: np.random.Generator, share: float) -> Texts:
    """Some lines cut short, some shifted by a field, some whose characters were lost on the way."""
    if not len(lines) or not share:
        return lines
    luck = dice.random(len(lines)) / share
    cut, shifted, lost = (luck < 1 / 3), (luck >= 1 / 3) & (luck < 2 / 3), (luck >= 2 / 3) & (luck < 1)
    lines = either(cut, pc.utf8_slice_codeunits(lines, 0, stop=30), lines)
    lines = either(shifted, join(",", lines), lines)
    return either(lost, pc.replace_substring_regex(lines, "[^ -~]", "?"), lines)


def to_bytes(texts: Texts) -> memoryview | bytes:
    """All texts, one after the other."""
    whole = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    offsets = np.frombuffer(whole.buffers()[1], dtype=np.int32)[whole.offset : whole.offset + len(whole) + 1]
    content = whole.buffers()[2]
    return memoryview(content)[int(offsets[0]) : int(offsets[-1])] if len(whole) else b""


def wall_days(first_day: date, days: Ints) -> Texts:
    """Days of the period as dates `YYYY-MM-DD` (shape n)."""
    return pa.array(np.datetime_as_string(np.datetime64(first_day, "D") + days.astype("timedelta64[D]")), pa.string())


def wall_minutes(first_day: date, seconds: Ints) -> Texts:
    """Seconds of the period as local wall time `YYYY-MM-DD HH:MM` (shape n)."""
    minutes = seconds // 60
    day = minutes // MINUTES_A_DAY
    first = int(day.min(initial=0))
    dates = wall_days(first_day, np.arange(first, int(day.max(initial=0)) + 1))
    clock = pa.array([f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(MINUTES_A_DAY)])
    return join(dates.take(pa.array(day - first)), clock.take(pa.array(minutes % MINUTES_A_DAY)), by=" ")


def file_of_day(name: str, first_day: date, day: int) -> str:
    """The name of a daily file."""
    return f"{name}_{first_day + timedelta(days=day)}.csv"
