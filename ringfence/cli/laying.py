"""`ringfence areas`: the hierarchy of areas laid from its file (policy 6.2)."""

from pathlib import Path
from typing import Annotated

import typer

from ringfence import areas, stewardship
from ringfence.cli.calls import Answer, Asked, call
from ringfence.cli.frame import Frame
from ringfence.cli.words import words
from ringfence.store import Store

app = typer.Typer(
    help=words("Areas: any hierarchy, from a file of code, name, level and parent."), no_args_is_help=True
)


@call
def publish_areas(store: Store, asked: Asked, *, file: str) -> Answer:
    """Put an area file in."""
    plan = stewardship.publish_areas(store, Path(file), actor=asked.actor, now=asked.now)
    return {"added": len(plan.added)}


@call
def list_areas(store: Store, _asked: Asked) -> Answer:
    """All areas."""
    found = areas.read_hierarchy(store.desk).values()
    return {"areas": [{"code": one.code, "name": one.name, "level": one.level, "path": one.path} for one in found]}


@app.command(help=words("Put an area file in; areas in use may not move."))
def publish(context: typer.Context, file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Publish."""
    frame: Frame = context.obj
    frame.show(frame.ask(publish_areas, file=str(file.resolve())), "{added} areas added or renamed.")


@app.command("list", help=words("The areas in force."))
def show(context: typer.Context) -> None:
    """List."""
    frame: Frame = context.obj
    frame.show_rows(frame.ask(list_areas)["areas"], ["code", "name", "level", "path"])
