"""`ringfence link review`: pairs that somebody has to look at, decided, undone, held against what was stated (2.6)."""

import csv
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ringfence import link
from ringfence.access import read_purpose
from ringfence.cli.calls import Answer, Asked, call
from ringfence.cli.frame import Frame
from ringfence.cli.words import words
from ringfence.errors import InputRefused
from ringfence.store import Store

app = typer.Typer(help=words("The pairs that somebody has to look at."), no_args_is_help=True)

Number = Annotated[int, typer.Argument(help=words("The review's number."))]

Out = Annotated[Path, typer.Option("--out", help=words("Where to write them."))]

LABELLED = ("answer", "status", "weight", "margin", "probability", "model")
COLUMNS = ["review_no", "person_no", "candidate_no", "batch_no", "probability", "weight", "margin", "model"]


@call
def list_link_reviews(store: Store, asked: Asked, *, most: int) -> Answer:
    """The open pairs."""
    rows = store.act(lambda act: link.list_reviews(act, most=most), actor=asked.actor, now=asked.now)
    return {"reviews": [dict(row) for row in rows]}


@call
def show_link_review(store: Store, asked: Asked, *, review: int) -> Answer:
    """What is written of both."""
    pair = store.act(lambda act: link.read_review(act, review), actor=asked.actor, now=asked.now)
    purpose = read_purpose(store.desk, "linking", now=asked.now)
    numbers = [pair["person_no"], pair["candidate_no"]]
    people = store.read_people(numbers, purpose=purpose, actor=asked.actor, now=asked.now)
    return {"fields": link.show_pair(pair, people)}


@call
def decide_link_review(store: Store, asked: Asked, *, review: int, verdict: str) -> Answer:
    """Decide a pair."""
    if verdict not in set(link.Verdict):
        raise InputRefused("'{verdict}' is no verdict; say same or different", verdict=verdict)
    chosen = link.Verdict(verdict)
    store.act(lambda act: link.decide_review(act, review, verdict=chosen), actor=asked.actor, now=asked.now)
    return {"review": review, "status": verdict}


@call
def undo_link_review(store: Store, asked: Asked, *, review: int) -> Answer:
    """Take a decision back."""
    store.act(lambda act: link.undo_review(act, review), actor=asked.actor, now=asked.now)
    return {"review": review, "status": "open"}


@call
def report_link_calibration(store: Store, asked: Asked) -> Answer:
    """What was stated against what was decided."""
    bands = store.act(link.read_calibration, actor=asked.actor, now=asked.now)
    return {"bands": [asdict(band) for band in bands]}


@call
def list_link_labels(store: Store, asked: Asked) -> Answer:
    """Every decided pair with what was stated of it."""
    return {"labels": store.act(link.read_labels, actor=asked.actor, now=asked.now)}


@app.command("list", help=words("List the open pairs, the likeliest first."))
def list_open(
    context: typer.Context, *, most: Annotated[int, typer.Option(min=1, help=words("How many at most."))] = 50
) -> None:
    """List."""
    frame: Frame = context.obj
    frame.show_rows(frame.ask(list_link_reviews, most=most)["reviews"], COLUMNS)


@app.command(help=words("Show what is written of both, side by side; the look goes on record."))
def show(context: typer.Context, review: Number) -> None:
    """Show."""
    frame: Frame = context.obj
    frame.show_rows(frame.ask(show_link_review, review=review)["fields"], ["field", "row", "candidate", "bits"])


@app.command(help=words("Say whether the two are one person: same or different."))
def decide(
    context: typer.Context,
    review: Number,
    verdict: Annotated[str, typer.Argument(help=words("same or different."))],
) -> None:
    """Decide."""
    frame: Frame = context.obj
    frame.show(frame.ask(decide_link_review, review=review, verdict=verdict), "Review {review}: {status}.")


@app.command(help=words("Take a decision back."))
def undo(context: typer.Context, review: Number) -> None:
    """Undo."""
    frame: Frame = context.obj
    frame.show(frame.ask(undo_link_review, review=review), "Review {review}: {status}.")


@app.command(help=words("Write the decided pairs with what was weighed, to train a model anew; they name nobody."))
def labels(context: typer.Context, out: Out) -> None:
    """Write labels."""
    frame: Frame = context.obj
    decided = frame.ask(list_link_labels)["labels"]
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, LABELLED, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(decided)
    frame.show({"pairs": len(decided)}, "{pairs} decided pair(s) written.")


@app.command(help=words("Hold what the model stated against what was decided."))
def calibration(context: typer.Context) -> None:
    """Report."""
    frame: Frame = context.obj
    frame.show_rows(frame.ask(report_link_calibration)["bands"], ["stated_from", "pairs", "stated", "true"])
