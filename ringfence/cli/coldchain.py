"""`ringfence coldchain`: identifiers converted, EPCIS files hashed, checked and captured, lots traced (policy 3.2).

Capturing and tracing need a deployment, the rest none.
"""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from ringfence import coldchain
from ringfence.cli.calls import Answer, Asked, call
from ringfence.cli.certificates import read_instant
from ringfence.cli.frame import Frame, console
from ringfence.cli.words import words
from ringfence.errors import InputRefused
from ringfence.store import Store

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
    rows = [_in_words(row) for row in _rows(problems)]
    counts = {"events": len(document.events), "errors": errors, "warnings": len(problems) - errors}
    if frame.wants_json:
        console.print_json(data={"file": str(file), **counts, "problems": rows})
    else:
        frame.show_rows(rows, ("event", "level", "path", "sentence", "found"))
        frame.show(counts, "{events} events: {errors} errors, {warnings} warnings.")
    if errors:
        raise typer.Exit(InputRefused.exit_code)


@call
def capture_events(store: Store, asked: Asked, *, files: list[str], is_whole: bool) -> Answer:
    """Take files of events in, one after the other."""
    answers = []
    for number, file in enumerate(files, start=1):
        content = Path(file).read_bytes()
        captured = coldchain.capture(store, content, is_whole=is_whole, actor=asked.actor, now=asked.now)
        answers.append(
            {
                "file": Path(file).name,
                **{name: getattr(captured, name) for name in COUNTS},
                "problems": _rows(captured.problems),
            }
        )
        asked.progress("receiving files", number / len(files))
    return {"files": answers}


@app.command(help=words("Capture EPCIS files: each event once, what breaks a rule kept with the rule."))
def capture(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(exists=True, dir_okay=False, help=words("EPCIS 2.0 files: JSON, JSON-LD or XML."))
    ],
    *,
    is_whole: Annotated[bool, typer.Option("--whole", help=words("Take a file in whole or not at all."))] = False,
    wants_json: Annotated[bool, typer.Option("--json", help=words("Answer in JSON."))] = False,
) -> None:
    """Capture; ends with the exit code of a refused input where something was refused."""
    frame: Frame = context.obj
    frame.wants_json = frame.wants_json or wants_json
    answer = frame.ask(capture_events, files=[str(file.resolve()) for file in files], is_whole=is_whole)
    for one in answer["files"]:
        one["problems"] = [_in_words(row) for row in one["problems"]]
    if frame.wants_json:
        console.print_json(data=answer)
    else:
        frame.show_rows(answer["files"], SHOWN)
        rows = [{"file": one["file"], **row} for one in answer["files"] for row in one["problems"]]
        if rows:
            frame.show_rows(rows, ("file", "event", "level", "path", "sentence", "found"))
    if any(one["rejected"] for one in answer["files"]):
        raise typer.Exit(InputRefused.exit_code)


@call
def trace_a_lot(store: Store, asked: Asked, *, lot: str, way: str, since: str | None) -> Answer:
    """Trace a lot."""
    traced = coldchain.trace_lot(
        store,
        lot,
        way=coldchain.Way(way),
        since=None if since is None else read_instant(since),
        actor=asked.actor,
        now=asked.now,
    )
    return asdict(traced)


@app.command(help=words("Trace a lot, item or pallet: where it went, what it came from, who had it."))
def trace(
    context: typer.Context,
    lot: Annotated[str, typer.Argument(help=words("An EPC URN or a GS1 Digital Link."))],
    *,
    direction: Annotated[coldchain.Way, typer.Option(help=words("Which way to trace."))] = coldchain.Way.BOTH,
    since: Annotated[
        str | None, typer.Option(help=words("From when on it counts, with its zone; from its first event if not said."))
    ] = None,
    wants_json: Annotated[bool, typer.Option("--json", help=words("Answer in JSON."))] = False,
) -> None:
    """Trace."""
    frame: Frame = context.obj
    frame.wants_json = frame.wants_json or wants_json
    answer = frame.ask(trace_a_lot, lot=lot, way=direction.value, since=since)
    if frame.wants_json:
        console.print_json(data=answer, default=str)
        return
    things = [row | {"by": answer["steps"][row["step"]]["by"]} for row in answer["things"]]
    frame.show_rows(things, ("thing", "way", "by", "is_carrier", "is_certain", "since", "until"))
    for part in ("places", "holders"):
        rows = [{part: row["name"], **row} for row in answer[part]]
        if rows:
            frame.show_rows(rows, (part, "way", "is_certain", "first", "last", "things"))


@call
def write_sheet(store: Store, asked: Asked, *, lot: str, out: str, way: str) -> Answer:
    """Write a trace sheet."""
    rows = coldchain.write_trace_sheet(store, lot, Path(out), way=coldchain.Way(way), actor=asked.actor, now=asked.now)
    return {"rows": rows, "file": Path(out).name}


@app.command(help=words("Write the trace sheet of a lot, a row an event and thing, to be sorted (.csv, .xlsx)."))
def sheet(
    context: typer.Context,
    lot: Annotated[str, typer.Argument(help=words("An EPC URN or a GS1 Digital Link."))],
    out: Annotated[Path, typer.Argument(help=words("The file to write."))],
    *,
    direction: Annotated[coldchain.Way, typer.Option(help=words("Which way to trace."))] = coldchain.Way.BOTH,
) -> None:
    """Write."""
    frame: Frame = context.obj
    answer = frame.ask(write_sheet, lot=lot, out=str(out.resolve()), way=direction.value)
    frame.show(answer, "{rows} rows of the trace are in {file}.")


COUNTS = ("batch_no", "events", "accepted", "rejected", "known", "declared", "declared_unknown", "is_known", "is_kept")
SHOWN = ("file", "events", "accepted", "rejected", "known")
"""As many columns as a terminal has room for; `--json` has all."""


def _rows(problems: Sequence[coldchain.Problem]) -> list[dict[str, Any]]:
    return [
        {
            "event": problem.event,
            "event_id": problem.event_id,
            "level": problem.rule.level.value,
            "rule": problem.rule.name,
            "section": problem.rule.section,
            "path": problem.path,
            "sentence": problem.rule.sentence,
            "found": problem.found,
        }
        for problem in problems
    ]


def _in_words(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"sentence": words(row["sentence"])}
