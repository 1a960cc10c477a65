"""The example on COVID-19 in Korea, 2020: what goes in, what the rings hold, and how the truth is counted."""

import csv
import importlib
import math
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
ANSWERS = ("infected_by", "infection_case", "contact_number", "infection_order", "state", "released_date")
EARTH_M = 6_371_008.8
FIRST, LAST = date(2020, 2, 22), date(2020, 2, 25)


@pytest.fixture(scope="module")
def examples() -> Iterator[dict[str, ModuleType]]:
    """The modules of the example, as a script finds them: beside each other."""
    sys.path.insert(0, str(EXAMPLES))
    names = ("department_days", "korea_2020", "korea_2020_files", "korea_2020_truth", "telling")
    yield {name: importlib.import_module(name) for name in names}
    sys.path.remove(str(EXAMPLES))


@pytest.fixture(scope="module")
def outbreaks(shared_data: Path) -> Path:
    return shared_data / "outbreaks"


def test_no_answer_reaches_any_file(examples: dict[str, ModuleType], outbreaks: Path, tmp_path: Path) -> None:
    rows = read_rows(outbreaks / "korea_2020_cases.csv")
    for row in rows:
        row.update(dict.fromkeys(ANSWERS, "tell-tale"))
    write_rows(tmp_path / "korea_2020_cases.csv", rows)
    (tmp_path / "korea_2020_routes.csv").write_bytes((outbreaks / "korea_2020_routes.csv").read_bytes())
    read = examples["korea_2020_files"].read_korea_2020
    assert read(tmp_path) == read(outbreaks)


@pytest.mark.parametrize("lag", [0, 1, 2])
def test_a_days_files_hold_nothing_of_a_later_day(examples: dict[str, ModuleType], outbreaks: Path, lag: int) -> None:
    korea = examples["korea_2020_files"].read_korea_2020(outbreaks)
    confirmed = {case.patient_id: case.confirmed_on for case in korea.cases}
    told = 0
    for day in korea.days(lag=lag):
        files = korea.files_of(day, lag=lag)
        for row in files.get("case_line_list", []):
            assert confirmed[row["case_id"]] <= day
            assert not row["onset_date"] or row["onset_date"] <= day
        assert {row["entered_at"][:10] for row in files.get("check_ins", [])} <= {day.isoformat()}
        for row in files.get("case_routes", []):
            assert confirmed[row["case_id"]] + timedelta(days=lag) == day >= row["date"]
            told += 1
    assert told > 2000


def test_the_four_denominators_are_those_of_the_file(examples: dict[str, ModuleType], outbreaks: Path) -> None:
    truth = examples["korea_2020_truth"]
    korea = examples["korea_2020_files"].read_korea_2020(outbreaks)
    seen = truth.Hindsight(korea, {}, truth.read_links(outbreaks))
    four = [name for name in truth.Denominator if name is not truth.Denominator.IN_TIME]
    assert [len(seen.select(denominator)) for denominator in four] == [683, 611, 526, 169]


def test_every_patient_gets_a_sound_number_of_nobody(examples: dict[str, ModuleType], outbreaks: Path) -> None:
    patients = [row["patient_id"] for row in read_rows(outbreaks / "korea_2020_cases.csv")]
    numbers = {examples["department_days"].placeholder_number(int(patient)) for patient in patients}
    assert len(numbers) == len(patients) == 1896
    assert all(number.startswith("99") and iso_7064_remainder(number) == 1 for number in numbers)


def test_rings_of_some_days_are_those_of_brute_force(examples: dict[str, ModuleType], outbreaks: Path) -> None:
    check_against_brute_force(examples, outbreaks, lag=1, first=FIRST, last=LAST)


@pytest.mark.verify  # one lag takes four minutes of processor; `python examples/korea_2020.py` reports all three
def test_rings_of_the_whole_outbreak_are_those_of_brute_force(examples: dict[str, ModuleType], outbreaks: Path) -> None:
    check_against_brute_force(examples, outbreaks, lag=1, first=date.min, last=date.max)


def test_a_link_is_held_only_on_a_day_before_the_infectee_was_confirmed(examples: dict[str, ModuleType]) -> None:
    truth, files = examples["korea_2020_truth"], examples["korea_2020_files"]
    cases = [files.Confirmed(name, date(2020, 3, day), None) for name, day in (("a", 1), ("b", 3), ("c", 1), ("d", 9))]
    ring = truth.Ring(responded_on=date(2020, 3, 1), found=frozenset("bc"), basis=truth.WindowBasis.REPORT)
    links = [truth.Link("a", infectee) for infectee in "bcd"] + [truth.Link("#11423", "b"), truth.Link("a", "gone")]
    seen = truth.Hindsight(files.Korea2020(tuple(cases), (), ()), {"a": ring}, links)
    held, late = truth.Outcome.HELD, truth.Outcome.LATE
    counted = {one: (seen.share(one, held), seen.share(one, late).hits) for one in truth.Denominator}
    share = examples["telling"].Share
    assert counted[truth.Denominator.ALL] == (share(1, 4), 1)
    assert counted[truth.Denominator.IN_FILE] == (share(1, 3), 1)
    assert counted[truth.Denominator.INFECTOR_FIRST] == (share(1, 2), 0)
    assert counted[truth.Denominator.BOTH_ROUTES] == (share(0, 0), 0)
    assert seen.share(truth.Denominator.IN_FILE, held, basis=truth.WindowBasis.ONSET) == share(0, 0)


