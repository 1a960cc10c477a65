"""`ringfence looks`: who watches those who look; canary persons, and a weekly draw judged by somebody else (6.4)."""

import secrets
from typing import Annotated

import typer

from ringfence import flow, redress
from ringfence.cli.calls import Answer, Asked, call
from ringfence.cli.frame import Frame
from ringfence.cli.words import words
from ringfence.store import Store

app = typer.Typer(help=words("Looks at people: canary persons and the weekly review."), no_args_is_help=True)

COLUMNS = ["look", "looked_at", "actor", "action", "purpose", "chain", "seq"]
SEED_BITS = 63


@call
def plant_canaries(store: Store, asked: Asked, *, names: list[str]) -> Answer:
    """Plant."""
    flow.plant_canaries(store, names, actor=asked.actor, now=asked.now)
    return {"count": len(names)}


@call
def draw_reviews(store: Store, asked: Asked, *, seed: int) -> Answer:
    """Draw."""
    return {"count": redress.draw_reviews(store, seed=seed, actor=asked.actor, now=asked.now), "seed": seed}


@call
def list_reviews(store: Store, asked: Asked) -> Answer:
    """What waits."""
    waiting = redress.list_reviews(store, actor=asked.actor, now=asked.now)
    return {
        "reviews": [
            {
                "look": one.review_id,
                "looked_at": one.looked_at.isoformat(),
                "actor": one.looked_by,
                "action": one.action,
                "purpose": one.purpose,
                "chain": one.chain,
                "seq": one.seq,
            }
            for one in waiting
        ]
    }


@call
def answer_review(store: Store, asked: Asked, *, look: int, justified: bool) -> Answer:
    """Judge."""
    redress.answer_review(store, look, is_justified=justified, actor=asked.actor, now=asked.now)
    return {"look": look}


@app.command(help=words("Plant canary persons under names somebody might look for; any look at one is a finding."))
def plant(context: typer.Context, names: list[str]) -> None:
    """Plant."""
    frame: Frame = context.obj
    frame.show(frame.ask(plant_canaries, names=names), "{count} canary person(s) planted.")


@app.command(help=words("Draw the looks of the last week that are to be reviewed; the seed goes on the ledger."))
def draw(
    context: typer.Context,
    *,
    seed: Annotated[int | None, typer.Option(help=words("The seed; by itself random."))] = None,
) -> None:
    """Draw."""
    frame: Frame = context.obj
    chosen = secrets.randbits(SEED_BITS) if seed is None else seed
    frame.show(frame.ask(draw_reviews, seed=chosen), "{count} look(s) drawn with seed {seed}.")


@app.command("list", help=words("The looks that wait for a review."))
def show(context: typer.Context) -> None:
    """List."""
    frame: Frame = context.obj
    frame.show_rows(frame.ask(list_reviews)["reviews"], COLUMNS)


@app.command(help=words("Say whether a look of somebody else was justified."))
def judge(
    context: typer.Context,
    look: int,
    *,
    is_justified: Annotated[bool, typer.Option("--justified/--not-justified", help=words("Whether it was."))],
) -> None:
    """Judge."""
    frame: Frame = context.obj
    frame.show(frame.ask(answer_review, look=look, justified=is_justified), "Look {look} is reviewed.")
