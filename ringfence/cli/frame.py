"""The frame every command stands in: which deployment, who asks, and how answers and errors are shown."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from ringfence.cli.calls import Answer, Asked, perform
from ringfence.cli.calls import Progress as Tell
from ringfence.cli.words import LANGUAGE, words
from ringfence.errors import RingfenceError
from ringfence.terms import Actor, Language

console = Console()
complaints = Console(stderr=True)


@dataclass
class Frame:
    """What the options before the command said."""

    folder: Path
    actor: Actor
    wants_json: bool

    @property
    def now(self) -> datetime:
        """The instant the command is given: the one place of the command line that reads the clock."""
        return datetime.now(UTC)

    def ask(self, function: Callable[..., Answer], /, **values: object) -> Answer:
        """The answer to a call, with a bar for as long as it takes."""
        with self.bars() as progress:
            return perform(self.folder, function, Asked(self.actor, self.now, progress), **values)

    @contextmanager
    def bars(self) -> Iterator[Tell]:
        """Bars on the error stream, one for each step that says how far it is; none where nobody looks."""
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=complaints, transient=True, disable=not complaints.is_terminal) as shown:
            steps: dict[str, TaskID] = {}

            def tell(what: str, share: float) -> None:
                if what not in steps:
                    steps[what] = shown.add_task(words(what), total=1.0)
                shown.update(steps[what], completed=share)

            yield tell

    def show(self, answer: Answer, sentence: str) -> None:
        """An answer as one sentence, or whole as JSON."""
        if self.wants_json:
            console.print_json(data=answer)
        else:
            console.print(words(sentence, **answer), highlight=False, soft_wrap=True)

    def show_rows(self, rows: Sequence[Answer], columns: Sequence[str]) -> None:
        """Rows as a table, or as JSON."""
        if self.wants_json:
            console.print_json(data=list(rows))
            return
        table = Table()
        for column in columns:
            table.add_column(words(column.replace("_", " ")), overflow="fold")
        for row in rows:
            table.add_row(*("" if row.get(column) is None else str(row[column]) for column in columns))
        console.print(table)


def complain(error: RingfenceError, *, wants_json: bool) -> None:
    """An error as one sentence on the error stream."""
    sentence = words(error.sentence, **error.values)
    if wants_json:
        complaints.print_json(data={"error": type(error).__name__, "sentence": sentence})
    else:
        complaints.print(f"[bold red]{words('Refused')}:[/] {sentence}", highlight=False, soft_wrap=True)


def set_frame(
    context: typer.Context,
    *,
    folder: Annotated[
        Path, typer.Option("--in", envvar="RINGFENCE_HOME", help=words("The deployment's folder; else this one."))
    ] = Path(),
    actor: Annotated[
        str, typer.Option("--as", envvar="RINGFENCE_AS", help=words("The account on whose behalf you work."))
    ] = "admin",
    language: Annotated[  # noqa: ARG001 - read before the commands are built, see words.py
        Language, typer.Option(envvar="RINGFENCE_LANGUAGE", help=words("The language of answers and help."))
    ] = LANGUAGE,
    wants_json: Annotated[bool, typer.Option("--json", help=words("Answer in JSON."))] = False,
) -> None:
    """Keep what stands before the command."""
    context.obj = Frame(folder, Actor(actor), wants_json)


def ask_password(user_id: str) -> str:
    """A password from the environment or the terminal, never from the command's words, which others can see."""
    found = os.environ.get("RINGFENCE_PASSWORD")
    return found or str(typer.prompt(words("Password of {user}", user=user_id), hide_input=True))
