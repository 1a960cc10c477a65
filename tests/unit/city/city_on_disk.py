"""Writes small cities, and reads what was written with nothing but the standard library, as a stranger would."""

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

from ringfence.city import CityOptions, CitySummary, write_city

Row = dict[str, str]


@dataclass(frozen=True)
class Written:
    """A city on disk."""

    options: CityOptions
    summary: CitySummary
    files: Path
    truth: Path


def write(folder: Path, **options: object) -> Written:
    chosen = CityOptions(**{"residents": 3_000, "days": 9, "imported_cases": 8} | options)
    files, truth = folder / "files", folder / "truth"
    return Written(chosen, write_city(chosen, areas_file=None, files=files, truth=truth), files, truth)


def read_rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_daily(folder: Path, name: str) -> list[Row]:
    return [row | {"file": path.name} for path in sorted(folder.glob(f"{name}_*.csv")) for row in read_rows(path)]


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def check_letter(body: str) -> str:
    """GB 11643 by the standard's own sum: weights 2**(18-i) mod 11 for the i-th letter from the left."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(body))
    return "0123456789X"[(12 - total) % 11]
