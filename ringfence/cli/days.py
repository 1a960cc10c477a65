"""`ringfence follow-up` and `account`: a day of the work begun, recorded and accounted for (policy 2.4, 7)."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from ringfence import access, account, areas, flow, signals, work
from ringfence.cli.calls import Answer, Asked, call
from ringfence.cli.frame import Frame
from ringfence.cli.words import words
from ringfence.store import Act, Store
from ringfence.terms import DayStatus, day_number

follow_up = typer.Typer(help=words("Follow-up: who is to be seen, and what came of it."), no_args_is_help=True)

DayOption = Annotated[
    datetime | None, typer.Option("--day", formats=["%Y-%m-%d"], help=words("The local day; today if not given."))
]
COLUMNS = ["area", "indicator", "numerator", "denominator"]


def add_commands(app: typer.Typer) -> None:
    """Put these commands into the command line."""
    app.add_typer(follow_up, name="follow-up")
    app.command("account", help=words("Account for a day: every indicator, and every gap as a finding."))(hold)


@call
def run_day(store: Store, asked: Asked, *, day: int | None) -> Answer:
    """Begin a day."""
    chosen = store.clock.day_of(asked.now) if day is None else day
    return asdict(flow.follow_up(store, day=chosen, actor=asked.actor, now=asked.now))


@call
def record_days(store: Store, asked: Asked, *, records: list[list[str]], disease: str, day: int | None) -> Answer:
    """Put on record what came of a day."""
    chosen = store.clock.day_of(asked.now) if day is None else day
    seen = [
        work.DayRecord(person_no=int(person), disease=disease, day=chosen, status=DayStatus(status))
        for person, status in records
    ]

    def record(act: Act) -> int:
        observed = work.record_days(act, seen, clock=store.clock)
        return signals.put_observations(act, observed, origin=f"follow-up:{chosen}")

    return {"count": len(seen), "observations": store.act(record, actor=asked.actor, now=asked.now)}


@call
def account_for(store: Store, asked: Asked, *, day: int | None) -> Answer:
    """Account for a day."""
    chosen = store.clock.day_of(asked.now) if day is None else day
    held = flow.hold_to_account(store, day=chosen, actor=asked.actor, now=asked.now)
    purpose = access.read_purpose(store.desk, "accountability", now=asked.now)
    scope = access.read_scope(store.desk, asked.actor, purpose, now=asked.now)
    tops = {area.path: area.code for area in areas.read_hierarchy(store.desk).values() if not area.parent_code}
    rows = account.read_scorecard(store.desk, chosen, scope=scope).to_pylist()
    shown = [{**row, "area": tops[row["area_path"]]} for row in rows if row["area_path"] in tops]
    return {"findings": asdict(held.gaps), "indicators": shown}


@follow_up.command(help=words("Begin a day: who is due, who is released or lost; late tasks rise, orders end."))
def run(context: typer.Context, *, day: DayOption = None) -> None:
    """Begin."""
    frame: Frame = context.obj
    answer = frame.ask(run_day, day=None if day is None else day_number(day.date()))
    frame.show(
        answer, "{due} to be seen, {completed} released, {lost} lost; {risen} tasks rose, {expired} orders ended."
    )


@follow_up.command(help=words("Record what came of a day, as PERSON=STATUS, such as 12=seen_ok."))
def record(
    context: typer.Context,
    results: list[str],
    *,
    disease: Annotated[str, typer.Option(help=words("The disease they are watched for."))],
    day: DayOption = None,
) -> None:
    """Record."""
    frame: Frame = context.obj
    pairs = [result.split("=", 1) for result in results]
    answer = frame.ask(record_days, records=pairs, disease=disease, day=None if day is None else day_number(day.date()))
    frame.show(answer, "{count} day(s) recorded.")


def hold(context: typer.Context, *, day: DayOption = None) -> None:
    """Account."""
    frame: Frame = context.obj
    answer = frame.ask(account_for, day=None if day is None else day_number(day.date()))
    frame.show_rows(answer["indicators"], COLUMNS)