@pytest.mark.parametrize(("hits", "of"), [(0, 10), (1, 7), (39, 169), (84, 98), (98, 98)])
def test_the_interval_ends_where_a_score_test_would_just_reject(
    examples: dict[str, ModuleType], hits: int, of: int
) -> None:
    share = examples["telling"].Share(hits, of)
    low, high = share.interval
    for bound in ([low] if hits > 0 else []) + ([high] if hits < of else []):
        assert abs(hits / of - bound) / math.sqrt(bound * (1 - bound) / of) == pytest.approx(1.959964, abs=1e-6)
    assert low == pytest.approx(0, abs=1e-9) or hits > 0
    assert high == pytest.approx(1, abs=1e-9) or hits < of


def test_who_names_no_folder_of_shared_data_is_told_so(
    examples: dict[str, ModuleType], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        examples["korea_2020"].main(["--shared", str(tmp_path)])
    assert "name the folder of shared data with --shared" in capsys.readouterr().err


def check_against_brute_force(
    examples: dict[str, ModuleType], outbreaks: Path, *, lag: int, first: date, last: date
) -> None:
    korea = examples["korea_2020_files"].read_korea_2020(outbreaks, first=first, last=last)
    played = examples["korea_2020"].replay(korea, lag=lag)
    assert (played.rows["rejected"], played.below_the_cut) == (0, 0)
    expected = brute_force(outbreaks, lag=lag, first=first, last=last)
    # Who is no case yet has no name in the rings, only a number: they are compared by how many they are.
    confirmed = expected.keys()
    for patient, ring in played.rings.items():
        assert ring.found & confirmed == expected[patient] & confirmed
        assert len(ring.found) == len(expected[patient])
    assert played.rings.keys() == confirmed
    assert any(expected.values())


def brute_force(outbreaks: Path, *, lag: int, first: date, last: date) -> dict[str, set[str]]:
    """Whom each case's routes meet, by comparing every visit with every other, from the shared files alone."""
    visits: dict[str, set[tuple[date, float, float]]] = defaultdict(set)
    for row in read_rows(outbreaks / "korea_2020_routes.csv"):
        day = date.fromisoformat(row["date"])
        if row["type"] != "administrative_area_level_1" and first <= day <= last:
            position = math.radians(float(row["longitude"])), math.radians(float(row["latitude"]))
            visits[row["patient_id"]].add((day, *position))
    rings = {}
    for row in read_rows(outbreaks / "korea_2020_cases.csv"):
        confirmed = date.fromisoformat(row["confirmed_date"])
        if first <= confirmed <= last:
            released = confirmed + timedelta(days=lag)
            begins, ends = infectious_days(row["symptom_onset_date"].strip(), confirmed, released)
            told = [one for one in visits[row["patient_id"]] if begins <= one[0] <= min(ends, released)]
            rings[row["patient_id"]] = {
                other
                for other, theirs in visits.items()
                if other != row["patient_id"]
                and any(do_meet(one, two) for one in told for two in theirs if two[0] <= released)
            }
    return rings


def infectious_days(onset: str, confirmed: date, released: date) -> tuple[date, date]:
    """The days on which a case could infect, by the edition of 2020: 2 before onset to 13 after, else 7 and 10."""
    if onset and date.fromisoformat(onset) <= released:
        day = date.fromisoformat(onset)
        return day - timedelta(days=2), day + timedelta(days=13)
    return confirmed - timedelta(days=7), confirmed + timedelta(days=10)


def do_meet(one: tuple[date, float, float], two: tuple[date, float, float]) -> bool:
    """Whether two visits lie at most a day and 500 m apart, by the spherical law of cosines."""
    if abs((one[0] - two[0]).days) > 1 or abs(one[2] - two[2]) > 1e-4:
        return False
    east = two[1] - one[1]
    cosine = math.sin(one[2]) * math.sin(two[2]) + math.cos(one[2]) * math.cos(two[2]) * math.cos(east)
    return EARTH_M * math.acos(min(1.0, cosine)) <= 500


def iso_7064_remainder(number: str) -> int:
    """ISO 7064 MOD 11-2 of a number with its check character: 1 where it is sound."""
    remainder = 0
    for character in number:
        remainder = (remainder * 2 + (10 if character == "X" else int(character))) % 11
    return remainder


def read_rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, list(rows[0]))
        lines.writeheader()
        lines.writerows(rows)
