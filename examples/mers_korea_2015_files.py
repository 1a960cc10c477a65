"""MERS in Korea, 2015, as the line list of each day, and nothing else.

Read are only the columns named here. Where and when somebody was exposed (`place_infect`, `dt_start_exp`, `dt_end_exp`)
may be what the investigation found out later, and who infected whom is the truth: never an input. Nothing of a case is
known before its report.
"""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from department_days import NOON, AreaRow, Row, placeholder_number

from ringfence.terms import Classification

DISEASE = "mers"
COUNTRY: AreaRow = ("KR", "Korea", "country", "")
UNKNOWN = "NA"


@dataclass(frozen=True)
class Reported:
    """A case with its dates; the onset of some is not known."""

    case_id: str
    onset_on: date | None
    reported_on: date
    diagnosed_on: date

    @property
    def number(self) -> int:
        """The case's number in the outbreak."""
        return int(self.case_id.removeprefix("SK_"))


@dataclass(frozen=True)
class Mers2015:
    """The outbreak as far as it was known to the department."""

    cases: tuple[Reported, ...]

    @property
    def days(self) -> list[date]:
        """Every day on which something becomes known of a case."""
        return sorted({day for case in self.cases for day in _told_on(case)})

    def files_of(self, day: date) -> dict[str, list[Row]]:
        """The line list of one day: who is reported, and who is confirmed after having been reported."""
        return {"case_line_list": [_line(case, day) for case in self.cases if day in _told_on(case)]}


def read_mers_2015(folder: Path, *, last: date = date.max) -> Mers2015:
    """The outbreak from the folder of shared outbreaks, as it was reported until a day."""
    with (folder / "mers_korea_2015_linelist.csv").open(encoding="utf-8", newline="") as file:
        cases = [_read_case(row) for row in csv.DictReader(file)]
    return Mers2015(tuple(case for case in cases if case.reported_on <= last))


def read_day(text: str) -> date | None:
    """A day, or None where it is not known."""
    return None if text == UNKNOWN else date.fromisoformat(text)


def _read_case(row: dict[str, str]) -> Reported:
    return Reported(
        case_id=row["id"],
        onset_on=read_day(row["dt_onset"]),
        reported_on=date.fromisoformat(row["dt_report"]),
        diagnosed_on=date.fromisoformat(row["dt_diag"]),
    )


def _told_on(case: Reported) -> set[date]:
    """A case is on the line list of its report, and again on that of its diagnosis when this comes later."""
    return {case.reported_on, max(case.reported_on, case.diagnosed_on)}


def _line(case: Reported, day: date) -> Row:
    return {
        "case_id": case.case_id,
        "id_number": placeholder_number(case.number),
        "disease": DISEASE,
        "classification": Classification.CONFIRMED if case.diagnosed_on <= day else Classification.SUSPECT,
        "onset_date": case.onset_on or "",
        "reported_at": f"{case.reported_on} {NOON}",
    }
