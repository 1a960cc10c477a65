"""The deterministic tiers against a brute-force twin: every row with every person, in plain Python."""

import unicodedata
from itertools import product
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.link import REGISTER_SCHEMA, ROWS_SCHEMA, Tier, link_rows

Row = dict[str, Any]

IDS = ["11010519491231002X", "110105194912310011", "110105491231002", "110105198803040022", "110105194912310021"]
IDS += ["E1234567", ""]  # the first and the third are one number; the fifth is wrong
SOUNDS = {"王": "wang", "汪": "wang", "李": "li", "建": "jian", "健": "jian", "国": "guo"}
NAMES = ["王建国", "汪健国", "王建", "建国王", "李国", "王", "Wang Jianguo", "Jianguo WANG", "😀", ""]
BIRTH_DATES = ["1949-12-31", "1980-01-02", ""]
PHONES = ["13900001111", "+8613900001111", "13900002222", ""]
ADDRESSES = ["平城区御河小区1-2-3", "御河小区1号楼2单元3", "云冈区御河小区1-2-3", "御河小区9-9-9", ""]

people = st.fixed_dictionaries(
    {
        "name": st.sampled_from(NAMES),
        "sex": st.sampled_from(["男", "女", ""]),
        "birth_date": st.sampled_from(BIRTH_DATES),
        "id_number": st.sampled_from(IDS),
        "phone": st.sampled_from(PHONES),
        "address": st.sampled_from(ADDRESSES),
    }
)


