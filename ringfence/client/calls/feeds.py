"""The calls of feeds. Made from the description of the API by `tools/docs.py`; do not edit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from ringfence.client.room import Room, in_path


@dataclass(frozen=True, kw_only=True)
class BatchWithdrawn:
    """What went with a batch; the files of `send_again` had rows that it had brought before them."""

    batch_no: int
    signals: list[int]
    cases: list[int]
    people: int
    send_again: list[int]


@dataclass(frozen=True, kw_only=True)
class Batche:
    """One row of the list of batches."""

    batch_no: int
    batch_id: str
    feed: str
    department: str
    purpose: str
    rows_accepted: int
    rows_rejected: int
    status: str
    retain_until_day: date | None
    received_by: str
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True)
class FeedRow:
    """A feed in force, with its contract."""

    feed: str
    format: str
    department: str
    purpose: str
    retention: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class FeedDeclared:
    """The name its files are sent under from now on, and their format."""

    feed: str
    format: str


Punctuality = Literal["in_time", "late", "silent"]


@dataclass(frozen=True, kw_only=True)
class FeedProposed:
    """The text of a feed for what a system exports."""

    system: str
    text: str


@dataclass(frozen=True, kw_only=True)
class FeedSuggested:
    """The text of a feed as far as a file tells it; in `unsure` what nobody should take for granted."""

    text: str
    format: str
    unsure: list[str]


@dataclass(frozen=True, kw_only=True)
class RejectedRows:
    """Rows rejected for one reason in one column; `first_row` is the line of the first."""

    code: str
    column: str
    rows: int
    first_row: int


@dataclass(frozen=True, kw_only=True)
class Formats:
    """The formats of files that can be sent."""

    formats: list[str]


@dataclass(frozen=True, kw_only=True)
class DeclaredFeeds:
    """The feeds in force, by name."""

    rows: list[FeedRow]


@dataclass(frozen=True, kw_only=True)
class FeedDue:
    """A feed that is due at times: the deadline that passed last, the last file, how many deadlines went by."""

    feed: str
    due_at: datetime
    last_at: datetime | None
    missed: int
    punctuality: Punctuality


@dataclass(frozen=True, kw_only=True)
class FileArrived:
    """What became of a file; `is_known` where it was received before, and then nothing changed."""

    file: str
    format: str
    batch_no: int | None
    rows: int
    accepted: int
    rejected: int
    newcomers: int
    is_known: bool
    refused: list[RejectedRows]


@dataclass(frozen=True, kw_only=True)
class FeedsDue:
    """Every feed that is due at times."""

    rows: list[FeedDue]


class FeedsCalls(Room):
    """The calls of feeds."""

    def list_batches(
        self,
        *,
        sort: Literal["recorded_at", "-recorded_at"] = "-recorded_at",
        feed: str | None = None,
        status: str | None = None,
    ) -> Iterator[Batche]:
        """The files received, the newest first (GET /batches)."""
        return self._walk(Batche, "/batches", {"sort": sort, "feed": feed, "status": status})

    def read_formats(self) -> Formats:
        """The formats of files that can be sent (GET /feeds)."""
        return self._ask(Formats, "GET", "/feeds")

    def receive_file(self, feed_name: str, content: bytes, *, name: str = "upload.csv") -> FileArrived:
        """Take a file in (POST /feeds/{feed_name}/files)."""
        return self._ask(FileArrived, "POST", f"/feeds/{in_path(feed_name)}/files", {"name": name}, None, content)

    def list_feeds(self) -> DeclaredFeeds:
        """The feeds in force, each with its contract (GET /declared-feeds)."""
        return self._ask(DeclaredFeeds, "GET", "/declared-feeds")

    def declare_feed(self, *, text: str) -> FeedDeclared:
        """Put the text of a feed in force (POST /declared-feeds)."""
        return self._ask(FeedDeclared, "POST", "/declared-feeds", None, {"text": text})

    def suggest_feed(self, content: bytes, *, name: str = "upload.csv") -> FeedSuggested:
        """Propose the text of a feed from a file's headers and first rows, for a person to confirm.

        POST /feed-suggestions
        """
        return self._ask(FeedSuggested, "POST", "/feed-suggestions", {"name": name}, None, content)

    def propose_feed(self, system: str) -> FeedProposed:
        """The text of a feed for another system's exports (GET /feed-proposals/{system})."""
        return self._ask(FeedProposed, "GET", f"/feed-proposals/{in_path(system)}")

    def check_feeds(self) -> FeedsDue:
        """Which feeds are in time, late or silent (POST /feed-checks)."""
        return self._ask(FeedsDue, "POST", "/feed-checks")

    def withdraw_batch(self, batch_no: int) -> BatchWithdrawn:
        """Take a file back, with all that stood on it alone (POST /batches/{batch_no}/withdraw)."""
        return self._ask(BatchWithdrawn, "POST", f"/batches/{in_path(batch_no)}/withdraw")
