"""Every shared reference case, from file to file: what R surveillance and the CDC's Rnssp answered for these counts."""

import csv
import json
import os
from pathlib import Path

import numpy as np
import pytest

from ringfence.sentinel import detect, read_counts, write_alarms

SENTINEL = Path(os.environ.get("RINGFENCE_SHARED", Path(__file__).parents[4] / "shared")) / "data" / "sentinel"
FOLDERS = ("farrington_flexible", "farrington_classic", "ears", "cusum_other")
CASES = sorted(path for folder in FOLDERS for path in (SENTINEL / folder).glob("*.json"))
FRAMES = [
    ("in_daily_mid", "alert_ewma", {}, "alert_ewma_mid"),
    ("in_daily_mid", "alert_regression", {}, "alert_regression_mid"),
    ("in_daily_mid", "alert_switch", {}, "alert_switch_mid"),
    ("in_weekly_Scenario1", "alert_farrington", {}, "alert_farrington_original_Scenario1"),
    ("in_weekly_Scenario1", "alert_farrington", {"method": "modified"}, "alert_farrington_modified_Scenario1"),
]
ROUNDING = 1e-12  # what differences of numbers near 1 keep of their own rounding (a score of 3e-11 is one)


def read_columns(path: Path) -> dict[str, list[str]]:
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: [row[name] for row in rows] for name in rows[0]}


def compare(found: Path, wanted: Path) -> list[str]:
    """What differs between two files: columns, NA pattern, words, or numbers by more than 1e-9 relative."""
    ours, theirs = read_columns(found), read_columns(wanted)
    assert list(ours) == list(theirs)
    return [f"{name}: {bad}" for name in theirs if (bad := differences(ours[name], theirs[name]))]


def differences(ours: list[str], theirs: list[str]) -> list[tuple[int, str, str]]:
    assert len(ours) == len(theirs)
    pairs = enumerate(zip(ours, theirs, strict=True))
    return [(row, our, their) for row, (our, their) in pairs if our != their and not is_close(our, their)]


def is_close(our: str, their: str) -> bool:
    try:
        return bool(np.isclose(float(our), float(their), rtol=1e-9, atol=ROUNDING))
    except ValueError:
        return False


@pytest.mark.skipif(not CASES, reason="shared vectors are missing: no cases of sentinels; set RINGFENCE_SHARED")
@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_a_case_of_r_is_answered_as_r_answered_it(case: Path, tmp_path: Path) -> None:
    told = json.loads(case.read_text(encoding="utf-8"))
    index = json.loads((SENTINEL / "inputs" / "index.json").read_text(encoding="utf-8"))[told["input"]]
    file = SENTINEL / "inputs" / f"{told['input']}.csv"
    read = read_counts(file, frequency=index["freq"], first_season=index["start"][1])
    write_alarms(tmp_path / "out.csv", read, detect(read.counts, detector=told["fun"], control=told["control"]))
    assert not compare(tmp_path / "out.csv", case.with_suffix(".csv"))


@pytest.mark.skipif(not SENTINEL.is_dir(), reason="shared vectors are missing: no sentinels; set RINGFENCE_SHARED")
@pytest.mark.parametrize(("counts", "detector", "control", "wanted"), FRAMES, ids=[frame[3] for frame in FRAMES])
def test_a_case_of_the_cdc_is_answered_as_rnssp_answered_it(
    counts: str, detector: str, control: dict[str, object], wanted: str, tmp_path: Path
) -> None:
    read = read_counts(SENTINEL / "nssp" / f"{counts}.csv")
    write_alarms(tmp_path / "out.csv", read, detect(read.counts, detector=detector, control=control))
    assert not compare(tmp_path / "out.csv", SENTINEL / "nssp" / f"{wanted}.csv")
