"""`ringfence coldchain` as it is typed; only capturing needs a deployment."""

import json
import sys
from pathlib import Path

import pytest

from ringfence.cli import main


class Terminal:
    """A terminal wide enough for one line a sentence."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys
        monkeypatch.setenv("COLUMNS", "300")

    def run(self, *words: object) -> tuple[int, str, str]:
        """Exit code, output and complaints."""
        self._monkeypatch.setattr(sys, "argv", ["ringfence", *map(str, words)])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        return code, *self._capsys.readouterr()


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(monkeypatch, capsys)


def event(**fields: object) -> dict[str, object]:
    return {
        "type": "ObjectEvent",
        "eventTime": "2022-03-01T08:00:00Z",
        "eventTimeZoneOffset": "+08:00",
        "action": "OBSERVE",
        "epcList": ["urn:epc:id:sscc:4012345.0000000333"],
    } | fields


def test_a_urn_becomes_a_link_and_comes_back(terminal: Terminal) -> None:
    urn, link = "urn:epc:id:sgtin:4012345.012345.12", "https://id.gs1.org/01/04012345123456/21/12"
    assert terminal.run("coldchain", "convert", urn) == (0, link + "\n", "")
    assert terminal.run("coldchain", "convert", link, "--prefix-digits", 7) == (0, urn + "\n", "")
    code, out, _ = terminal.run("--json", "coldchain", "convert", urn)
    assert (code, json.loads(out)) == (0, {"from": urn, "to": link})


def test_what_cannot_be_converted_is_one_sentence(terminal: Terminal) -> None:
    code, out, err = terminal.run("coldchain", "convert", "https://id.gs1.org/01/04012345123456")
    assert (code, out) == (10, "")
    assert err.startswith("Refused: https://id.gs1.org/01/04012345123456: a Digital Link does not say")


def test_a_file_is_hashed_one_event_a_line(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "events.json"
    file.write_text(json.dumps([event(), event(action="ADD"), event()]))
    code, out, err = terminal.run("coldchain", "hash", file)
    first, second, third = out.splitlines()
    assert (code, err) == (0, "")
    assert first == third != second
    assert first.startswith("ni:///sha-256;")
    assert first.endswith("?ver=CBV2.0")


def test_a_file_with_an_event_that_has_no_hash_prints_none(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "events.json"
    file.write_text(json.dumps([event(), event(eventTime="soon")]))
    code, out, err = terminal.run("coldchain", "hash", file)
    assert (code, out) == (10, "")
    assert "$[1]: soon is no time with seconds and a zone" in err


def test_a_file_is_checked_by_event_and_path(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "events.json"
    file.write_text(json.dumps([event(), event(eventTime="2999-01-01T00:00:00Z", bizStep="fishing")]))
    code, out, err = terminal.run("coldchain", "check", file, "--json")
    told = json.loads(out)
    assert (code, err) == (10, "")
    assert (told["events"], told["errors"], told["warnings"]) == (2, 1, 1)
    assert [(one["event"], one["rule"], one["path"]) for one in told["problems"]] == [
        (1, "event_is_past", "$[1].eventTime"),
        (1, "business_step_is_known", "$[1].bizStep"),
    ]


def test_warnings_alone_do_not_fail_a_check(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "events.json"
    file.write_text(json.dumps([event(bizStep="fishing")]))
    code, out, _ = terminal.run("coldchain", "check", file)
    assert code == 0
    assert "fishing" in out
    assert "1 events: 0 errors, 1 warnings." in out


def test_files_are_captured_and_what_breaks_a_rule_is_told(terminal: Terminal, tmp_path: Path) -> None:
    folder, areas, file = tmp_path / "city", tmp_path / "areas.csv", tmp_path / "events.json"
    areas.write_text("code,name,level,parent_code\n1,市,city,\n", encoding="utf-8")
    file.write_text(json.dumps([event(), event(eventTime="2999-01-01T00:00:00Z")]))
    at = ("--in", folder)
    for typed in (
        ("init", folder),
        (*at, "areas", "publish", areas),
        (*at, "users", "add", "store-1"),
        (*at, "users", "grant", "store-1", "warehouse", "--area", "1"),
    ):
        assert terminal.run(*typed)[0] == 0
    asked = (*at, "--as", "store-1", "coldchain", "capture", file)
    code, out, _ = terminal.run(*asked, "--json")
    [told] = json.loads(out)["files"]
    assert (code, told["accepted"], told["rejected"]) == (10, 1, 1)
    assert [one["rule"] for one in told["problems"]] == ["event_is_past"]
    code, out, _ = terminal.run(*asked)
    assert "events.json" in out


def test_a_lot_is_traced_as_json_and_as_a_table(terminal: Terminal, tmp_path: Path) -> None:
    folder, areas, file = tmp_path / "city", tmp_path / "areas.csv", tmp_path / "events.json"
    areas.write_text("code,name,level,parent_code\n1,市,city,\n", encoding="utf-8")
    pallet, case = "urn:epc:id:sscc:4012345.0000000333", "urn:epc:id:sscc:4012345.0000000111"
    packed = event(type="AggregationEvent", action="ADD", parentID=pallet, childEPCs=[case]) | {"epcList": None}
    file.write_text(json.dumps([packed, event(bizLocation={"id": "urn:epc:id:sgln:4012345.00005.0"})]))
    at = ("--in", folder)
    for typed in (
        ("init", folder),
        (*at, "areas", "publish", areas),
        *((*at, "users", "add", user) for user in ("store-1", "tracer")),
        (*at, "users", "grant", "store-1", "warehouse", "--area", "1"),
        (*at, "users", "grant", "tracer", "epidemiologist", "--area", "1"),
        (*at, "--as", "store-1", "coldchain", "capture", file),
    ):
        assert terminal.run(*typed)[0] == 0
    asked = (*at, "--as", "tracer", "coldchain", "trace", case, "--direction", "forward")
    code, out, _ = terminal.run(*asked, "--json")
    told = json.loads(out)
    assert code == 0
    assert [(one["thing"][-4:], one["is_carrier"]) for one in told["things"]] == [("1112", False), ("3338", True)]
    assert [one["name"] for one in told["places"]] == ["https://id.gs1.org/414/4012345000054"]
    code, out, _ = terminal.run(*asked)
    assert "packed" in out
    sheet = tmp_path / "sheet.csv"
    code, out, _ = terminal.run(*at, "--as", "tracer", "coldchain", "sheet", case, sheet)
    assert (code, "rows of the trace are in sheet.csv" in out) == (0, True)
    assert sheet.read_text("utf-8-sig").count("\n") > 1
