"""`ringfence forget`: records past their time, or of some people, leave every copy (policy 6.4)."""

from datetime import datetime
from typing import Annotated

import typer

from ringfence import stewardship
from ringfence.cli.calls import Answer, Asked, call
from ringfence.cli.frame import Frame
from ringfence.cli.words import words
from ringfence.errors import InputRefused
from ringfence.store import Store
from ringfence.terms import RecordKind, day_number


def add_commands(app: typer.Typer) -> None:
    """Put the command into the command line."""
    app.command(
        help=words("Let go of records: of a kind before a day, of a kind about people, or all past their time.")
    )(forget)


@call
def forget_records(store: Store, asked: Asked, *, kind: str, before_day: int | None, people: list[int]) -> Answer:
    """Let go of records of one kind."""
    gone = stewardship.forget(
        store, RecordKind(kind), before_day=before_day, people=people, actor=asked.actor, now=asked.now
    )
    return {"rows": gone.rows, "files": len(gone.files)}


@call
def keep_retention(store: Store, asked: Asked) -> Answer:
    """Let go of all that is past its time."""
    gone = stewardship.keep_retention(store, actor=asked.actor, now=asked.now)
    return {"rows": gone.rows, "files": len(gone.files) + len(gone.parts)}


def forget(
    context: typer.Context,
    kind: Annotated[RecordKind | None, typer.Argument(help=words("The kind; none for all past their time."))] = None,
    *,
    before: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help=words("Forget every day before this one."))
    ] = None,
    person: Annotated[list[int] | None, typer.Option(help=words("Forget this person's; may be repeated."))] = None,
) -> None:
    """Forget."""
    frame: Frame = context.obj
    if kind is None:
        answer = frame.ask(keep_retention)
    elif (before is None) == (not person):
        raise InputRefused("say which {kind} records: --before a day, or --person with a number", kind=kind)
    else:
        before_day = day_number(before.date()) if before else None
        answer = frame.ask(forget_records, kind=kind, before_day=before_day, people=person or [])
    frame.show(answer, "Forgot {rows} records; {files} files replaced or removed.")
