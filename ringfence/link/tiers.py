"""Certain links by rule: who agrees on enough is one person, and the rule's name says why (policy 2.1).

A rule decides only where exactly one person fits it. It never overrules an ID number: two valid numbers that differ are
two people, and a row whose valid number is somebody's in the register is linked to nobody else. Nor is a number alone
believed, for relatives lend theirs: the name has to sound the same, and birth date and sex may not both say otherwise;
of a name cut short neither may, nor where a name is missing, or nothing but the surname. Who stands under the number of
somebody they live with, by their own name and birth date, is themselves.
"""

from enum import StrEnum

from ringfence.link.steps import Steps


class Tier(StrEnum):
    """The rules, strongest first."""

    ID_AND_NAME = "id_and_name"
    NAME_PHONE_BIRTH_DATE = "name_phone_birth_date"
    NAME_PHONE_ADDRESS = "name_phone_address"
    NAME_BIRTH_DATE_ADDRESS = "name_birth_date_address"
    NAME_BIRTH_DATE_RELATIVE = "name_birth_date_relative"
    ID_NUMBER_ALONE = "id_number_alone"


CERTAIN = frozenset(Tier) - {Tier.ID_NUMBER_ALONE}
"""What proves who somebody is; by any other link, however likely, nobody is put under an order before somebody asked
who it is (policy 2.6). A number under no name may be lent."""

TIER_PAIRS = """
with agreeing as (
    select 1 as rank, 'id_and_name' as tier, sought.unique_id as sought_id, known.unique_id as known_id
    from sought
    join known on known.id_number = sought.id_number
    where sought.is_id_valid
        and least(length(known.name), length(sought.name)) >= 2
        and case
            when known.sounds = sought.sounds then
                coalesce(known.birth_date = sought.birth_date, true) or coalesce(known.sex = sought.sex, true)
            else
                (starts_with(known.name, sought.name) or starts_with(sought.name, known.name))
                and coalesce(known.birth_date = sought.birth_date, true)
                and coalesce(known.sex = sought.sex, true)
        end
    union all
    select 2, 'name_phone_birth_date', sought.unique_id, known.unique_id
    from sought
    join known on known.name = sought.name and known.phone = sought.phone and known.birth_date = sought.birth_date
    where not (known.is_id_valid and sought.is_id_valid and known.id_number <> sought.id_number)
    union all
    select 3, 'name_phone_address', sought.unique_id, known.unique_id
    from sought
    join known on known.name = sought.name and known.phone = sought.phone and known.address_key = sought.address_key
    where coalesce(known.county = sought.county, true)
        and coalesce(
            left(known.birth_date, 4) = left(sought.birth_date, 4)
                or right(known.birth_date, 5) = right(sought.birth_date, 5),
            true
        )
        and not (known.is_id_valid and sought.is_id_valid and known.id_number <> sought.id_number)
    union all
    select 4, 'name_birth_date_address', sought.unique_id, known.unique_id
    from sought
    join known
        on known.name = sought.name and known.birth_date = sought.birth_date and known.address_key = sought.address_key
    where coalesce(known.county = sought.county, true)
        and not (known.is_id_valid and sought.is_id_valid and known.id_number <> sought.id_number)
    union all
    select 6, 'id_number_alone', sought.unique_id, known.unique_id
    from sought
    join known on known.id_number = sought.id_number
    where sought.is_id_valid
        and (known.name is null or sought.name is null or least(length(known.name), length(sought.name)) = 1)
        and coalesce(left(known.name, 1) = left(sought.name, 1), true)
        and coalesce(known.birth_date = sought.birth_date, true)
        and coalesce(known.sex = sought.sex, true)
)
select rank, tier, sought_id, known_id
from agreeing
"""

RELATIVE_PAIRS = """
select distinct
    5 as rank,
    'name_birth_date_relative' as tier,
    sought.unique_id as sought_id,
    known.unique_id as known_id
from sought
join known as holder on holder.id_number = sought.id_number
join known
    on known.household_id = holder.household_id and known.name = sought.name and known.birth_date = sought.birth_date
where sought.is_id_valid and holder.sounds <> sought.sounds and holder.birth_date <> sought.birth_date
"""
"""Who lives with the holder of the number and is called and born as the row says: the number is lent, not theirs."""

TIER_LINKS = """
with holder as (
    select sought.unique_id as sought_id
    from sought
    semi join known on known.id_number = sought.id_number and known.is_id_valid
    where sought.is_id_valid
),
alone as (
    select rank, tier, sought_id, min(known_id) as known_id
    from (select rank, tier, sought_id, known_id from tier_pair union all from relative_pair)
    group by rank, tier, sought_id
    having count(*) = 1
)
select sought_id, arg_min(known_id, rank) as known_id, arg_min(tier, rank) as tier
from alone
where rank in (1, 5, 6) or sought_id not in (select sought_id from holder)
group by sought_id
"""

TIERS: Steps = {"tier_pair": TIER_PAIRS, "relative_pair": RELATIVE_PAIRS, "tier_link": TIER_LINKS}
