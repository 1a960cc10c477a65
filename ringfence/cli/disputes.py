"""`ringfence disputes`: "this is not me", "this is wrong", and the human answer within a day (policy 2.6)."""

from typing import Annotated

import typer

from ringfence import access, redress, work
from ringfence.cli.calls import Answer, Asked, call
from ringfence.cli.frame import Frame
from ringfence.cli.words import words
from ringfence.store import Store
from ringfence.terms import Contested, ContestedKind, Dispute, DisputeGround, DisputeWay

app = typer.Typer(help=words("Disputes: raised by whom it concerns, answered by a person."), no_args_is_help=True)

COLUMNS = ["dispute", "about", "subject", "ground", "way", "status", "due_at", "answered_by"]


@call
def raise_dispute(store: Store, asked: Asked, *, kind: str, number: int, ground: str, way: str) -> Answer:
    """Put on record what somebody said by phone or at the door."""
    dispute = redress.raise_dispute(
        store,
        Contested(ContestedKind(kind), number),
        ground=DisputeGround(ground),
        way=DisputeWay(way),
        actor=asked.actor,
        now=asked.now,
    )
    return _plain(dispute)


@call
def contest_by_link(store: Store, asked: Asked, *, link: str, ground: str) -> Answer:
    """Put on record what the holder of a signed link says."""
    return _plain(redress.contest(store, link, ground=DisputeGround(ground), now=asked.now))


@call
def list_disputes(store: Store, asked: Asked) -> Answer:
    """What waits for an answer, then what has one."""
    purpose = access.read_purpose(store.desk, "dispute", now=asked.now)
    scope = access.read_scope(store.desk, asked.actor, purpose, now=asked.now)
    return {"disputes": [_plain(dispute) for dispute in work.list_disputes(store.desk, scope=scope)]}


@call
def answer_dispute(
    store: Store, asked: Asked, *, dispute: int, upheld: bool, aliases: list[int], batches: list[int]
) -> Answer:
    """Answer."""
    if upheld:
        answered = redress.uphold_dispute(
            store, dispute, wrong_aliases=aliases, wrong_batches=batches, actor=asked.actor, now=asked.now
        )
    else:
        answered = redress.reject_dispute(store, dispute, actor=asked.actor, now=asked.now)
    return {
        **_plain(answered.dispute),
        "orders": len(answered.orders),
        "tasks": len(answered.tasks),
        "signals": list(answered.signals),
    }


@app.command("raise", help=words("Put on record what somebody said by phone or at the door of an order or a task."))
def put(
    context: typer.Context,
    kind: ContestedKind,
    number: int,
    *,
    ground: Annotated[DisputeGround, typer.Option(help=words("What was said."))] = DisputeGround.WRONG,
    way: Annotated[DisputeWay, typer.Option(help=words("How it was said."))] = DisputeWay.PHONE,
) -> None:
    """Raise."""
    frame: Frame = context.obj
    answer = frame.ask(raise_dispute, kind=kind, number=number, ground=ground, way=way)
    frame.show(answer, "Dispute {dispute} about {about} is open; an answer is due at {due_at}.")


@app.command(help=words("Put on record what the holder of a signed link says."))
def link(
    context: typer.Context,
    text: str,
    *,
    ground: Annotated[DisputeGround, typer.Option(help=words("What was said."))] = DisputeGround.WRONG,
) -> None:
    """Raise by link."""
    frame: Frame = context.obj
    answer = frame.ask(contest_by_link, link=text, ground=ground)
    frame.show(answer, "Dispute {dispute} about {about} is open; an answer is due at {due_at}.")


@app.command("list", help=words("The disputes of your areas, those that wait first."))
def show(context: typer.Context) -> None:
    """List."""
    frame: Frame = context.obj
    frame.show_rows(frame.ask(list_disputes)["disputes"], COLUMNS)


@app.command(help=words("Answer a dispute about something you did not decide."))
def answer(
    context: typer.Context,
    dispute: int,
    *,
    is_upheld: Annotated[bool, typer.Option("--upheld/--rejected", help=words("Who is right."))],
    alias: Annotated[list[int] | None, typer.Option(help=words("A wrong link to be undone, by its number."))] = None,
    batch: Annotated[
        list[int] | None, typer.Option(help=words("A batch whose rows are somebody else's, by its number."))
    ] = None,
) -> None:
    """Answer."""
    frame: Frame = context.obj
    found = frame.ask(answer_dispute, dispute=dispute, upheld=is_upheld, aliases=alias or [], batches=batch or [])
    frame.show(found, "Dispute {dispute} is {status}: {orders} order(s) and {tasks} task(s) follow it.")


def _plain(dispute: Dispute) -> Answer:
    return {
        "dispute": dispute.dispute_id,
        "about": str(dispute.contested),
        "subject": str(dispute.subject),
        "ground": dispute.ground,
        "way": dispute.way,
        "status": dispute.status,
        "due_at": dispute.due_at.isoformat(),
        "answered_by": dispute.answered_by,
    }
