"""The lines of a file, a block at a time, as UTF-8, whatever encoding and line ends it came with (policy 2.1).

A row is a line. Neither DuckDB's reader (2.0) nor Arrow's (26) can be told so: after one open quotation mark both
swallow the rows up to the next into one field without a word, DuckDB in spite of `store_rejects`, Arrow in spite of
its handler of invalid rows; DuckDB's strict mode gives up the whole file. So lines are cut here, and a reader gets
only those that are sound by themselves (`rows`).
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ringfence.feeds.encodings import Undecodable, cut, decode

BLOCK = 16 * 2**20
"""Bytes read at a time: some 200,000 rows, enough to work by columns and few enough to hold several blocks at once."""

LONGEST = 2**20
"""Bytes a line may have. Of a longer one little more than that is kept, so that it is still seen to be too long."""

_MOST_OF_A_CHARACTER = 4

Integers: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]


class Source(Protocol):
    """What bytes come from."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""


@dataclass(frozen=True)
class Lines:
    """Lines of a file (shape n, n): `texts` with their newlines, `numbers` counted from 1."""

    texts: pa.StringArray
    numbers: Integers

    @property
    def count(self) -> int:
        """How many there are."""
        return self.numbers.size

    def keep(self, chosen: Flags) -> "Lines":
        """Only the chosen ones."""
        return self if chosen.all() else Lines(self.texts.filter(pa.array(chosen)), self.numbers[chosen])

    def to_buffer(self) -> pa.Buffer:
        """All of them one after the other, without copying."""
        _, offsets, content = self.texts.buffers()
        ends = np.frombuffer(offsets, dtype=np.int32)[self.texts.offset :][: self.count + 1]
        return content.slice(ends[0], ends[-1] - ends[0])


def read_lines(source: Source, *, encoding: str) -> Iterator[Lines]:
    """The lines of a file in blocks; Undecodable, counted within the file, where it is no text of the encoding.

    Lines end with a newline, with a return and a newline, or, in a file that begins so, with a return alone.
    """
    number = 1
    for start, block in _read_blocks(source, encoding):
        try:
            text = decode(block, encoding)
        except Undecodable as fault:
            raise Undecodable(start + fault.byte, number - 1 + fault.line) from None
        if number == 1:
            text = text.removeprefix(codecs.BOM_UTF8)
        texts = _split(text.replace(b"\r\n", b"\n") if b"\r" in text else text)
        yield Lines(texts, np.arange(number, number + len(texts)))
        number += len(texts)


def _read_blocks(source: Source, encoding: str) -> Iterator[tuple[int, bytes]]:
    """Blocks of whole lines that end with a newline, and at which byte of the file each begins."""
    rest, read, ends_with_return = b"", 0, False
    while piece := source.read(BLOCK):
        ends_with_return = ends_with_return or (not read and b"\r" in piece[:-1] and b"\n" not in piece)
        read += len(piece)
        if ends_with_return:
            piece = piece.replace(b"\r", b"\n")
        if len(rest) > LONGEST:
            piece = piece[piece.find(b"\n") :] if b"\n" in piece else b""
        whole, newline, tail = (rest + piece).rpartition(b"\n")
        if newline:
            yield read - len(tail) - len(whole) - 1, whole + newline
        rest = tail if len(tail) <= LONGEST else cut(tail, encoding, size=LONGEST + _MOST_OF_A_CHARACTER)
    if rest:
        yield read - len(rest), rest.removesuffix(b"\r") + b"\n"


def _split(text: bytes) -> pa.StringArray:
    """The lines of a text, without copying it."""
    ends = np.flatnonzero(np.frombuffer(text, dtype=np.uint8) == ord("\n")) + 1
    offsets = np.concatenate([[0], ends]).astype(np.int32)
    return pa.StringArray.from_buffers(ends.size, pa.py_buffer(offsets), pa.py_buffer(text))
