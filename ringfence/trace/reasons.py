"""A reason in the words of the field: what stands on a worklist and is told to the person (policy 2.2, 2.6)."""

from collections.abc import Mapping
from functools import lru_cache
from math import ceil
from typing import Any

import pyarrow as pa

from ringfence.terms import ExposureReason, Reason, ReasonCode, Subject, SubjectKind


def read_reasons(reasons: pa.Table) -> tuple[ExposureReason, ...]:
    """The reasons of the few exposures somebody looks at (REASONS), in the table's order."""
    return tuple(_read_reason(row) for row in reasons.to_pylist())


def _read_reason(row: Mapping[str, Any]) -> ExposureReason:
    return ExposureReason(
        rule=row["rule"],
        source=Subject(SubjectKind.PERSON, str(row["source"])),
        first_at_us=row["first_at"],
        last_at_us=row["last_at"],
        minutes=row["minutes"],
        weight=row["weight"],
        reason=say_why(row["code"], row["minutes"], row["distance"], row["days_apart"]),
        distance=row["distance"],
        place_no=row["place"],
    )


@lru_cache(maxsize=1 << 16)
def say_why(code: str, minutes: int, distance: float | None, days_apart: int | None) -> Reason:
    """The words for a reason, of which many rows share few: `minutes` is 0 where the rule counts none."""
    unit = "rows" if code == ReasonCode.NEAR_SEAT else "metres"
    values = {"minutes": minutes or None, unit: distance, "days": days_apart}
    return Reason(ReasonCode(code), {name: ceil(value) for name, value in values.items() if value is not None})
