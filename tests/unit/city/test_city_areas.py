from pathlib import Path

import pytest
from city_on_disk import read_rows, write

from ringfence.city import CityOptions, write_city
from ringfence.city.areas import read_area_rows
from ringfence.city.town import build_town
from ringfence.errors import AreasRefused, InputRefused

HEADER = "code,name,level,parent_code\n"


def save(folder: Path, text: str) -> Path:
    path = folder / "areas.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_invented_city_has_counties_and_townships_of_all_three_sorts() -> None:
    rows = read_area_rows(None)
    assert [row["level"] for row in rows].count("city") == 1
    assert {row["name"][-1] for row in rows if row["level"] == "township"} == {"道", "镇", "乡"}


def test_a_real_hierarchy_is_copied_and_filled_with_people(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "datong_areas.csv"
    options = CityOptions(residents=5_000, days=2)
    write_city(options, areas_file=source, files=tmp_path / "files", truth=tmp_path / "truth")
    assert read_rows(tmp_path / "files" / "areas.csv") == read_rows(source)
    townships = {row["code"] for row in read_rows(source) if row["level"] == "township"}
    lived_in = {row["area_code"] for row in read_rows(tmp_path / "files" / "resident_register.csv")} & townships
    assert len(lived_in) > 100
    staffed = {row["area_code"] for row in read_rows(tmp_path / "files" / "duty_roster.csv")}
    assert townships <= staffed


@pytest.mark.parametrize(
    "text",
    [
        "7,州,county,\n71,甲镇,township,7\n",
        "71,甲镇,township,7\n7,州,county,\n",
        "X,市,city,\nX1,县,county,X\nX1a,乡,township,X1\nX1a9,村,village,X1a\n",
    ],
    ids=["two levels", "children first", "letters and four levels"],
)
def test_smaller_and_deeper_hierarchies_make_a_city_too(tmp_path: Path, text: str) -> None:
    town = build_town(CityOptions(residents=200), areas_file=save(tmp_path, "\ufeff" + HEADER + text))
    assert len(town.areas.code) == 1
    assert all(len(number) in (0, 18) for number in town.card["id_number"].to_pylist())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "the columns must be"),
        ("code;name;level;parent\n", "the columns must be"),
        (HEADER, "no area of level township"),
        (HEADER + "1,市,city,\n", "no area of level township"),
        (HEADER + "1,市,city,\n11,镇,township,1\n11,乡,township,1\n", "line 4: area 11 stands in line 3 already"),
        (HEADER + "11,镇,township,1\n", "line 2: area 11 names parent 1"),
        (HEADER + '1,"甲,乙",city,\n', "line 2: the city needs four fields"),
        (HEADER + "1,市,city\n", "line 2: the city needs four fields"),
        (HEADER + "1,市,city,,\n", "line 2: the city needs four fields"),
    ],
)
def test_a_file_that_is_no_hierarchy_is_refused_with_its_line(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(AreasRefused, match=sentence):
        read_area_rows(save(tmp_path, text))


def test_a_file_in_another_encoding_or_none_at_all_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "areas.csv"
    with pytest.raises(AreasRefused, match="cannot be read"):
        read_area_rows(path)
    path.write_bytes((HEADER + "1,市,city,\n").encode("gb18030"))
    with pytest.raises(AreasRefused, match="cannot be read"):
        read_area_rows(path)


@pytest.mark.parametrize(
    "options",
    [
        {"residents": 99},
        {"days": 0},
        {"seed": -1},
        {"imported_cases": -1},
        {"imported_cases": 200, "residents": 1_000},
        {"check_in_share": 1.1},
        {"non_resident_share": 0.95},
        {"kernel": "miasma"},
    ],
)
def test_what_cannot_be_a_city_is_refused(options: dict[str, int]) -> None:
    with pytest.raises(InputRefused):
        CityOptions(**options)


def test_the_smallest_city_can_be_written_for_one_day_without_guests_or_cases(tmp_path: Path) -> None:
    written = write(tmp_path, residents=100, days=1, imported_cases=0, non_resident_share=0.0)
    assert written.summary.infected == 0
    assert written.summary.non_residents == 0
    assert read_rows(written.truth / "infections.csv") == []
