"""What is written in many ways becomes one (issue: bad input has a defined form)."""

import pyarrow as pa
import pytest

from ringfence.errors import InputRefused
from ringfence.link import IDENTITY_SCHEMA, normalise


def read(column: str, *written: str | None) -> list[dict[str, object]]:
    """Records that say one thing only, in normal form."""
    return normalise(pa.Table.from_pylist([{column: text} for text in written], IDENTITY_SCHEMA)).to_pylist()


def check(column: str, cases: dict[str | None, object], *normal: str) -> None:
    """Whether each text written in a column comes to what stands beside it in the normal columns."""
    found = {
        text: tuple(record[name] for name in normal) if len(normal) > 1 else record[normal[0]]
        for text, record in zip(cases, read(column, *cases), strict=True)
    }
    assert found == cases


def test_an_id_number_has_eighteen_characters_and_is_valid_or_not() -> None:
    cases = {
        "11010519491231002X": ("11010519491231002X", True),  # the example of GB 11643-1999
        "440524188001010014": ("440524188001010014", True),  # the same, for the years before 1900
        "11010519491231002x": ("11010519491231002X", True),
        "１１０１０５１９４９１２３１００２Ｘ": ("11010519491231002X", True),
        "110105 19491231 002X": ("11010519491231002X", True),
        "110105194912310021": ("110105194912310021", False),
        "11010519491331002X": ("11010519491331002X", False),
        "110105491231002": ("11010519491231002X", True),
        "110105491331002": ("110105194913310021", False),
        "1101051949123100": ("1101051949123100", False),
        "E12345678": ("E12345678", False),
        "000000000000000000": (None, False),
        "无": (None, False),
        "": (None, False),
        None: (None, False),
    }
    check("id_number", cases, "id_number", "is_id_valid")


def test_a_valid_id_number_says_sex_and_birth_date_where_the_row_does_not() -> None:
    cases = {"11010519491231002X": ("1949-12-31", "female"), "110105194912310021": (None, None)}
    check("id_number", cases, "birth_date", "sex")


def test_an_id_number_never_overrules_what_the_row_says() -> None:
    written = {"id_number": "11010519491231002X", "birth_date": "1950-12-31", "sex": "男"}
    [normal] = normalise(pa.Table.from_pylist([written], IDENTITY_SCHEMA)).to_pylist()
    assert (normal["birth_date"], normal["sex"]) == ("1950-12-31", "male")


def test_a_phone_is_its_digits_without_the_country() -> None:
    cases = {
        "13900001234": "13900001234",
        "+86 139-0000-1234": "13900001234",
        "008613900001234": "13900001234",
        "8613900001234": "13900001234",
        "１３９００００１２３４": "13900001234",
        "13900001234/13811112222": "13900001234",
        "+86 352 2033445": "03522033445",
        "0352-2033445": "03522033445",
        "010-12345678": "01012345678",
        "+82 10 1234 5678": "821012345678",
        "0": None,
        "11111111111": None,
        "1390000123413900001234": None,
        "none": None,
        "": None,
        None: None,
    }
    check("phone", cases, "phone")


def test_a_birth_date_is_a_day_or_nothing() -> None:
    cases = {
        "1990-01-02": "1990-01-02",
        "1990/1/2": "1990-01-02",
        "19900102": "1990-01-02",
        "1990年1月2日": "1990-01-02",
        "１９９０-０１-０２": "1990-01-02",
        "1990-01-02 00:00:00": "1990-01-02",
        "1990-02-30": None,
        "0000-00-00": None,
        "1900-01-01": None,  # what spreadsheets make of an empty cell
        "unknown": None,
        None: None,
    }
    check("birth_date", cases, "birth_date")


def test_a_sex_is_read_in_words_and_codes() -> None:
    cases = {
        "男": "male",
        "F": "female",
        " Male ": "male",
        "2": "female",
        "unknown": None,
    }
    check("sex", cases, "sex")


