"""`ringfence link`: rows of a list to persons and households, for files alone or for those of a deployment (2.1)."""

from pathlib import Path
from typing import Annotated

import typer

from ringfence.cli import link_reviews
from ringfence.cli.frame import Frame
from ringfence.cli.words import words
from ringfence.errors import InputRefused
from ringfence.link import (
    Columns,
    dedupe_file,
    hash_file,
    link_files,
    make_key,
    match_files,
    read_columns_file,
    read_key,
)

app = typer.Typer(
    help=words("Link rows to persons: for files alone, or the reviews of a deployment."), no_args_is_help=True
)

app.add_typer(link_reviews.app, name="review")

Profile = Annotated[str, typer.Option(help=words("How names are compared: han or latin."))]
ColumnsFile = Annotated[
    Path | None,
    typer.Option("--columns", help=words("A TOML file: what the columns are called, and further ones to compare.")),
]
Out = Annotated[Path, typer.Option(help=words("The CSV file to write."))]


@app.command(
    help=words("Link the rows of a list to the people of a register, both CSV files; no deployment is needed.")
)
def run(
    context: typer.Context,
    *,
    register: Annotated[Path, typer.Option(help=words("The register: person_id, household_id and who they are."))],
    rows: Annotated[Path, typer.Option(help=words("The list: row_id and what is written of people."))],
    out: Out,
    profile: Profile = "han",
    columns: ColumnsFile = None,
) -> None:
    """Link two files."""
    frame: Frame = context.obj
    with frame.bars() as progress:
        answers = link_files(rows, register, out, profile=profile, columns=_read(columns), progress=progress)
    counts = {answer: answers.get(answer, 0) for answer in ("person", "household", "review", "none")}
    frame.show(
        counts | {"rows": sum(answers.values()), "out": str(out)},
        "{rows} rows: {person} persons, {household} households, {review} to review, {none} nobody known; in {out}.",
    )


@app.command(help=words("Find the rows of one list that are about one person; no deployment is needed."))
def dedupe(
    context: typer.Context,
    rows: Annotated[Path, typer.Argument(help=words("The list: row_id and what is written of people."))],
    *,
    out: Out,
    profile: Profile = "han",
    columns: ColumnsFile = None,
) -> None:
    """Find who stands in a list more than once."""
    frame: Frame = context.obj
    with frame.bars() as progress:
        found, persons = dedupe_file(rows, out, profile=profile, columns=_read(columns), progress=progress)
    frame.show({"rows": found, "persons": persons, "out": str(out)}, "{rows} rows about {persons} persons; in {out}.")


KeyFile = Annotated[Path, typer.Option("--key", help=words("The file of a key; make one with: ringfence link key."))]
Purpose = Annotated[str, typer.Option(help=words("What the lists are shared for; lists of two purposes never meet."))]


@app.command(help=words("Make a key that lists are hashed with; whoever has it can try every number of a city."))
def key(
    context: typer.Context, out: Annotated[Path, typer.Argument(help=words("The file to keep it in; not yet there."))]
) -> None:
    """Make a key that nobody else can read."""
    frame: Frame = context.obj
    try:
        out.touch(mode=0o600, exist_ok=False)
    except FileExistsError as error:
        raise InputRefused("{file} is there already; a key is never written over", file=out.name) from error
    out.write_text(make_key() + "\n", encoding="ascii")
    frame.show({"out": str(out)}, "A new key is in {out}; give it to nobody who need not hash.")


@app.command("hash", help=words("Hash a list or register with a key, to have it matched without plain identifiers."))
def hash_list(
    context: typer.Context,
    people: Annotated[Path, typer.Argument(help=words("A list (row_id) or register (person_id) as CSV."))],
    *,
    key: KeyFile,
    purpose: Purpose,
    out: Out,
    profile: Profile = "han",
    columns: ColumnsFile = None,
) -> None:
    """Hash a file."""
    frame: Frame = context.obj
    with frame.bars() as progress:
        rows = hash_file(
            people,
            out,
            key=read_key(key),
            purpose=purpose,
            profile=profile,
            columns=_read(columns),
            progress=progress,
        )
    frame.show({"rows": rows, "out": str(out)}, "{rows} rows hashed; in {out}.")


@app.command(help=words("Match a hashed list to a hashed register: pseudonyms for the rows that match alone."))
def match(
    context: typer.Context,
    *,
    register: Annotated[Path, typer.Option(help=words("The hashed register."))],
    rows: Annotated[Path, typer.Option(help=words("The hashed list, made with the same key and purpose."))],
    key: KeyFile,
    purpose: Purpose,
    out: Out,
) -> None:
    """Match two hashed files."""
    frame: Frame = context.obj
    asked, matched = match_files(rows, register, out, key=read_key(key), purpose=purpose)
    frame.show({"rows": asked, "matched": matched, "out": str(out)}, "{matched} of {rows} rows match; in {out}.")


def _read(columns: Path | None) -> Columns:
    return read_columns_file(columns) if columns else Columns()
