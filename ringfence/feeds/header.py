"""The line with the names of the columns: exactly the declared ones, in any order (policy 2.1).

A file whose first line is a row instead is common. What stands there may be somebody's name, so an error names declared
columns only.
"""

import csv
from collections.abc import Sequence

from ringfence.errors import FeedRejected
from ringfence.feeds.lines import Lines


def read_header(lines: Lines, *, declared: Sequence[str], file: str) -> tuple[str, ...]:
    """The names in the order of the first line; FeedRejected for one that is missing, doubled or not declared."""
    names = _read_names(lines, file)
    for column in declared:
        if names.count(column) != 1:
            raise FeedRejected(
                "{file} line 1 has the column '{column}' {times} times; it must stand there once: mend the header",
                file=file,
                column=column,
                times=names.count(column),
            )
    for place, name in enumerate(names, start=1):
        if name not in declared:
            raise FeedRejected(
                "{file} line 1 has {found} columns where {expected} are declared, and column {place} is none of them; "
                "remove it",
                file=file,
                found=len(names),
                expected=len(declared),
                place=place,
            )
    return names


def _read_names(lines: Lines, file: str) -> tuple[str, ...]:
    try:
        return tuple(name.strip() for name in next(csv.reader([lines.texts[0].as_py()], strict=True)))
    except csv.Error as error:
        raise FeedRejected(
            "{file} line 1 holds no names of columns: {problem}; mend the header", file=file, problem=error
        ) from error
