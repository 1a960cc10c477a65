"""`ringfence export`: rows taken out as a file, numbered and marked; long ones need a second signature (policy 6.4)."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ringfence import access, account, areas
from ringfence.account import Wanted
from ringfence.cli.calls import Answer, Asked, call
from ringfence.cli.frame import Frame
from ringfence.cli.words import words
from ringfence.errors import InputRefused
from ringfence.policy import Policy, read_in_force
from ringfence.store import Store
from ringfence.terms import day_number

app = typer.Typer(help=words("Exports: lists as CSV, workbook, JSON Lines or Parquet."), no_args_is_help=True)

Name = Annotated[str, typer.Argument(help=words("What to take out: {names}", names=", ".join(account.list_exports())))]
For = Annotated[str, typer.Option("--for", help=words("The declared purpose."))]
Where = Annotated[str, typer.Option("--area", help=words("The code of an area; else the whole city."))]
Filters = Annotated[list[str] | None, typer.Option("--only", help=words("A filter of the list, as name=value."))]


@call
def make_export(
    store: Store, asked: Asked, *, name: str, purpose: str, area: str, only: list[str], out: str, signed: int | None
) -> Answer:
    """Write an export."""
    wanted = _wanted(store, name=name, purpose=purpose, area=area, only=only, signed=signed)
    made = account.make_export(store, wanted, path=Path(out), actor=asked.actor, now=asked.now)
    return {"number": made.number, "name": made.name, "rows": made.row_count, "file": Path(out).name}


@call
def ask_export(store: Store, asked: Asked, *, name: str, purpose: str, area: str, only: list[str]) -> Answer:
    """Put an export before a second person."""
    wanted = _wanted(store, name=name, purpose=purpose, area=area, only=only, signed=None)
    rows = account.count_export(store, wanted, actor=asked.actor, now=asked.now)
    export = account.plan_export(store, wanted, rows=rows, now=asked.now)
    number = store.act(lambda act: access.propose_export(act, export), actor=asked.actor, now=asked.now)
    return {"proposal": number, "rows": rows}


@call
def sign_export(store: Store, asked: Asked, *, proposal: int) -> Answer:
    """Sign an export as the second person."""
    store.act(lambda act: access.sign_export(act, proposal), actor=asked.actor, now=asked.now)
    return {"proposal": proposal}


@app.command(help=words("Write an export into a file (.csv, .xlsx, .jsonl, .parquet)."))
def make(
    context: typer.Context,
    name: Name,
    out: Annotated[Path, typer.Option(help=words("The file to write."))],
    *,
    purpose: For = "accountability",
    area: Where = "",
    only: Filters = None,
    signed: Annotated[int | None, typer.Option(help=words("The proposal a second person signed."))] = None,
) -> None:
    """Make."""
    frame: Frame = context.obj
    values = {"name": name, "purpose": purpose, "area": area, "only": only or []}
    answer = frame.ask(make_export, out=str(out.resolve()), signed=signed, **values)
    frame.show(answer, "Export {number}: {rows} rows of {name} are in {file}.")


@call
def fill_form(store: Store, asked: Asked, *, template: str, out: str, area: str, day: str) -> Answer:
    """Fill a superior's form."""
    hierarchy = areas.read_hierarchy(store.desk)
    path = areas.path_of(hierarchy, area) if area else areas.top_paths(hierarchy)[0]
    number = day_number(date.fromisoformat(day)) if day else store.clock.day_of(asked.now)
    purpose = access.read_purpose(store.desk, "accountability", now=asked.now)
    filled = account.fill_form(
        Path(template),
        Path(out),
        desk=store.desk,
        scope=access.read_scope(store.desk, asked.actor, purpose, now=asked.now).within(path),
        area=next(one for one in hierarchy.values() if one.path == path),
        areas=hierarchy,
        policy=Policy(read_in_force(store.desk, now=asked.now), number),
    )
    return {"filled": filled, "file": Path(out).name}


@app.command(help=words("Fill a superior's form: a workbook whose cells name indicators."))
def form(
    context: typer.Context,
    template: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    out: Annotated[Path, typer.Option(help=words("The file to write."))],
    area: Where = "",
    day: Annotated[str, typer.Option(help=words("The local day of the scorecard; else today."))] = "",
) -> None:
    """Form."""
    frame: Frame = context.obj
    values = {"template": str(template.resolve()), "out": str(out.resolve()), "area": area, "day": day}
    frame.show(frame.ask(fill_form, **values), "{filled} cells are filled in {file}.")


@app.command(help=words("Ask for the second signature that a long export needs."))
def ask(
    context: typer.Context, name: Name, purpose: For = "accountability", area: Where = "", only: Filters = None
) -> None:
    """Ask."""
    frame: Frame = context.obj
    answer = frame.ask(ask_export, name=name, purpose=purpose, area=area, only=only or [])
    frame.show(answer, "Proposal {proposal}: an export of {rows} rows waits for a second signature.")


@app.command(help=words("Sign somebody else's export as the second person."))
def sign(
    context: typer.Context, proposal: Annotated[int, typer.Argument(help=words("The number of the proposal."))]
) -> None:
    """Sign."""
    frame: Frame = context.obj
    frame.show(frame.ask(sign_export, proposal=proposal), "Proposal {proposal} is signed.")


def _wanted(store: Store, *, name: str, purpose: str, area: str, only: list[str], signed: int | None) -> Wanted:
    hierarchy = areas.read_hierarchy(store.desk)
    path = areas.path_of(hierarchy, area) if area else areas.top_paths(hierarchy)[0]
    filters = dict(_cut(one) for one in only)
    return Wanted(name=name, filters=filters, area_path=path, purpose_key=purpose, approval_id=signed)


def _cut(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise InputRefused("'{text}' is no filter; write it as name=value", text=text)
    return name, value
