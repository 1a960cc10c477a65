"""`ringfence users`: a workbook of units becomes accounts with codes to scan, or a list of what is wrong with it."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from ringfence.access import redeem_link
from ringfence.cli import main
from ringfence.seal import write_qr_svg
from ringfence.store import open_store
from ringfence.terms import from_us

AREAS = "code,name,level,parent_code\n1,市,city,\n11,甲县,county,1\n"
UNITS = [["unit_id", "area_code", "level", "task_kinds", "daily_capacity"], ["grid-1", "11", "grid", "visit", 30]]

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Exit code and output of a command."""
    monkeypatch.setenv("RINGFENCE_HOME", str(tmp_path / "city"))
    monkeypatch.setenv("COLUMNS", "200")

    def run_command(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["ringfence", *words])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        return code, capsys.readouterr().out

    (tmp_path / "areas.csv").write_text(AREAS, encoding="utf-8")
    assert run_command("init", str(tmp_path / "city"))[0] == 0
    assert run_command("areas", "publish", str(tmp_path / "areas.csv"))[0] == 0
    return run_command


def write(path: Path, people: list[list[str]]) -> str:
    book = Workbook()
    for name, rows in (("units", UNITS), ("people", [["user_id", "unit_id", "role"], *people])):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return str(path)


def test_everybody_of_a_workbook_gets_a_code_that_leads_to_their_account(run: Run, tmp_path: Path) -> None:
    file = write(tmp_path / "units.xlsx", [["li", "grid-1", "grid_worker"], ["wang", "grid-1", "township_officer"]])
    codes = tmp_path / "codes"
    code, out = run("--json", "users", "import", file, "--qr", str(codes), "--address", "https://ringfence.example/")
    assert (code, json.loads(out)["codes"]) == (0, 2)
    assert codes.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in codes.iterdir()) == ["li.svg", "wang.svg"]
    assert "token" not in out


def test_a_code_opens_the_account_it_was_made_for(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    addresses: list[str] = []
    monkeypatch.setattr("ringfence.seal.write_qr_svg", lambda text: (addresses.append(text), write_qr_svg(text))[1])
    file = write(tmp_path / "units.xlsx", [["li", "grid-1", "grid_worker"]])
    run("users", "import", file, "--qr", str(tmp_path / "codes"), "--address", "https://ringfence.example/")
    [address] = addresses
    page, _, token = address.rpartition("/")
    assert page == "https://ringfence.example/activate"
    store = open_store(tmp_path / "city")
    [made] = store.desk.rows("select recorded_at from access_link")
    now = from_us(made.recorded_at)
    assert redeem_link(store, token, password="chosen, and long", address="", now=now).session.user_id == "li"
    store.close()


def test_bad_rows_are_listed_and_nothing_is_put_in(run: Run, tmp_path: Path) -> None:
    file = write(tmp_path / "units.xlsx", [["li", "grid-1", "king"], ["wang", "grid-7", "grid_worker"]])
    codes = tmp_path / "codes"
    code, out = run("--json", "users", "import", file, "--qr", str(codes), "--address", "https://ringfence.example")
    assert code == 10
    assert [(each["sheet"], each["row"]) for each in json.loads(out)] == [("people", 2), ("people", 3)]
    assert not codes.exists()
    assert "li" not in run("--json", "users", "list")[1]


def test_a_link_and_a_phones_link_are_made_one_by_one(run: Run, tmp_path: Path) -> None:
    codes = tmp_path / "codes"
    where = ["--qr", str(codes), "--address", "https://ringfence.example"]
    run("users", "import", write(tmp_path / "units.xlsx", []), *where)
    run("users", "add", "officer-1")
    assert run("users", "link", "officer-1", *where)[0] == 0
    assert run("users", "phone", "grid-1", *where)[0] == 0
    assert sorted(path.name for path in codes.iterdir()) == ["officer-1.svg", "phone-grid-1.svg"]
    assert run("users", "phone", "grid-9", *where)[0] == 20
    assert run("users", "sign-out", "officer-1")[0] == 0
    assert run("users", "forgive", "officer-1")[0] == 0
