"""A department's file in, accepted and rejected rows out: every row is one or the other (policy 2.1, 6.1)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from ringfence.feeds.checking import Check, Part
from ringfence.feeds.containers import Container, open_text
from ringfence.feeds.declarations import Format
from ringfence.feeds.feed import Feed
from ringfence.feeds.files import Stamp, read_stamp
from ringfence.feeds.header import REASON_COLUMNS
from ringfence.feeds.known import Known
from ringfence.feeds.lines import Lines, read_lines
from ringfence.feeds.objects import read_objects
from ringfence.feeds.rows import Rows, keep_rows, read_rows
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
    def feed(self) -> Feed:
        """The feed it was received under."""
        return self.check.feed

    @property
    def declared(self) -> Format:
        """The format it was received in."""
        return self.feed.declared

    @property
    def digest(self) -> str:
        """SHA-256 of the file's bytes."""
        return self.survey.digest

    @property
    def batch_id(self) -> str:
        """The batch this file is, whatever it is called and however often it is sent."""
        return f"{self.feed.name}-{self.digest}"

    @property
    def row_count(self) -> int:
        """How many rows the file has; of these parts, accepted and rejected together have as many."""
        return self.survey.row_count

    def read_parts(self) -> Iterator[Part]:
        """The rows, a block of lines at a time; FeedRejected when the file is no longer the one that was surveyed."""
        survey = self.survey
        with open_text(self.path, self.feed, container=survey.container, stamp=self.stamp) as text:
            for lines in read_lines(text, encoding=survey.encoding):
                rows, unsound = self._read_rows(keep_rows(lines, after=survey.header_line))
                part = self.check.check_rows(rows, survey.repeats)
                yield Part(part.accepted, pa.concat_tables([unsound, part.rejects]).sort_by("row"))

    def read(self) -> Part:
        """All rows at once, for files that fit into memory."""
        parts = list(self.read_parts())
        return Part(
            pa.concat_tables([self.declared.schema.empty_table(), *(part.accepted for part in parts)]),
            pa.concat_tables([REJECTS.empty_table(), *(part.rejects for part in parts)]),
        )

    def _read_rows(self, lines: Lines) -> tuple[Rows, pa.Table]:
        if self.survey.container is Container.JSON_LINES:
            return read_objects(lines, headers=self.feed.fields, ignored=self.feed.ignored.union(REASON_COLUMNS))
        return read_rows(lines, names=self.survey.names)


def read_file(path: Path, feed: Feed | Format, *, known: Known, clock: Clock, today: int) -> Received:
    """A department's file, ready to be read; FeedRejected says why it cannot be, and what to do.

    A format stands for the feed that sends it as it is. `today` is a local day number.
    """
    sent = feed if isinstance(feed, Feed) else Feed.of(feed)
    stamp = read_stamp(path)
    survey = survey_file(path, sent, stamp=stamp)
    return Received(path, survey, Check(feed=sent, known=known, clock=clock, today=today), stamp)
