"""The command line as a newcomer meets it: from init to an audited signal, and errors as one sentence."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ringfence.cli import main

AREAS = "code,name,level,parent_code\n1,市,city,\n11,甲县,county,1\n"


class Terminal:
    """A terminal in which `ringfence` is typed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys
        monkeypatch.setenv("RINGFENCE_HOME", str(home))
        monkeypatch.setenv("COLUMNS", "200")

    def run(self, *words: str) -> tuple[int, str, str]:
        """Exit code, output and complaints of a command."""
        self._monkeypatch.setattr(sys, "argv", ["ringfence", *words])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = self._capsys.readouterr()
        return code, out, err

    def json(self, *words: str) -> dict[str, object]:
        """The answer of a command that must succeed, as JSON."""
        code, out, err = self.run("--json", *words)
        assert code == 0, err
        answer: dict[str, object] = json.loads(out)
        return answer


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Terminal:
    at = Terminal(monkeypatch, capsys, tmp_path / "city")
    at.json("init", str(tmp_path / "city"))
    return at


def test_a_newcomer_gets_from_init_to_a_verified_signal_on_an_intact_ledger(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "areas.csv").write_text(AREAS, encoding="utf-8")
    assert terminal.json("areas", "publish", str(tmp_path / "areas.csv"))["added"] == 2
    terminal.json("users", "add", "officer-1")
    terminal.json("users", "grant", "officer-1", "epidemiologist", "--area", "11")
    raised = terminal.json(
        "--as", "officer-1", "signal", "raise", "report", "covid19", "--subject", "place:7", "--area", "11"
    )
    assert raised["status"] == "raised"
    assert terminal.json("--as", "officer-1", "signal", "verify", str(raised["signal"]))["status"] == "verified"
    answer = terminal.json("audit", "verify")
    assert int(str(answer["lines"])) >= 6


def test_an_error_is_one_sentence_and_its_exit_code(terminal: Terminal) -> None:
    code, out, err = terminal.run("signal", "verify", "99")
    assert (code, out) == (20, "")
    assert err == "Refused: there is no signal 99; `ringfence signal list` shows yours\n"


def test_a_second_init_in_the_same_folder_is_refused(terminal: Terminal, tmp_path: Path) -> None:
    code, _, err = terminal.run("init", str(tmp_path / "city"))
    assert code == 51
    assert "holds a deployment already; choose another folder" in err


def test_a_folder_without_a_deployment_says_how_to_make_one(terminal: Terminal, tmp_path: Path) -> None:
    code, _, err = terminal.run("--in", str(tmp_path / "nowhere"), "audit", "verify")
    assert code == 51
    assert "make one with: ringfence init" in err


def test_heads_a_custodian_kept_are_found_in_the_ledger_again(terminal: Terminal, tmp_path: Path) -> None:
    kept = tmp_path / "heads.txt"
    terminal.json("audit", "heads", "--out", str(kept))
    terminal.json("users", "add", "officer-2")
    terminal.json("audit", "heads", "--out", str(kept))
    assert terminal.json("audit", "verify", "--heads", str(kept))["witnessed"] == 2


def test_a_draft_is_shown_proposed_approved_by_another_and_only_then_in_force(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RINGFENCE_PASSWORD", "second officer's own")
    terminal.json("users", "add", "officer-1", "--password")
    terminal.json("users", "grant", "officer-1", "city_officer")
    draft = str(tmp_path / "draft")
    terminal.json("policy", "draft", draft)
    gates = tmp_path / "draft" / "gates.yaml"
    gates.write_text(gates.read_text(encoding="utf-8").replace("2022-04-01: 24}", "2022-04-01: 24, 2099-01-01: 12}"))
    days = ("--from", "2098-12-31")
    [change] = _rows(terminal, "policy", "plan", draft, *days)
    assert (change["change"], change["key"], change["value"]) == ("added", "gate.test_max_age_hours", 12)
    proposal = str(terminal.json("policy", "propose", draft, *days)["proposal"])
    code, _, err = terminal.run("policy", "publish", draft, *days, "--proposal", proposal)
    assert (code, "is not approved" in err) == (31, True)
    assert terminal.json("--as", "officer-1", "policy", "approve", proposal)["approved_by"] == "officer-1"
    assert terminal.json("policy", "publish", draft, *days, "--proposal", proposal)["version"] == 2
    [row] = _rows(terminal, "policy", "show", "gate.test_max")
    assert (row["value"], row["next_value"]) == ("24", None)  # published, but in force only from its day on


@pytest.mark.usefixtures("terminal")
def test_answers_speak_chinese_where_that_is_asked_for() -> None:
    command = [sys.executable, "-m", "ringfence", "--language", "zh", "audit", "verify"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own command
    assert "账本完整" in done.stdout


def _rows(terminal: Terminal, *words: str) -> list[dict[str, object]]:
    code, out, err = terminal.run("--json", *words)
    assert code == 0, err
    rows: list[dict[str, object]] = json.loads(out)
    return rows
