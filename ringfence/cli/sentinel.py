"""`ringfence sentinel`: counts held against what is expected, in files and in a deployment (policy 4)."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from ringfence.cli import situation
from ringfence.cli.frame import Frame
from ringfence.cli.words import words
from ringfence.errors import InputRefused
from ringfence.sentinel import (
    control_discoveries,
    forget_before_changes,
    read_counts,
    read_detectors,
    write_alarms,
)
from ringfence.sentinel import detect as find_alarms

app = typer.Typer(help=words("Sentinels: counts held against what is expected."), no_args_is_help=True)

situation.add_commands(app)

ExistingFile = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]


@app.command(help=words("Detect aberrations in a CSV file of counts; no deployment is needed."))
def detect(
    context: typer.Context,
    counts: ExistingFile,
    *,
    detector: Annotated[str, typer.Option(help=words("Its name; see: ringfence sentinel detectors."))],
    control: Annotated[Path | None, typer.Option(help=words("Its options, as a JSON file."), exists=True)] = None,
    out: Annotated[Path, typer.Option(help=words("The CSV file to write."))],
    frequency: Annotated[
        int | None, typer.Option(help=words("Times a year: 365, 52 or 12; else from the dates."))
    ] = None,
    now_called: Annotated[
        list[str] | None, typer.Option(help=words("A site that changed its code: OLD=NEW."), metavar="OLD=NEW")
    ] = None,
    changed: Annotated[
        list[str] | None,
        typer.Option(help=words("When a site began to count otherwise: SITE=DAY."), metavar="SITE=DAY"),
    ] = None,
    false_share: Annotated[
        float | None,
        typer.Option(min=0, max=1, help=words("Alarms over all series with at most this share of false ones.")),
    ] = None,
) -> None:
    """Run one detector over one file."""
    frame: Frame = context.obj
    told = _told(counts)
    read = read_counts(
        counts,
        frequency=frequency or told.get("freq"),
        first_season=told.get("start", [0, 1])[1],
        codes=_codes(now_called or []),
    )
    series = forget_before_changes(read.counts, _changes(changed)) if changed else read.counts
    alarms = find_alarms(series, detector=detector, control=_control(control) if control else {})
    if false_share is not None:
        alarms = control_discoveries(alarms, rate=false_share)
    write_alarms(out, read, alarms)
    found = {
        "series": len(read.counts.units),
        "points": len(alarms.points),
        "alarms": _count_alarms(alarms.columns),
        "corrected": read.corrected,
        "refused": read.refused,
        "out": str(out),
    }
    frame.show(
        found | alarms.count_statuses(),
        "{alarms} alarms in {series} series over {points} points; {tested} cells tested, {missing} missing, "
        "{short_history} without enough history, {few_cases} with too few cases, {no_bound} without a bound; "
        "{corrected} rows corrected by later ones, {refused} counts refused; in {out}.",
    )


@app.command(help=words("The detectors there are."))
def detectors(context: typer.Context) -> None:
    """List the detectors."""
    frame: Frame = context.obj
    frame.show({"detectors": ", ".join(read_detectors())}, "{detectors}")


def _control(path: Path) -> dict[str, Any]:
    """A control object, or the one within a description of a case."""
    try:
        told = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise InputRefused("{path} is no JSON file that can be read", path=path) from error
    if isinstance(told, dict) and isinstance(told.get("control"), dict):
        told = told["control"]
    if not isinstance(told, dict):
        raise InputRefused("{path} holds no control: an object of options is needed", path=path)
    return told


def _told(counts: Path) -> dict[str, Any]:
    """What an index.json beside the counts says of their frequency and beginning, where there is one."""
    index = counts.with_name("index.json")
    try:
        told = json.loads(index.read_bytes()).get(counts.stem, {})
    except (OSError, ValueError, AttributeError):
        return {}
    return told if isinstance(told, dict) else {}


def _codes(pairs: list[str]) -> dict[str, str]:
    if bad := [pair for pair in pairs if pair.count("=") != 1]:
        raise InputRefused("{pair} does not say OLD=NEW", pair=bad[0])
    return dict(pair.split("=") for pair in pairs)


def _changes(pairs: list[str]) -> dict[str, date]:
    try:
        return {unit: date.fromisoformat(day) for unit, _, day in (pair.rpartition("=") for pair in pairs)}
    except ValueError as error:
        raise InputRefused("{pairs} do not all say SITE=DAY, as in A=2022-03-01", pairs=", ".join(pairs)) from error


def _count_alarms(columns: dict[str, Any]) -> int:
    if "alarm" in columns:
        return int((columns["alarm"] == 1).sum())
    return int((columns["alert"] == "red").sum())
