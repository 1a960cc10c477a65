"""The same newcomer is one person at once, and two newcomers stay two (policy 2.1)."""

from datetime import date, timedelta

import pyarrow as pa
import pytest

from ringfence.errors import InputRefused, NotFound
from ringfence.link import CLUSTER_SCHEMA, ROWS_SCHEMA, cluster_new

WANG_ID, LI_ID = "110105194912310011", "11010519491231002X"


def clusters(*written: dict[str, str]) -> list[int]:
    """The cluster of each row, rows numbered from 1."""
    rows = pa.Table.from_pylist([{"row_id": row} | columns for row, columns in enumerate(written, 1)], ROWS_SCHEMA)
    found = cluster_new(rows)
    assert found.schema == CLUSTER_SCHEMA
    return found.column("cluster_id").to_pylist()


def test_rows_with_one_id_number_and_names_that_agree_are_one_person() -> None:
    assert clusters(
        {"name": "王建国", "id_number": WANG_ID},
        {"name": "WANG JIANGUO", "id_number": WANG_ID},
        {"name": "", "id_number": WANG_ID},
        {"name": "李秀英", "id_number": LI_ID},
    ) == [1, 1, 1, 4]


def test_rows_that_agree_on_name_phone_and_birth_date_are_one_person() -> None:
    written = {"name": "王建国", "phone": "13900001111", "birth_date": "1980-01-02"}
    assert clusters(written, written | {"phone": "+8613900001111"}, written | {"name": "王建军"}) == [1, 1, 3]


def test_what_no_rule_decides_is_weighed() -> None:
    written = {"name": "王建国", "phone": "13900001111", "birth_date": "1980-01-02"}
    assert clusters(written, written | {"name": "王健国"}) == [1, 1]


def test_one_id_number_under_two_names_is_two_people() -> None:
    assert clusters({"name": "王建国", "id_number": WANG_ID}, {"name": "赵敏", "id_number": WANG_ID}) == [1, 2]


def test_a_row_between_two_id_numbers_ties_neither_to_the_other() -> None:
    shared = {"name": "王建国", "phone": "13900001111", "birth_date": "1949-12-31"}
    first, second = shared | {"id_number": WANG_ID}, shared | {"id_number": LI_ID}
    assert clusters(first, shared, second, first) == [1, 2, 3, 1]


def test_rows_that_say_too_little_stay_alone_even_when_equal() -> None:
    little = [
        {},
        {"name": "王建国"},
        {"phone": "13900001111"},
        {"address": "御河小区1-2-3"},
        {"name": "😀", "phone": "1390"},
    ]
    assert clusters(*little, *little) == list(range(1, 11))


def test_one_phone_on_400_rows_is_400_people() -> None:
    birth_dates = [date(1950, 1, 1) + timedelta(days=59 * place) for place in range(400)]
    rows = [
        {"name": f"周{chr(0x4E00 + 7 * place)}", "phone": "13900004444", "birth_date": str(born)}
        for place, born in enumerate(birth_dates)
    ]
    assert clusters(*rows) == list(range(1, 401))


def test_rows_come_back_in_their_order_under_their_smallest_number() -> None:
    rows = [{"row_id": number, "name": "王建国", "id_number": WANG_ID} for number in (9, 3, 7)]
    found = cluster_new(pa.Table.from_pylist(rows, ROWS_SCHEMA))
    assert found.to_pydict() == {"row_id": [9, 3, 7], "cluster_id": [3, 3, 3]}


def test_no_rows_are_no_people() -> None:
    assert clusters() == []


def test_repeated_numbers_and_unknown_profiles_are_refused() -> None:
    with pytest.raises(InputRefused, match="different number in every row_id"):
        cluster_new(pa.Table.from_pylist([{"row_id": 1}, {"row_id": 1}], ROWS_SCHEMA))
    with pytest.raises(NotFound, match="no link profile is called klingon"):
        cluster_new(ROWS_SCHEMA.empty_table(), profile="klingon")
