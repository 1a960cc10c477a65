"""`ringfence feeds rejects`: what a batch rejected, given back with the reason before each row (policy 2.1)."""

from pathlib import Path
from typing import Annotated

import typer

from ringfence import feeds, intake
from ringfence.cli.calls import Answer, Asked, call
from ringfence.cli.frame import Frame
from ringfence.cli.words import words
from ringfence.store import Store

app = typer.Typer(
    help=words("Rejects: rows that could not be taken in, given back to be corrected."), no_args_is_help=True
)


@call
def export_rejects(store: Store, asked: Asked, *, batch: int, out: str) -> Answer:
    """Write what a batch rejected into a file."""
    rejected = intake.read_rejects(store, batch, actor=asked.actor, now=asked.now)
    feeds.write_rejects(Path(out), rejected.rows, header=rejected.header, header_line=rejected.header_line)
    return {"batch": batch, "rows": rejected.rows.num_rows, "file": Path(out).name}


@app.command(
    help=words("Write the rejected rows of a batch with their reasons (.csv, .xlsx, .jsonl); correct and resend.")
)
def export(
    context: typer.Context,
    batch: Annotated[int, typer.Argument(help=words("The number of the batch."))],
    out: Annotated[Path, typer.Option(help=words("The file to write."))],
) -> None:
    """Export."""
    frame: Frame = context.obj
    answer = frame.ask(export_rejects, batch=batch, out=str(out.resolve()))
    frame.show(answer, "{rows} rejected rows of batch {batch} are in {file}; correct them and send it again.")
