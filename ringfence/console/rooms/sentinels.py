"""Sentinels: alarms with their picture and reason, who was silent, and what became of signals (policy 4)."""

from collections.abc import Mapping

from ringfence import sentinel, situation
from ringfence.console.asked import Asked
from ringfence.console.room import Room, View
from ringfence.console.visitor import Visitor
from ringfence.errors import NotFound
from ringfence.policy import Policy
from ringfence.sentinel import State
from ringfence.terms import calendar_day, to_us


def declare() -> Room:
    """For whoever watches counts; there is no person in them."""
    return Room(
        key="sentinels",
        title="Sentinels",
        clause="4.2",
        place=25,
        purposes=("surveillance",),
        table="signal",
        pages={"": show},
        drawings={"/alarms/{day:int}/{number:int}": draw, "/map/{day:int}": draw_map},
    )


def show(visitor: Visitor, asked: Asked) -> View:
    """A day: yesterday, or the one asked for."""
    asked_day = asked.day("day")
    day = visitor.today - 1 if asked_day is None else asked_day
    found = _read(visitor, day)
    scope = visitor.scope("surveillance")
    since = to_us(visitor.store.clock.midnight(day - situation.DAYS_OF_ANSWERS))
    answers = situation.read_answers(visitor.store.desk, scope=scope, since_us=since, clock=visitor.store.clock)
    rules, middles = _rules(visitor, day), situation.read_middles(visitor.store.desk)
    values = {
        "found": found,
        "sites": situation.sort_by_gravity(found.reporting),
        "states": list(State),
        "is_placed": any(site.area_code in middles for site in found.sites.values()),
        "answers": answers,
        "scores": situation.count_answers(answers),
        "most": [rules.days(f"sentinel.{step}_within_days") for step in ("detect", "notify", "respond")],
        "written_day": calendar_day(day).isoformat(),
    }
    return View(values=values)


def draw(visitor: Visitor, asked: Asked) -> Mapping[str, object]:
    """One alarm of a day, by its place among them."""
    found, number = _read(visitor, asked.number("day")), asked.number("number")
    if number >= len(found.alarms):
        raise NotFound("there is no alarm {number} on that day", number=number)
    return sentinel.draw_alarm(found.alarms[number], found.series, say=visitor.say)


def draw_map(visitor: Visitor, asked: Asked) -> Mapping[str, object]:
    """The sites of a day."""
    found = _read(visitor, asked.number("day"))
    middles = situation.read_middles(visitor.store.desk)
    return sentinel.draw_sites(found.reporting, middles, found.alarms, say=visitor.say)


def _read(visitor: Visitor, day: int) -> situation.Situation:
    paths = visitor.scope("surveillance").paths.get("signal", ())
    return situation.read_situation(visitor.store, policy=_rules(visitor, day)).within(paths)


def _rules(visitor: Visitor, day: int) -> Policy:
    return Policy(visitor.policy.policy_set, day)
