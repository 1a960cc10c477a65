"""`ringfence people`: the sheet of all that is held about one person (policy 2.6)."""

from pathlib import Path
from typing import Annotated

import typer

from ringfence import redress
from ringfence.cli.calls import Answer, Asked, call
from ringfence.cli.frame import Frame
from ringfence.cli.words import words
from ringfence.store import Store

app = typer.Typer(help=words("People: what is held about one, to be printed for them."), no_args_is_help=True)


@call
def gather_sheet(store: Store, asked: Asked, *, person: int, address: str) -> Answer:
    """Gather and write."""
    page = redress.write_held_sheet(store, person, address=address, actor=asked.actor, now=asked.now)
    return {"person": person, "page": page}


@app.callback()
def only_words() -> None:
    """People."""


@app.command(help=words("Write the sheet of a person: what is held, why, who looked, until when, how to contest."))
def sheet(
    context: typer.Context,
    person: int,
    *,
    out: Annotated[Path, typer.Option(help=words("The HTML file to write."))],
    address: Annotated[
        str, typer.Option(help=words("Where links are opened, such as https://city.example/contest#"))
    ] = "",
) -> None:
    """Write the sheet."""
    frame: Frame = context.obj
    answer = frame.ask(gather_sheet, person=person, address=address)
    out.write_text(answer["page"], encoding="utf-8")
    frame.show({"person": person, "file": str(out)}, "The sheet of person {person} stands in {file}.")
