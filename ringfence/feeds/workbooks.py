"""A sheet of a workbook (.xlsx, .xls) as lines of CSV: line n is row n of the sheet (policy 2.1).

Sheets have at most 1,048,576 rows, so a whole one is held. What Excel knows to be a date or a time is written out as
one; a number of more than fifteen digits has lost its last ones in Excel already, is written with an exponent, and
rejected where it stands for a text.
"""

import io
import math
import zipfile
from datetime import datetime, time, timedelta
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook

from ringfence.errors import FeedRejected

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an .xlsx and an .xls begin."""

MOST_UNPACKED = 2**30
"""Bytes a workbook may unpack to: three times what a full sheet of twelve columns takes."""

_EXACT = 1e15
_BREAKS = str.maketrans({"\r": " ", "\n": " "})
_QUOTED = frozenset(',"')


def write_sheet(content: bytes, *, sheet: str, file: str) -> bytes:
    """The rows of the named sheet, or of the only one that has any, as UTF-8; FeedRejected where there is none such."""
    if content.startswith(ZIP):
        _check_size(content, file)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = list(_choose(book, sheet, file).iter_rows())
    except FeedRejected:
        raise
    except Exception as error:
        raise _not_readable(file) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what its Rust part gives up with; it is no Exception
            raise
        raise _not_readable(file) from error
    width = max((place for row in rows[:1] for place, cell in enumerate(row, start=1) if cell != ""), default=0)
    return "".join(_write_row(row, width) for row in rows).encode()


def _choose(book: CalamineWorkbook, sheet: str, file: str) -> CalamineSheet:
    if sheet:
        if sheet not in book.sheet_names:
            raise FeedRejected("{file} has no sheet '{sheet}'; name the right one in the feed", file=file, sheet=sheet)
        return book.get_sheet_by_name(sheet)
    sheets = [book.get_sheet_by_index(number) for number in range(len(book.sheet_names))]
    filled = [one for one in sheets if one.end is not None]
    if len(filled) != 1:
        raise FeedRejected(
            "{file} has {count} sheets with rows; name in the feed which one is meant", file=file, count=len(filled)
        )
    return filled[0]


def _check_size(content: bytes, file: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _not_readable(file) from error
    if size > MOST_UNPACKED:
        raise FeedRejected(
            "{file} unpacks to {size} bytes, more than {most}; send it as CSV", file=file, size=size, most=MOST_UNPACKED
        )


def _not_readable(file: str) -> FeedRejected:
    return FeedRejected(
        "{file} is no workbook that can be read; open it, save it as .xlsx without a password and send it again",
        file=file,
    )


def _write_row(row: list[Any], width: int) -> str:
    """A row as a line; empty cells behind the header's last are none, so that a stray format is no field."""
    texts = [_write_cell(cell) for cell in row]
    while len(texts) > width and not texts[-1]:
        texts.pop()
    if not any(texts):
        return "\n"
    return ",".join(f'"{text.replace(chr(34), chr(34) * 2)}"' if _QUOTED & set(text) else text for text in texts) + "\n"


def _write_cell(cell: Any) -> str:  # noqa: ANN401 - whatever a cell can hold
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return _write_number(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
    if isinstance(cell, time):
        return cell.isoformat(timespec="seconds")
    return str(cell).translate(_BREAKS)


def _write_number(number: float) -> str:
    if not math.isfinite(number) or abs(number) >= _EXACT:
        return f"{number:.14E}"
    return str(int(number)) if number.is_integer() else repr(number)
