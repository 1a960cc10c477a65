"""JSON Lines to rows of text: each line one object of single values under the feed's names (policy 2.1).

A value is kept as it was written, a number with every digit; what is missing or null is empty. Objects are read one by
one: no department sends millions of rows this way.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.feeds.header import EVERY_OTHER
from ringfence.feeds.lines import LONGEST, Lines
from ringfence.feeds.rows import CONTROL, Rows
from ringfence.feeds.verdicts import Verdicts
from ringfence.terms import ReasonCode


def read_objects(lines: Lines, *, headers: Mapping[str, str], ignored: frozenset[str]) -> tuple[Rows, pa.Table]:
    """The rows on some lines (columns as `headers` names them), and the rejects (schema REJECTS)."""
    verdicts = Verdicts(lines.count)
    lengths = np.asarray(pc.binary_length(lines.texts))
    verdicts.reject(lengths > LONGEST, ReasonCode.LINE_TOO_LONG, limit=LONGEST)
    found = [read_pairs(text) if length <= LONGEST else None for text, length in _with(lines, lengths)]
    verdicts.reject(np.array([one is None for one in found], dtype=bool), ReasonCode.BROKEN_JSON)
    known = ignored | frozenset(headers.values())
    has_stranger = [one is not None and EVERY_OTHER not in ignored and not one.keys() <= known for one in found]
    verdicts.reject(np.array(has_stranger, dtype=bool), ReasonCode.UNDECLARED_NAME)
    texts = {column: pa.array([(one or {}).get(name, "") for one in found]) for column, name in headers.items()}
    for text in texts.values():
        is_control = pc.match_substring_regex(text.cast(pa.string()), f"[{CONTROL}]")
        verdicts.reject(np.asarray(is_control, dtype=bool), ReasonCode.BAD_CHARACTER)
    sound = verdicts.are_accepted
    table = pa.table({name: pa.chunked_array([text.cast(pa.string())]) for name, text in texts.items()})
    return Rows(table.filter(pa.array(sound)).combine_chunks(), lines.keep(sound)), verdicts.list_rejects(lines)


def _with(lines: Lines, lengths: np.ndarray) -> Sequence[tuple[str, int]]:
    return list(zip(lines.texts.to_pylist(), lengths.tolist(), strict=True))


def read_pairs(line: str) -> dict[str, str] | None:
    """The texts of an object by name; None where the line is none, names something twice or nests."""
    try:
        pairs = json.loads(
            line, object_pairs_hook=_Pairs, parse_float=str, parse_int=str, parse_constant=_refuse_constant
        )
    except (ValueError, RecursionError):
        return None
    if not isinstance(pairs, _Pairs) or len(dict(pairs)) < len(pairs):
        return None
    texts = {name: _to_text(value) for name, value in pairs}
    return None if None in texts.values() else {name: str(text) for name, text in texts.items()}


class _Pairs(list[tuple[str, Any]]):
    """The pairs of an object as they stand; an array is a plain list."""


def _to_text(value: Any) -> str | None:  # noqa: ANN401 - whatever JSON can hold
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return None if any("\ud800" <= letter <= "\udfff" for letter in value) else value
    if isinstance(value, list) and not isinstance(value, _Pairs) and all(isinstance(one, str) for one in value):
        return ";".join(value)
    return None


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
