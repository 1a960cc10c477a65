"""The nearest unit at the lowest level answers, and equals fill evenly."""

from collections import Counter

import numpy as np
import pytest

from ringfence.errors import NotFound
from ringfence.terms import Level, Unit
from ringfence.work import Roster, find_owners
from ringfence.work.arrays import NONE
from ringfence.work.balance import fill_stations, find_deserted, find_stations

VISIT = frozenset({"visit"})
PATH = "1/11/111/"


def roster(*units: tuple[str, str, Level, int, int], off_duty: tuple[str, ...] = ()) -> Roster:
    """Units by name, area path, level, capacity and load."""
    return Roster(
        19_052,
        tuple(
            Unit(unit_id=name, area_path=path, level=level, daily_capacity=capacity, task_kinds=VISIT)
            for name, path, level, capacity, _ in units
        ),
        np.array([unit[0] not in off_duty for unit in units]),
        np.array([unit[4] for unit in units], dtype=np.int64),
    )


def fill(men: Roster, count: int, *, paths: tuple[str, ...] = (PATH,)) -> list[str | None]:
    """Who takes each of some pieces of work; piece n comes from path n modulo the number of paths."""
    load = men.load.copy()
    path = np.arange(count) % len(paths)
    owner = fill_stations(find_stations(men, paths), path, able=men.is_on_duty, roster=men, load=load)
    assert (load - men.load).sum() == (owner != NONE).sum()
    return [None if one == NONE else men.units[one].unit_id for one in owner]


def test_equals_fill_at_the_pace_of_their_capacity() -> None:
    men = roster(("a", PATH, Level.GRID, 20, 0), ("b", PATH, Level.GRID, 10, 0))
    assert Counter(fill(men, 15)) == {"a": 10, "b": 5}


def test_who_has_much_to_do_already_waits_until_the_others_have_caught_up() -> None:
    men = roster(("a", PATH, Level.GRID, 10, 6), ("b", PATH, Level.GRID, 10, 0))
    assert fill(men, 6) == ["b"] * 6
    assert Counter(fill(men, 14)) == {"a": 4, "b": 10}


def test_the_grid_comes_before_the_township_and_the_closer_area_before_the_wider() -> None:
    men = roster(
        ("city", "1/", Level.CITY, 9, 0),
        ("township", PATH, Level.TOWNSHIP, 1, 0),
        ("wide grid", "1/11/", Level.GRID, 1, 0),
        ("grid", PATH, Level.GRID, 1, 0),
        ("elsewhere", "1/11/1111/", Level.GRID, 9, 0),
    )
    assert fill(men, 5) == ["grid", "wide grid", "township", "city", "city"]


def test_those_who_share_a_higher_station_compete_by_rank_wherever_they_come_from() -> None:
    men = roster(("grid", PATH, Level.GRID, 1, 0), ("county", "1/11/", Level.COUNTY, 2, 0))
    taken = fill(men, 5, paths=(PATH, "1/11/1111/"))  # ranks 0, 2, 4 come from 111, ranks 1, 3 from 1111
    assert taken == ["grid", "county", "county", None, None]


def test_beyond_everybodys_capacity_nobody_takes_it() -> None:
    men = roster(("a", PATH, Level.GRID, 2, 1), ("none", PATH, Level.GRID, 0, 0), ("late", PATH, Level.GRID, 1, 3))
    assert fill(men, 3) == ["a", None, None]


def test_an_owner_is_found_however_much_there_is_to_do() -> None:
    men = roster(("a", PATH, Level.GRID, 2, 2), ("none", PATH, Level.GRID, 0, 0), ("b", PATH, Level.GRID, 4, 4))
    assert Counter(find_owners([PATH] * 6, kind="visit", roster=men)) == {"a": 2, "b": 4}


def test_where_nobody_on_duty_does_the_kind_whoever_covers_the_area_answers() -> None:
    men = roster(("grid", PATH, Level.GRID, 2, 0), ("county", "1/11/", Level.COUNTY, 2, 0), off_duty=("grid",))
    assert find_owners([PATH], kind="retest", roster=men) == ["county"]
    nobody = roster(("grid", PATH, Level.GRID, 2, 0), off_duty=("grid",))
    assert find_owners([PATH], kind="visit", roster=nobody) == ["grid"]
    with pytest.raises(NotFound, match="no unit of the roster answers for area '1/12/'"):
        find_owners([PATH, "1/12/"], kind="visit", roster=men)


def test_an_area_is_deserted_when_its_lowest_units_are_all_off_duty() -> None:
    units = (
        ("a", PATH, Level.GRID, 2, 0),
        ("b", PATH, Level.GRID, 2, 0),
        ("c", "1/11/1111/", Level.GRID, 2, 0),
        ("d", "1/11/", Level.COUNTY, 2, 0),
    )
    paths = (PATH, "1/11/1111/", "1/11/112/")
    half, all_off = roster(*units, off_duty=("a",)), roster(*units, off_duty=("a", "b", "d"))
    assert find_deserted(find_stations(half, paths), half) == []
    assert find_deserted(find_stations(all_off, paths), all_off) == ["1/11/", PATH]
    assert find_deserted(find_stations(all_off, paths[1:2]), all_off) == []
