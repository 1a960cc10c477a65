"""HL7 v2.5.1 ADT messages of hospitals, read by a tolerant splitter: arrivals become counts (policy 4.1).

A01 and A04 are arrivals, A08 and A03 say what somebody turned out to have, A11 takes an arrival back; other messages
are passed over. What is read: MSH-4 the site, MSH-7 and EVN-2 when it was written down, PV1-19 (or PID-18, PID-3) which
stay, DG1-3 and PV2-3 the codes, OBX-3 and OBX-5 what was measured. A file holds everything that was written down on its
days; sent again, it corrects them. Segments: HL7 v2.5.1, chapters 2 and 3.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone

from ringfence.errors import FeedRejected
from ringfence.feeds.encounters import Encounter, Measured, count_encounters, write_rows
from ringfence.feeds.feed import Feed

MARKS = (b"MSH|", b"FHS|", b"BHS|")
"""What such a file begins with, after the marks of a transport."""

_ARRIVALS = frozenset({"A01", "A04"})
_CHANGES = frozenset({"A03", "A08"})
_TAKEN_BACK = "A11"
_TIME = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?(?:\.\d+)?([+-]\d{4})?")
_FRAME = re.compile("[\x0b\x1c]")
_ESCAPED = re.compile(r"\\([A-Za-z])([^\\]*)\\")

Segment = list[str]


@dataclass
class Message:
    """One message: its segments by tag, cut into fields; field numbers are those of HL7."""

    marks: str
    segments: list[Segment] = field(default_factory=list)

    def fields(self, tag: str) -> Iterator[Segment]:
        """The segments of a tag."""
        return (one for one in self.segments if one[0] == tag)

    def text(self, tag: str, number: int, component: int = 1) -> str:
        """One component of a field of the first segment of a tag; empty where there is none."""
        return next((self.part(one, number, component) for one in self.fields(tag)), "")

    def part(self, segment: Segment, number: int, component: int = 1) -> str:
        """One component of a segment's field, its first repetition, without escapes."""
        place = number - 1 if segment[0] == "MSH" else number
        if place >= len(segment):
            return ""
        parts = segment[place].split(self.marks[1])[0].split(self.marks[0])
        return _unescape(parts[component - 1], self.marks) if component <= len(parts) else ""

    @property
    def trigger(self) -> str:
        """What happened: A01, A03, ..."""
        return self.text("MSH", 9, 2)

    @property
    def stay(self) -> tuple[str, str]:
        """Which stay at which site; the number is used for nothing but telling messages of one stay apart."""
        numbers = (("PV1", 19), ("PID", 18), ("PID", 3))
        return self.text("MSH", 4), next((found for tag, at in numbers if (found := self.text(tag, at))), "")


def write_counts(content: bytes, *, feed: Feed, file: str) -> bytes:
    """The arrivals of a file as lines of CSV; FeedRejected where it holds no message that can be read."""
    messages = [one for one in read_messages(_decode(content, feed)) if one.text("MSH", 9) == "ADT"]
    if not messages:
        raise FeedRejected("{file} holds no ADT message; ask for it again", file=file)
    times = [_time(one.text("EVN", 2) or one.text("MSH", 7), feed) for one in messages]
    sent = [_time(one.text("MSH", 7), feed) for one in messages]
    rows = count_encounters(
        _read_stays(messages, times).values(),
        reported=[(one.text("MSH", 4), when[:10]) for one, when in zip(messages, times, strict=True)],
        feed=feed,
        reported_at=max(sent),
    )
    return write_rows(rows, fields=feed.fields)


def read_messages(text: str) -> Iterator[Message]:
    """The messages of a text, whatever frames and ends of lines a transport put around them."""
    message: Message | None = None
    for line in re.split("[\r\n]+", _FRAME.sub("\n", text)):
        if line.startswith("MSH") and len(line) > len("MSH|^~\\&"):
            if message is not None:
                yield message
            message = Message(marks=line[4:8])
            message.segments.append(line.split(line[3]))
        elif message is not None and line[:3].isalnum():
            message.segments.append(line.split(message_mark(message)))
    if message is not None:
        yield message


def message_mark(message: Message) -> str:
    """What stands between the fields of a message."""
    return message.segments[0][0][3:4] or "|"


def _read_stays(messages: list[Message], times: list[str]) -> dict[tuple[str, str], Encounter]:
    """The arrivals by stay, with what became known of each; without a number every arrival is a stay of its own."""
    stays: dict[tuple[str, str], Encounter] = {}
    for place, (one, when) in enumerate(zip(messages, times, strict=True)):
        site, number = one.stay
        key = (site, number or f" {place}")
        codes, measured = _read_codes(one), _read_measured(one)
        if one.trigger in _ARRIVALS:
            stays.setdefault(key, Encounter(site=site, day=when[:10], codes=codes, measured=measured))
        elif one.trigger in _CHANGES and key in stays:
            known = stays[key]
            stays[key] = replace(known, codes=codes or known.codes, measured=known.measured + measured)
        elif one.trigger == _TAKEN_BACK:
            stays.pop(key, None)
    return stays


def _read_codes(message: Message) -> tuple[str, ...]:
    diagnosed = [message.part(one, 3) for one in message.fields("DG1")]
    return tuple(filter(None, [*diagnosed, message.text("PV2", 3)]))


def _read_measured(message: Message) -> tuple[Measured, ...]:
    found = []
    for one in message.fields("OBX"):
        try:
            found.append(Measured(code=message.part(one, 3), number=float(message.part(one, 5))))
        except ValueError:
            continue  # a text was observed, not a number
    return tuple(found)


def _decode(content: bytes, feed: Feed) -> str:
    for encoding in (feed.encoding,) if feed.encoding else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("utf-8", "replace")


def _time(written: str, feed: Feed) -> str:
    """A time as we write it, by the clock of the feed's zone where both it and an offset are told; else as written."""
    found = _TIME.match(written)
    if found is None:
        return written
    year, month, day, hour, minute, second, offset = found.groups()
    try:
        when = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))  # noqa: DTZ001 - a wall clock's
    except ValueError:
        return written
    if offset and feed.zone:
        away = timedelta(hours=int(offset[:3]), minutes=int(offset[0] + offset[3:]))
        when = when.replace(tzinfo=timezone(away)).astimezone(feed.zone)
    return f"{when:%Y-%m-%d %H:%M:%S}"


def _unescape(text: str, marks: str) -> str:
    kept = {"F": "|", "S": marks[0], "R": marks[1], "E": "\\", "T": marks[3] if len(marks) > 3 else "&"}  # noqa: PLR2004 - the fourth mark
    return _ESCAPED.sub(lambda found: kept.get(found[1], ""), text).strip()
