"""A document checked by every rule: errors and warnings by event and path (`ringfence coldchain check`)."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from ringfence.coldchain.documents import Document, without_collector
from ringfence.coldchain.events import read_event
from ringfence.coldchain.rules import RULES, Asked, Level, Rule, Scope
from ringfence.coldchain.shapes import Shape, read_shape
from ringfence.coldchain.sightings import Sighting, read_sighting

SHAPE, TYPE = "values_fit_their_fields", "event_type_is_known"
LONGEST = 200  # characters of a found value in a report
MOST_SHAPES = 10_000  # a document whose events are all of another shape is remembered no further


@dataclass(frozen=True)
class Problem:
    """Where a rule does not hold: the event's place and id where it is one event's, the path, and what stands there."""

    rule: Rule
    event: int | None
    event_id: str | None
    path: str
    found: str | None


def _told_by_the_reader(*_subject: object) -> Iterator[tuple[str, object]]:
    return iter(())


RULES[TYPE] = Rule(
    TYPE, "An event is of one of the five types.", "7.4 Core event types", Level.ERROR, Scope.EVENT, _told_by_the_reader
)
RULES[SHAPE] = Rule(
    SHAPE,
    "A field holds what the standard says it holds.",
    "7.3 and 7.4",
    Level.ERROR,
    Scope.EVENT,
    _told_by_the_reader,
)


def check(document: Document, *, now: datetime) -> list[Problem]:
    """Every problem of a document, by the place of its events; empty where all rules hold."""
    return look(document, now=now).problems


@dataclass(frozen=True, eq=False)
class Looked:
    """What a look at a document found: its problems, and what the chain sees of the events that could be read."""

    problems: list[Problem]
    sightings: list[tuple[int, Sighting]]


def look(document: Document, *, now: datetime) -> Looked:
    """Check a document by every rule; an event of a shape that was found to keep them all is not asked again."""
    with without_collector():
        return _look(document, now=now)


def _look(document: Document, *, now: datetime) -> Looked:
    asked, until = Asked(document, now), now.timestamp()
    problems = [
        Problem(rule, None, None, path, _said(found))
        for rule in _rules(Scope.DOCUMENT)
        for path, found in rule.check(document, asked)
    ]
    sightings: list[tuple[int, Sighting]] = []
    clean: set[Shape] = set()
    for place, raw in enumerate(document.events):
        read = read_shape(raw, until=until) if isinstance(raw, dict) else None
        if read is not None and read[0] in clean:
            sightings.append((place, read[1]))
            continue
        found, seen = _check_event(asked, place, raw)
        problems.extend(found)
        if seen is not None:
            sightings.append((place, seen))
        if read is not None and not found and len(clean) < MOST_SHAPES:
            clean.add(read[0])
    problems.extend(_about_all(sightings, asked))
    return Looked(sorted(problems, key=lambda problem: -1 if problem.event is None else problem.event), sightings)


def _check_event(asked: Asked, place: int, raw: object) -> tuple[list[Problem], Sighting | None]:
    """The problems of one event by itself, and what the chain sees of it where it is one."""
    event, wrong = read_event(raw) if isinstance(raw, dict) else (None, [""])
    if event is None:
        return [Problem(RULES[TYPE], place, None, asked.document.path_of(place) + wrong[0], _kind(raw))], None
    event_id = event.texts.get("eventID")
    problems = [_problem(asked, place, event_id, RULES[SHAPE], (path, None)) for path in wrong]
    for rule in _rules(Scope.EVENT):
        if not rule.needs or rule.needs in event.said:
            for found in rule.check(event, asked):
                problems.append(_problem(asked, place, event_id, rule, found))  # noqa: PERF401 (most find nothing)
    return problems, read_sighting(event)


def _about_all(sightings: list[tuple[int, Sighting]], asked: Asked) -> Iterator[Problem]:
    """The problems of events taken together, in the order of time."""
    in_time = sorted(sightings, key=lambda placed: (-math.inf if placed[1].at is None else placed[1].at, placed[0]))
    id_of = {place: seen.event_id or None for place, seen in sightings}
    for rule in _rules(Scope.EVENTS):
        for place, path, found in rule.check(in_time, asked):
            yield _problem(asked, place, id_of[place], rule, (path, found))


def _problem(asked: Asked, place: int, event_id: str | None, rule: Rule, found: tuple[str, object]) -> Problem:
    path, one = found
    return Problem(rule, place, event_id, asked.document.path_of(place) + path, _said(one))


@cache
def _rules(scope: Scope) -> list[Rule]:
    return [rule for rule in RULES.values() if rule.scope is scope]


def _said(found: object) -> str | None:
    return None if found is None else str(found)[:LONGEST]


def _kind(raw: object) -> str | None:
    return _said(raw.get("type")) if isinstance(raw, dict) else _said(raw)
