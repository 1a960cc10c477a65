"""What the weights and the rules come to: person, household, review or none (policy 2.3).

A person is answered only with a near name or a near ID number, never against a name that contradicts the number, never
across two valid numbers, and never where a second person fits almost as well. A slip of the pen in a name counts as
near where nobody else who was compared is called what the row says. What speaks for a door but not for a
person is answered with the household: whoever knocks there still reaches it.
"""

from enum import StrEnum

from ringfence.link.model import Model
from ringfence.link.steps import Steps


class How(StrEnum):
    """What an answer rests on where no tier decided: Splink's weight, or a household's door, phone or ID number.

    Or that a link was denied before: who it is then has a number, and nobody has said who.
    """

    SPLINK = "splink"
    ADDRESS = "address"
    PHONE = "phone"
    ID_NUMBER = "id_number"
    DENIED = "denied"


JUDGE = """
with ranked as (
    select
        scored.sought_id,
        scored.known_id,
        scored.weight,
        scored.is_near or (scored.is_slip and not bool_or(is_namesake) over everyone) as is_near,
        scored.has_other_id,
        known.household_id,
        row_number() over best as place,
        weight - lead(weight) over best as margin,
        bool_or(has_other_name) over everyone as is_contradicted,
        min(household_id) filter (weight >= {person_weight}) over everyone as first_household,
        max(household_id) filter (weight >= {person_weight}) over everyone as last_household,
        bool_or(household_id is null and weight >= {person_weight}) over everyone as lacks_household
    from scored
    join known on known.unique_id = scored.known_id
    window
        everyone as (partition by sought_id),
        best as (partition by sought_id order by weight desc, known_id)
)
select
    sought_id,
    known_id,
    household_id,
    weight,
    margin,
    case
        when weight >= {person_weight} and is_near and not has_other_id and not is_contradicted
            and coalesce(margin >= {least_margin}, true) then 'person'
        when weight >= {person_weight} and first_household = last_household and not lacks_household then 'household'
        when weight >= {person_weight} or (weight >= {review_weight} and is_near) then 'review'
        else 'none'
    end as verdict
from ranked
where place = 1
"""

HOUSEHOLDS = """
with evidence as (
    select 1 as rank, 'address' as rule, sought.unique_id as sought_id, known.household_id
    from sought
    join known on known.address_key = sought.address_key
    where coalesce(known.county = sought.county, true)
    union all
    select 2, 'phone', sought.unique_id, known.household_id
    from sought
    join known on known.phone = sought.phone
    union all
    select 3, 'id_number', sought.unique_id, known.household_id
    from sought
    join known on known.id_number = sought.id_number
    where sought.is_id_valid
),
single as (
    select rank, rule, sought_id, min(household_id) as household_id
    from evidence
    where sought_id not in (select sought_id from tier_link)
    group by rank, rule, sought_id
    having min(household_id) = max(household_id) and count(household_id) = count(*)
)
select sought_id, arg_min(household_id, rank) as household_id, arg_min(rule, rank) as rule
from single
group by sought_id
"""
"""The household that a row's door, phone or ID number belongs to, where it belongs to no other; the best of them."""

ANSWERS = """
with decided as (
    select sought_id, 'person' as answer, known_id as person_id, household_id,
        null::double as weight, null::double as margin, tier as how
    from tier_link
    join known on known.unique_id = tier_link.known_id
    union all
    select sought_id, verdict, case when verdict <> 'household' then known_id end, household_id,
        weight, margin, 'splink'
    from judged
    where verdict <> 'none'
    union all
    select sought_id, 'household', null, household_id, null, null, rule
    from household_link
    anti join judged on judged.sought_id = household_link.sought_id and judged.verdict <> 'none'
)
select sought_id, answer, person_id, household_id, weight, margin, how
from decided
union all
select sought.unique_id, 'none', null, null, judged.weight, judged.margin, 'splink'
from sought
left join judged on judged.sought_id = sought.unique_id
anti join decided on decided.sought_id = sought.unique_id
"""


def answer_steps(model: Model) -> Steps:
    """What makes `answered`, one line for each of the `sought`, from `known`, `tier_link` and `scored`."""
    judged = JUDGE.format(
        person_weight=model.person_weight, review_weight=model.review_weight, least_margin=model.least_margin
    )
    return {"judged": judged, "household_link": HOUSEHOLDS, "answered": ANSWERS}
