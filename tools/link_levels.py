"""What the profiles' models are put together from, before training: levels, comparisons, and those that both have.

The u of what two strangers almost never share is fixed, because random pairs are too few to show it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

Level = dict[str, Any]


def level(condition: str, label: str, **options: object) -> Level:
    """One level of a comparison: the SQL that two records meet, and its name."""
    return {"sql_condition": condition, "label_for_charts": label} | options


def rare(u: float, column: str | None = None) -> Level:
    """A fixed u; with a column, the frequency of the value takes its place."""
    fixed: Level = {"u_probability": u, "fix_u_probability": True}
    if column is None:
        return fixed
    return fixed | {"tf_adjustment_column": column, "disable_tf_exact_match_detection": True}


def comparison(column: str, *levels: Level) -> dict[str, Any]:
    """A comparison under the name of its first column: not known, the levels given, different."""
    unknown = level(f"{column}_l is null or {column}_r is null", "not known", is_null_level=True)
    return {
        "output_column_name": column,
        "comparison_levels": [unknown, *levels, level("ELSE", "different")],
    }


BIRTH_DATE = comparison(
    "birth_date",
    level("birth_date_l = birth_date_r", "same"),
    level(
        "hamming(birth_date_l, birth_date_r) <= 1 or (substr(birth_date_l, 1, 4) = substr(birth_date_r, 1, 4)"
        " and substr(birth_date_l, 6, 2) = substr(birth_date_r, 9, 2)"
        " and substr(birth_date_l, 9, 2) = substr(birth_date_r, 6, 2))",
        "one digit differs, or day and month change places",
    ),
    level(
        "substr(birth_date_l, 1, 7) = substr(birth_date_r, 1, 7)"
        " or substr(birth_date_l, 6, 5) = substr(birth_date_r, 6, 5)",
        "same month, or same day",
    ),
)
SEX = comparison("sex", level("sex_l = sex_r", "same"))
PHONE = comparison(
    "phone",
    level("phone_l = phone_r", "same", **rare(1e-5, "phone")),
    level(
        "case when length(phone_l) = length(phone_r) then hamming(phone_l, phone_r) <= 1 else false end",
        "one digit differs",
        **rare(1e-6),
    ),
)


@dataclass(frozen=True)
class Exercise:
    """A register, rows to link to it, and the truth by `row_id`.

    In the truth a stranger has no `person_id`, and a `household_id` only if they live with residents.
    """

    register: pa.Table
    rows: pa.Table
    truth: pa.Table


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What a name profile compares, what its answers rest on, and the towns it is trained on.

    `kinds` are further columns of the towns, whose trained comparisons stand for every column of that kind.
    """

    name: str
    comparisons: list[dict[str, Any]]
    blocks: list[str]
    is_near: str
    is_slip: str
    is_namesake: str
    has_other_name: str
    has_other_id: str
    person_weight: float
    regimes: Mapping[str, Any]
    write_exercise: Callable[..., Exercise]
    kinds: Mapping[str, str] = field(default_factory=dict)
