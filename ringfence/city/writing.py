"""The whole way: build the city, let the outbreak happen, and let every department write its files."""

from collections.abc import Callable
from pathlib import Path

from ringfence.city.departments import FIRST, FURTHER
from ringfence.city.epidemic import run_epidemic
from ringfence.city.natural_history import DAY_S
from ringfence.city.options import CityOptions, CitySummary
from ringfence.city.sheets import write_sheet
from ringfence.city.town import build_town
from ringfence.city.truth import History, IdentityLog, VisitStore, write_truth
from ringfence.errors import InputRefused

Progress = Callable[[str, float], None]
"""Told what is being done and which share of it is done (0 to 1)."""


def write_city(
    options: CityOptions, *, areas_file: Path | None, files: Path, truth: Path, progress: Progress | None = None
) -> CitySummary:
    """Write the departments' files into one folder and the hidden truth into another; what was written, in numbers.

    Both folders are made if need be and must be empty and apart: InputRefused. AreasRefused for a bad area file.
    The same options and area file give the same bytes in every file. Time grows with residents times days (measured:
    0.6 s of one core for 100,000 residents and a day), memory with residents (0.2 GB and 2 kB each), since the visits
    of one day are held at a time.
    """
    make_folders(files, truth)
    tell = progress or (lambda _step, _share: None)
    town = build_town(options, areas_file=areas_file)
    tell("town", 1.0)
    visits = VisitStore(truth, town)
    outbreak = run_epidemic(town, keep=visits.keep, progress=lambda share: tell("outbreak", share))
    history = History(town, outbreak, visits)
    write_truth(history, truth)
    rows = write_departments(history, files=files, truth=truth, progress=tell)
    return CitySummary(
        residents=town.people.residents,
        non_residents=town.people.count - town.people.residents,
        households=town.homes.township.size,
        places=town.places.setting.size,
        visits=outbreak.visits,
        infected=outbreak.infections.count,
        confirmed=int((outbreak.cases.reported_at < options.days * DAY_S).sum()),
        rows=rows,
    )


def write_departments(history: History, *, files: Path, truth: Path, progress: Progress) -> dict[str, int]:
    """Every department's sheets, and beside the truth whom their rows are about; data rows by format."""
    rows = {}
    departments = FIRST | FURTHER if history.town.options.every_department else FIRST
    with IdentityLog(truth) as identities:
        for format_name, write in departments.items():
            rows[format_name] = 0
            for number, sheet in enumerate(write(history)):
                write_sheet(files, sheet, history.town.options.dice("sheet", sheet.file))
                identities.add(sheet)
                rows[format_name] += sheet.rows
                progress(format_name, min(1.0, (number + 1) / history.town.options.days))
            progress(format_name, 1.0)
    return rows


def make_folders(files: Path, truth: Path) -> None:
    """Make both folders; InputRefused when one lies in the other or holds anything."""
    ours, theirs = files.resolve(), truth.resolve()
    if ours.is_relative_to(theirs) or theirs.is_relative_to(ours):
        raise InputRefused("the truth must not lie where the files lie: {files}, {truth}", files=files, truth=truth)
    for folder in (files, truth):
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise InputRefused("folder {folder} is not empty; empty it or name another", folder=folder)
