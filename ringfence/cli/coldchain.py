"""`ringfence coldchain`: identifiers converted, EPCIS files hashed and checked; no deployment is needed (3.2)."""

from pathlib import Path
from typing import Annotated

import typer

from ringfence import coldchain
from ringfence.cli.frame import Frame, console
from ringfence.cli.words import words
from ringfence.errors import InputRefused

app = typer.Typer(
    help=words("Cold chain: identifiers and EPCIS events, read, named and checked."), no_args_is_help=True
)

EpcisFile = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help=words("An EPCIS 2.0 file: JSON, JSON-LD or XML."))
]


@app.command(help=words("Turn an EPC URN into its GS1 Digital Link, or back."))
def convert(
    context: typer.Context,
    uri: Annotated[str, typer.Argument(help=words("An EPC URN or a GS1 Digital Link."))],
    *,
    prefix_digits: Annotated[
        int | None,
        typer.Option(min=6, max=12, help=words("How many digits the company prefix of a Digital Link has.")),
    ] = None,
) -> None:
    """Convert one identifier."""
    frame: Frame = context.obj
    written = coldchain.convert(uri, prefix_digits=prefix_digits)
    if frame.wants_json:
        console.print_json(data={"from": uri, "to": written})
    else:
        console.print(written, markup=False, highlight=False, soft_wrap=True)


@app.command("hash", help=words("Print the event hash of CBV 2.0 of each event of a file, one a line."))
def hash_file(file: EpcisFile) -> None:
    """Hash the events of one file; nothing is printed where one cannot be hashed."""
    document = coldchain.read_document(file.read_bytes())
    lines = "\n".join(list(coldchain.hash_events(document)))
    if lines:
        console.print(lines, markup=False, highlight=False, soft_wrap=True)


@app.command(help=words("Check every event of a file: errors and warnings by event and path."))
def check(
    context: typer.Context,
    file: EpcisFile,
    *,
    wants_json: Annotated[bool, typer.Option("--json", help=words("Answer in JSON."))] = False,
) -> None:
    """Check one file; ends with the exit code of a refused input where there are errors."""
    frame: Frame = context.obj
    frame.wants_json = frame.wants_json or wants_json
    document = coldchain.read_document(file.read_bytes())
    problems = coldchain.check(document, now=frame.now)
    errors = sum(problem.rule.level is coldchain.Level.ERROR for problem in problems)
    rows = [_row(problem) for problem in problems]
    counts = {"events": len(document.events), "errors": errors, "warnings": len(problems) - errors}
    if frame.wants_json:
        console.print_json(data={"file": str(file), **counts, "problems": rows})
    else:
        frame.show_rows(rows, ("event", "level", "path", "sentence", "found"))
        frame.show(counts, "{events} events: {errors} errors, {warnings} warnings.")
    if errors:
        raise typer.Exit(InputRefused.exit_code)


def _row(problem: coldchain.Problem) -> dict[str, object]:
    rule = problem.rule
    return {
        "event": problem.event,
        "event_id": problem.event_id,
        "level": rule.level.value,
        "rule": rule.name,
        "section": rule.section,
        "path": problem.path,
        "sentence": words(rule.sentence),
        "found": problem.found,
    }
