"""What is compared in two records of profile `han`, before training: levels from best to worst."""

from link_levels import BIRTH_DATE, PHONE, SEX, Profile, comparison, level, rare
from link_training_town import REGIMES, write_exercise

ALIKE = " + ".join(f"cast(substr(name_l, {place}, 1) = substr(name_r, {place}, 1) as int)" for place in range(1, 9))
"""How many of eight characters are the same; DuckDB's own distances count the bytes of a character, not the character.
Where both names have ended they are the same."""

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
    level(f"length(name_l) >= 3 and length(name_l) = length(name_r) and {ALIKE} >= 7", "one character differs"),
    level(
        "surname_l = surname_r and (least(length(name_l), length(name_r)) = 1"
        " or greatest(length(name_l), length(name_r)) = 2)",
        "the other of two characters differs, or is left out",
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

SLIP = (
    "gamma_birth_date = 3 and gamma_sex <> 0 and (gamma_phone = 2 or gamma_community = 2)"
    " and (gamma_name = 3 or (gamma_name = 2 and gamma_id_number = 4))"
)
"""One character is wrong, and the birth date and the phone or door are right. Of a name of two characters the other one
is but the surname: there the valid number has to be right too."""

NUMBERED_SLIP = "gamma_id_number >= 2 and gamma_name = 3 and (gamma_phone <> 0 or gamma_community = 2)"
"""One character is wrong under a near number; but relatives are called alike and lend their numbers, under their own
telephone."""

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
    is_near="gamma_name >= 4 or (gamma_id_number >= 2 and gamma_name = -1 and gamma_birth_date <> 0)",
    is_slip=f"({SLIP}) or ({NUMBERED_SLIP})",
    is_namesake="gamma_name >= 4 and (gamma_birth_date = 3 or gamma_phone = 2 or gamma_community = 2)",
    has_other_name=f"gamma_id_number = 4 and gamma_name between 0 and 2 and not ({SLIP})",
    has_other_id="gamma_id_number = 1",
    person_weight=8.0,
    regimes=REGIMES,
    write_exercise=write_exercise,
)
"""Levels count from the last, 0, upwards: a near name is cut short at least, a near number a typing error apart."""
