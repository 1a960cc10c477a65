"""Every kind of row has a defined answer, and says what it rests on (policy 2.3)."""

import pyarrow as pa
import pytest

from ringfence.errors import InputRefused, NotFound
from ringfence.link import CERTAIN, LINK_SCHEMA, REGISTER_SCHEMA, ROWS_SCHEMA, Tier, link_rows, normalise
from ringfence.link.model import CURRENT

WANG_ID, WANG_ID_15 = "110105194912310011", "110105491231001"
LI_ID = "11010519491231002X"
HOME = "平城区振华街道御河小区12号楼3单元502室"

WANG = {"person_id": 1, "household_id": 10, "name": "王建国", "sex": "男", "birth_date": "1949-12-31"}
WANG |= {"id_number": WANG_ID, "phone": "13900001111", "address": HOME}
LI = {"person_id": 2, "household_id": 10, "name": "李秀英", "sex": "女", "birth_date": "1949-12-31"}
LI |= {"id_number": LI_ID, "phone": "13900002222", "address": HOME}
CHILD = {"person_id": 3, "household_id": 10, "name": "王小宝", "sex": "男", "birth_date": "2015-06-01"}
CHILD |= {"phone": "13900001111", "address": HOME}
ZHAO = {"person_id": 4, "household_id": 20, "name": "赵敏", "sex": "女", "birth_date": "1988-03-04"}
ZHAO |= {"phone": "13900004444", "address": "云冈区西关村12号"}
REGISTER = pa.Table.from_pylist([WANG, LI, CHILD, ZHAO], REGISTER_SCHEMA)


def also_known(person: dict[str, object]) -> pa.Table:
    """The register with one person more."""
    return pa.concat_tables([REGISTER, pa.Table.from_pylist([person], REGISTER_SCHEMA)])


def link(*written: dict[str, str], register: pa.Table = REGISTER) -> list[dict[str, object]]:
    """The links of rows numbered from 1."""
    rows = pa.Table.from_pylist([{"row_id": row} | columns for row, columns in enumerate(written, 1)], ROWS_SCHEMA)
    links = link_rows(rows, register)
    assert links.schema == LINK_SCHEMA
    return links.to_pylist()


def answer(**written: str) -> tuple[object, object, object, object]:
    """Answer, person, household and how of one row."""
    [linked] = link(written)
    return linked["answer"], linked["person_id"], linked["household_id"], linked["how"]


def test_a_valid_id_number_with_a_name_that_does_not_contradict_it_is_a_person() -> None:
    links = link(
        {"id_number": WANG_ID, "name": "王建国"},
        {"id_number": WANG_ID_15, "name": "王建国"},
        {"id_number": "１１０１０５１９４９１２３１００１１", "name": "王建国"},
        {"id_number": WANG_ID, "name": "汪健果"},
        {"id_number": WANG_ID, "name": "Jianguo Wang"},
        {"id_number": WANG_ID, "name": "王建"},
        {"id_number": WANG_ID, "name": "王建国", "birth_date": "1999-09-09"},
        {"id_number": WANG_ID, "name": "王建国😀"},
    )
    assert {(linked["answer"], linked["person_id"], linked["how"]) for linked in links} == {
        ("person", 1, "id_and_name")
    }


def test_a_name_a_phone_and_a_birth_date_are_a_person() -> None:
    written = {"name": "赵敏", "phone": "+86 139-0000-4444", "birth_date": "1988/3/4"}
    assert answer(**written) == ("person", 4, 20, "name_phone_birth_date")


def test_a_name_a_phone_and_a_door_are_a_person() -> None:
    written = {"name": "赵敏", "phone": "13900004444", "address": "大同市云冈区西关村十二号"}
    assert answer(**written) == ("person", 4, 20, "name_phone_address")


def test_a_name_a_birth_date_and_a_door_are_a_person() -> None:
    written = {"name": "赵敏", "birth_date": "1988-03-04", "address": "西关村12号"}
    assert answer(**written) == ("person", 4, 20, "name_birth_date_address")


def test_the_same_door_in_another_county_is_another_door() -> None:
    written = {"name": "赵敏", "birth_date": "1988-03-04", "address": "平城区西关村12号"}
    assert answer(**written)[3] == "splink"


def test_what_no_rule_decides_is_weighed() -> None:
    [linked] = link({"name": "赵闵", "birth_date": "1988-03-04", "phone": "13900004444"})
    assert (linked["answer"], linked["person_id"], linked["how"]) == ("person", 4, "splink")
    assert linked["weight"] > 8
    assert linked["probability"] > 0.99
    assert linked["model"] == CURRENT["han"]


def test_a_rule_states_how_often_it_is_right() -> None:
    [linked] = link({"id_number": WANG_ID, "name": "王建国"})
    assert 0.999 < linked["probability"] < 1
    assert linked["weight"] is None


