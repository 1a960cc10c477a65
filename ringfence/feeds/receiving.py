"""A department's file in, accepted and rejected rows out: every row is one or the other (policy 2.1, 6.1)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from ringfence.feeds.checking import Check, Part
from ringfence.feeds.declarations import Format
from ringfence.feeds.files import Stamp, open_unchanged, read_stamp
from ringfence.feeds.known import Known
from ringfence.feeds.lines import read_lines
from ringfence.feeds.rows import keep_rows, read_rows
from ringfence.feeds.survey import Survey, survey_file
from ringfence.feeds.verdicts import REJECTS
from ringfence.terms import Clock


@dataclass(frozen=True)
class Received:
    """A file that can be read: what it is is known, its rows are read as often as they are asked for and never held."""

    path: Path
    survey: Survey
    check: Check
    stamp: Stamp

    @property
    def declared(self) -> Format:
        """The format it was received in."""
        return self.check.declared

    @property
    def digest(self) -> str:
        """SHA-256 of the file's bytes."""
        return self.survey.digest

    @property
    def batch_id(self) -> str:
        """The batch this file is, whatever it is called and however often it is sent."""
        return f"{self.declared.name}-{self.digest}"

    @property
    def row_count(self) -> int:
        """How many rows the file has; of these parts, accepted and rejected together have as many."""
        return self.survey.row_count

    def read_parts(self) -> Iterator[Part]:
        """The rows, a block of lines at a time; FeedRejected when the file is no longer the one that was surveyed."""
        with open_unchanged(self.path, stamp=self.stamp) as file:
            for lines in read_lines(file, encoding=self.survey.encoding):
                rows, unsound = read_rows(keep_rows(lines), names=self.survey.names)
                part = self.check.check_rows(rows, self.survey.repeats)
                yield Part(part.accepted, pa.concat_tables([unsound, part.rejects]).sort_by("row"))

    def read(self) -> Part:
        """All rows at once, for files that fit into memory."""
        parts = list(self.read_parts())
        return Part(
            pa.concat_tables([self.declared.schema.empty_table(), *(part.accepted for part in parts)]),
            pa.concat_tables([REJECTS.empty_table(), *(part.rejects for part in parts)]),
        )


def read_file(path: Path, declared: Format, *, known: Known, clock: Clock, today: int) -> Received:
    """A department's file, ready to be read; FeedRejected says why it cannot be, and what to do.

    `today` is a local day number.
    """
    stamp = read_stamp(path)
    survey = survey_file(path, declared, stamp=stamp)
    return Received(path, survey, Check(declared=declared, known=known, clock=clock, today=today), stamp)
