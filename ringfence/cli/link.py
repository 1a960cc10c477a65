"""`ringfence link`: rows of a list to persons and households, for files alone or for those of a deployment (2.1)."""

from pathlib import Path
from typing import Annotated

import typer

from ringfence.cli.frame import Frame
from ringfence.cli.words import words
from ringfence.link import Columns, dedupe_file, link_files, read_columns_file

app = typer.Typer(
    help=words("Link rows to persons: for files alone, or the reviews of a deployment."), no_args_is_help=True
)

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


def _read(columns: Path | None) -> Columns:
    return read_columns_file(columns) if columns else Columns()
