"""`ringfence tasks`: what is to be done in one's areas; acknowledged, tried, done with their outcome (policy 7.1)."""

from dataclasses import asdict
from typing import Annotated

import typer

from ringfence import access, account, flow, work
from ringfence.cli.calls import Answer, Asked, call
from ringfence.cli.frame import Frame
from ringfence.cli.words import words
from ringfence.store import Store
from ringfence.terms import Outcome

app = typer.Typer(help=words("Tasks: one owner, one deadline, done with an outcome."), no_args_is_help=True)

MESSAGES = ["signal_id", "owner", "people", "proposed_at"]
COLUMNS = ["task", "kind", "subject", "owner", "status", "level", "due_at", "place_kind", "on_day"]


@call
def list_tasks(store: Store, asked: Asked, *, owner: str) -> Answer:
    """What is still to be done."""
    purpose = access.read_purpose(store.desk, "outreach", now=asked.now)
    scope = access.read_scope(store.desk, asked.actor, purpose, now=asked.now)
    shown = work.show_to_worker(store.desk, scope=scope, clock=store.clock, owner=owner)
    return {"tasks": [task.to_payload() for task in shown]}


@call
def list_messages(store: Store, asked: Asked) -> Answer:
    """What is proposed to be told to those below the cut."""
    purpose = access.read_purpose(store.desk, "outreach", now=asked.now)
    scope = access.read_scope(store.desk, asked.actor, purpose, now=asked.now)
    proposed = account.read_shown_messages(store.desk, scope=scope, policy=access.read_policy(store, now=asked.now))
    return {"messages": [{**asdict(one), "proposed_at": one.proposed_at.isoformat()} for one in proposed]}


@call
def acknowledge_tasks(store: Store, asked: Asked, *, tasks: list[int]) -> Answer:
    """Say that they will be done."""
    count = store.act(lambda act: work.acknowledge_tasks(act, tasks), actor=asked.actor, now=asked.now)
    return {"count": count}


@call
def close_tasks(store: Store, asked: Asked, *, tasks: list[int], outcome: str, evidence: str = "") -> Answer:
    """Say that they are done."""
    count = store.act(
        lambda act: work.close_tasks(act, tasks, outcome=Outcome(outcome), evidence=evidence, store=store),
        actor=asked.actor,
        now=asked.now,
    )
    return {"count": count}


@call
def record_attempts(store: Store, asked: Asked, *, tasks: list[int], outcome: str) -> Answer:
    """Say that nobody was met."""
    disputes = flow.record_attempts(store, tasks, outcome=Outcome(outcome), actor=asked.actor, now=asked.now)
    return {"count": len(tasks), "disputes": disputes}


@app.command(
    "messages", help=words("Messages proposed to those below the cut, whom nobody can go to; sent by nobody yet.")
)
def show_messages(context: typer.Context) -> None:
    """List."""
    frame: Frame = context.obj
    frame.show_rows(frame.ask(list_messages)["messages"], MESSAGES)


@app.command("list", help=words("What is still to be done, by deadline."))
def show(
    context: typer.Context,
    *,
    owner: Annotated[str, typer.Option(help=words("Only this unit's."))] = "",
) -> None:
    """List."""
    frame: Frame = context.obj
    frame.show_rows(frame.ask(list_tasks, owner=owner)["tasks"], COLUMNS)


@app.command(help=words("Acknowledge tasks: seen, and will be done."))
def ack(context: typer.Context, tasks: list[int]) -> None:
    """Acknowledge."""
    frame: Frame = context.obj
    frame.show(frame.ask(acknowledge_tasks, tasks=tasks), "{count} task(s) acknowledged.")


@app.command(help=words("Close tasks with their outcome and what proves it: a number or a code, never a name."))
def done(
    context: typer.Context,
    tasks: list[int],
    *,
    outcome: Annotated[Outcome, typer.Option(help=words("What ended it."))] = Outcome.REACHED,
    evidence: Annotated[str, typer.Option(help=words("What proves it, such as a sample's or a form's number."))] = "",
) -> None:
    """Close."""
    frame: Frame = context.obj
    frame.show(frame.ask(close_tasks, tasks=tasks, outcome=outcome, evidence=evidence), "{count} task(s) done.")


@app.command(help=words("Say that nobody was met: unreachable, refused, moved, or not this person."))
def tried(
    context: typer.Context,
    tasks: list[int],
    *,
    outcome: Annotated[Outcome, typer.Option(help=words("What came of it."))],
) -> None:
    """Record an attempt."""
    frame: Frame = context.obj
    answer = frame.ask(record_attempts, tasks=tasks, outcome=outcome)
    frame.show({**answer, "contested": len(answer["disputes"])}, "{count} attempt(s) recorded, {contested} contested.")
