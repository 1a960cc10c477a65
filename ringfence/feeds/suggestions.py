"""A proposal for how a file may be read: which format, which header is which column; a person confirms it (2.1).

It goes by headers and by the first rows, names what it is unsure of, and declares no purpose and no retention: whoever
confirms it writes those.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ringfence.errors import FeedRejected
from ringfence.feeds.containers import Container, encodings_of, find_container, open_text
from ringfence.feeds.contracts import list_formats, read_format
from ringfence.feeds.declarations import Column, Contract, Format, Kind
from ringfence.feeds.encodings import ENCODINGS, Undecodable
from ringfence.feeds.feed import Feed
from ringfence.feeds.feed_text import write_feed
from ringfence.feeds.files import read_stamp
from ringfence.feeds.layouts import read_layout
from ringfence.feeds.lines import Lines, read_lines
from ringfence.feeds.objects import read_pairs
from ringfence.feeds.synonyms import PLAIN, plain
from ringfence.policy import PolicySet

SAMPLED = 200
"""Rows that are looked at."""

_HEADER_WITHIN = 10
_FEWEST_KNOWN = 2
_MOST_WORDS = 20
_DATES = ("YYYY-MM-DD", "YYYY/M/D", "YYYY.M.D", "YYYY年M月D日", "YYYYMMDD")
_TIMES = ("HH:mm", "H:mm", "HH:mm:ss", "H:mm:ss")
_OURS = {"YYYY-MM-DD", "YYYY-MM-DD HH:mm", "YYYY-MM-DD HH:mm:ss", "HH:mm", "HH:mm:ss"}


@dataclass(frozen=True)
class Sample:
    """The headers of a file, the line they stand on, and some rows under them."""

    headers: tuple[str, ...]
    header_line: int
    rows: Sequence[Sequence[str]]

    def texts(self, header: str) -> list[str]:
        """What stands under a header, without what is empty."""
        place = self.headers.index(header)
        return [row[place].strip() for row in self.rows if place < len(row) and row[place].strip()]


@dataclass(frozen=True)
class Suggestion:
    """A proposed feed as a text, with what a person must still say or look at."""

    text: str
    format: str
    unsure: tuple[str, ...]


def suggest_feed(path: Path, *, policy: PolicySet) -> Suggestion:
    """A proposal for a file; FeedRejected where nothing in its first lines is known as a header."""
    sample = read_sample(path)
    formats = [read_format(name, policy=policy) for name in list_formats()]
    chosen = max(formats, key=lambda declared: _fit(declared, sample))
    columns = match_columns(chosen, sample.headers)
    missing = [one.name for one in chosen.columns if one.is_required and one.name not in columns]
    words = {name: found for name, header in columns.items() if (found := _new_words(chosen, name, sample, header))}
    head = {
        "feed": re.sub("[^a-z0-9_]+", "_", path.stem.casefold()).strip("_0123456789") or "new_feed",
        "format": chosen.name,
        "department": "",
        "purpose": "",
        "retention": "",
        "basis": "",
        "header_line": sample.header_line,
        "ignored": [header for header in sample.headers if header and header not in columns.values()],
    }
    layouts = {name: layout for name, header in columns.items() if (layout := _layout(chosen, name, sample, header))}
    sections = {"columns": columns, "constants": dict.fromkeys(missing, ""), "layouts": layouts}
    sections |= {f"words.{name}": dict.fromkeys(found, "") for name, found in words.items()}
    unsure = (*missing, *(f"words.{name}" for name in words))
    return Suggestion(write_feed(head, {name: part for name, part in sections.items() if part}), chosen.name, unsure)


def read_sample(path: Path) -> Sample:
    """The headers and first rows of a file: its header is the line with the most known words among the first ones."""
    lines = _read_rows(path)
    best = max(range(min(len(lines), _HEADER_WITHIN)), key=lambda place: _count_known(lines[place]), default=0)
    if not lines or _count_known(lines[best]) < _FEWEST_KNOWN:
        raise FeedRejected(
            "in the first lines of {file} nothing is known as a header; name its columns by hand", file=path.name
        )
    return Sample(tuple(name.strip() for name in lines[best]), best + 1, lines[best + 1 :])


def match_columns(declared: Format, headers: Sequence[str]) -> dict[str, str]:
    """The header of each column of a format that one is known for; no header stands for two."""
    matched: dict[str, str] = {}
    for column in declared.columns:
        known = PLAIN.get(column.name, frozenset({plain(column.name)}))
        free = [header for header in headers if plain(header) in known and header not in matched.values()]
        own = [header for header in free if plain(header) == plain(column.name)]
        if free:
            matched[column.name] = (own or free)[0]
    return matched


def _fit(declared: Format, sample: Sample) -> tuple[int, int]:
    """How well a format fits: needed columns found less those missing, then all that are found."""
    matched = match_columns(declared, sample.headers)
    needed = [one.name for one in declared.columns if one.is_required]
    return sum(1 if name in matched else -1 for name in needed) + len(matched), -len(declared.columns)


def _new_words(declared: Format, name: str, sample: Sample, header: str) -> list[str]:
    column = next(one for one in declared.columns if one.name == name)
    if column.kind is not Kind.CODE:
        return []
    new = sorted(set(sample.texts(header)) - set(column.codes or ()))
    return new if len(new) <= _MOST_WORDS else []  # more are no code words, and may be names


def _layout(declared: Format, name: str, sample: Sample, header: str) -> str:
    """The one layout that most texts of a column follow; empty where it is ours, or none."""
    column: Column = next(one for one in declared.columns if one.name == name)
    layouts = {
        Kind.DAY: _DATES,
        Kind.TIME_OF_DAY: _TIMES,
        Kind.INSTANT: tuple(f"{date} {time}" for date in _DATES for time in _TIMES),
    }.get(column.kind, ())
    texts = sample.texts(header)
    follow = {
        layout: sum(bool(re.fullmatch(read_layout(layout, kind=column.kind).pattern, text)) for text in texts)
        for layout in layouts
    }
    best = max(follow, key=lambda layout: follow[layout], default="")
    return "" if not best or not follow[best] or best in _OURS else best


def _count_known(row: Sequence[str]) -> int:
    known = frozenset[str]().union(*PLAIN.values())
    return sum(plain(header) in known for header in row)


def _read_rows(path: Path) -> list[list[str]]:
    """The first lines of a file as fields; of JSON Lines the names of the first object, then the values."""
    stamp = read_stamp(path)
    container = find_container(path, stamp=stamp)
    feed = Feed(
        name="",
        declared=Format(name="", contract=Contract(department="", purpose="", retention=""), columns=()),
        headers={},
    )
    for encoding in encodings_of(container, declared="", tried=ENCODINGS):
        try:
            with open_text(path, feed, container=container, stamp=stamp) as text:
                first = next(iter(read_lines(text, encoding=encoding)), None)
        except Undecodable:
            continue
        return [] if first is None else _split(first, container)
    raise FeedRejected(
        "{file} is not written in {encodings}; save it as 'CSV UTF-8' first",
        file=path.name,
        encodings=", ".join(ENCODINGS),
    )


def _split(lines: Lines, container: Container) -> list[list[str]]:
    texts = lines.texts.slice(0, SAMPLED + _HEADER_WITHIN).to_pylist()
    if container is Container.JSON_LINES:
        objects = [pairs for text in texts if (pairs := read_pairs(text)) is not None]
        names = list(dict.fromkeys(name for pairs in objects for name in pairs))
        return [names, *([pairs.get(name, "") for name in names] for pairs in objects)]
    return list(islice(csv.reader(texts), len(texts)))
