"""Lines of CSV to rows of text: what is sound by itself is read, the rest is rejected line by line (policy 2.1).

Sound is what RFC 4180 calls a record, on one line, with as many fields as the header and no control character but the
tab. A field may therefore hold no line break: with one, nobody could tell a quotation mark left open from a long field.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as reader

from ringfence.feeds.lines import LONGEST, Flags, Integers, Lines
from ringfence.feeds.verdicts import Verdicts
from ringfence.terms import ReasonCode

CONTROL = r"\x00-\x08\x0a-\x1f\x7f"
_QUOTED = rf'"(?:[^"{CONTROL}]|"")*"'
_FIELD = rf'(?:[^",{CONTROL}]*|{_QUOTED})'
_MARK = "\ufeff"
_RECORD = rf"^{_FIELD}(?:,{_FIELD})*\n$"


@dataclass(frozen=True)
class Rows:
    """Rows as they were written (shape n, n): a text column for each field, and the lines they stand on."""

    texts: pa.Table
    lines: Lines


def keep_rows(lines: Lines, *, after: int) -> Lines:
    """Those after a line (the header's), without empty lines, which are no rows."""
    return lines.keep((lines.numbers > after) & np.asarray(pc.not_equal(lines.texts, "\n")))


def read_rows(lines: Lines, *, names: Sequence[str]) -> tuple[Rows, pa.Table]:
    """The rows on some lines, with columns of these names in this order, and the rejects (schema REJECTS).

    A column without a name is counted, and not read.
    """
    are_sound = _are(lines, rf"^{_FIELD}(?:,{_FIELD}){{{len(names) - 1}}}\n$") & (_lengths(lines) <= LONGEST)
    sound = lines.keep(are_sound)
    return Rows(_read_texts(sound, names), sound), _reject_unsound(lines.keep(~are_sound), expected=len(names))


def _read_texts(lines: Lines, names: Sequence[str]) -> pa.Table:
    if not lines.count:
        return pa.schema([(name, pa.string()) for name in names if name]).empty_table()
    whole = lines.to_buffer()
    if lines.texts[0].as_py().startswith(_MARK):
        whole = pa.py_buffer(_MARK.encode() + whole.to_pybytes())  # the reader takes one away, wherever a block begins
    read = [name for name in names if name]
    every = [name or f"{place}." for place, name in enumerate(names)]
    texts = reader.read_csv(
        pa.BufferReader(whole),
        read_options=reader.ReadOptions(column_names=every, block_size=whole.size + 1, use_threads=False),
        convert_options=reader.ConvertOptions(
            column_types=dict.fromkeys(read, pa.string()),
            include_columns=read,
            null_values=[],
            strings_can_be_null=False,
        ),
    )
    return texts.combine_chunks()


def _reject_unsound(lines: Lines, *, expected: int) -> pa.Table:
    """What is wrong with lines that are not sound, the gravest first; the last two leave nothing over.

    A control character is followed by something, the newline that ends a line is not.
    """
    verdicts = Verdicts(lines.count)
    verdicts.reject(_lengths(lines) > LONGEST, ReasonCode.LINE_TOO_LONG, limit=LONGEST)
    verdicts.reject(_are(lines, f"(?s)[{CONTROL}]."), ReasonCode.BAD_CHARACTER)
    verdicts.reject(~_are(lines, _RECORD), ReasonCode.BROKEN_QUOTES)
    commas = pc.count_substring(pc.replace_substring_regex(lines.texts, _QUOTED, ""), ",")
    fields = np.asarray(commas) + 1
    verdicts.reject(fields > expected, ReasonCode.TOO_MANY_FIELDS, found=pa.array(fields), expected=expected)
    verdicts.reject(fields < expected, ReasonCode.TOO_FEW_FIELDS, found=pa.array(fields), expected=expected)
    return verdicts.list_rejects(lines)


def _are(lines: Lines, pattern: str) -> Flags:
    return np.asarray(pc.match_substring_regex(lines.texts, pattern))


def _lengths(lines: Lines) -> Integers:
    return np.asarray(pc.binary_length(lines.texts))
