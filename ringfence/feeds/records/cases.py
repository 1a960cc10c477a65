"""Lines of a line list to what they say of a case (policy 2.2)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from ringfence.feeds.formats.case_line_list import Answer
from ringfence.feeds.records.provenance import check_persons
from ringfence.terms import Classification, PersonNo, day_number, from_us


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """A line of a line list with its person; None is not known. `row` is its line in the file."""

    row: int
    case_key: str
    person_no: PersonNo
    disease: str
    classification: Classification
    reported_at: datetime
    onset_day: int | None
    sampled_at: datetime | None
    isolated_at: datetime | None
    is_imported: bool


def build_cases(accepted: pa.Table, *, persons: pa.Array) -> list[CaseRow]:
    """The cases, line by line; line lists are short."""
    check_persons(accepted, persons)
    return [_case(row, person) for row, person in zip(accepted.to_pylist(), persons.to_pylist(), strict=True)]


def _case(row: dict[str, Any], person: PersonNo) -> CaseRow:
    return CaseRow(
        row=row["row"],
        case_key=row["case_id"],
        person_no=person,
        disease=row["disease"],
        classification=Classification(row["classification"]),
        reported_at=from_us(row["reported_at"]),
        onset_day=None if row["onset_date"] is None else day_number(row["onset_date"]),
        sampled_at=_instant(row["sampled_at"]),
        isolated_at=_instant(row["isolated_at"]),
        is_imported=row["imported"] == Answer.YES,
    )


def _instant(us: int | None) -> datetime | None:
    return None if us is None else from_us(us)
