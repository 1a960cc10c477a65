"""A hashed list says nothing by itself, and is answered under pseudonyms for the rows that match alone (policy 6.4)."""

import csv
from pathlib import Path

import pytest

from ringfence.errors import InputRefused
from ringfence.link import Columns, hash_file, make_key, match_files, read_key

REGISTER = """person_id,name,sex,birth_date,id_number,phone,address
P1,王建国,男,1949-12-31,110105194912310011,13900001111,平城区御河小区12号楼3单元502室
P2,李秀英,女,1949-12-31,11010519491231002X,13900002222,平城区御河小区12号楼3单元502室
P3,赵敏,女,1988-03-04,,13900004444,云冈区西关村12号
P4,赵敏,女,1988-03-04,,13900005555,云冈区北村1号
"""
ROWS = """row_id,name,sex,birth_date,id_number,phone,address
by_id,汪健国,,,110105491231001,,
by_phone,赵闵,,,,+86 139 0000 4444,
two_fit,赵敏,女,1988-03-04,,,
lent_number,周明,,,110105194912310011,,
stranger,周明,男,1970-01-01,,13911112222,
empty,,,,,,
"""


def hashed(folder: Path, name: str, text: str, key: str, purpose: str = "rail") -> Path:
    plain, out = folder / f"{name}.csv", folder / f"{name}.hashed.csv"
    plain.write_text(text, encoding="utf-8")
    hash_file(
        plain,
        out,
        key=bytes.fromhex(key),
        purpose=purpose,
        profile="han",
        columns=Columns(),
        progress=lambda _what, _share: None,
    )
    return out


def matched(folder: Path, rows: Path, register: Path, key: str, purpose: str = "rail") -> dict[str, tuple[str, str]]:
    out = folder / "matched.csv"
    match_files(rows, register, out, key=bytes.fromhex(key), purpose=purpose)
    with out.open(encoding="utf-8", newline="") as file:
        return {line["row_id"]: (line["pseudonym"], line["token"]) for line in csv.DictReader(file)}


def test_only_rows_that_one_person_fits_come_back_with_what_they_share(tmp_path: Path) -> None:
    key = make_key()
    found = matched(tmp_path, hashed(tmp_path, "rows", ROWS, key), hashed(tmp_path, "register", REGISTER, key), key)
    assert {row: token for row, (_, token) in found.items()} == {"by_id": "id", "by_phone": "name_phone"}


def test_a_hashed_file_holds_nothing_that_was_written(tmp_path: Path) -> None:
    text = hashed(tmp_path, "rows", ROWS, make_key()).read_text(encoding="utf-8")
    for plain in ("建国", "wang", "110105", "1390000", "1949", "御河"):
        assert plain not in text


def test_lists_of_another_key_or_purpose_do_not_meet(tmp_path: Path) -> None:
    key = make_key()
    rows = hashed(tmp_path, "rows", ROWS, key)
    assert matched(tmp_path, rows, hashed(tmp_path, "register", REGISTER, make_key()), key) == {}
    assert matched(tmp_path, rows, hashed(tmp_path, "register", REGISTER, key, "tax"), key) == {}


def test_pseudonyms_differ_from_purpose_to_purpose_and_stay_within_one(tmp_path: Path) -> None:
    key = make_key()
    rows, register = hashed(tmp_path, "rows", ROWS, key), hashed(tmp_path, "register", REGISTER, key)
    once, again = matched(tmp_path, rows, register, key), matched(tmp_path, rows, register, key)
    assert once == again
    assert once["by_id"][0] != matched(tmp_path, rows, register, key, "air")["by_id"][0]
    assert "P1" not in {pseudonym for pseudonym, _ in once.values()}


def test_a_plain_list_and_a_file_without_a_key_are_refused(tmp_path: Path) -> None:
    plain = tmp_path / "plain.csv"
    plain.write_text(ROWS, encoding="utf-8")
    with pytest.raises(InputRefused, match="a hashed list needs the column id"):
        match_files(plain, plain, tmp_path / "out.csv", key=bytes(32), purpose="rail")
    with pytest.raises(InputRefused, match="holds no key"):
        read_key(plain)
