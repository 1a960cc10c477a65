"""What a department's file is, told by its first bytes: rows as text, a workbook, JSON Lines or messages (2.1).

A name says nothing: workbooks arrive as `.csv` and text as `.xls`. Whatever it is becomes lines of text, so that one
strict reader judges them all.
"""

import hashlib
import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from ringfence.feeds import fhir, hl7
from ringfence.feeds.encodings import UTF_8
from ringfence.feeds.feed import Feed
from ringfence.feeds.files import Stamp, open_unchanged
from ringfence.feeds.paxlst import MARKS, write_passengers
from ringfence.feeds.workbooks import OLE, ZIP, write_sheet


class Container(StrEnum):
    """The ways rows are packed."""

    CSV = "csv"
    WORKBOOK = "workbook"
    JSON_LINES = "json_lines"
    AIR_LIST = "air_list"
    HL7 = "hl7"
    FHIR = "fhir"


BRINGS = {Container.AIR_LIST: "passenger_list", Container.HL7: "sentinel_counts", Container.FHIR: "sentinel_counts"}
"""Messages bring rows of one format only; who sends them is in no other."""

_SNIFFED = 4096
_MARK = b"\xef\xbb\xbf"


class Text:
    """A file's text, digested while it is read; what is unpacked first has the digest of its packed bytes."""

    def __init__(self, file: BinaryIO, *, digest: str = "") -> None:
        self._file = file
        self._known = digest
        self._digest = hashlib.sha256()

    def read(self, size: int) -> bytes:
        """At most so many bytes; none at the end."""
        piece = self._file.read(size)
        if not self._known:
            self._digest.update(piece)
        return piece

    @property
    def digest(self) -> str:
        """SHA-256 of the file; of a text, of everything read so far."""
        return self._known or self._digest.hexdigest()


def find_container(path: Path, *, stamp: Stamp) -> Container:
    """How a file is packed."""
    with open_unchanged(path, stamp=stamp) as file:
        head = file.read(_SNIFFED)
    if head.startswith((ZIP, OLE)):
        return Container.WORKBOOK
    begun = head.removeprefix(_MARK).lstrip()
    if begun.lstrip(b"\x0b").startswith(hl7.MARKS):
        return Container.HL7
    if begun.startswith(b"{"):
        return Container.FHIR if fhir.MARK in begun else Container.JSON_LINES
    return Container.AIR_LIST if any(mark in head for mark in MARKS) else Container.CSV


@contextmanager
def open_text(path: Path, feed: Feed, *, container: Container, stamp: Stamp) -> Iterator[Text]:
    """The file as lines of text; FeedRejected where it cannot be unpacked, or changed since it was stamped."""
    with open_unchanged(path, stamp=stamp) as file:
        if container in {Container.CSV, Container.JSON_LINES}:
            yield Text(file)
            return
        content = file.read()
        text = _UNPACKED[container](content, feed, path.name)
    yield Text(io.BytesIO(text), digest=hashlib.sha256(content).hexdigest())


def encodings_of(container: Container, *, declared: str, tried: tuple[str, ...]) -> tuple[str, ...]:
    """The encodings a text may be in: ours where it was unpacked, else the declared one, else those that are tried."""
    if container in _UNPACKED:
        return (UTF_8,)
    return (declared,) if declared else tried


_UNPACKED: Mapping[Container, Callable[[bytes, Feed, str], bytes]] = {
    Container.WORKBOOK: lambda content, feed, file: write_sheet(content, sheet=feed.sheet, file=file),
    Container.AIR_LIST: lambda content, feed, file: write_passengers(
        content, names=tuple(feed.fields.values()), file=file
    ),
    Container.HL7: lambda content, feed, file: hl7.write_counts(content, feed=feed, file=file),
    Container.FHIR: lambda content, feed, file: fhir.write_counts(content, feed=feed, file=file),
}
