"""`ringfence tasks`: what is to be done in one's areas; acknowledged, then done with evidence (policy 7.1)."""

from typing import Annotated

import typer

from ringfence import access, work
from ringfence.cli.calls import Answer, Asked, call
from ringfence.cli.frame import Frame
from ringfence.cli.words import LANGUAGE, words
from ringfence.store import Store
from ringfence.terms import Task, say_reason

app = typer.Typer(help=words("Tasks: one owner, one deadline, done with evidence."), no_args_is_help=True)

COLUMNS = ["task", "kind", "subject", "owner", "status", "level", "due_at", "reason"]


@call
def list_tasks(store: Store, asked: Asked, *, owner: str) -> Answer:
    """What is still to be done."""
    purpose = access.read_purpose(store.desk, "outreach", now=asked.now)
    scope = access.read_scope(store.desk, asked.actor, purpose, now=asked.now)
    return {"tasks": [_plain(task) for task in work.list_tasks(store.desk, scope=scope, owner=owner)]}


@call
def acknowledge_tasks(store: Store, asked: Asked, *, tasks: list[int]) -> Answer:
    """Say that they will be done."""
    count = store.act(lambda act: work.acknowledge_tasks(act, tasks), actor=asked.actor, now=asked.now)
    return {"count": count}


@call
def close_tasks(store: Store, asked: Asked, *, tasks: list[int], evidence: str) -> Answer:
    """Say that they are done."""
    count = store.act(
        lambda act: work.close_tasks(act, tasks, evidence=evidence, store=store), actor=asked.actor, now=asked.now
    )
    return {"count": count}


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


@app.command(help=words("Close tasks with what proves it: a number, a code, a document's key; never a name."))
def done(
    context: typer.Context,
    tasks: list[int],
    *,
    evidence: Annotated[str, typer.Option(help=words("What proves it, such as reached, or a sample's number."))],
) -> None:
    """Close."""
    frame: Frame = context.obj
    frame.show(frame.ask(close_tasks, tasks=tasks, evidence=evidence), "{count} task(s) done.")


def _plain(task: Task) -> Answer:
    return {
        "task": task.task_id,
        "kind": task.kind,
        "subject": str(task.subject),
        "owner": task.owner,
        "status": task.status,
        "level": task.level,
        "due_at": task.due_at.isoformat(),
        "reason": say_reason(task.reason, LANGUAGE),
    }