def test_a_mistyped_id_number_under_the_right_name_is_a_person() -> None:
    written = {"id_number": "110105194912310021", "name": "王建国", "phone": "13900001111"}
    assert answer(**written) == ("person", 1, 10, "splink")


def test_a_wrong_check_digit_alone_is_for_somebody_to_look_at() -> None:
    assert answer(id_number="110105194912310012") == ("review", 1, 10, "splink")


def test_a_name_that_contradicts_the_id_number_is_never_a_person() -> None:
    written = {"id_number": WANG_ID, "name": "赵敏", "birth_date": "1988-03-04", "phone": "13900004444"}
    written |= {"address": "云冈区西关村12号"}
    assert answer(**written)[0] != "person"


def test_a_child_under_a_parents_id_number_is_the_child_by_its_own_name_and_birth_date() -> None:
    written = {"id_number": WANG_ID, "name": "王小宝", "birth_date": "2015-06-01", "phone": "13900001111"}
    assert answer(**written, address=HOME) == ("person", 3, 10, "name_birth_date_relative")


@pytest.mark.parametrize("more", [{}, {"birth_date": "2015-06-02"}, {"birth_date": "1949-12-31"}])
def test_a_child_under_a_parents_id_number_without_its_own_birth_date_is_the_household(more: dict[str, str]) -> None:
    written = {"id_number": WANG_ID, "name": "王小宝", "phone": "13900001111"} | more
    answered, person, household, _ = answer(**written, address=HOME)
    assert (answered, person, household) == ("household", None, 10)


def test_the_number_of_somebody_in_another_household_makes_nobody_anybody() -> None:
    written = {"id_number": WANG_ID, "name": "赵敏", "birth_date": "1988-03-04"}
    assert answer(**written)[0] != "person"


def test_one_wrong_character_is_a_person_where_all_else_is_right() -> None:
    wang = {"id_number": WANG_ID, "birth_date": "1949-12-31", "phone": "13900001111", "address": HOME}
    assert answer(**wang, name="王建伟") == ("person", 1, 10, "splink")
    no_number = {name: wang[name] for name in ("birth_date", "phone", "address")} | {"sex": "男"}
    assert answer(**no_number, name="王建伟") == ("person", 1, 10, "splink")
    zhao = {"birth_date": "1988-03-04", "phone": "13900004444", "address": "云冈区西关村12号"}
    assert answer(**zhao, name="赵丽")[0] == "household", "of two characters the other one is but the surname"


def test_one_wrong_character_is_the_household_where_somebody_else_there_is_called_so() -> None:
    twin = LI | {"person_id": 9, "name": "王建伟", "id_number": "", "sex": "男", "phone": ""}
    written = {"name": "王建伟", "id_number": WANG_ID, "birth_date": "1949-12-31", "address": HOME}
    [linked] = link({**written, "phone": "13900001111"}, register=also_known(twin))
    assert (linked["answer"], linked["household_id"]) == ("household", 10)


def test_one_wrong_character_under_a_lent_number_is_the_household_where_the_telephone_is_another() -> None:
    assert answer(name="王建伟", id_number=WANG_ID, phone="13955556666")[0] == "household"


def test_a_name_cut_to_the_surname_counts_as_none() -> None:
    assert answer(id_number=WANG_ID, name="王") == ("person", 1, 10, "id_number_alone")
    assert answer(id_number=WANG_ID, name="李")[0] != "person"
    assert answer(id_number=WANG_ID, name="王", birth_date="1988-03-04", sex="女")[3] not in set(Tier)


def test_a_name_a_phone_and_a_door_are_nobody_born_another_year_and_day() -> None:
    written = {"name": "赵敏", "phone": "13900004444", "address": "西关村12号"}
    assert answer(**written, birth_date="1988-05-06")[3] == "name_phone_address"
    assert answer(**written, birth_date="2016-05-06")[3] == "splink"


def test_an_id_number_without_a_name_is_not_believed_against_birth_date_or_sex() -> None:
    assert answer(id_number=WANG_ID, birth_date="1988-03-04", sex="女")[3] not in set(Tier)
    assert answer(id_number=WANG_ID, sex="女")[3] not in set(Tier)
    assert answer(id_number=WANG_ID)[3] == answer(id_number=WANG_ID, name="😀")[3] == Tier.ID_NUMBER_ALONE
    assert Tier.ID_NUMBER_ALONE not in CERTAIN, "it may be lent: somebody asks before an order"


def test_two_valid_id_numbers_are_two_people() -> None:
    written = {"id_number": "110105198803040022", "name": "王建国", "phone": "13900001111", "address": HOME}
    assert normalise(pa.Table.from_pylist([{"row_id": 1} | written], ROWS_SCHEMA))["is_id_valid"].to_pylist() == [True]
    assert answer(**written)[0] != "person"


