"""A document checked by every rule: errors and warnings by event and path (`ringfence coldchain check`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from ringfence.coldchain.documents import Document
from ringfence.coldchain.events import Event, read_event
from ringfence.coldchain.rules import RULES, Asked, Level, Rule, Scope

SHAPE, TYPE = "values_fit_their_fields", "event_type_is_known"
LONGEST = 200  # characters of a found value in a report
EARLIEST = datetime.min.replace(tzinfo=UTC)


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
    asked = Asked(document, now)
    problems = [
        Problem(rule, None, None, path, _said(found))
        for rule in _rules(Scope.DOCUMENT)
        for path, found in rule.check(document, asked)
    ]
    rules = _rules(Scope.EVENT)
    events: list[tuple[int, Event]] = []
    for place, raw in enumerate(document.events):
        event, wrong = read_event(raw) if isinstance(raw, dict) else (None, [""])
        if event is None:
            problems.append(Problem(RULES[TYPE], place, None, document.path_of(place) + wrong[0], _kind(raw)))
            continue
        events.append((place, event))
        problems.extend(_problem(asked, place, event, RULES[SHAPE], (path, None)) for path in wrong)
        for rule in rules:
            if not rule.needs or rule.needs in event.said:
                for found in rule.check(event, asked):
                    problems.append(_problem(asked, place, event, rule, found))  # noqa: PERF401 (most find nothing)
    problems.extend(_about_all(events, asked))
    return sorted(problems, key=lambda problem: -1 if problem.event is None else problem.event)


def _about_all(events: list[tuple[int, Event]], asked: Asked) -> Iterator[Problem]:
    """The problems of events taken together, in the order of time."""
    in_time = sorted(events, key=lambda placed: (placed[1].event_time or EARLIEST, placed[0]))
    by_place = dict(events)
    for rule in _rules(Scope.EVENTS):
        for place, path, found in rule.check(in_time, asked):
            yield _problem(asked, place, by_place[place], rule, (path, found))


def _problem(asked: Asked, place: int, event: Event, rule: Rule, found: tuple[str, object]) -> Problem:
    path, one = found
    return Problem(rule, place, event.texts.get("eventID"), asked.document.path_of(place) + path, _said(one))


def _rules(scope: Scope) -> list[Rule]:
    return [rule for rule in RULES.values() if rule.scope is scope]


def _said(found: object) -> str | None:
    return None if found is None else str(found)[:LONGEST]


def _kind(raw: object) -> str | None:
    return _said(raw.get("type")) if isinstance(raw, dict) else _said(raw)
