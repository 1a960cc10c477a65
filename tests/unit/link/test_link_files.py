"""Files alone can be linked, whatever their ids and columns are called; what cannot be used is refused and said."""

import csv
from pathlib import Path

import pytest

from ringfence.errors import InputRefused, NotFound
from ringfence.link import Columns, dedupe_file, link_files, read_columns_file

REGISTER = """person_id,household_id,name,sex,birth_date,id_number,phone,address
P-9,H-1,王建国,男,1949-12-31,110105194912310011,13900001111,平城区御河小区12号楼3单元502室
P-1,H-1,李秀英,女,1949-12-31,11010519491231002X,13900002222,平城区御河小区12号楼3单元502室
"p,5",,赵敏,女,1988-03-04,,13900004444,云冈区西关村12号
"""
ROWS = """row_id,name,sex,birth_date,id_number,phone,address
z,王建国,,,110105194912310011,,
a,周明,,,,,御河小区12-3-502
row 3,赵敏,,1988-03-04,,+86 139-0000-4444,
"4,b",,,,,,
"""


def silent(what: str, share: float) -> None:
    """Nobody watches."""


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text, encoding=encoding)
    return path


def link(
    folder: Path, rows: Path, register: Path, profile: str = "han", columns: Columns | None = None
) -> list[list[str]]:
    out = folder / "links.csv"
    link_files(rows, register, out, profile=profile, columns=columns or Columns(), progress=silent)
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture
def register(tmp_path: Path) -> Path:
    return write(tmp_path, "register.csv", REGISTER)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_ids_are_any_text_and_links_come_in_the_order_of_the_rows(
    tmp_path: Path, register: Path, encoding: str
) -> None:
    header, *links = link(tmp_path, write(tmp_path, "rows.csv", ROWS, encoding), register)
    assert header == ["row_id", "answer", "person_id", "household_id", "probability", "how"]
    assert [line[:4] + line[5:] for line in links] == [
        ["z", "person", "P-9", "H-1", "id_and_name"],
        ["a", "household", "", "H-1", "address"],
        ["row 3", "person", "p,5", "", "name_phone_birth_date"],
        ["4,b", "none", "", "", "splink"],
    ]
    assert all(0 < float(line[4]) <= 1 for line in links)


def test_the_order_of_the_register_changes_nothing(tmp_path: Path, register: Path) -> None:
    rows = write(tmp_path, "rows.csv", ROWS)
    header, *people = REGISTER.splitlines()
    turned = write(tmp_path, "turned.csv", "\n".join([header, *reversed(people)]))
    assert link(tmp_path, rows, register) == link(tmp_path, rows, turned)


def test_a_missing_identity_column_is_empty_and_other_columns_are_left_alone(tmp_path: Path, register: Path) -> None:
    rows = write(tmp_path, "rows.csv", "shoe_size,id_number,row_id,name\n43,110105194912310011,1,王建国\n")
    assert link(tmp_path, rows, register)[1][:3] == ["1", "person", "P-9"]


def test_a_list_without_rows_gives_links_without_rows(tmp_path: Path, register: Path) -> None:
    rows = write(tmp_path, "rows.csv", ROWS.splitlines()[0] + "\n")
    assert len(link(tmp_path, rows, register)) == 1


def test_columns_under_other_names_and_further_ones_are_named_in_a_toml_file(tmp_path: Path) -> None:
    columns = write(
        tmp_path,
        "columns.toml",
        '[columns]\nrow_id = "rec"\nperson_id = "rec"\nbirth_date = "dob"\naddress = ["number", "street"]\n'
        '[extra]\npostcode = "code"\n',
    )
    register = "rec,given_name,surname,dob,number,street,postcode\n"
    register += "o1,Michaela,Neumann,19151111,8,Stanley Street,4223\no2,Michaela,Neumann,19901111,1,Elm Road,2000\n"
    rows = "rec,given_name,surname,dob,number,street,postcode\nd1,neuman,michaela,19151111,8,stanly street,4223\n"
    [_, found] = link(
        tmp_path,
        write(tmp_path, "rows.csv", rows),
        write(tmp_path, "register.csv", register),
        "latin",
        read_columns_file(columns),
    )
    assert found[:3] == ["d1", "person", "o1"]


def test_rows_about_one_person_share_the_smallest_of_their_ids(tmp_path: Path) -> None:
    rows = "row_id,name,id_number\nx9,王建国,110105194912310011\nx10,李秀英,11010519491231002X\n"
    rows += "x1,汪建国,110105194912310011\n"
    out = tmp_path / "clusters.csv"
    found = dedupe_file(write(tmp_path, "rows.csv", rows), out, profile="han", columns=Columns(), progress=silent)
    assert found == (3, 2)
    lines = [line.replace('"', "") for line in out.read_text(encoding="utf-8").splitlines()]
    assert lines == ["row_id,cluster_id", "x9,x1", "x10,x10", "x1,x1"]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("", "is empty or no CSV file"),
        ("name,phone\n王,1\n", "exactly one column row_id"),
        ("row_id,shoe_size\n1,43\n", "says nothing of people"),
        ("row_id,name\n1,王\n1,李\n", "the same 'row_id' on two rows"),
        ("row_id,name\n1,王\n,李\n", "row 2: 'row_id' is empty"),
        ("row_id,name\n1,王,李\n", "a row of 3 columns instead of 2"),
        ("row_id,name,name\n1,王,李\n", "exactly one column name"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_and_leaves_no_file(
    tmp_path: Path, register: Path, rows: str, sentence: str
) -> None:
    with pytest.raises(InputRefused, match=sentence):
        link(tmp_path, write(tmp_path, "rows.csv", rows), register)
    assert {path.name for path in tmp_path.iterdir()} == {"register.csv", "rows.csv"}


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, register: Path) -> None:
    with pytest.raises(InputRefused, match=r"rows\.csv is no file"):
        link(tmp_path, tmp_path / "rows.csv", register)


@pytest.mark.parametrize("text", ["[columns", '[columns]\nshoe = "x"\n', "[other]\n"])
def test_a_columns_file_says_columns_and_nothing_else(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputRefused, match=r"columns\.toml"):
        read_columns_file(write(tmp_path, "columns.toml", text))


def test_a_further_column_has_a_kind_that_the_profile_knows(tmp_path: Path, register: Path) -> None:
    rows = write(tmp_path, "rows.csv", ROWS)
    with pytest.raises(InputRefused, match="phone is called text"):
        link(tmp_path, rows, register, "latin", Columns(extra={"phone": "text"}))
    with pytest.raises(NotFound, match="klingon"):
        link(tmp_path, rows, register, "klingon")
