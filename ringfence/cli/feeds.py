"""`ringfence feeds`: how each department sends its files, what was rejected, what is due, what is withdrawn (6.1)."""

from pathlib import Path
from typing import Annotated

import typer

from ringfence import feeds, stewardship
from ringfence.cli.calls import Answer, Asked, call
from ringfence.cli.frame import Frame
from ringfence.cli.words import words
from ringfence.policy import read_in_force
from ringfence.store import Store

app = typer.Typer(
    help=words("Feeds: how each department sends its files, and what became of them."), no_args_is_help=True
)

COLUMNS = ["feed", "format", "department", "purpose", "retention", "basis"]


@call
def declare_feed(store: Store, asked: Asked, *, text: str) -> Answer:
    """Put the text of a feed in force."""
    declared = stewardship.declare_feed(store, text, actor=asked.actor, now=asked.now)
    return {"feed": declared.name, "format": declared.declared.name}


@call
def list_feeds(store: Store, asked: Asked) -> Answer:
    """The feeds in force."""
    in_force = feeds.read_feeds(store.desk, policy=read_in_force(store.desk, now=asked.now))
    return {"feeds": [_say(one.feed) for one in in_force.values()]}


@app.command(help=words("Put the text of a feed (TOML) in force: from now on its files are received by its name."))
def declare(context: typer.Context, file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Declare."""
    frame: Frame = context.obj
    frame.show(frame.ask(declare_feed, text=file.read_text("utf-8-sig")), "Feed {feed} of format {format} is in force.")


@app.command("list", help=words("The feeds in force."))
def show(context: typer.Context) -> None:
    """List."""
    frame: Frame = context.obj
    frame.show_rows(frame.ask(list_feeds)["feeds"], COLUMNS)


def _say(feed: feeds.Feed) -> Answer:
    contract = feed.declared.contract
    return {
        "feed": feed.name,
        "format": feed.declared.name,
        "department": contract.department,
        "purpose": contract.purpose,
        "retention": contract.retention,
        "basis": contract.basis,
    }
