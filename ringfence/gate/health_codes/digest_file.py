"""Colours in a file that the code's authority hands out: digest of a code's content, colour, since when (policy 1.2).

CSV with a header: `code_sha256` (hexadecimal, of what a scanner reads), `colour`, `seen_at` (ISO 8601 with its zone).
"""

import csv
import hashlib
from datetime import datetime
from pathlib import Path

from ringfence.errors import InputRefused
from ringfence.gate.local_codes import ReadCode
from ringfence.gate.traveller import Colour, HealthCode

COLUMNS = ("code_sha256", "colour", "seen_at")


def open_codes(source: Path) -> ReadCode:
    """A reader of scanned codes; InputRefused, with its line, for a file that is not of this form."""
    with source.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise InputRefused("{file} has other columns than code_sha256, colour, seen_at", file=source.name)
        known = {
            str(row["code_sha256"]).lower(): _read(row, line=line, file=source.name)
            for line, row in enumerate(rows, start=2)
        }
    return lambda shown: known.get(hashlib.sha256(shown.encode()).hexdigest())


def _read(row: dict[str, str], *, line: int, file: str) -> HealthCode:
    try:
        colour, seen_at = Colour(row["colour"].lower()), datetime.fromisoformat(row["seen_at"])
    except (ValueError, AttributeError, TypeError):
        seen_at = None
    if seen_at is None or seen_at.tzinfo is None:
        raise InputRefused("{file} line {line} holds no colour with its time and zone", file=file, line=line)
    return HealthCode(colour=colour, seen_at=seen_at)
