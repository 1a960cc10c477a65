"""Who people are on paper: what a list without a slip would write about each of them."""

import numpy as np
import pyarrow as pa

from ringfence.city.addresses import write_addresses, write_lodgings
from ringfence.city.areas import Areas
from ringfence.city.arrays import Flags, Ints, Texts, either
from ringfence.city.households import Households, Kin
from ringfence.city.identifiers import assign_id_numbers, assign_phones
from ringfence.city.names import DOTTED_SHARE, Names, draw_names, draw_surnames, read_material
from ringfence.city.options import CityOptions
from ringfence.city.people import People
from ringfence.terms import Sex

COLUMNS = ("name", "pinyin", "sex", "birth_date", "id_number", "phone", "address")
FEMALE_OR_MALE = pa.array([Sex.FEMALE.value, Sex.MALE.value])
FAMILY_LINE = [Kin.HUSBAND, Kin.CHILD, Kin.SECOND_CHILD, Kin.GRANDFATHER]
FROM_ELSEWHERE = 0.12
NO_ID_AT_BIRTH, NO_ID = 0.6, 0.008
PHONE_AGES = np.array([12.0, 18.0, 65.0, 80.0])
PHONE_SHARES = np.array([0.0, 0.7, 0.985, 0.85, 0.6])
SHARES_A_PHONE = 0.9


def write_cards(options: CityOptions, areas: Areas, homes: Households, people: People) -> pa.Table:
    """One row a person with COLUMNS as texts; empty where somebody has no ID number or no phone."""
    dice = options.dice("cards")
    names = name_everybody(dice, homes, people)
    at_home = write_addresses(dice, areas, homes).take(pa.array(homes.household))
    lodging = write_lodgings(dice, areas, township=people.township[people.residents :])
    calendar = people.born.astype("datetime64[D]")
    return pa.table(
        {
            "name": names.name,
            "pinyin": names.pinyin,
            "sex": FEMALE_OR_MALE.take(pa.array(people.is_male.astype(np.int64))),
            "birth_date": pa.array(np.datetime_as_string(calendar), pa.string()),
            "id_number": number_everybody(dice, areas, people),
            "phone": phone_everybody(dice, people),
            "address": pa.concat_arrays([at_home, lodging]),
        }
    )


def name_everybody(dice: np.random.Generator, homes: Households, people: People) -> Names:
    """The father's line shares the family's surname; wives, grandmothers and guests bring their own."""
    families = homes.township.size
    of_family, is_dotted = draw_surnames(dice, families), dice.random(families) < DOTTED_SHARE
    own, own_dotted = draw_surnames(dice, people.count), dice.random(people.count) < DOTTED_SHARE
    is_resident = people.household >= 0
    return draw_names(
        dice,
        surnames=np.where(np.isin(people.kin, FAMILY_LINE), of_family[people.household], own),
        is_dotted=np.where(is_resident, is_dotted[people.household], own_dotted),
        is_male=people.is_male,
        born=people.born.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970,
    )


def number_everybody(dice: np.random.Generator, areas: Areas, people: People) -> Texts:
    """ID numbers: of the own county for most residents, of another province for guests; some have none."""
    elsewhere = np.array([int(row["code"]) for row in read_material("home_counties.csv")])
    is_from_here = (people.household >= 0) & (dice.random(people.count) >= FROM_ELSEWHERE)
    own = areas.id_prefix[areas.county[people.township]]
    numbers = assign_id_numbers(
        dice,
        county_codes=np.where(is_from_here, own, dice.choice(elsewhere, people.count)),
        births=people.born,
        is_male=people.is_male.astype(np.int64),
    )
    is_missing = dice.random(people.count) < np.where(people.age < 1, NO_ID_AT_BIRTH, NO_ID)
    return either(is_missing, "", numbers)


def phone_everybody(dice: np.random.Generator, people: People) -> Texts:
    """Phones: most of the grown have one, children and some of the old use the family's, some have none."""
    has_own = dice.random(people.count) < PHONE_SHARES[np.searchsorted(PHONE_AGES, people.age, side="right")]
    holders = find_phone_holders(people, has_own=has_own)
    shares_one = dice.random(people.count) < SHARES_A_PHONE
    holder = np.where(has_own, np.arange(people.count), np.where(shares_one, holders, -1))
    return either(holder >= 0, assign_phones(dice, people.count).take(pa.array(np.maximum(holder, 0))), "")


def find_phone_holders(people: People, *, has_own: Flags) -> Ints:
    """The first member with a phone of each person's household, -1 where nobody has one (shape persons)."""
    holders = np.full(people.count, -1)
    owners = np.flatnonzero(has_own & (people.household >= 0))
    families, first = np.unique(people.household[owners], return_index=True)
    of_family = np.full(int(people.household.max()) + 1, -1)
    of_family[families] = owners[first]
    residents = slice(0, people.residents)
    holders[residents] = of_family[people.household[residents]]
    return holders
