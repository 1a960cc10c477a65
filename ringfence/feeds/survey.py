"""The first of two passes over a file: what it is, before anything of it is believed (policy 2.1).

The digest, the encoding and which rows stand there twice are known only at a file's end, but wanted before its first
row is kept. So a file is read twice and never held.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ringfence.errors import FeedRejected
from ringfence.feeds.declarations import Format
from ringfence.feeds.encodings import ENCODINGS, GB_18030, ChineseLook, Undecodable
from ringfence.feeds.files import Stamp, open_unchanged
from ringfence.feeds.header import read_header
from ringfence.feeds.lines import read_lines
from ringfence.feeds.repeats import LineDigests, Repeats
from ringfence.feeds.rows import keep_rows


@dataclass(frozen=True)
class Survey:
    """A file as found: SHA-256 of its bytes, encoding, columns in its order, number of rows and their repeats."""

    digest: str
    encoding: str
    names: tuple[str, ...]
    row_count: int
    repeats: Repeats


class Digested:
    """A file that is digested while it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()

    def read(self, size: int) -> bytes:
        """At most so many bytes; none at the end."""
        piece = self._file.read(size)
        self._digest.update(piece)
        return piece

    @property
    def digest(self) -> str:
        """SHA-256 of everything read so far."""
        return self._digest.hexdigest()


def survey_file(path: Path, declared: Format, *, stamp: Stamp) -> Survey:
    """What a file is; FeedRejected for an empty one, another encoding, and columns other than declared."""
    faults = []
    for encoding in ENCODINGS:
        try:
            with open_unchanged(path, stamp=stamp) as file:
                return _survey(Digested(file), path.name, declared, encoding)
        except Undecodable as fault:
            faults.append(fault)
    raise FeedRejected(
        "{file} is neither UTF-8 nor GB 18030: at byte {byte}, in line {line}, stands no character; "
        "save it as 'CSV UTF-8' and send it again",
        file=path.name,
        byte=faults[0].byte,
        line=faults[0].line,
    )


def _survey(source: Digested, file: str, declared: Format, encoding: str) -> Survey:
    names: tuple[str, ...] = ()
    row_count, look = 0, ChineseLook()
    with LineDigests() as digests:
        for lines in read_lines(source, encoding=encoding):
            names = names or read_header(lines, declared=declared.names, file=file)
            if encoding == GB_18030:
                look.add(lines.to_buffer().to_pybytes().decode())
            rows = keep_rows(lines)
            digests.add(rows)
            row_count += rows.count
        repeats = digests.find()
    if not names:
        raise FeedRejected("{file} is empty, without even the names of its columns; send it again", file=file)
    if not look.is_convincing:
        raise Undecodable(byte=0, line=1)
    return Survey(source.digest, encoding, names, row_count, repeats)