def test_a_name_is_letters_with_a_sound() -> None:
    cases = {
        "王建国": ("王建国", "wang", "wangjianguo"),
        " 王 建国 ": ("王建国", "wang", "wangjianguo"),
        "Wang Jianguo": ("wangjianguo", "wang", "wangjianguo"),
        "JIANGUO, WANG": ("jianguowang", "jianguo", "jianguowang"),
        "wangjianguo": ("wangjianguo", None, "wangjianguo"),
        "Ｗａｎｇ　Ｊｉａｎｇｕｏ": ("wangjianguo", "wang", "wangjianguo"),
        "欧阳娜娜": ("欧阳娜娜", "ouyang", "ouyangnana"),
        "欧阳": ("欧阳", "ou", "ouyang"),
        "单雄信": ("单雄信", "shan", "shanxiongxin"),
        "曾国藩": ("曾国藩", "zeng", "zengguofan"),
        "吕布": ("吕布", "lyu", "lyubu"),
        "Lü Bu": ("lyubu", "lyu", "lyubu"),
        "LV BU": ("lyubu", "lyu", "lyubu"),
        "买买提·艾力": ("买买提艾力", "mai", "maimaitiaili"),
        "José García": ("josegarcia", "jose", "josegarcia"),
        "王建国😀": ("王建国", "wang", "wangjianguo"),
        "😀": (None, None, None),
        "": (None, None, None),
        None: (None, None, None),
    }
    check("name", cases, "name", "surname", "letters")


def test_homophones_and_a_given_name_put_first_have_the_same_sounds() -> None:
    records = read("name", "王建国", "汪健果", "Jianguo Wang", "WANG JIAN GUO", "王国建")
    assert len({record["sounds"] for record in records}) == 1


def test_a_name_of_200_characters_counts_up_to_its_fortieth() -> None:
    check("name", {"王" + "国" * 199: "王" + "国" * 39}, "name")


def test_an_address_is_county_community_and_door() -> None:
    cases = {
        "大同市平城区振华街道御河小区12号楼3单元502室": ("平城区", "御河", "御河 12-3-502"),
        "平城区御河小区十二号楼三单元502": ("平城区", "御河", "御河 12-3-502"),
        "御河小区12-3-502": (None, "御河", "御河 12-3-502"),
        "御河小区 12＃3－0502": (None, "御河", "御河 12-3-502"),
        "迎宾街15号御河小区12栋3单元502": (None, "御河", "御河 12-3-502"),
        "山西省大同市阳高县龙泉镇西关村12号": ("阳高县", "西关村", "西关村 12"),
        "迎宾街15号": (None, "迎宾街", "迎宾街 15"),
        "大同市平城区": ("平城区", None, None),
        "御河小区": (None, "御河", None),
        "12-3-502": (None, None, None),
        "": (None, None, None),
        None: (None, None, None),
    }
    check("address", cases, "county", "community", "address_key")


def test_order_and_numbers_of_the_rows_are_kept() -> None:
    rows = pa.table(
        {"row_id": [30, 10, 20], "name": ["丙", "甲", "乙"]}
        | {column: pa.nulls(3, pa.string()) for column in IDENTITY_SCHEMA.names if column != "name"}
    )
    normal = normalise(rows)
    assert normal.column("row_id").to_pylist() == [30, 10, 20]
    assert normal.column("name").to_pylist() == ["丙", "甲", "乙"]


def test_a_missing_column_is_refused() -> None:
    with pytest.raises(InputRefused, match="exactly one column phone"):
        normalise(pa.table({"name": ["甲"], "sex": [""], "birth_date": [""], "id_number": [""], "address": [""]}))


def test_a_column_of_another_type_is_refused() -> None:
    table = pa.table({column: pa.array([[1]]) for column in IDENTITY_SCHEMA.names})
    with pytest.raises(InputRefused, match="needs string in column name"):
        normalise(table)
