"""`ringfence receive`: department files in, each row accepted or rejected, each file once (policy 2.1)."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ringfence import feeds, flow, policy
from ringfence.cli.calls import Answer, Asked, call
from ringfence.cli.frame import Frame
from ringfence.cli.words import words
from ringfence.errors import FeedRejected
from ringfence.intake import Delivery
from ringfence.store import Store

COLUMNS = ["file", "format", "rows", "accepted", "rejected", "newcomers", "is_known"]

SUFFIXES = (".csv", ".txt", ".xlsx", ".xls", ".jsonl")
"""What files of a folder may end in; what they are, their content says."""


def add_commands(app: typer.Typer) -> None:
    """Put the command into the command line."""
    app.command(help=words("Take in department files of a feed or format, or all files of a folder by their names."))(
        receive
    )


@call
def receive_files(store: Store, asked: Asked, *, deliveries: list[list[str]]) -> Answer:
    """Take files in."""
    chosen = [Delivery(name, Path(path)) for name, path in deliveries]
    arrived = flow.receive(store, chosen, actor=asked.actor, now=asked.now, progress=asked.progress)
    return {"files": [asdict(one) for one in arrived]}


@call
def name_feeds(store: Store, asked: Asked) -> Answer:
    """The names of the feeds that departments agreed on."""
    return {"feeds": list(feeds.read_feeds(store.desk, policy=policy.read_in_force(store.desk, now=asked.now)))}


def receive(
    context: typer.Context,
    what: Annotated[str, typer.Argument(help=words("A feed or format, or a folder of files named FEED_DAY.csv."))],
    files: Annotated[list[Path] | None, typer.Argument(help=words("The files, if a feed or format is named."))] = None,
) -> None:
    """Receive."""
    frame: Frame = context.obj
    deliveries = (
        find_deliveries(Path(what), names=frame.ask(name_feeds)["feeds"])
        if not files
        else [Delivery(what, path) for path in files]
    )
    pairs = [[one.format, str(one.path.resolve())] for one in deliveries]
    frame.show_rows(frame.ask(receive_files, deliveries=pairs)["files"], COLUMNS)


def find_deliveries(folder: Path, *, day: str = "", names: Sequence[str] = ()) -> list[Delivery]:
    """The files of a folder (of one day, if one is named), each under the feed or format its name begins with."""
    known = sorted({*names, *feeds.list_formats()}, key=len, reverse=True)
    if not folder.is_dir():
        raise FeedRejected(
            "{name} is no folder, and no files are named with it; name a format of {formats} and its files",
            name=folder.name,
            formats=", ".join(sorted(known)),
        )
    found = []
    for path in sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES):
        name = next((name for name in known if path.stem == name or path.stem.startswith(f"{name}_")), None)
        if name and (not day or path.stem.removeprefix(name).strip("_") == day):
            found.append(Delivery(name, path))
    if not found:
        raise FeedRejected("{folder} holds no file of a known format; name them FORMAT_DAY.csv", folder=folder.name)
    return found
