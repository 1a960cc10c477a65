"""`ringfence feeds` from a file nobody knows to its rows in, its rejects back and its batch withdrawn."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ringfence.cli.app import app

SENT = """\
场所编号,场所名称,类别,区划代码
p1,平城超市,超市,1
p2,老王饭店,饭馆,1
p3,永泰门,shop,9
"""


def run(folder: Path, *words: str) -> object:
    result = CliRunner().invoke(app, ["--in", str(folder), "--as", "steward", "--json", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout) if result.stdout.strip() else None


@pytest.fixture
def laid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A deployment with one area and a steward."""
    monkeypatch.setenv("RINGFENCE_PASSWORD", "correct horse battery")
    folder = tmp_path / "city"
    runner = CliRunner()
    areas = tmp_path / "areas.csv"
    areas.write_text("code,name,level,parent_code\n1,市,city,\n", encoding="utf-8")
    for words in (
        ["init", str(folder)],
        ["--in", str(folder), "areas", "publish", str(areas)],
        ["--in", str(folder), "users", "add", "steward"],
        ["--in", str(folder), "users", "grant", "steward", "data_steward", "--area", "1"],
    ):
        result = runner.invoke(app, words, catch_exceptions=False)
        assert result.exit_code == 0, result.output
    return folder


def test_a_file_nobody_knows_is_proposed_declared_received_and_its_rejects_given_back(
    laid: Path, tmp_path: Path
) -> None:
    sent = tmp_path / "venues_2022.csv"
    sent.write_text(SENT, encoding="gb18030")
    proposed = run(laid, "feeds", "suggest", str(sent))
    assert isinstance(proposed, dict)
    text = str(proposed["text"])
    for key, value in (("department", "商务局"), ("purpose", "receiving"), ("retention", "feed.places")):
        text = text.replace(f'{key} = ""', f'{key} = "{value}"')
    text = text.replace('"超市" = ""', '"超市" = "shop"').replace('"饭馆" = ""', '"饭馆" = "restaurant"')
    mapping = tmp_path / "venues.toml"
    mapping.write_text(text, encoding="utf-8")
    run(laid, "feeds", "declare", str(mapping))
    [arrived] = run(laid, "receive", "venues", str(sent))  # type: ignore[misc]
    assert (arrived["accepted"], arrived["rejected"]) == (2, 1)
    out = tmp_path / "back.csv"
    run(laid, "feeds", "rejects", "export", str(arrived["batch_no"]), "--out", str(out))
    assert out.read_text("utf-8-sig").splitlines()[1].endswith("p3,永泰门,shop,9")
    assert run(laid, "feeds", "due") == []
    [feed] = run(laid, "feeds", "list")  # type: ignore[misc]
    assert (feed["feed"], feed["format"], feed["basis"]) == ("venues", "places", "")
    assert len(run(laid, "feeds", "batches")) == 1  # type: ignore[arg-type]
