"""Air lists as UN/EDIFACT PAXLST, read by a tolerant splitter (policy 2.1, 6.1).

Lists as they are sent have teletype headers and footers around them, line breaks inside tags, odd separators in UNA,
two-digit years, the word NULL for nothing and wrong totals: a parser that insists on the standard reads none of them.
So segments are found by their tags, nothing is believed of counts, and the rows are judged like any other. Segment
meanings: UN/EDIFACT D.02B PAXLST (message), as IATA, ICAO and WCO guidelines for passenger lists use it.
"""

import re
from collections.abc import Iterator, Sequence

from ringfence.errors import FeedRejected

MARKS = (b"UNB", b"UNH+", b"PAXLST")
"""What stands near the beginning of every such list."""

_UNA = re.compile(r"UNA(.{6})", re.DOTALL)
_USUAL = ":+.? '"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NOTHING = frozenset({"NULL", "NONE", "N/A"})
_DAY = re.compile(r"(?P<year>[0-9]{2}|[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})")
_SEX = {"M": "male", "F": "female"}
_FLYING, _CREW = "FL", "FM"


def write_passengers(content: bytes, *, names: Sequence[str], file: str) -> bytes:
    """The passengers of a list as lines of CSV under the named columns; FeedRejected where it holds no list."""
    text = _CONTROL.sub("", content.decode("utf-8", "replace"))
    flight: dict[str, str] = {"kind": "air"}
    people = list(_read_people(list(_split(text)), flight))
    if not people:
        raise FeedRejected("{file} is no passenger list: no NAD segment stands in it; ask for it again", file=file)
    lines = [",".join(names)]
    lines += [",".join(_quote((flight | one).get(name, "")) for name in names) for one in people]
    return ("\n".join(lines) + "\n").encode()


def _split(text: str) -> Iterator[list[list[str]]]:
    """Segments as elements of components; a break inside a segment is none, and a released mark stands for itself."""
    advice = _UNA.search(text)
    component, element, _, release, _, end = tuple(advice[1] if advice else _USUAL)
    body = text[advice.end() :] if advice else text[max(text.find("UNB"), text.find("UNH"), 0) :]
    if end in "\r\n":
        end = "\n"
    joined = body.replace("\r", "") if end == "\n" else body.replace("\r", "").replace("\n", "")
    for segment in _cut(joined, end, release):
        yield [
            [_release(part, release) for part in _cut(one, component, release)]
            for one in _cut(segment.strip(), element, release)
        ]


def _cut(text: str, mark: str, release: str) -> list[str]:
    """A text at every mark that no release character stands before."""
    parts, start, place = [], 0, 0
    while place < len(text):
        if release != " " and text[place] == release:
            place += 1
        elif text[place] == mark:
            parts.append(text[start:place])
            start = place + 1
        place += 1
    return [*parts, text[start:]]


def _release(text: str, release: str) -> str:
    written = text if release == " " else re.sub(re.escape(release) + "(.)", r"\1", text)
    return "" if written.strip().upper() in _NOTHING else written.strip()


def _read_people(segments: list[list[list[str]]], flight: dict[str, str]) -> Iterator[dict[str, str]]:
    """The passengers one after the other; what is said of the flight before the first of them goes to `flight`."""
    person: dict[str, str] | None = None
    for segment in segments:
        tag, parts = segment[0][0].strip().upper(), segment[1:]
        if tag in {"NAD", "UNT", "UNZ", "CNT"}:
            if person is not None:
                yield person
            is_passenger = tag == "NAD" and _at(parts, 0) in {_FLYING, _CREW, "FN", "DDU", "DDT"}
            person = {"name": _name(parts)} if is_passenger else None
        elif person is None:
            _read_flight(tag, parts, flight)
        else:
            _read_person(tag, parts, person, flown_on=flight.get("departs_on", ""))
    if person is not None:
        yield person


def _read_flight(tag: str, parts: list[list[str]], flight: dict[str, str]) -> None:
    if tag == "TDT":
        flight["trip_number"] = _at(parts, 1) or flight.get("trip_number", "")
    elif tag == "LOC" and _at(parts, 0) in {"125", "87"}:
        flight["board_stop" if _at(parts, 0) == "125" else "alight_stop"] = _at(parts, 1)
    elif tag == "DTM" and _at(parts, 0) == "189":
        flight["departs_on"] = _day(_at(parts, 0, 1)[:6] if _at(parts, 0, 2) == "201" else _at(parts, 0, 1))


def _read_person(tag: str, parts: list[list[str]], person: dict[str, str], *, flown_on: str) -> None:
    if tag == "ATT" and _at(parts, 0) == "2":
        person["sex"] = _SEX.get(_at(parts, 2) or _at(parts, 1), "unknown")
    elif tag == "DTM" and _at(parts, 0) == "329":
        person["birth_date"] = _day(_at(parts, 0, 1), by=flown_on)
    elif tag == "DOC":
        person["id_number"] = _at(parts, 1)
    elif tag == "LOC" and _at(parts, 0) in {"178", "179"}:
        person["board_stop" if _at(parts, 0) == "178" else "alight_stop"] = _at(parts, 1)
    elif tag == "FTX" and _at(parts, 0) == "SEA":
        person["seat"] = _at(parts, 3)
    elif tag == "SEQ" and len(parts) > 1:
        person["seat"] = _at(parts, 1)


def _name(parts: list[list[str]]) -> str:
    """Family and given names: one element of several components, or an element each."""
    named = [part for element in parts[2:5] for part in element if part]
    return " ".join(named)


def _day(written: str, *, by: str = "") -> str:
    """A day as we write it; a two-digit year is of the 2000s, or of the 1900s where the day would lie after `by`."""
    found = _DAY.fullmatch(written[:8]) or _DAY.fullmatch(written[:6])
    if found is None:
        return written
    rest = f"{found['month']}-{found['day']}"
    if len(found["year"]) > 2:  # noqa: PLR2004 - figures of a short year
        return f"{found['year']}-{rest}"
    recent = f"20{found['year']}-{rest}"
    return f"19{found['year']}-{rest}" if by and recent > by else recent


def _at(parts: list[list[str]], element: int, component: int = 0) -> str:
    if element >= len(parts) or component >= len(parts[element]):
        return ""
    return parts[element][component]


def _quote(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if "," in text or '"' in text else text
