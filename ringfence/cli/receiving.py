"""`ringfence receive`: department files in, each row accepted or rejected, each file once (policy 2.1)."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ringfence import flow
from ringfence.cli.calls import Answer, Asked, call
from ringfence.cli.frame import Frame
from ringfence.cli.words import words
from ringfence.errors import FeedRejected
from ringfence.feeds import list_formats
from ringfence.intake import Delivery
from ringfence.store import Store

COLUMNS = ["file", "format", "rows", "accepted", "rejected", "newcomers", "is_known"]

IN_ORDER = (
    "places",
    "resident_register",
    "duty_roster",
    "check_ins",
    "laboratory_results",
    "case_line_list",
    "case_routes",
)
"""The order in which a folder's files are taken in: what others may name comes first."""


def add_commands(app: typer.Typer) -> None:
    """Put the command into the command line."""
    app.command(help=words("Take in department files of a format, or all files of a folder by their names."))(receive)


@call
def receive_files(store: Store, asked: Asked, *, deliveries: list[list[str]]) -> Answer:
    """Take files in."""
    chosen = [Delivery(name, Path(path)) for name, path in deliveries]
    arrived = flow.receive(store, chosen, actor=asked.actor, now=asked.now, progress=asked.progress)
    return {"files": [asdict(one) for one in arrived]}


def receive(
    context: typer.Context,
    what: Annotated[str, typer.Argument(help=words("A format, or a folder of files named FORMAT_DAY.csv."))],
    files: Annotated[list[Path] | None, typer.Argument(help=words("The files, if a format is named."))] = None,
) -> None:
    """Receive."""
    frame: Frame = context.obj
    deliveries = find_deliveries(Path(what)) if not files else [Delivery(what, path) for path in files]
    pairs = [[one.format, str(one.path.resolve())] for one in deliveries]
    frame.show_rows(frame.ask(receive_files, deliveries=pairs)["files"], COLUMNS)


def find_deliveries(folder: Path, *, day: str = "") -> list[Delivery]:
    """The files of a folder (of one day, if one is named), in the order in which they can be taken in."""
    if not folder.is_dir():
        raise FeedRejected(
            "{name} is no folder, and no files are named with it; name a format of {formats} and its files",
            name=folder.name,
            formats=", ".join(list_formats()),
        )
    found = [
        Delivery(name, path)
        for name in IN_ORDER
        for path in sorted([*folder.glob(f"{name}.csv"), *folder.glob(f"{name}_*.csv")])
        if path.stem.removeprefix(name).strip("_") == day or not day
    ]
    if not found:
        raise FeedRejected("{folder} holds no file of a known format; name them FORMAT_DAY.csv", folder=folder.name)
    return found
