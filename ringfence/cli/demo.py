"""`ringfence demo`: a synthetic city's departments send files, and the public calls carry them to a closed account.

The demo hands the line nothing but the folder of files. The truth lies in another folder, and is read when all is
done; only the stand-in for the workers at the doors looks into it before, for somebody must answer when they knock.
"""

import shutil
import tempfile
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import typer

from ringfence import policy
from ringfence.city import CityOptions, write_city
from ringfence.cli.exercise import PASSWORD, STAFF, Exercise
from ringfence.cli.frame import Frame, console
from ringfence.cli.hindsight import look_back
from ringfence.cli.story import tell
from ringfence.cli.words import words
from ringfence.policy import PolicySet

FIRST_STOP = "/today?tour=1"

FEEDS = ("check_ins", "laboratory_results", "case_line_list", "case_routes")


def add_commands(app: typer.Typer) -> None:
    """Put the command into the command line."""
    app.command(help=words("The whole story on a synthetic city, then a page on this machine that shows it."))(demo)


def demo(
    context: typer.Context,
    *,
    residents: Annotated[int, typer.Option(min=1000, help=words("How many live in the city."))] = 100_000,
    days: Annotated[int, typer.Option(min=2, max=30, help=words("How many days are played."))] = 14,
    seed: Annotated[int, typer.Option(help=words("The same seed plays the same days."))] = 1,
    kernel: Annotated[
        str, typer.Option(help=words("How it is passed on: droplet, airborne, superspread."))
    ] = "droplet",
    without_feed: Annotated[list[str] | None, typer.Option(help=words("Leave out a department's files."))] = None,
    without_rule: Annotated[list[str] | None, typer.Option(help=words("Leave out a rule of the protocol."))] = None,
    folder: Annotated[Path | None, typer.Option(help=words("Keep everything here; else it is removed."))] = None,
    port: Annotated[int, typer.Option(help=words("The port of the page on this machine."))] = 8321,
    serve: Annotated[bool, typer.Option(help=words("Show the page when the story is told."))] = True,
) -> None:
    """Play it."""
    frame: Frame = context.obj
    home = folder or Path(tempfile.mkdtemp(prefix="ringfence-demo-"))
    options = CityOptions(residents=residents, days=days, seed=seed, kernel=kernel)
    try:
        with frame.bars() as progress:
            made = write_city(options, areas_file=None, files=home / "files", truth=home / "truth", progress=progress)
            exercise = Exercise(
                home,
                truth=home / "truth",
                first_policy=leave_out(policy.read_defaults(), without_rule or []),
                begins=datetime.combine(options.first_day, time()) - timedelta(days=1),
                progress=progress,
            )
            exercise.play(days=days, feeds=[feed for feed in FEEDS if feed not in (without_feed or [])])
            seen = look_back(exercise)
        tell(console, made, exercise, seen)
        exercise.store.close()
        if serve:
            _invite(port)
            from ringfence.cli.serving import answer_until_stopped  # noqa: PLC0415 - a web server would slow every command

            answer_until_stopped(frame, home / "deployment", clock=lambda: exercise.now, port=port)
    finally:
        if folder is None:
            shutil.rmtree(home, ignore_errors=True)


def _invite(port: int) -> None:
    """Say how to come in, and where the tour begins."""
    console.print(
        words("Sign in as {users}; the password: {password}", users=", ".join(STAFF), password=PASSWORD),
        words("A tour of six clicks begins at {address}", address=f"http://127.0.0.1:{port}{FIRST_STOP}"),
        sep="\n",
        highlight=False,
        soft_wrap=True,
    )


def leave_out(shipped: PolicySet, rules: list[str]) -> PolicySet:
    """The shipped policy with some rules of trace taken out of every protocol: to show what each is worth."""
    protocols = {
        key: replace(
            disease,
            editions={
                day: replace(
                    edition,
                    rules={name: use for name, use in edition.rules.items() if name not in rules},
                    second_ring=edition.second_ring if set(edition.second_ring_rules) - set(rules) else None,
                )
                for day, edition in disease.editions.items()
            },
        )
        for key, disease in shipped.protocols.items()
    }
    return replace(shipped, protocols=protocols)
