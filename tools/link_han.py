"""What is compared in two records of profile `han`, before training: levels from best to worst."""

from link_levels import BIRTH_DATE, PHONE, SEX, Profile, comparison, level, rare
from link_training_town import REGIMES, write_exercise

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
        "(least(length(letters_l), length(letters_r)) >= 6 and levenshtein(letters_l, letters_r) <= 1)"
        " or (least(length(name_l), length(name_r)) >= 2"
        " and (starts_with(name_l, name_r) or starts_with(name_r, name_l)))",
        "sounds nearly the same, or cut short",
    ),
    level(
        "length(name_l) >= 3 and length(name_l) = length(name_r) and levenshtein(name_l, name_r) <= 1",
        "one character differs",
    ),
    level("surname_l = surname_r", "same surname"),
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

HAN = Profile(
    name="han",
    comparisons=[NAME, ID_NUMBER, BIRTH_DATE, SEX, PHONE, ADDRESS],
    blocks=[
        "id_number",
        "phone",
        "sounds || ' ' || birth_date",
        "address_key",
        "sounds || ' ' || community",
        "surname || ' ' || birth_date",
        "substr(id_number, 7, 11)",
    ],
    is_near="gamma_name >= 3 or (gamma_id_number >= 2 and gamma_name not between 0 and 1)",
    has_other_name="gamma_id_number = 4 and gamma_name between 0 and 1",
    has_other_id="gamma_id_number = 1",
    person_weight=8.0,
    regimes=REGIMES,
    write_exercise=write_exercise,
)
"""Levels count from the last, 0, upwards: a near name is cut short at least, a near number a typing error apart."""
