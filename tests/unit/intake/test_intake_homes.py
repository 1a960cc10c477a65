"""Whose area somebody is, as the files that came in tell."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from small_town import NOON, RESIDENTS, Town

from ringfence.areas import read_hierarchy
from ringfence.intake.arrivals import Arrival
from ringfence.intake.homes import find_shared_area, read_homes
from ringfence.store import EVERYWHERE, Store


@pytest.mark.parametrize(
    ("paths", "shared"),
    [
        (["1/11/111/"], "1/11/111/"),
        (["1/11/111/", "1/11/111/"], "1/11/111/"),
        (["1/11/111/", "1/11/1111/"], "1/11/"),  # codes, not letters
        (["1/11/111/", "1/12/121/"], "1/"),
        (["1/11/", "1/11/111/"], "1/11/"),
        (["1/", "9/91/"], EVERYWHERE),
        (["", "1/11/"], EVERYWHERE),
    ],
)
def test_the_shared_area_is_the_lowest_that_holds_all(paths: list[str], shared: str) -> None:
    assert find_shared_area(paths) == shared


def test_somebody_is_where_the_register_says_and_else_in_the_whole_city(staffed: Store, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    town = Town(staffed, tmp_path / "files", now=NOON)
    arrival = cast("Arrival", SimpleNamespace(store=staffed, areas=read_hierarchy(staffed.desk)))
    assert read_homes(arrival, [1]) == {1: "1/"}, "before any register"
    town.receive(resident_register=RESIDENTS)
    numbers = town.numbers()
    asked = [numbers["wang1"], numbers["zhao3"], 999, numbers["wang1"]]
    assert read_homes(arrival, asked) == {asked[0]: "1/11/111/", asked[1]: "1/12/121/", 999: "1/"}
    assert read_homes(arrival, []) == {}
