"""`ringfence sentinel run`: a day's counts watched in a deployment, for alarms and for silence (policy 4.1, 4.2)."""

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from ringfence import flow
from ringfence.cli.calls import Answer, Asked, call
from ringfence.cli.frame import Frame
from ringfence.cli.words import LANGUAGE, words
from ringfence.sentinel import State
from ringfence.store import Store
from ringfence.terms import Language, calendar_day, day_number

DayOption = Annotated[
    datetime | None, typer.Option("--day", formats=["%Y-%m-%d"], help=words("The local day; yesterday if not given."))
]


def add_commands(app: typer.Typer) -> None:
    """Put these commands beside those for files."""
    app.command(help=words("Write the situation page of a day: one HTML file that stands alone."))(report)
    app.command(help=words("Watch a day's counts: alarms and silent sites become observations and signals."))(run)


@call
def watch_sentinels(store: Store, asked: Asked, *, day: int | None) -> Answer:
    """Watch a day."""
    chosen = store.clock.day_of(asked.now) - 1 if day is None else day
    watched = flow.watch_sentinels(store, day=chosen, actor=asked.actor, now=asked.now)
    found = watched.situation
    states = Counter(one.state for one in found.reporting)
    return {
        "day": calendar_day(chosen).isoformat(),
        "sites": len(found.sites),
        "alarms": len(found.alarms),
        "signals": len(watched.signals),
        "observations": watched.observations,
        **{state.value: states[state] for state in State},
        **{f"series_{status}": many for status, many in sorted(found.statuses.items())},
    }


@call
def report_situation(store: Store, asked: Asked, *, day: int | None, language: str) -> Answer:
    """Write a day's page."""
    chosen = store.clock.day_of(asked.now) - 1 if day is None else day
    page = flow.report_situation(store, day=chosen, language=Language(language), actor=asked.actor, now=asked.now)
    return {"day": calendar_day(chosen).isoformat(), "page": page}


def report(
    context: typer.Context,
    *,
    out: Annotated[Path, typer.Option(help=words("The HTML file to write."))],
    day: DayOption = None,
) -> None:
    """Report."""
    frame: Frame = context.obj
    answer = frame.ask(report_situation, day=None if day is None else day_number(day.date()), language=LANGUAGE.value)
    out.write_text(answer.pop("page"), encoding="utf-8")
    frame.show({**answer, "out": str(out)}, "The situation of {day} is in {out}.")


def run(context: typer.Context, *, day: DayOption = None) -> None:
    """Watch."""
    frame: Frame = context.obj
    answer = frame.ask(watch_sentinels, day=None if day is None else day_number(day.date()))
    frame.show(
        answer,
        "{day}: {alarms} alarms at {sites} sites; {silent} silent, {late} late, {falling} falling, {slow} slow; "
        "{signals} signals.",
    )
