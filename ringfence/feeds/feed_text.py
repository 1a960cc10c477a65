"""A feed as a department and the data office agree on it: a TOML text, read strictly (policy 2.1, 6.1, 6.4)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, time
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from ringfence.errors import FeedRejected
from ringfence.feeds.contracts import check_contract, list_formats, read_format
from ringfence.feeds.declarations import Contract, Format, Kind
from ringfence.feeds.feed import JOINED, Due, Feed
from ringfence.feeds.layouts import Layout, read_layout
from ringfence.feeds.weeks import WEEKS, WeekLayout
from ringfence.policy import PolicySet
from ringfence.terms import day_number

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_ENCODINGS = ("", "utf-8", "gb18030")


class Weekday(StrEnum):
    """A day of the week, Monday first."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


class DueText(msgspec.Struct, forbid_unknown_fields=True):
    """`[due]`: by what local time of day, every how many days, on which weekdays, and which days are holidays."""

    by: time
    every_days: int = 1
    weekdays: tuple[Weekday, ...] = tuple(Weekday)
    holidays: list[date] = []


class FeedText(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Everything such a text may say."""

    feed: str
    format: str
    department: str
    purpose: str = ""
    retention: str = ""
    basis: str = ""
    time_zone: str = ""
    encoding: str = ""
    sheet: str = ""
    header_line: int = 1
    ignored: list[str] = []
    columns: dict[str, str]
    constants: dict[str, str] = {}
    words: dict[str, dict[str, str]] = {}
    layouts: dict[str, str] = {}
    due: DueText | None = None


def read_feed(text: str, *, policy: PolicySet) -> Feed:
    """The feed; FeedRejected for a text that says something twice, too little, or what its format does not have."""
    try:
        said = msgspec.toml.decode(text, type=FeedText)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise FeedRejected("the feed cannot be read: {problem}; mend its text", problem=error) from error
    _check_name(said.feed)
    declared = _put_under_contract(read_format(said.format, policy=policy), said)
    check_contract(declared, policy=policy)
    _check_columns(said, declared)
    return Feed(
        name=said.feed,
        declared=declared,
        headers=said.columns,
        constants=said.constants,
        words=said.words,
        layouts={name: _read_layout(said.feed, declared, name, layout) for name, layout in said.layouts.items()},
        ignored=frozenset(said.ignored),
        zone=_read_zone(said),
        encoding=_choose(said, "encoding", said.encoding, _ENCODINGS),
        sheet=said.sheet,
        header_line=max(said.header_line, 1),
        due=None if said.due is None else _read_due(said.feed, said.due),
    )


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name) or name in list_formats():
        raise FeedRejected(
            "a feed cannot be called '{name}'; take small letters, figures and underscores, and no format's name",
            name=name,
        )


def _put_under_contract(declared: Format, said: FeedText) -> Format:
    for key in ("department", "purpose", "retention"):
        if not getattr(said, key):
            raise FeedRejected(
                "feed {feed} declares no {key}; without one nothing of it is received", feed=said.feed, key=key
            )
    contract = Contract(
        department=said.department, purpose=said.purpose, retention=said.retention, basis=said.basis.strip()
    )
    return replace(declared, contract=contract)


def _check_columns(said: FeedText, declared: Format) -> None:
    """Every column named is one of the format, every needed one is named, and no header stands for two."""
    named: dict[str, Iterable[str]] = {
        "columns": said.columns,
        "constants": said.constants,
        "words": said.words,
        "layouts": said.layouts,
    }
    for section, columns in named.items():
        for name in columns:
            _choose(said, section, name, declared.names)
    told = {*said.columns, *(name for name, constant in said.constants.items() if constant)}
    for column in declared.columns:
        if column.is_required and column.name not in told:
            raise FeedRejected(
                "feed {feed} does not say where '{column}' stands; name its header, or a constant",
                feed=said.feed,
                column=column.name,
            )
    empty = next((name for name, words in said.words.items() if "" in words.values()), "")
    if empty:
        raise FeedRejected(
            "feed {feed} does not say what every word of '{column}' stands for; fill it in",
            feed=said.feed,
            column=empty,
        )
    headers = [part for header in said.columns.values() for part in header.split(JOINED)]
    twice = _find_twice([*headers, *said.ignored]) or _find_twice([*said.columns, *said.constants])
    if twice:
        raise FeedRejected("feed {feed} speaks of '{name}' twice; leave one out", feed=said.feed, name=twice)


def _find_twice(names: Iterable[str]) -> str:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return ""


def _choose(said: FeedText, key: str, chosen: str, known: Iterable[str]) -> str:
    if chosen not in known:
        raise FeedRejected(
            "feed {feed}: {key} has '{found}'; there is only {known}",
            feed=said.feed,
            key=key,
            found=chosen,
            known=", ".join(filter(None, known)),
        )
    return chosen


def _read_layout(feed: str, declared: Format, name: str, layout: str) -> Layout | WeekLayout:
    kind = next(column.kind for column in declared.columns if column.name == name)
    if layout in WEEKS and kind is Kind.DAY:
        return WeekLayout(layout)
    try:
        return read_layout(layout, kind=kind)
    except ValueError as error:
        raise FeedRejected(
            "feed {feed}: '{layout}' does not say how '{column}' is written; put it together from YYYY, MM or M, "
            "DD or D, HH or H, mm and ss; a day may also be an iso_week or mmwr_week",
            feed=feed,
            layout=layout,
            column=name,
        ) from error


def _read_zone(said: FeedText) -> ZoneInfo | None:
    try:
        return ZoneInfo(said.time_zone) if said.time_zone else None
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise FeedRejected(
            "feed {feed}: there is no time zone '{zone}'; name one as Asia/Shanghai",
            feed=said.feed,
            zone=said.time_zone,
        ) from error


def _read_due(feed: str, due: DueText) -> Due:
    if due.every_days < 1:
        raise FeedRejected("feed {feed} is due every {days} days; that is at least 1", feed=feed, days=due.every_days)
    if not due.weekdays:
        raise FeedRejected("feed {feed} is due on no day of the week; name one, or leave weekdays out", feed=feed)
    return Due(
        by_s=due.by.hour * 3600 + due.by.minute * 60 + due.by.second,
        every_days=due.every_days,
        weekdays=frozenset(list(Weekday).index(one) for one in due.weekdays),
        holidays=frozenset(day_number(one) for one in due.holidays),
    )


def write_feed(said: Mapping[str, object], sections: Mapping[str, Mapping[str, str]]) -> str:
    """The TOML text of plain values and sections of texts, in their order."""
    lines = [f"{key} = {_to_toml(value)}" for key, value in said.items()]
    for section, values in sections.items():
        lines += ["", f"[{section}]", *(f"{_to_toml(key)} = {_to_toml(value)}" for key, value in values.items())]
    return "\n".join(lines) + "\n"


def _to_toml(value: object) -> str:
    """A text, number or list of texts; TOML writes these as JSON does."""
    return msgspec.json.encode(value).decode()
