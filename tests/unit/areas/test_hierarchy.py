"""The hierarchy of areas, and every way its file can be wrong."""

from datetime import datetime
from pathlib import Path

import pytest

from ringfence.areas import plan_areas, publish_areas, read_areas, read_hierarchy
from ringfence.errors import AreasRefused
from ringfence.store import Store
from ringfence.terms import Actor, path_end


def write(folder: Path, *lines: str) -> Path:
    path = folder / "areas.csv"
    path.write_text("\n".join(["code,name,level,parent_code", *lines]) + "\n", encoding="utf-8")
    return path


def test_children_lie_in_the_path_range_of_their_parent_and_siblings_do_not(tmp_path: Path) -> None:
    areas = read_areas(write(tmp_path, "11,甲,county,1", "1,市,city,", "111,乙,county,1", "1101,丙,township,11"))
    county = areas["11"].path
    assert county == "1/11/"
    assert county <= areas["1101"].path < path_end(county)
    assert not county <= areas["111"].path < path_end(county)


def test_any_number_of_levels_and_tops_is_a_hierarchy(tmp_path: Path) -> None:
    areas = read_areas(write(tmp_path, "a,A,state,", "b,B,state,", "c,C,district,a", "d,D,ward,c", "e,E,block,d"))
    assert areas["e"].path == "a/c/d/e/"


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["1,x,city,2", "2,y,city,1"], r"line \d: area . lies inside itself"),
        (["1,x,city,1"], "line 2: area 1 lies inside itself"),
        (["1,x,city,", "2,y,county,9"], "line 3: area 2 names parent 9, which is not in the file"),
        (["1,x,city,", "1,y,city,"], "line 3: area 1 stands in line 2 already"),
        (["1,x,city"], "line 2: 3 fields, 4 belong there"),
        (["a/b,x,city,"], "may not hold a slash"),
    ],
)
def test_a_file_that_is_no_hierarchy_is_refused_with_line_and_reason(
    tmp_path: Path, lines: list[str], sentence: str
) -> None:
    with pytest.raises(AreasRefused, match=sentence):
        read_areas(write(tmp_path, *lines))


def test_a_file_with_other_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "areas.csv"
    path.write_text("id,name\n1,x\n", encoding="utf-8")
    with pytest.raises(AreasRefused, match="the columns must be code,name,level,parent_code, not id,name"):
        read_areas(path)


def test_the_real_city_has_127_townships_in_11_counties(shared_data: Path) -> None:
    areas = read_areas(shared_data / "datong_areas.csv")
    levels = [area.level for area in areas.values()]
    assert (levels.count("city"), levels.count("county"), levels.count("township")) == (1, 11, 127)
    assert all(area.path.startswith("1402/") for area in areas.values())


def test_publishing_twice_adds_nothing_and_moving_an_area_in_use_is_refused(
    store: Store, officer: Actor, now: datetime, tmp_path: Path
) -> None:
    areas = read_areas(write(tmp_path, "1,市,city,", "11,甲,county,1", "111,乙,township,11"))
    plan = plan_areas(store.desk, areas)
    assert store.act(lambda act: publish_areas(act, areas, plan), actor=officer, now=now) == 3
    assert read_hierarchy(store.desk) == areas
    assert plan_areas(store.desk, areas).is_empty
    moved = read_areas(write(tmp_path, "1,市,city,", "11,甲,county,1", "111,乙,township,1"))
    plan = plan_areas(store.desk, moved)
    with pytest.raises(AreasRefused, match="would move or vanish, first 111"):
        store.act(lambda act: publish_areas(act, moved, plan), actor=officer, now=now)
    assert read_hierarchy(store.desk) == areas
