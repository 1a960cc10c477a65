"""The truth against a reader who knows only what stands in the two folders, and goes through it row by row."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ringfence.city import KERNEL_NAMES, Carefulness, CityOptions, write_city

LINGERS = {"airborne"}


@dataclass(frozen=True)
class Stay:
    place: str
    room: int
    enter: datetime
    leave: datetime


@dataclass(frozen=True)
class Read:
    """A city as read back: stays and households by true id, infections, and when each case was isolated."""

    options: CityOptions
    stays: dict[str, list[Stay]]
    household: dict[str, str]
    infections: dict[str, dict[str, str]]
    isolated: dict[str, datetime]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_back(folder: Path, options: CityOptions) -> Read:
    stays = defaultdict(list)
    for path in sorted((folder / "truth").glob("visits_*.parquet")):
        midnight = datetime.fromisoformat(path.stem.removeprefix("visits_"))
        for visit in pq.read_table(path).to_pylist():
            enter, leave = (midnight + timedelta(seconds=visit[name]) for name in ("enter_s", "leave_s"))
            stays[str(visit["true_id"])].append(Stay(f"P{visit['place_no']:07d}", visit["room"], enter, leave))
    identities = {(row["file"], row["row"]): row["true_id"] for row in rows(folder / "truth" / "identities.csv")}
    isolated = {
        identities[path.name, str(number)]: datetime.fromisoformat(case["isolated_at"])
        for path in (folder / "files").glob("case_line_list_*.csv")
        for number, case in enumerate(rows(path), start=1)
    }
    household = {row["true_id"]: row["household"] for row in rows(folder / "truth" / "persons.csv")}
    infections = {row["true_id"]: row for row in rows(folder / "truth" / "infections.csv")}
    return Read(options, dict(stays), household, infections, isolated)


@pytest.fixture(scope="module", params=[(kernel, seed) for kernel in KERNEL_NAMES for seed in (1, 2)], ids=str)
def city(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Read:
    kernel, seed = request.param
    options = CityOptions(
        residents=4_000, days=9, imported_cases=12, kernel=kernel, seed=seed, carefulness=Carefulness.FLAWLESS
    )
    folder = tmp_path_factory.mktemp(f"{kernel}{seed}")
    write_city(options, areas_file=None, files=folder / "files", truth=folder / "truth")
    return read_back(folder, options)


def passed_on(city: Read) -> list[tuple[str, str, datetime, str]]:
    """Infectee, infector, instant and place of everybody infected here."""
    return [
        (true_id, row["infector_true_id"], datetime.fromisoformat(row["infected_at"]), row["place_id"])
        for true_id, row in city.infections.items()
        if row["infector_true_id"]
    ]


def out_at(city: Read, true_id: str, instant: datetime) -> Stay | None:
    """The stay somebody is in at some second of a minute."""
    minute = timedelta(minutes=1)
    stays = city.stays.get(true_id, [])
    return next((stay for stay in stays if stay.enter < instant + minute and stay.leave >= instant), None)


def test_there_is_something_to_check(city: Read) -> None:
    assert len(passed_on(city)) >= 10
    imported = [row for row in city.infections.values() if not row["infector_true_id"]]
    assert len(imported) == city.options.imported_cases
    assert all(row["place_id"] == "" for row in imported)
    assert {row["kernel"] for row in city.infections.values()} == {city.options.kernel}


def test_nobody_is_in_two_places_at_once(city: Read) -> None:
    for stays in city.stays.values():
        ordered = sorted(stays, key=lambda stay: stay.enter)
        assert all(before.leave <= after.enter for before, after in pairwise(ordered))


def test_the_infector_was_infectious_at_the_time_and_infected_before(city: Read) -> None:
    for true_id, infector, instant, _ in passed_on(city):
        source = city.infections[infector]
        assert infector != true_id
        assert datetime.fromisoformat(source["infectious_from"]) <= instant
        assert datetime.fromisoformat(source["infected_at"]) < instant
        assert datetime.fromisoformat(city.infections[true_id]["infectious_from"]) >= instant + timedelta(days=1)


def test_an_infection_at_a_place_happened_while_both_were_in_one_room(city: Read) -> None:
    found = 0
    for true_id, infector, instant, place in passed_on(city):
        if place == "household":
            continue
        here = out_at(city, true_id, instant)
        assert here is not None
        assert here.place == place
        came = [
            stay
            for stay in city.stays[infector]
            if stay.room == here.room
            and stay.enter.date() == instant.date()
            and stay.enter <= instant + timedelta(minutes=1)
        ]
        assert came
        if city.options.kernel not in LINGERS:
            assert any(stay.leave >= instant for stay in came)
            assert city.isolated.get(infector, instant) >= instant
        found += 1
    assert found >= 4


def test_an_infection_at_home_happened_while_both_were_there(city: Read) -> None:
    found = 0
    for true_id, infector, instant, place in passed_on(city):
        if place == "household":
            assert city.household[true_id] == city.household[infector] != ""
            begun = instant + timedelta(minutes=1)
            for one in (true_id, infector):
                assert not any(stay.enter < instant and begun < stay.leave for stay in city.stays.get(one, []))
            assert city.isolated.get(infector, instant) >= instant
            found += 1
    assert found >= 3


def test_the_isolated_are_seen_nowhere(city: Read) -> None:
    assert city.isolated
    for true_id, since in city.isolated.items():
        assert all(stay.leave <= since + timedelta(minutes=1) for stay in city.stays.get(true_id, []))


def test_nobody_falls_ill_before_being_infectious_or_long_after(city: Read) -> None:
    for row in city.infections.values():
        if row["onset_date"]:
            infectious = datetime.fromisoformat(row["infectious_from"]).date()
            assert 0 <= (date.fromisoformat(row["onset_date"]) - infectious).days <= 3
    asymptomatic = [row for row in city.infections.values() if not row["onset_date"]]
    assert 0.1 < len(asymptomatic) / len(city.infections) < 0.6
