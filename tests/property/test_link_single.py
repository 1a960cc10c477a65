"""One row linked online gets the very link it gets in a batch (issue 5.5)."""

from random import Random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_link_batches import settle, write

from ringfence.errors import InputRefused
from ringfence.link import REGISTER_SCHEMA, ROWS_SCHEMA, KnownPeople, SingleLinker, link_to, normalise, read_model
from ringfence.link.reading import read_row

PIECES = {
    "name": ["王", "建国", "欧阳", "娜娜", "买买提·艾力", "Wang", " Jianguo", "Lǚ ", "😀", " ", "x" * 60, "Ａ"],
    "sex": ["男", "女", " M", "female ", "2", "?"],
    "birth_date": ["1949", "-12-31", "/2/3", "年2月", "31日", "1900-01-01", "19491231", " ", "９", "2022-02-30"],
    "id_number": ["110105", "19491231", "001", "1", "X", "x", "１", "-", "491231", "000000", "EA", " ", "0" * 40],
    "phone": ["+86", "138", "0000", "1234", "0352", "-", "/", "；", "00", "86", "111", "８", " "],
    "address": [
        "大同市",
        "平城区",
        "社区",
        "振华街",
        "12号",
        "十二",
        "二十",
        "号楼",
        "3单元",
        "502室",
        "-",
        "#",
        "小区",
        "村",
        "路",
        "Ａ",
    ],
}
WRITTEN = st.fixed_dictionaries(
    {column: st.lists(st.sampled_from(pieces), max_size=8).map("".join) for column, pieces in PIECES.items()}
)


def check(seed: int, households: int, rows: int) -> None:
    random = Random(seed)
    people = settle(random, households)
    known = KnownPeople(read_model("han")).put(normalise(pa.Table.from_pylist(people, REGISTER_SCHEMA)))
    written = write(random, people, rows)
    written.append(dict.fromkeys(written[0], "") | {"row_id": rows, "name": "欧阳娜娜"})
    batch = link_to(known, pa.Table.from_pylist(written, ROWS_SCHEMA)).to_pylist()
    single = SingleLinker(known)
    columns = [column for column in ROWS_SCHEMA.names if column != "row_id"]
    for row, link in zip(written, batch, strict=True):
        answer = single.link({column: str(row[column]) for column in columns})
        assert answer == {column: link[column] for column in answer}
    assert {link["answer"] for link in batch} == {"person", "household", "none", "review"}


@settings(max_examples=3, deadline=None)
@given(rows=st.lists(WRITTEN, min_size=40, max_size=120))
def test_one_row_is_read_as_a_list_is(rows: list[dict[str, str]]) -> None:
    table = pa.Table.from_pylist([row | {"row_id": place} for place, row in enumerate(rows)], ROWS_SCHEMA)
    in_a_list = normalise(table).drop_columns(["row_id"]).to_pylist()
    assert [read_row(row) for row in rows] == in_a_list


def test_only_profile_han_links_single_rows() -> None:
    with pytest.raises(InputRefused, match="only profile han"):
        SingleLinker(KnownPeople(read_model("latin")))


def test_one_row_gets_the_link_it_gets_in_a_batch() -> None:
    check(seed=5, households=60, rows=60)


@pytest.mark.verify
@pytest.mark.parametrize("seed", range(4))
def test_many_rows_one_by_one_get_the_links_they_get_in_a_batch(seed: int) -> None:
    check(seed, households=3_000, rows=1_000)
