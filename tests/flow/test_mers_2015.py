"""The example on MERS in Korea, 2015: what goes in, the windows of each report's day, and how the truth is counted."""

import csv
import importlib
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
FOUND_OUT_LATER = ("place_infect", "dt_start_exp", "dt_end_exp", "outcome", "dt_death")


@pytest.fixture(scope="module")
def examples() -> Iterator[dict[str, ModuleType]]:
    """The modules of the example, as a script finds them: beside each other."""
    sys.path.insert(0, str(EXAMPLES))
    names = ("mers_korea_2015", "mers_korea_2015_files", "mers_korea_2015_truth", "telling")
    yield {name: importlib.import_module(name) for name in names}
    sys.path.remove(str(EXAMPLES))


@pytest.fixture(scope="module")
def outbreaks(shared_data: Path) -> Path:
    return shared_data / "outbreaks"


def test_nothing_that_was_found_out_later_reaches_any_file(
    examples: dict[str, ModuleType], outbreaks: Path, tmp_path: Path
) -> None:
    rows = [{**row, **dict.fromkeys(FOUND_OUT_LATER, "tell-tale")} for row in read_line_list(outbreaks)]
    with (tmp_path / "mers_korea_2015_linelist.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, list(rows[0]))
        lines.writeheader()
        lines.writerows(rows)
    read = examples["mers_korea_2015_files"].read_mers_2015
    assert read(tmp_path) == read(outbreaks)


def test_no_case_is_told_of_before_its_report_nor_confirmed_before_its_diagnosis(
    examples: dict[str, ModuleType], outbreaks: Path
) -> None:
    dates = {row["id"]: (row["dt_report"], row["dt_diag"]) for row in read_line_list(outbreaks)}
    outbreak = examples["mers_korea_2015_files"].read_mers_2015(outbreaks)
    confirmed = set()
    for day in outbreak.days:
        for row in outbreak.files_of(day)["case_line_list"]:
            reported, diagnosed = dates[row["case_id"]]
            assert reported <= day.isoformat()
            assert (row["classification"] == "confirmed") == (diagnosed <= day.isoformat())
            confirmed |= {row["case_id"]} if row["classification"] == "confirmed" else set()
    assert confirmed == dates.keys()


def test_the_windows_of_the_first_reports_are_the_protocols(examples: dict[str, ModuleType], outbreaks: Path) -> None:
    check_windows(examples, outbreaks, last=date(2015, 5, 26))


@pytest.mark.verify
def test_the_windows_of_all_reports_are_the_protocols(examples: dict[str, ModuleType], outbreaks: Path) -> None:
    known = check_windows(examples, outbreaks, last=date.max)
    truth = examples["mers_korea_2015_truth"]
    seen = truth.Hindsight.on(known, truth.read_pairs(outbreaks), truth.read_exposures(outbreaks))
    # All 98 pairs have both onsets: the windows meet where the serial interval is 2 - 0 to 14 + 21 days.
    by_hand = sum(2 <= pair.serial_days <= 35 for pair in seen.pairs)
    assert seen.windows_meet == examples["telling"].Share(by_hand, 98)


@pytest.mark.verify
def test_the_example_tells_what_it_found(
    examples: dict[str, ModuleType], shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    examples["mers_korea_2015"].main(["--shared", str(shared_data.parent)])
    told = capsys.readouterr().out
    assert "rows accepted 169, rejected 0" in told
    assert "infectee's source window meets infector's infectious window: 98 of 98 = 100.0%" in told
    assert "the protocol says 12.6, sd 2.8" in told


def test_the_shortest_chain_of_pairs_is_the_generation(examples: dict[str, ModuleType]) -> None:
    truth = examples["mers_korea_2015_truth"]
    links = ["ab", "bc", "ac", "cd", "xy", "da"]
    pairs = [truth.Pair(infector, infectee, "ward", 7) for infector, infectee in links]
    assert truth.count_generations(pairs, index="a") == {"a": 0, "b": 1, "c": 1, "d": 2}


def check_windows(examples: dict[str, ModuleType], outbreaks: Path, *, last: date) -> dict[str, object]:
    """Windows by the printed numbers: incubation 2 to 14 days, infectious 0 or 7 days before the date to 21 after."""
    outbreak = examples["mers_korea_2015_files"].read_mers_2015(outbreaks, last=last)
    played = examples["mers_korea_2015"].replay(outbreak)
    assert played.rows["rejected"] == 0
    expected = {}
    for row in read_line_list(outbreaks):
        if date.fromisoformat(row["dt_report"]) <= last:
            has_onset = row["dt_onset"] != "NA"
            day = date.fromisoformat(row["dt_onset"] if has_onset else row["dt_report"])
            earlier = 0 if has_onset else 7
            expected[row["id"]] = (days(day, -earlier, 21), days(day, -earlier - 14, -2))
    drawn = {
        key: tuple((one.first_day, one.last_day) for one in (case.infectious, case.source))
        for key, case in played.known.items()
    }
    assert drawn == expected
    assert played.signals == len(expected)
    return dict(played.known)


def days(day: date, first: int, last: int) -> tuple[int, int]:
    """Local day numbers around a day."""
    return tuple((day + timedelta(days=number) - date(1970, 1, 1)).days for number in (first, last))


def read_line_list(outbreaks: Path) -> list[dict[str, str]]:
    with (outbreaks / "mers_korea_2015_linelist.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
