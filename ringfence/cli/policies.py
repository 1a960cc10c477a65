"""`ringfence policy`: what is in force, what a draft would change, and its publication by two people (policy 7.4)."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from ringfence import policy, stewardship
from ringfence.cli.calls import THIS_MACHINE, Answer, Asked, call
from ringfence.cli.frame import Frame, ask_password
from ringfence.cli.words import words
from ringfence.store import Store
from ringfence.terms import Plan, day_number

app = typer.Typer(help=words("The policy: every number with its clause and its dates."), no_args_is_help=True)

DraftArgument = Annotated[Path, typer.Argument(exists=True, file_okay=False, help=words("A folder of policy files."))]
FromOption = Annotated[
    datetime, typer.Option("--from", formats=["%Y-%m-%d"], help=words("The day it takes effect."), show_default=False)
]
COLUMNS = ["change", "key", "field", "from_day", "value", "published", "draft"]


@call
def show_policy(store: Store, asked: Asked, *, prefix: str) -> Answer:
    """The numbers in force."""
    in_force = policy.read_in_force(store.desk, now=asked.now)
    rows = policy.show_policy(in_force, on=store.clock.day_of(asked.now))
    return {"rows": [row for row in map(_plain, rows) if str(row["key"]).startswith(prefix)]}


@call
def plan_policy(store: Store, asked: Asked, *, folder: str, from_day: int) -> Answer:
    """A dry run."""
    plan = stewardship.plan_policy(store, policy.read_folder(Path(folder)), from_day=from_day, now=asked.now)
    return {"rows": _lines(plan), "digest": plan.digest}


@call
def propose_policy(store: Store, asked: Asked, *, folder: str, from_day: int) -> Answer:
    """Put a draft before a second officer."""
    plan = stewardship.plan_policy(store, policy.read_folder(Path(folder)), from_day=from_day, now=asked.now)
    return {"proposal": stewardship.propose(store, plan, actor=asked.actor, now=asked.now), "rows": _lines(plan)}


@call
def approve_proposal(store: Store, asked: Asked, *, proposal: int, password: str) -> Answer:
    """A second officer's yes."""
    given = stewardship.approve(
        store, proposal, password=password, address=THIS_MACHINE, actor=asked.actor, now=asked.now
    )
    return {"proposal": proposal, "approved_by": given.approved_by}


@call
def publish_policy(store: Store, asked: Asked, *, folder: str, from_day: int, proposal: int) -> Answer:
    """Put a draft in force."""
    draft = policy.read_folder(Path(folder))
    version = stewardship.publish_policy(
        store, draft, from_day=from_day, approval_id=proposal, actor=asked.actor, now=asked.now
    )
    return {"version": version}


@app.command(help=words("The numbers in force, each with its clause and its next change."))
def show(
    context: typer.Context,
    prefix: Annotated[str, typer.Argument(help=words("Only keys that begin so, such as gate."))] = "",
) -> None:
    """Show."""
    frame: Frame = context.obj
    rows = frame.ask(show_policy, prefix=prefix)["rows"]
    frame.show_rows(rows, list(rows[0]) if rows else ["key"])


@app.command(help=words("Copy the shipped policy files into a folder, to be edited as a draft."))
def draft(context: typer.Context, folder: Path) -> None:
    """Begin a draft."""
    frame: Frame = context.obj
    folder.mkdir(parents=True, exist_ok=True)
    policy.copy_defaults(folder)
    frame.show(
        {"folder": str(folder)}, "The shipped policy is in {folder}; editing it changes nothing until published."
    )


@app.command(help=words("What a draft would change; nothing happens."))
def plan(context: typer.Context, folder: DraftArgument, *, begins: FromOption) -> None:
    """Dry run."""
    frame: Frame = context.obj
    answer = frame.ask(plan_policy, folder=str(folder.resolve()), from_day=day_number(begins.date()))
    frame.show_rows(answer["rows"], COLUMNS)


@app.command(help=words("Put a draft before a second officer."))
def propose(context: typer.Context, folder: DraftArgument, *, begins: FromOption) -> None:
    """Propose."""
    frame: Frame = context.obj
    answer = frame.ask(propose_policy, folder=str(folder.resolve()), from_day=day_number(begins.date()))
    frame.show(answer, "Proposal {proposal} waits for a second officer: ringfence --as ... policy approve {proposal}")


@app.command(help=words("Approve a proposal; who proposed it cannot."))
def approve(context: typer.Context, proposal: int) -> None:
    """Approve."""
    frame: Frame = context.obj
    password = ask_password(frame.actor.actor_id)
    answer = frame.ask(approve_proposal, proposal=proposal, password=password)
    frame.show(answer, "{approved_by} approved proposal {proposal}.")


@app.command(help=words("Put a draft in force, with the approval of exactly this change."))
def publish(
    context: typer.Context,
    folder: DraftArgument,
    *,
    begins: FromOption,
    proposal: Annotated[int, typer.Option(help=words("The proposal that was approved."))],
) -> None:
    """Publish."""
    frame: Frame = context.obj
    values: dict[str, Any] = {"folder": str(folder.resolve()), "from_day": day_number(begins.date())}
    frame.show(frame.ask(publish_policy, **values, proposal=proposal), "The policy is published as version {version}.")


def _lines(plan: Plan) -> list[Answer]:
    parts = (("added", plan.added), ("released", plan.released), ("conflicting", plan.conflicting))
    return [{"change": change, **line} for change, lines in parts for line in lines]


def _plain(row: policy.PolicyRow) -> Answer:
    return {name: value if value is None else str(value) for name, value in asdict(row).items()}
