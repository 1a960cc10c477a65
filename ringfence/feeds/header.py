"""The line with the names of the columns: exactly the declared ones, in any order (policy 2.1).

A file whose first line is a row instead is common. What stands there may be somebody's name, so an error names declared
columns only.
"""

import csv

from ringfence.errors import FeedRejected
from ringfence.feeds.feed import Feed
from ringfence.feeds.lines import Lines

EVERY_OTHER = "*"
"""Said of what is ignored, it means every column that is not read: other systems export a hundred and more."""

REASON_COLUMNS = ("reject_reason_zh", "reject_reason_en")
"""Columns that a list of rejects has beside its own; corrected and sent again, nothing of them is read."""


def read_header(lines: Lines, *, feed: Feed, file: str) -> tuple[str, ...]:
    """What the columns of a file are, in their order: columns of the format, or empty for what is not read.

    `lines` are the first of the file. FeedRejected for a name that is missing, doubled or not declared.
    """
    names = _read_names(lines, feed.header_line, file)
    columns = {header: column for column, header in feed.fields.items()}
    for header in columns:
        if names.count(header) != 1:
            raise FeedRejected(
                "{file} line {line} has the column '{column}' {times} times; it must stand there once: mend the header",
                file=file,
                line=feed.header_line,
                column=header,
                times=names.count(header),
            )
    passed_over = feed.ignored.union(REASON_COLUMNS)
    for place, name in enumerate(names, start=1):
        if name not in columns and name not in passed_over and EVERY_OTHER not in passed_over:
            raise FeedRejected(
                "{file} line {line} has {found} columns where {expected} are declared, and column {place} is none of "
                "them; remove it, or declare it as ignored",
                file=file,
                line=feed.header_line,
                found=len(names),
                expected=len(columns),
                place=place,
            )
    return tuple(columns.get(name, "") for name in names)


def _read_names(lines: Lines, line: int, file: str) -> tuple[str, ...]:
    if lines.count < line:
        raise FeedRejected("{file} ends before line {line}, where its header should stand", file=file, line=line)
    try:
        return tuple(name.strip() for name in next(csv.reader([lines.texts[line - 1].as_py()], strict=True)))
    except (csv.Error, StopIteration) as error:
        raise FeedRejected(
            "{file} line {line} holds no names of columns: {problem}; mend the header",
            file=file,
            line=line,
            problem=error,
        ) from error
