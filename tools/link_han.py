"""What Splink compares in two records of profile `han`, before training: levels from best to worst.

The u of what two strangers almost never share is fixed, because random pairs are too few to show it.
"""

from typing import Any

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


NAME = comparison(
    "name",
    level("name_l = name_r", "same", tf_adjustment_column="name", tf_minimum_u_value=1e-6),
    level(
        "sounds_l = sounds_r",
        "sounds the same",
        tf_adjustment_column="sounds",
        tf_minimum_u_value=1e-6,
        disable_tf_exact_match_detection=True,
    ),
    level(
        "(least(length(pinyin_l), length(pinyin_r)) >= 6 and levenshtein(pinyin_l, pinyin_r) <= 1)"
        " or (least(length(name_l), length(name_r)) >= 2"
        " and (starts_with(name_l, name_r) or starts_with(name_r, name_l)))",
        "sounds nearly the same, or cut short",
    ),
    level(
        "length(name_l) >= 3 and length(name_l) = length(name_r) and levenshtein(name_l, name_r) <= 1",
        "one character differs",
    ),
    level("surname_pinyin_l = surname_pinyin_r", "same surname"),
)
ID_NUMBER = comparison(
    "id_number",
    level("id_number_l = id_number_r and is_id_valid_l and is_id_valid_r", "same", **rare(1e-8)),
    level("id_number_l = id_number_r", "same, but no valid number", **rare(1e-6)),
    level(
        "not (is_id_valid_l and is_id_valid_r) and case when length(id_number_l) = length(id_number_r)"
        " then hamming(id_number_l, id_number_r) <= 2 else levenshtein(id_number_l, id_number_r) <= 1 end",
        "a typing error apart",
        **rare(1e-6),
    ),
    level("is_id_valid_l and is_id_valid_r", "two valid numbers"),
)
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
ADDRESS = comparison(
    "community",
    level(
        "address_key_l = address_key_r and coalesce(county_l = county_r, true)",
        "same door",
        **rare(1e-5, "address_key"),
    ),
    level(
        "community_l = community_r and coalesce(county_l = county_r, true)", "same community", **rare(1e-3, "community")
    ),
)

BLOCKING = [
    "l.id_number = r.id_number",
    "l.phone_block = r.phone",
    "l.sounds = r.sounds and l.birth_date = r.birth_date",
    "l.address_block = r.address_key",
    "l.sounds = r.sounds and l.community = r.community",
    "l.surname_pinyin = r.surname_pinyin and l.birth_date = r.birth_date",
    "substr(l.id_number, 7, 11) = substr(r.id_number, 7, 11)",
]

SETTINGS: dict[str, Any] = {
    "link_type": "dedupe_only",
    "comparisons": [NAME, ID_NUMBER, BIRTH_DATE, SEX, PHONE, ADDRESS],
    "blocking_rules_to_generate_predictions": [{"blocking_rule": rule} for rule in BLOCKING],
    "retain_matching_columns": True,
    "retain_intermediate_calculation_columns": False,
    "unique_id_column_name": "unique_id",
}

LEVELS = {"id_same": 4, "id_near": 2, "id_other": 1, "name_near": 3, "name_far": 1}
"""Which levels mean what: Splink numbers those of a comparison from the last (0) to the first."""
