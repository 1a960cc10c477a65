"""`ringfence link` as it is typed: files alone need no deployment, reviews do."""

import json
import sys
from pathlib import Path

import pytest

from ringfence.cli import main

REGISTER = "person_id,household_id,name,id_number\nP1,H1,王建国,110105194912310011\n"
ROWS = "row_id,name,id_number\nr1,汪建国,110105194912310011\nr2,周明,\n"


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
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "register.csv").write_text(REGISTER, encoding="utf-8")
    (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")
    return tmp_path


def test_two_files_are_linked_and_counted(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files = ("--register", folder / "register.csv", "--rows", folder / "rows.csv", "--out", folder / "links.csv")
    code, out, err = run(monkeypatch, capsys, "--json", "link", "run", *files)
    assert (code, err) == (0, "")
    counts = json.loads(out)
    assert {name: counts[name] for name in ("rows", "person", "household", "review", "none")} == {
        "rows": 2,
        "person": 1,
        "household": 0,
        "review": 0,
        "none": 1,
    }


def test_a_file_that_is_not_there_is_one_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(monkeypatch, capsys, "link", "dedupe", folder / "none.csv", "--out", folder / "out.csv")
    assert (code, out) == (10, "")
    assert err == "Refused: none.csv is no file; name a CSV file\n"


def test_a_key_is_never_written_over(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = folder / "purpose.key"
    assert run(monkeypatch, capsys, "link", "key", key)[0] == 0
    kept = key.read_text(encoding="ascii")
    assert key.stat().st_mode & 0o077 == 0
    assert run(monkeypatch, capsys, "link", "key", key)[0] == 10
    assert key.read_text(encoding="ascii") == kept


def test_the_queue_of_a_new_deployment_is_empty_and_only_for_those_who_may(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RINGFENCE_HOME", str(folder / "city"))
    assert run(monkeypatch, capsys, "init", folder / "city")[0] == 0
    code, _, err = run(monkeypatch, capsys, "link", "review", "list")
    assert code == 30
    assert "may not do link.review" in err
    assert run(monkeypatch, capsys, "users", "add", "steward")[0] == 0
    assert run(monkeypatch, capsys, "users", "grant", "steward", "data_steward")[0] == 0
    code, out, _ = run(monkeypatch, capsys, "--json", "--as", "steward", "link", "review", "list")
    assert (code, json.loads(out)) == (0, [])
