"""FHIR R4 Bundles, or resources a line each: Encounters become counts, MeasureReports are counts already (policy 4.1).

What is read: of Encounter its period, serviceProvider and reasonCode; of Condition and Observation that name it, their
codes (an Observation with a quantity also its number); of MeasureReport the reporter, the day its period begins, the
measure, and the count of each group's initial population or numerator. Who it was about is not looked at. A bundle
holds everything of the days it has. Source: HL7 FHIR 4.0.1, the pages of these resources.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from ringfence.errors import FeedRejected
from ringfence.feeds.encounters import Encounter, Measured, Row, count_encounters, write_rows
from ringfence.feeds.feed import Feed

MARK = b'"resourceType"'
"""What stands near the beginning of every such file."""

COUNTED = frozenset({"initial-population", "numerator"})
_ABSENT = frozenset({"entered-in-error", "cancelled", "refuted"})

Resource = dict[str, Any]


def write_counts(content: bytes, *, feed: Feed, file: str) -> bytes:
    """The counts of a file as lines of CSV; FeedRejected where it holds none."""
    try:
        told = list(_read_resources(content))
    except (ValueError, RecursionError) as error:
        raise FeedRejected("{file} is no FHIR file that can be read as JSON; ask for it again", file=file) from error
    kinds: dict[str, list[Resource]] = defaultdict(list)
    for one in told:
        kinds[str(one.get("resourceType"))].append(one)
    rows = [row for one in kinds["MeasureReport"] for row in _read_measure(one, feed)]
    if kinds["Encounter"]:
        written = [_time(str(one.get("timestamp", "")), feed) for one in kinds["Bundle"]]
        encounters = list(_read_encounters(kinds, feed))
        reported_at = max(filter(None, written), default=max((one.day for one in encounters), default="") + " 23:59:59")
        rows += count_encounters(encounters, reported=(), feed=feed, reported_at=reported_at)
    if not rows:
        raise FeedRejected("{file} holds neither an Encounter nor a MeasureReport with a count", file=file)
    return write_rows(rows, fields=feed.fields)


def _read_resources(content: bytes) -> Iterator[Resource]:
    """Resources with those that their bundles hold; ValueError where a line is no JSON object."""
    text = content.decode("utf-8-sig")
    try:
        told = [json.loads(text)]
    except ValueError:
        told = [json.loads(line) for line in text.splitlines() if line.strip()]
    while told:
        one = told.pop()
        if not isinstance(one, dict):
            raise ValueError("resourceType")  # noqa: TRY004 - what cannot be read is one error
        yield one
        entries = one.get("entry")
        if one.get("resourceType") == "Bundle" and isinstance(entries, list):
            told += [entry["resource"] for entry in entries if isinstance(entry, dict) and "resource" in entry]


def _read_encounters(kinds: dict[str, list[Resource]], feed: Feed) -> Iterator[Encounter]:
    codes: dict[str, list[str]] = defaultdict(list)
    measured: dict[str, list[Measured]] = defaultdict(list)
    for one in kinds["Condition"] + kinds["Observation"]:
        if _is_absent(one):
            continue
        number = _number(_at(one, "valueQuantity", "value"))
        found = _codes(one.get("code"))
        if number is None:
            codes[_key(_at(one, "encounter"))] += found
        measured[_key(_at(one, "encounter"))] += [
            Measured(code=code, number=number) for code in found if number is not None
        ]
    for one in kinds["Encounter"]:
        if _is_absent(one):
            continue
        key = f"Encounter/{one.get('id', '')}"
        own = [code for reason in _list(one.get("reasonCode")) for code in _codes(reason)]
        yield Encounter(
            site=_name(one.get("serviceProvider")),
            day=_time(str(_at(one, "period", "start") or ""), feed)[:10],
            codes=tuple(own + codes[key]),
            measured=tuple(measured[key]),
        )


def _read_measure(report: Resource, feed: Feed) -> Iterator[Row]:
    if _is_absent(report):
        return
    measure = str(report.get("measure", "")).split("|")[0].rsplit("/", 1)[-1]
    for group in _list(report.get("group")):
        syndrome = next(iter(_codes(_at(group, "code"))), measure)
        for population in _list(_at(group, "population")):
            if COUNTED & set(_codes(_at(population, "code"))) and _at(population, "count") is not None:
                yield {
                    "site_id": _name(report.get("reporter")),
                    "date": _time(str(_at(report, "period", "start") or ""), feed)[:10],
                    "syndrome": syndrome,
                    "count": str(_at(population, "count")),
                    "reported_at": _time(str(report.get("date", "")), feed),
                }
                break


def _is_absent(one: Resource) -> bool:
    """Whether a resource says that there was nothing: entered in error, cancelled, or refuted."""
    said = {str(one.get("status", "")), *_codes(one.get("verificationStatus"))}
    return bool(said & _ABSENT)


def _name(reference: object) -> str:
    """The key of whom a reference means: an identifier's value, else the last part of the reference."""
    identifier = _at(reference, "identifier", "value")
    return str(identifier or _key(reference).rsplit("/", 1)[-1])


def _key(reference: object) -> str:
    """`Encounter/12` of a reference, whatever address stands before it."""
    parts = str(_at(reference, "reference") or "").rsplit("/", 2)
    return "/".join(parts[-2:])


def _codes(concept: object) -> list[str]:
    return [str(coding["code"]) for coding in _list(_at(concept, "coding")) if _at(coding, "code")]


def _at(one: object, *names: str) -> Any:  # noqa: ANN401 - whatever JSON can hold
    for name in names:
        one = one.get(name) if isinstance(one, dict) else None
    return one


def _list(found: object) -> Iterable[Any]:
    return found if isinstance(found, list) else []


def _number(found: object) -> float | None:
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


def _time(written: str, feed: Feed) -> str:
    """An instant as we write it, by the clock of the feed's zone where it is told; a day stays a day."""
    try:
        when = datetime.fromisoformat(written)
    except ValueError:
        return written
    if len(written) <= len("2022-03-01"):
        return written
    return f"{when.astimezone(feed.zone) if feed.zone and when.tzinfo else when:%Y-%m-%d %H:%M:%S}"
