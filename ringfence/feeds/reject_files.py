"""Rejected rows given back: the same lines with the reason before each, to be corrected and sent again (policy 2.1).

The reasons stand in columns of their own, which are passed over when the file comes back (`header.REASON_COLUMNS`).
They come first: behind a line with too few or too many fields they would stand under another column.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa

from ringfence.errors import InputRefused
from ringfence.feeds.header import REASON_COLUMNS
from ringfence.feeds.objects import read_pairs
from ringfence.feeds.workbooks_out import write_workbook
from ringfence.terms import Language, Reason, say_reason

SUFFIXES = (".csv", ".xlsx", ".jsonl")

_LANGUAGES = (Language.ZH, Language.EN)


def write_rejects(path: Path, rejects: pa.Table, *, header: str, header_line: int) -> None:
    """Write rejected rows (schema REJECTS) below the header they came under, as the path's suffix says.

    Without a header they came as JSON Lines. The header stands on the same line as it did.
    """
    reasons = [_say(Reason.from_json(text)) for text in rejects["reason"].to_pylist()]
    rows = list(zip(reasons, rejects["written"].to_pylist(), strict=True))
    if path.suffix == ".jsonl" and not header:
        path.write_text("".join(f"{_to_object(said, line)}\n" for said, line in rows), "utf-8")
    elif path.suffix == ".csv" and header:
        lines = [*_above(header_line), f"{','.join(REASON_COLUMNS)},{header.rstrip()}"]
        lines += [f"{_to_csv(said)},{line}" for said, line in rows]
        path.write_text("\n".join(lines) + "\n", "utf-8-sig")
    elif path.suffix == ".xlsx" and header:
        fields = [[*said, *_cut(line)] for said, line in rows]
        write_workbook(path, [*([line] for line in _above(header_line)), [*REASON_COLUMNS, *_cut(header)], *fields])
    else:
        raise InputRefused(
            "rejects of this batch cannot be written as '{suffix}'; name a file that ends in {suffixes}",
            suffix=path.suffix,
            suffixes=" or ".join(SUFFIXES[:2] if header else SUFFIXES[2:]),
        )


def _say(reason: Reason) -> tuple[str, ...]:
    return tuple(say_reason(reason, language) for language in _LANGUAGES)


def _above(header_line: int) -> Iterator[str]:
    """Lines above the header, where the department's own title stood."""
    yield from ["rejected rows"] * (header_line - 1)


def _to_csv(said: Iterable[str]) -> str:
    return ",".join('"' + text.replace('"', '""').replace("\n", " ") + '"' for text in said)


def _to_object(said: Iterable[str], line: str) -> str:
    """An object with the reasons in it; a line that is none stands in an object of its own."""
    pairs = read_pairs(line)
    told = dict(zip(REASON_COLUMNS, said, strict=True))
    return json.dumps(told | ({"written": line} if pairs is None else pairs), ensure_ascii=False)


def _cut(line: str) -> list[str]:
    return next(csv.reader([line.rstrip("\n")]), [])
