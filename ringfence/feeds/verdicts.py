"""Rows accepted or rejected, each rejected one with its line, column and reason as it will be shown (policy 2.1).

What was found in a field may be somebody's name: rejects are kept in the vault, with the feed's retention, and
nowhere else.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.feeds.lines import Flags, Integers, Lines
from ringfence.terms import ReasonCode

REJECTS = pa.schema(
    [
        ("row", pa.int32()),
        ("column", pa.string()),
        ("code", pa.string()),
        ("reason", pa.string()),
        ("written", pa.string()),
    ]
)
"""Rejected rows: the line in the file (from 1), the column (empty for the whole line), the ReasonCode, the Reason as
JSON, and the line as it was written, so that it can be given back."""

SHOWN = 100
"""Characters of a field that its reason repeats."""

Value: TypeAlias = str | int | float | pa.Array


@dataclass(frozen=True)
class Ground:
    """Why some rows are rejected; a value that is an array (shape of all rows) gives each its own."""

    code: ReasonCode
    column: str
    values: Mapping[str, Value]


class Verdicts:
    """The first reason against each of some rows, or none."""

    def __init__(self, count: int) -> None:
        self._ground = np.zeros(count, dtype=np.int32)  # 0: none, n: the n-th of the list
        self._grounds: list[Ground] = []

    @property
    def are_accepted(self) -> Flags:
        """Which rows nothing speaks against so far (shape of all rows)."""
        return np.equal(self._ground, 0)

    def reject(self, where: Flags, code: ReasonCode, *, column: str = "", **values: Value) -> None:
        """Speak against some rows (shape of all rows); who has a reason already keeps it."""
        where = where & self.are_accepted
        if where.any():
            self._grounds.append(Ground(code, column, values))
            self._ground[where] = len(self._grounds)

    def list_rejects(self, lines: Lines) -> pa.Table:
        """The rejected ones of those lines (schema REJECTS), in their order."""
        parts = [
            _list_rejects(ground, lines, np.flatnonzero(self._ground == number))
            for number, ground in enumerate(self._grounds, start=1)
        ]
        return pa.concat_tables([REJECTS.empty_table(), *parts]).sort_by("row")


def _list_rejects(ground: Ground, lines: Lines, rows: Integers) -> pa.Table:
    chosen = pa.array(rows)
    return pa.table(
        {
            "row": pa.array(lines.numbers[rows], pa.int32()),
            "column": pa.repeat(ground.column, rows.size),
            "code": pa.repeat(ground.code.value, rows.size),
            "reason": _to_json(ground, chosen),
            "written": pc.utf8_rtrim(lines.texts.take(chosen), characters="\n"),
        },
        schema=REJECTS,
    )


def _to_json(ground: Ground, rows: pa.Array) -> pa.Array:
    """The reasons as `Reason.to_json` writes them, many at a time."""
    values: dict[str, Value] = {"code": ground.code.value, **ground.values}
    if ground.column:
        values["column"] = ground.column
    pieces: list[pa.Array | str] = []
    for name in sorted(values):
        pieces += ["," if pieces else "{", f'"{name}":', _value_to_json(values[name], rows)]
    joined: pa.Array = pc.binary_join_element_wise(
        *(pa.scalar(p) if isinstance(p, str) else p for p in pieces), "}", ""
    )
    return joined


def _value_to_json(value: Value, rows: pa.Array) -> pa.Array:
    if not isinstance(value, pa.Array):
        return pa.repeat(json.dumps(value, ensure_ascii=False), len(rows))
    chosen = value.take(rows)
    if not pa.types.is_string(chosen.type):
        return chosen.cast(pa.string())
    escaped = pc.utf8_slice_codeunits(chosen, 0, SHOWN)
    for letter, written in (("\\", "\\\\"), ('"', '\\"'), ("\t", "\\t")):
        escaped = pc.replace_substring(escaped, letter, written)
    return pc.binary_join_element_wise('"', escaped, '"', "")
