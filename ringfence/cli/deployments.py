"""`ringfence init`, `serve`, `upgrade`, `rotate-keys`: making a deployment and keeping it running."""

import secrets
from pathlib import Path
from typing import Annotated

import typer

from ringfence import stewardship
from ringfence.cli.calls import Answer, Asked, call
from ringfence.cli.frame import Frame
from ringfence.cli.words import words
from ringfence.store import Store, rotate_keys, upgrade_schema


def add_commands(app: typer.Typer) -> None:
    """Put these commands into the command line."""
    app.command(help=words("Make a deployment in a folder: settings, keys, empty stores, the shipped policy."))(init)
    app.command(help=words("Hold the writer's lease and answer commands until you stop it."))(serve)
    app.command(help=words("Bring the tables of a deployment to this version."))(upgrade)
    app.command("rotate-keys", help=words("Wrap every key under a new master key."))(rotate)


def init(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help=words("A folder that holds no deployment yet."))],
    *,
    zone: Annotated[str, typer.Option(help=words("The IANA time zone every day is counted in."))] = "Asia/Shanghai",
    database: Annotated[
        str, typer.Option(help=words("postgresql+psycopg://user@host/database; empty for the embedded SQLite."))
    ] = "",
    administrator: Annotated[str, typer.Option(help=words("The first account, which opens the others."))] = "admin",
) -> None:
    """Make a deployment and say its administrator's first password once."""
    frame: Frame = context.obj
    password = secrets.token_urlsafe(12)
    stewardship.make_deployment(
        folder, zone=zone, database=database, administrator=administrator, password=password, now=frame.now
    )
    answer = {"folder": str(folder), "zone": zone, "administrator": administrator, "password": password}
    frame.show(
        answer,
        "Made a deployment in {folder}, days counted in {zone}.\n"
        "First account: {administrator}, password {password} (shown this once; change it with: ringfence "
        "users password).\n"
        "Keep a copy of {folder}/keys in another place: without it nothing opens.",
    )


def serve(
    context: typer.Context,
    *,
    port: Annotated[int, typer.Option(help=words("The port of the page on this machine; 0 for none."))] = 8321,
) -> None:
    """Hold the lease until a signal ends it."""
    from ringfence.cli.serving import answer_until_stopped  # noqa: PLC0415 - a web server would slow every command

    frame: Frame = context.obj
    answer_until_stopped(frame, frame.folder, clock=lambda: frame.now, port=port)


def upgrade(context: typer.Context) -> None:
    """Bring the tables to this version."""
    frame: Frame = context.obj
    upgrade_schema(frame.folder)
    frame.show({"folder": str(frame.folder)}, "The tables of {folder} are at this version.")


@call
def rotate_master_key(store: Store, asked: Asked) -> Answer:
    """Wrap every key anew."""
    return {"count": rotate_keys(store, actor=asked.actor, now=asked.now)}


def rotate(context: typer.Context) -> None:
    """Turn the master key."""
    frame: Frame = context.obj
    frame.show(frame.ask(rotate_master_key), "{count} keys are wrapped under a new master key; copy the key file anew.")
