"""`ringfence feeds`: how each department sends its files, what was rejected, what is due, what is withdrawn (6.1)."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ringfence import feeds, flow, stewardship
from ringfence.access import read_purpose, read_scope
from ringfence.cli import rejects
from ringfence.cli.calls import Answer, Asked, call
from ringfence.cli.frame import Frame
from ringfence.cli.words import words
from ringfence.policy import read_defaults, read_in_force
from ringfence.store import BATCHES, Store, read_page

app = typer.Typer(
    help=words("Feeds: how each department sends its files, and what became of them."), no_args_is_help=True
)

app.add_typer(rejects.app, name="rejects")

BATCH_COLUMNS = ["batch_no", "feed", "rows_accepted", "rows_rejected", "status", "received_by", "recorded_at"]
DUE_COLUMNS = ["feed", "punctuality", "missed", "due_at", "last_at"]
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


@app.command(help=words("Propose the text of a feed from a file's headers and first rows, for a person to confirm."))
def suggest(context: typer.Context, file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Suggest; nothing of the file is kept, and nothing but its headers and code words is shown."""
    frame: Frame = context.obj
    found = feeds.suggest_feed(file, policy=read_defaults())
    if frame.wants_json:
        frame.show({"text": found.text, "format": found.format, "unsure": found.unsure}, "")
        return
    typer.echo(found.text)
    typer.echo(
        words("Fill in department, purpose, retention and what is empty, then: ringfence feeds declare FILE"), err=True
    )


@app.command(
    help=words(
        "Propose the text of a feed for what another system exports: {names}", names=", ".join(feeds.list_systems())
    )
)
def propose(system: str) -> None:
    """Propose."""
    typer.echo(feeds.propose_feed(system))


@app.command("list", help=words("The feeds in force."))
def show(context: typer.Context) -> None:
    """List."""
    frame: Frame = context.obj
    frame.show_rows(frame.ask(list_feeds)["feeds"], COLUMNS)


@call
def check_due(store: Store, asked: Asked) -> Answer:
    """Which feeds are due, late or silent."""
    return {"feeds": [_to_plain(asdict(state)) for state in flow.check_feeds(store, actor=asked.actor, now=asked.now)]}


@app.command(help=words("Which feeds are in time, late or silent; what is noticed is kept."))
def due(context: typer.Context) -> None:
    """Due."""
    frame: Frame = context.obj
    frame.show_rows(frame.ask(check_due)["feeds"], DUE_COLUMNS)


@call
def withdraw_batch(store: Store, asked: Asked, *, batch: int) -> Answer:
    """Withdraw a batch with all that stood on it alone."""
    return asdict(flow.withdraw_batch(store, batch, actor=asked.actor, now=asked.now))


@app.command(help=words("Withdraw a batch: its records, and the signals, cases and people that stood on it alone."))
def withdraw(
    context: typer.Context, batch: Annotated[int, typer.Argument(help=words("The number of the batch."))]
) -> None:
    """Withdraw."""
    frame: Frame = context.obj
    frame.show(
        frame.ask(withdraw_batch, batch=batch),
        "Batch {batch_no} is withdrawn, with signals {signals}, cases {cases} and {people} people nobody else named. "
        "Send again the files of batches {send_again}.",
    )


@call
def list_batches(store: Store, asked: Asked) -> Answer:
    """The newest batches."""
    purpose = read_purpose(store.desk, "receiving", now=asked.now)
    scope = read_scope(store.desk, asked.actor, purpose, now=asked.now)
    return {"batches": [_to_plain(row) for row in read_page(store.desk, BATCHES, scope=scope).rows]}


@app.command(help=words("The files received last, each with its batch number."))
def batches(context: typer.Context) -> None:
    """Batches."""
    frame: Frame = context.obj
    frame.show_rows(frame.ask(list_batches)["batches"], BATCH_COLUMNS)


def _to_plain(row: Mapping[str, object]) -> Answer:
    """A row as JSON has it: days and instants as texts."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}


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