def letters(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", name) if c.isalpha())


def sound(name: str) -> list[str]:
    """The letters of the sound, in alphabetical order; only the few characters of this test can be read."""
    return sorted("".join(SOUNDS.get(character, character.lower()) for character in letters(name)))


def number(written: str) -> tuple[str, bool]:
    """An ID number in 18 characters and whether its check digit and date hold."""
    if len(written) == 15:
        body = written[:6] + "19" + written[6:]
        return body + check_character(body), True
    return written, len(written) == 18 and written[17] == check_character(written[:17])


def check_character(body: str) -> str:
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


def born(person: Row) -> str | None:
    written, is_valid = number(person["id_number"])
    return person["birth_date"] or (f"{written[6:10]}-{written[10:12]}-{written[12:14]}" if is_valid else None)


def sex(person: Row) -> str | None:
    written, is_valid = number(person["id_number"])
    return person["sex"] or ("女男"[int(written[16]) % 2] if is_valid else None)


def door(address: str) -> tuple[str | None, str | None]:
    """County and door of the few addresses of this test."""
    county = address[:3] if "区" in address[:3] else None
    digits = [character for character in address if character.isdigit()]
    return county, "-".join(digits) or None


def same(left: str | None, right: str | None) -> bool:
    return bool(left) and left == right


def same_or_unknown(left: str | None, right: str | None) -> bool:
    return not left or not right or left == right


def same_phone(one: Row, other: Row) -> bool:
    return same(one["phone"][-11:], other["phone"][-11:])


def same_door(one: Row, other: Row) -> bool:
    (county, one_door), (other_county, other_door) = door(one["address"]), door(other["address"])
    return same(one_door, other_door) and same_or_unknown(county, other_county)


def same_name(one: Row, other: Row) -> bool:
    def form(name: str) -> str:
        return letters(name).lower() if letters(name).isascii() else letters(name)

    return same(form(one["name"]), form(other["name"]))


def is_cut_short(one: Row, other: Row) -> bool:
    mine, theirs = letters(one["name"]), letters(other["name"])
    is_comparable = len(mine) >= 2 and len(theirs) >= 2 and mine.isascii() == theirs.isascii()
    return is_comparable and (mine.lower().startswith(theirs.lower()) or theirs.lower().startswith(mine.lower()))


def numbers_fit(row: Row, person: Row) -> bool:
    (mine, is_mine_valid), (theirs, is_theirs_valid) = number(row["id_number"]), number(person["id_number"])
    return not (is_mine_valid and is_theirs_valid and mine != theirs)


def bears_number(row: Row, person: Row, dates: tuple[bool, bool]) -> bool:
    """Whether the name under a number is the holder's; one that is cut short says less."""
    mine, theirs = letters(row["name"]), letters(person["name"])
    if min(len(mine), len(theirs)) >= 2 and sound(mine) == sound(theirs):
        return any(dates)
    return is_cut_short(row, person) and all(dates)


def says_nothing_else(row: Row, person: Row) -> bool:
    """Whether a name is missing, or nothing but the surname."""
    mine, theirs = letters(row["name"]), letters(person["name"])
    return min(len(mine), len(theirs)) < 2 and (not mine or not theirs or mine[0] == theirs[0])


def may_be_born(one: Row, other: Row) -> bool:
    """One slip of the pen: the year is the same, or month and day."""
    mine, theirs = born(one), born(other)
    return not mine or not theirs or mine[:4] == theirs[:4] or mine[5:] == theirs[5:]


def is_relative(row: Row, person: Row, register: list[Row]) -> bool:
    """Whether the row stands under the number of somebody else at home, by the person's own name and birth date."""
    mine, is_valid = number(row["id_number"])
    lenders = [
        one
        for one in register
        if one["household_id"] == person["household_id"] and is_valid and mine == number(one["id_number"])[0]
    ]
    return (
        same_name(row, person)
        and same(born(row), born(person))
        and any(sounds_differ(row, one) and not same_or_unknown(born(row), born(one)) for one in lenders)
    )


def sounds_differ(one: Row, other: Row) -> bool:
    return bool(letters(one["name"]) and letters(other["name"])) and sound(one["name"]) != sound(other["name"])


def fits(tier: Tier, row: Row, person: Row) -> bool:
    if tier in {Tier.ID_AND_NAME, Tier.ID_NUMBER_ALONE}:
        mine, is_valid = number(row["id_number"])
        dates = same_or_unknown(born(row), born(person)), same_or_unknown(sex(row), sex(person))
        is_said = bears_number(row, person, dates)
        if tier is Tier.ID_NUMBER_ALONE:
            is_said = says_nothing_else(row, person) and all(dates)
        return is_valid and mine == number(person["id_number"])[0] and is_said
    wanted = {
        Tier.NAME_PHONE_BIRTH_DATE: same_phone(row, person) and same(born(row), born(person)),
        Tier.NAME_PHONE_ADDRESS: same_phone(row, person) and same_door(row, person) and may_be_born(row, person),
        Tier.NAME_BIRTH_DATE_ADDRESS: same(born(row), born(person)) and same_door(row, person),
    }
    return same_name(row, person) and wanted[tier] and numbers_fit(row, person)


def tier_of(row: Row, register: list[Row]) -> tuple[str, int] | None:
    """The first tier that exactly one person fits, and that person's number."""
    mine, is_valid = number(row["id_number"])
    is_held = is_valid and any(number(person["id_number"])[0] == mine for person in register)
    for tier in Tier:
        is_overruling = tier in {Tier.ID_AND_NAME, Tier.NAME_BIRTH_DATE_RELATIVE, Tier.ID_NUMBER_ALONE}
        fitting = [
            place
            for place, person in enumerate(register)
            if (
                is_relative(row, person, register) if tier is Tier.NAME_BIRTH_DATE_RELATIVE else fits(tier, row, person)
            )
        ]
        if len(fitting) == 1 and (is_overruling or not is_held):
            return tier.value, fitting[0]
    return None


def settle(people: list[Row]) -> list[Row]:
    """The same people in households of two."""
    return [person | {"household_id": place // 2} for place, person in enumerate(people)]


def check(rows: list[Row], people: list[Row]) -> None:
    register = settle(people)
    links = link_rows(
        pa.Table.from_pylist([{"row_id": place} | row for place, row in enumerate(rows)], ROWS_SCHEMA),
        pa.Table.from_pylist([{"person_id": place} | person for place, person in enumerate(register)], REGISTER_SCHEMA),
    ).to_pylist()
    tiers = set(Tier)
    by_rule = [(link["how"], link["person_id"]) if link["how"] in tiers else None for link in links]
    assert by_rule == [tier_of(row, register) for row in rows]


@settings(max_examples=6, deadline=None)
@given(rows=st.lists(people, min_size=40, max_size=90), register=st.lists(people, min_size=3, max_size=8))
def test_tiers_decide_as_the_brute_force_twin_does(rows: list[Row], register: list[Row]) -> None:
    check(rows, register)


@pytest.mark.verify
@settings(max_examples=60, deadline=None)
@given(rows=st.lists(people, min_size=80, max_size=200), register=st.lists(people, min_size=1, max_size=12))
def test_tiers_decide_as_the_brute_force_twin_does_over_many_registers(rows: list[Row], register: list[Row]) -> None:
    check(rows, register)


def test_every_tier_decides_somewhere_in_this_world() -> None:
    li = {"name": "李国", "sex": "男", "birth_date": "1949-12-31", "id_number": IDS[1], "phone": "", "address": ""}
    wang = li | {"name": "王建国", "birth_date": "1980-01-02", "id_number": IDS[0]}
    wang |= {"phone": PHONES[0], "address": ADDRESSES[0]}
    jian = wang | {"name": "王建", "id_number": "", "phone": PHONES[2], "address": ADDRESSES[3]}
    register = [li, wang, wang | {"id_number": "", "birth_date": ""}, jian]
    written = product(
        ["王建国", "王建", "李国", "Jianguo WANG", ""], "男", BIRTH_DATES, ["", *IDS[1:4]], PHONES, ADDRESSES
    )
    rows = [dict(zip(li, texts, strict=True)) for texts in written]
    decided = {answered[0] for answered in (tier_of(row, settle(register)) for row in rows) if answered}
    assert decided == {tier.value for tier in Tier}
    check(rows, register)