def test_two_people_with_one_id_number_are_told_apart_by_name() -> None:
    other = WANG | {"person_id": 5, "household_id": 50, "name": "赵敏"}
    links = link(
        {"id_number": WANG_ID, "name": "王建国"},
        {"id_number": WANG_ID, "name": "赵敏"},
        {"id_number": WANG_ID, "name": ""},
        register=also_known(other),
    )
    assert [(linked["answer"], linked["person_id"]) for linked in links[:2]] == [("person", 1), ("person", 5)]
    assert links[2]["answer"] == "review"


def test_a_stranger_at_a_known_door_is_the_household() -> None:
    assert answer(name="周明", address=HOME) == ("household", None, 10, "address")


def test_a_stranger_with_a_households_phone_is_the_household() -> None:
    assert answer(name="周明", phone="13900004444") == ("household", None, 20, "phone")


def test_an_empty_name_is_never_more_than_a_household() -> None:
    written = {"name": "", "birth_date": "1988-03-04", "phone": "13900004444", "address": "云冈区西关村12号"}
    answered, person, household, _ = answer(**written)
    assert (answered, person, household) == ("household", None, 20)


def test_a_door_of_two_households_names_none() -> None:
    lodger = LI | {"person_id": 6, "household_id": 30, "id_number": ""}
    [linked] = link({"name": "周明", "address": HOME}, register=also_known(lodger))
    assert (linked["answer"], linked["household_id"]) == ("none", None)


def test_a_person_known_twice_is_for_somebody_to_look_at() -> None:
    again = ZHAO | {"person_id": 7, "household_id": 40}
    written = {"name": "赵敏", "phone": "13900004444", "birth_date": "1988-03-04"}
    [linked] = link(written, register=also_known(again))
    assert (linked["answer"], linked["margin"]) == ("review", 0)


def test_a_person_without_a_household_is_still_a_person() -> None:
    alone = pa.Table.from_pylist([WANG | {"household_id": None}], REGISTER_SCHEMA)
    [linked] = link({"id_number": WANG_ID, "name": "王建国"}, register=alone)
    assert (linked["answer"], linked["person_id"], linked["household_id"]) == ("person", 1, None)


def test_a_row_that_says_next_to_nothing_is_nobody() -> None:
    links = link({}, {"name": "王建国"}, {"name": "王" * 200}, {"name": "😀"}, {"id_number": "无"})
    assert {(linked["answer"], linked["person_id"], linked["household_id"]) for linked in links} == {
        ("none", None, None)
    }


def test_a_name_of_200_characters_is_the_household_it_lives_in() -> None:
    assert answer(name="王" * 200, address=HOME)[0] == "household"


def test_one_phone_on_400_rows_makes_nobody_of_them_somebody_else() -> None:
    rows = [{"name": f"周{chr(0x4E00 + place)}", "phone": "13900004444"} for place in range(399)]
    links = link(*rows, {"name": "赵敏", "phone": "13900004444", "birth_date": "1988-03-04"})
    assert {linked["answer"] for linked in links[:399]} == {"household"}
    assert (links[399]["answer"], links[399]["person_id"]) == ("person", 4)


def test_rows_come_back_in_their_order_one_each() -> None:
    rows = [{"row_id": 9, "name": "赵敏"}, {"row_id": 3, "id_number": WANG_ID}, {"row_id": 7, "name": "赵敏"}]
    links = link_rows(pa.Table.from_pylist(rows, ROWS_SCHEMA), REGISTER)
    assert links.column("row_id").to_pylist() == [9, 3, 7]


def test_no_rows_give_no_links_and_an_empty_register_knows_nobody() -> None:
    assert link() == []
    assert [linked["answer"] for linked in link({"id_number": WANG_ID}, register=REGISTER.slice(0, 0))] == ["none"]


def test_a_register_in_normal_form_gives_the_same_links() -> None:
    rows = [{"name": "赵闵", "birth_date": "1988-03-04", "phone": "13900004444"}, {"id_number": WANG_ID}]
    assert link(*rows, register=normalise(REGISTER)) == link(*rows)


def test_repeated_numbers_are_refused() -> None:
    rows = pa.Table.from_pylist([{"row_id": 1}, {"row_id": 1}], ROWS_SCHEMA)
    with pytest.raises(InputRefused, match="different number in every row_id"):
        link_rows(rows, REGISTER)
    with pytest.raises(InputRefused, match="different number in every person_id"):
        link_rows(rows.slice(0, 1), pa.concat_tables([REGISTER, REGISTER]))


def test_an_unknown_profile_is_not_found() -> None:
    with pytest.raises(NotFound, match="no link profile is called klingon"):
        link_rows(ROWS_SCHEMA.empty_table(), REGISTER, profile="klingon")
