"""What is compared in two records of profile `latin`, before training: levels from best to worst."""

from link_levels import BIRTH_DATE, PHONE, SEX, Profile, comparison, level, rare
from link_training_travellers import REGIMES, write_exercise

CROSSED = (
    "(jaro_winkler_similarity(given_l, surname_r) >= 0.85 or jaro_winkler_similarity(surname_l, given_r) >= 0.85)"
    " and jaro_winkler_similarity(given_l, given_r) < 0.8 and jaro_winkler_similarity(surname_l, surname_r) < 0.8"
)

GIVEN = comparison(
    "given",
    level("given_l = given_r", "same", tf_adjustment_column="given", tf_minimum_u_value=1e-5),
    level("given_l = surname_r and surname_l = given_r", "the two change places", **rare(1e-6)),
    level(CROSSED, "one of the two stands in the other's place"),
    level("jaro_winkler_similarity(given_l, given_r) >= 0.9", "nearly the same"),
    level(
        "jaro_winkler_similarity(given_l, given_r) >= 0.8 or (least(length(given_l), length(given_r)) = 1"
        " and left(given_l, 1) = left(given_r, 1))",
        "alike, or an initial",
    ),
)
SURNAME = comparison(
    "surname",
    level("surname_l = surname_r", "same", tf_adjustment_column="surname", tf_minimum_u_value=1e-5),
    level("jaro_winkler_similarity(surname_l, surname_r) >= 0.9", "nearly the same"),
    level("jaro_winkler_similarity(surname_l, surname_r) >= 0.8", "alike"),
)
SURNAME["comparison_levels"][0]["sql_condition"] += (
    f" or (surname_l <> surname_r and {CROSSED})"  # the given name has said it for both
)
ID_NUMBER = comparison(
    "id_number",
    level("id_number_l = id_number_r", "same", **rare(1e-7)),
    level(
        "case when length(id_number_l) = length(id_number_r) then hamming(id_number_l, id_number_r) <= 2"
        " else levenshtein(id_number_l, id_number_r) <= 1 end",
        "a typing error apart",
        **rare(1e-4),
    ),
)
ADDRESS = comparison(
    "address_key",
    level("address_key_l = address_key_r", "same", **rare(1e-5, "address_key")),
    level("jaro_winkler_similarity(address_key_l, address_key_r) >= 0.92", "nearly the same"),
    level("jaro_winkler_similarity(address_key_l, address_key_r) >= 0.8", "alike"),
)
POSTCODE = comparison(
    "postcode",
    level("postcode_l = postcode_r", "same", **rare(1e-3, "postcode")),
    level("damerau_levenshtein(postcode_l, postcode_r) <= 1", "a typing error apart"),
)
SUBURB = comparison(
    "suburb",
    level("suburb_l = suburb_r", "same", **rare(1e-3, "suburb")),
    level("jaro_winkler_similarity(suburb_l, suburb_r) >= 0.88", "nearly the same", **rare(5e-3)),
)

LATIN = Profile(
    name="latin",
    comparisons=[GIVEN, SURNAME, ID_NUMBER, BIRTH_DATE, SEX, PHONE, ADDRESS, POSTCODE, SUBURB],
    blocks=[
        "id_number",
        "phone",
        "sounds",
        "address_key",
        "left(address_key, 10)",
        "birth_date",
        "birth_date || ' ' || left(surname, 1)",
        "birth_date || ' ' || left(given, 1)",
        "surname || ' ' || left(given, 1)",
        "given || ' ' || left(surname, 2)",
        "surname",
    ],
    is_near="gamma_given >= 1 or gamma_id_number >= 1 or gamma_birth_date >= 2",
    is_slip="false",
    is_namesake="false",
    has_other_name="gamma_id_number = 2 and gamma_given = 0 and gamma_surname <= 0 and gamma_birth_date = 0",
    has_other_id="false",
    person_weight=12.0,
    regimes=REGIMES,
    write_exercise=write_exercise,
    kinds={"code": "postcode", "text": "suburb"},
)
"""Near is whose own agrees, and not only what a family shares: a given name, a document or a birth date.

No document is known to be right, so two that differ are not held to be two people: they only weigh against it.
"""
