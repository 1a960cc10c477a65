"""`ringfence audit`: the ledger checked whole, its heads signed for a custodian, its last lines shown (policy 6.4)."""

from pathlib import Path
from typing import Annotated

import typer

from ringfence import stewardship
from ringfence.cli.calls import Answer, Asked, call
from ringfence.cli.frame import Frame
from ringfence.cli.words import words
from ringfence.store import Store

app = typer.Typer(help=words("The ledger: who did, who looked, and that nothing of it is gone."), no_args_is_help=True)

COLUMNS = ["chain", "seq", "recorded_at", "actor", "action", "purpose", "subject", "count", "details"]


@call
def verify_ledger(store: Store, asked: Asked, *, witnessed: list[str]) -> Answer:
    """Recompute every line."""
    heads = stewardship.verify_ledger(store, witnessed=witnessed, now=asked.now)
    return {"chains": len(heads), "lines": sum(head.seq for head in heads), "witnessed": len(witnessed)}


@call
def sign_heads(store: Store, asked: Asked) -> Answer:
    """Sign the heads."""
    return {"heads": stewardship.sign_heads(store, actor=asked.actor, now=asked.now)}


@call
def recent_lines(store: Store, asked: Asked, *, count: int) -> Answer:
    """The last lines."""
    return {"lines": stewardship.read_recent_lines(store, count=count, actor=asked.actor, now=asked.now)}


@app.command(help=words("Recompute every line of the ledger; with a custodian's file, also that its end is all there."))
def verify(
    context: typer.Context,
    *,
    heads: Annotated[Path | None, typer.Option(help=words("Heads a custodian kept, one a line."))] = None,
) -> None:
    """Check the ledger."""
    frame: Frame = context.obj
    witnessed = heads.read_text(encoding="ascii").split() if heads else []
    answer = frame.ask(verify_ledger, witnessed=witnessed)
    frame.show(answer, "The ledger holds: {lines} lines in {chains} chain(s), {witnessed} signed head(s) found in it.")


@app.command(help=words("Sign the ledger's heads for a second custodian to keep."))
def heads(
    context: typer.Context,
    *,
    out: Annotated[Path, typer.Option(help=words("The file to add them to, one a line."))],
) -> None:
    """Hand out the heads."""
    frame: Frame = context.obj
    signed = frame.ask(sign_heads)["heads"]
    with out.open("a", encoding="ascii") as file:
        file.writelines(f"{text}\n" for text in signed)
    frame.show({"count": len(signed), "file": str(out)}, "{count} signed head(s) added to {file}; keep it elsewhere.")


@app.command(help=words("The ledger's last lines; ids in them stay sealed."))
def lines(
    context: typer.Context, *, count: Annotated[int, typer.Option(help=words("How many."), min=1, max=10_000)] = 20
) -> None:
    """Show the ledger."""
    frame: Frame = context.obj
    frame.show_rows(frame.ask(recent_lines, count=count)["lines"], COLUMNS)
