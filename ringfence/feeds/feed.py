"""A feed: how one department sends a format, with its own headers, words and layouts, under its own contract (6.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from zoneinfo import ZoneInfo

from ringfence.feeds.declarations import Format
from ringfence.feeds.layouts import Layout
from ringfence.feeds.weeks import WeekLayout
from ringfence.terms import calendar_day

JOINED = " + "
"""Between the headers of what makes one column together."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """When a feed's next file has to be in: every so many local days, by a second of the local day.

    On `weekdays` only (0: Monday), and never on a holiday (day numbers): nobody is late who was not expected.
    """

    by_s: int
    every_days: int = 1
    weekdays: frozenset[int] = frozenset(range(7))
    holidays: frozenset[int] = frozenset()

    def expects(self, day: int) -> bool:
        """Whether a file may be due on a local day."""
        return calendar_day(day).weekday() in self.weekdays and day not in self.holidays


@dataclass(frozen=True, kw_only=True)
class Feed:
    """A declared feed; `declared` is its format under the feed's own contract.

    `headers` says what stands over each column of the format in the file (`given + family`: over each part of it, which
    a blank joins), `constants` what a column holds in every row
    that the file does not have, `words` what the department's words stand for, `layouts` how it writes times. Of
    `ignored` columns nothing is read. Times are by the clock of `zone`, or of the deployment; `encoding` and `sheet`
    are found out where they are empty.
    """

    name: str
    declared: Format
    headers: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    layouts: Mapping[str, Layout | WeekLayout] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    zone: ZoneInfo | None = None
    encoding: str = ""
    sheet: str = ""
    header_line: int = 1
    due: Due | None = None

    @classmethod
    def of(cls, declared: Format) -> "Feed":
        """The feed of a format as it stands: whoever sends it uses our own names."""
        return cls(name=declared.name, declared=declared, headers={name: name for name in declared.names})

    @cached_property
    def fields(self) -> Mapping[str, str]:
        """What is read from a file, with its header: columns, and the parts of columns that are joined."""
        return {
            _name_part(column, part): header
            for column, headers in self.headers.items()
            for part, header in enumerate(headers.split(JOINED))
        }

    def parts(self, column: str) -> list[str]:
        """The fields that make a column, in order."""
        return [_name_part(column, part) for part in range(self.headers[column].count(JOINED) + 1)]

    @property
    def may_raise_signals(self) -> bool:
        """Whether its contract names the epidemiological basis without which no list becomes a signal (policy 6.5)."""
        return bool(self.declared.contract.basis)


def _name_part(column: str, part: int) -> str:
    return f"{column}{JOINED}{part}" if part else column
