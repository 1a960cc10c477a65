"""`ringfence sentinel` as it is typed."""

import json
import sys
from pathlib import Path

import pytest

from ringfence.cli import main


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    """Exit code, output and complaints of a command."""
    monkeypatch.setattr(sys, "argv", ["ringfence", *map(str, words)])
    code = 0
    try:
        main()
    except SystemExit as end:
        code = int(end.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def counts(tmp_path: Path) -> Path:
    path = tmp_path / "counts.csv"
    rows = "".join(f"{t},NA,A,{90 if t == 12 else 2 + t % 3},1\n" for t in range(1, 13))
    path.write_text("t,date,unit,observed,population\n" + rows, encoding="utf-8")
    return path


def test_alarms_and_statuses_are_counted(
    counts: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    control, out = counts.with_name("control.json"), counts.with_name("out.csv")
    control.write_text('{"case": "x", "control": {"method": "C1", "range": [5, 12]}}', encoding="utf-8")
    words = ("--detector", "earsC", "--control", control, counts, "--out", out)
    code, said, err = run(monkeypatch, capsys, "--json", "sentinel", "detect", *words)
    assert (code, err) == (0, "")
    answer = json.loads(said)
    assert (answer["alarms"], answer["tested"], answer["short_history"]) == (1, 5, 3)
    assert len(out.read_text(encoding="utf-8").splitlines()) == 9


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--detector", "guess"), 20, "there is no detector guess"),
        (("--detector", "ears", "--now-called", "A"), 10, "does not say OLD=NEW"),
        (("--detector", "cdc_switch"), 10, "needs the days"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    words: tuple[str, ...],
    code: int,
    said: str,
    counts: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    found, _, err = run(monkeypatch, capsys, "sentinel", "detect", *words, counts, "--out", counts.with_name("out.csv"))
    assert found == code
    assert said in err


def test_the_detectors_are_listed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    code, said, _ = run(monkeypatch, capsys, "sentinel", "detectors")
    assert code == 0
    assert "farrington_flexible" in said
