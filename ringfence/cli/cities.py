"""`ringfence city`: a synthetic city that writes the files departments send, and its truth into another folder."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from ringfence.city import KERNEL_NAMES, CityOptions, write_city
from ringfence.cli.frame import Frame
from ringfence.cli.words import words
from ringfence.errors import InputRefused


def add_commands(app: typer.Typer) -> None:
    """Put the command into the command line."""
    app.command(help=words("Write a synthetic city's department files into a folder, and its truth into another."))(
        city
    )


def city(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help=words("Where the departments' files go."))],
    *,
    truth: Annotated[Path, typer.Option(help=words("Where the hidden truth goes; no other command reads it."))],
    residents: Annotated[int, typer.Option(min=1000, help=words("How many live there."))] = 100_000,
    days: Annotated[int, typer.Option(min=1, max=60, help=words("How many days are written."))] = 14,
    seed: Annotated[int, typer.Option(help=words("The same seed writes the same bytes."))] = 1,
    kernel: Annotated[
        str, typer.Option(help=words("How it is passed on: droplet, airborne or superspread."))
    ] = "droplet",
    areas: Annotated[Path | None, typer.Option(help=words("An area file; a small made-up one if not given."))] = None,
    every_department: Annotated[
        bool, typer.Option(help=words("Let carriers, hotels, schools, sentinels and other cities send files too."))
    ] = False,
    first_day: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])] = datetime(2022, 3, 1),  # noqa: DTZ001
) -> None:
    """Write a city."""
    frame: Frame = context.obj
    if kernel not in KERNEL_NAMES:
        raise InputRefused(
            "there is no kernel '{kernel}'; choose one of {kernels}", kernel=kernel, kernels=KERNEL_NAMES
        )
    options = CityOptions(
        residents=residents,
        days=days,
        seed=seed,
        kernel=kernel,
        first_day=first_day.date(),
        every_department=every_department,
    )
    with frame.bars() as progress:
        made = write_city(options, areas_file=areas, files=folder, truth=truth, progress=progress)
    answer = {
        "residents": made.residents,
        "infected": made.infected,
        "confirmed": made.confirmed,
        "folder": str(folder),
    }
    frame.show(answer, "{residents} residents, {infected} infected, {confirmed} of them confirmed; files in {folder}.")
