from collections import Counter, defaultdict
from datetime import date

import numpy as np
import pytest
from city_on_disk import Written, check_letter, read_rows

from ringfence.city import CityOptions
from ringfence.city.households import Kin
from ringfence.city.town import Town, build_town

YEAR = 365.2425


def ages_by_kin(town: Town) -> dict[int, dict[int, list[float]]]:
    found: dict[int, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    people = town.people
    for household, kin, age in zip(people.household.tolist(), people.kin.tolist(), people.age.tolist(), strict=True):
        if household >= 0:
            found[household][kin].append(age)
    return found


@pytest.mark.parametrize("residents", [100, 101, 997, 20_000])
def test_a_city_has_exactly_the_residents_that_were_asked_for(residents: int) -> None:
    town = build_town(CityOptions(residents=residents), areas_file=None)
    assert town.people.residents == residents


def test_households_have_one_to_six_members_and_all_kinds_occur(town: Town) -> None:
    sizes = Counter(Counter(town.people.household[: town.people.residents].tolist()).values())
    assert set(sizes) == {1, 2, 3, 4, 5, 6}
    generations = [
        members for members in ages_by_kin(town).values() if Kin.CHILD in members and Kin.GRANDMOTHER in members
    ]
    alone = [kin for members in ages_by_kin(town).values() for kin in members if sum(map(len, members.values())) == 1]
    assert len(generations) > 200
    assert Counter(alone)[Kin.ELDER] > 300


def test_parents_are_a_generation_older_than_their_children_and_so_on_up(town: Town) -> None:
    for members in ages_by_kin(town).values():
        if Kin.CHILD in members and Kin.WIFE in members:
            assert 19.9 <= members[Kin.WIFE][0] - members[Kin.CHILD][0] <= 41.1
        if Kin.SECOND_CHILD in members:
            assert 1 < members[Kin.CHILD][0] - members[Kin.SECOND_CHILD][0] <= 8
            assert members[Kin.SECOND_CHILD][0] >= 0
        if Kin.GRANDMOTHER in members and Kin.HUSBAND in members:
            assert 18.9 <= members[Kin.GRANDMOTHER][0] - members[Kin.HUSBAND][0] <= 36.1
        if Kin.GRANDMOTHER in members and Kin.HUSBAND not in members:
            assert members[Kin.GRANDMOTHER][0] >= 60
        for kin in (Kin.ELDER, Kin.IN_CARE):
            assert all(age >= 62 for age in members.get(kin, []))
        if Kin.CHILD in members:
            assert any(age >= 20 for ages in members.values() for age in ages)


def test_people_of_all_ages_live_here_newborns_and_the_very_old_too(town: Town) -> None:
    ages = town.people.age[: town.people.residents]
    assert ages.min() >= 0
    assert ages.min() < 60 / YEAR
    assert 90 < ages.max() < 110
    assert 0.13 < (ages < 15).mean() < 0.22
    assert 0.15 < (ages >= 60).mean() < 0.26
    assert town.people.born.max() <= (town.options.first_day - date(1970, 1, 1)).days


def test_every_id_number_keeps_the_standard_and_agrees_with_birth_and_sex(town: Town) -> None:
    card = town.card.to_pylist()
    numbers = [one["id_number"] for one in card if one["id_number"]]
    assert len(numbers) > 0.97 * len(card)
    assert len(set(numbers)) == len(numbers)
    for one in card:
        number = one["id_number"]
        if number:
            assert number[17] == check_letter(number[:17])
            assert number[6:14] == one["birth_date"].replace("-", "")
            assert int(number[16]) % 2 == (one["sex"] == "male")


def test_the_tests_own_check_letter_knows_a_published_number() -> None:
    assert check_letter("11010519491231002") == "X"  # the example printed in GB 11643-1999


def test_some_newborns_have_no_id_number_and_some_of_the_old_no_phone(town: Town) -> None:
    numbers = np.asarray(town.card["id_number"].to_pylist())
    phones = np.asarray(town.card["phone"].to_pylist())
    ages = town.people.age
    assert 0.3 < (numbers[ages < 1] == "").mean() < 0.9
    assert 0.02 < (phones[ages >= 75] == "").mean() < 0.5
    assert (phones[(ages > 20) & (ages < 60)] == "").mean() < 0.03


def test_phones_are_eleven_digits_and_shared_only_within_a_household(town: Town) -> None:
    owners: dict[str, set[int]] = defaultdict(set)
    for number, phone in enumerate(town.card["phone"].to_pylist()):
        household = int(town.people.household[number])
        if phone:
            assert len(phone) == 11
            assert phone[0] == "1"
            owners[phone].add(household if household >= 0 else -1 - number)
    assert all(len(households) == 1 for households in owners.values())
    assert len(owners) < 0.95 * town.people.count


def test_children_bear_the_fathers_surname_and_wives_their_own(town: Town) -> None:
    names = town.card["name"].to_pylist()
    fathers = {int(town.people.household[n]): names[n] for n in np.flatnonzero(town.people.kin == Kin.HUSBAND)}
    children = [n for n in np.flatnonzero(town.people.kin == Kin.CHILD) if int(town.people.household[n]) in fathers]
    same = [names[n][0] == fathers[int(town.people.household[n])][0] for n in children if "·" not in names[n]]
    assert all(same)
    wives = [n for n in np.flatnonzero(town.people.kin == Kin.WIFE) if int(town.people.household[n]) in fathers]
    assert np.mean([names[n][0] == fathers[int(town.people.household[n])][0] for n in wives]) < 0.15


def test_names_are_skewed_and_know_compounds_dots_and_rare_characters(town: Town) -> None:
    names = town.card["name"].to_pylist()
    surnames = Counter(name[0] for name in names)
    top = surnames.most_common(3)
    assert {name for name, _ in top} == {"王", "李", "张"}
    assert 0.15 < sum(count for _, count in top) / len(names) < 0.3
    assert any(name.startswith(("欧阳", "诸葛", "上官", "司马", "尉迟")) for name in names)
    assert 0 < sum("·" in name for name in names) / len(names) < 0.02
    assert any(ord(letter) > 0xFFFF for name in names for letter in name)


def test_given_names_follow_sex_and_cohort(town: Town) -> None:
    names = np.asarray(town.card["name"].to_pylist())
    ages, is_male = town.people.age, town.people.is_male

    def share(letter: str, chosen: np.ndarray) -> float:
        return float(np.mean([letter in name[1:] for name in names[chosen]]))

    assert share("梓", (ages < 15) & ~is_male) > 10 * share("梓", (ages > 40) & ~is_male)
    assert share("英", (ages > 65) & ~is_male) > 5 * share("英", (ages > 65) & is_male)


def test_addresses_begin_with_county_and_township_of_the_household(town: Town) -> None:
    areas = town.areas
    for number, address in enumerate(town.card["address"].to_pylist()):
        township = int(town.people.township[number])
        assert address.startswith(areas.county_name[areas.county[township]] + areas.name[township])


def test_a_household_shares_one_address(town: Town) -> None:
    addresses = defaultdict(set)
    for household, address in zip(town.people.household.tolist(), town.card["address"].to_pylist(), strict=True):
        addresses[household].add(address)
    assert all(len(found) == 1 for household, found in addresses.items() if household >= 0)


def test_the_register_knows_most_residents_and_no_one_else(usual: Written) -> None:
    register = read_rows(usual.files / "resident_register.csv")
    ids = [row["person_id"] for row in register]
    persons = {row["person_id"]: row for row in read_rows(usual.truth / "persons.csv") if row["person_id"]}
    assert 0.96 * usual.options.residents < len(persons) < 0.995 * usual.options.residents
    known = [row for row in register if row["person_id"] in persons]
    assert len(known) > 0.995 * len(ids)  # the rest came in damaged
    assert all(row["household_id"] == persons[row["person_id"]]["household"] for row in known)


def test_townships_are_unequally_full_and_street_offices_fullest(town: Town) -> None:
    residents = np.bincount(town.people.township[: town.people.residents], minlength=len(town.areas.code))
    assert residents.max() > 10 * residents.min() > 0
    assert residents[town.areas.is_urban].mean() > 1.5 * residents[~town.areas.is_urban].mean()
