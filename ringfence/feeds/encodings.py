"""The two encodings departments write in, told apart by what stands in the file (policy 2.1).

UTF-8 checks itself. GB 18030 hardly does: most pairs of bytes are some character of it, so what decodes must also
look like Chinese before it is believed. Text in Big5, Shift-JIS, Latin-1 or Cyrillic does not; text in EUC-JP or
EUC-KR would.
"""

import codecs
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

UTF_8, GB_18030 = "utf-8", "gb18030"
ENCODINGS = (UTF_8, GB_18030)
"""In the order in which they are tried: hardly any text of the second is one of the first by chance."""

_USUAL = 0.6
"""The least share of usual characters. Chinese lists of names and addresses have .90 and more, others read as GB 18030
had .00 to .38 (Big5, Shift-JIS, Latin-1, Cyrillic)."""

_BEYOND_ASCII = 0x80
_SYMBOLS, _WIDE_FORMS = 0xA1, 0xA3
_FIRST_USUAL, _LAST_USUAL = 0xB0, 0xD7


class Undecodable(Exception):
    """The bytes are no text of the encoding; `byte` counts from 0, `line` from 1. None of the bytes are kept here."""

    def __init__(self, byte: int, line: int) -> None:
        super().__init__(byte, line)
        self.byte = byte
        self.line = line


def decode(block: bytes, encoding: str) -> bytes:
    """A block as UTF-8; Undecodable, counted within the block, where it is no text of the encoding."""
    if encoding == UTF_8 and _is_utf_8(block):
        return block
    try:
        text = block.decode(encoding)
    except UnicodeDecodeError as fault:
        raise Undecodable(fault.start, block.count(b"\n", 0, fault.start) + 1) from None
    return text.encode()


def cut(line: bytes, encoding: str, *, size: int) -> bytes:
    """The beginning of a line without half a character at its end; Undecodable where it is no text of the encoding."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(line[:size]).encode(encoding)
    except UnicodeDecodeError as fault:
        raise Undecodable(fault.start, 1) from None


def _is_utf_8(block: bytes) -> bool:
    """Whether all of it is UTF-8: Arrow's check takes a fifteenth of the time that decoding does."""
    whole = pa.LargeStringArray.from_buffers(1, pa.py_buffer(np.array([0, len(block)])), pa.py_buffer(block))
    try:
        whole.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


@dataclass
class ChineseLook:
    """Whether most characters beyond ASCII are symbols, wide forms or the 3,755 usual characters of GB 2312."""

    usual: int = 0
    beyond: int = 0

    def add(self, text: str) -> None:
        """Count a text in."""
        letters = np.frombuffer(text.encode("gb2312", "ignore"), dtype=np.uint8)
        is_ascii = letters < _BEYOND_ASCII
        first = letters[~is_ascii][::2]
        is_usual = (first == _SYMBOLS) | (first == _WIDE_FORMS) | ((first >= _FIRST_USUAL) & (first <= _LAST_USUAL))
        self.usual += int(np.count_nonzero(is_usual))
        self.beyond += len(text) - int(np.count_nonzero(is_ascii))

    @property
    def is_convincing(self) -> bool:
        """Whether what was counted so far can be believed."""
        return self.usual >= _USUAL * self.beyond
