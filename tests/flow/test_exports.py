"""Lists as files of every kind: the same rows in each, numbered, without a name, and known when they come back."""

import csv
import json
from itertools import product
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from small_town import CHIEF, EPIDEMIOLOGIST, EVENING, Town, case, check_in, sample

from ringfence.account import Wanted, list_exports, make_export
from ringfence.errors import ApprovalMissing, InputRefused, NotAllowed
from ringfence.intake import Delivery
from ringfence.store import Store
from ringfence.terms import Actor, RecordKind

LUNCH = ("2022-02-28 12:00", "2022-02-28 13:00")
PURPOSES = {
    "line_list": ("verification", EPIDEMIOLOGIST),
    "contacts": ("tracing", EPIDEMIOLOGIST),
    "signals": ("verification", EPIDEMIOLOGIST),
    "chain_cases": ("tracing", EPIDEMIOLOGIST),
    "chain_contacts": ("tracing", EPIDEMIOLOGIST),
    "samples": ("verification", EPIDEMIOLOGIST),
    "places": ("verification", EPIDEMIOLOGIST),
    "tasks": ("accountability", CHIEF),
    "orders": ("accountability", CHIEF),
    "follow_up": ("accountability", CHIEF),
    "findings": ("accountability", CHIEF),
}
NAMES = ("王建国", "李志强", "高丽华", "13800000101", "140211")


@pytest.fixture
def town(staffed: Store, tmp_path: Path) -> Town:
    (tmp_path / "files").mkdir()
    opened = Town(staffed, tmp_path / "files", now=EVENING)
    opened.settle()
    opened.receive(
        check_ins=[check_in("wang1", "noodles", *LUNCH), check_in("gao1", "noodles", *LUNCH)],
        laboratory_results=[sample("li1", "s1", "2022-03-01 08:00", "negative")],
        case_line_list=[case("wang1", "C1", "2022-03-01 18:00", onset_date="2022-02-28")],
    )
    opened.respond()
    return opened


def filters_of(name: str, signal: int) -> dict[str, str]:
    """What a list cannot be taken out without."""
    of_chains = {"disease": "covid19"}
    asked = {"contacts": {"signal": str(signal)}, "chain_cases": of_chains, "chain_contacts": of_chains}
    return asked.get(name, {})


def make(town: Town, name: str, path: Path, *, actor: Actor | None = None, **filters: str) -> int:
    purpose, usual = PURPOSES[name]
    wanted = Wanted(name=name, filters=filters, area_path="1/", purpose_key=purpose)
    return make_export(town.store, wanted, path=path, actor=actor or usual, now=town.now).row_count


def read(path: Path) -> list[dict[str, object]]:
    if path.suffix == ".csv":
        return [dict(row) for row in csv.DictReader(path.read_text("utf-8-sig").splitlines())]
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    if path.suffix == ".parquet":
        return [dict(row) for row in pq.read_table(path).to_pylist()]
    header, *rows = openpyxl.load_workbook(path)["export"].iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def as_texts(rows: list[dict[str, object]]) -> list[dict[str, str]]:
    def text(value: object) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        return "" if value is None else str(float(value)) if isinstance(value, int | float) else str(value)

    def number(value: str) -> str:
        return str(float(value)) if value.replace(".", "", 1).lstrip("-").isdigit() else value

    return [{name: number(text(value)) for name, value in row.items() if name != "export"} for row in rows]


def test_every_list_of_the_issue_can_be_taken_out() -> None:
    assert set(PURPOSES) == set(list_exports())
    assert {"line_list", "contacts", "tasks", "follow_up", "samples", "places"} <= set(list_exports())


@pytest.mark.parametrize("name", sorted(PURPOSES))
def test_every_kind_of_file_holds_the_same_rows_and_no_name(town: Town, tmp_path: Path, name: str) -> None:
    [(signal,)] = town.rows("select signal_id from visible_signal")
    filters = filters_of(name, signal)
    said = {}
    for suffix in (".csv", ".xlsx", ".jsonl", ".parquet"):
        path = tmp_path / f"{name}{suffix}"
        count = make(town, name, path, **filters)
        said[suffix] = as_texts(read(path))
        assert len(said[suffix]) == count
        if suffix in {".csv", ".jsonl"}:
            assert not [word for word in NAMES if word in path.read_text("utf-8-sig")]
    assert said[".csv"] == said[".xlsx"] == said[".jsonl"] == said[".parquet"]
    if name not in {"orders", "findings", "chain_contacts"}:
        assert said[".csv"], "there is something to take out"


@pytest.mark.parametrize("name", sorted(PURPOSES))
def test_an_export_of_any_list_in_any_kind_of_file_changes_nothing_when_it_comes_back(
    town: Town, tmp_path: Path, name: str
) -> None:
    [(signal,)] = town.rows("select signal_id from visible_signal")
    filters = filters_of(name, signal)
    sent = [tmp_path / f"{name}{suffix}" for suffix in (".csv", ".xlsx", ".jsonl", ".parquet")]
    for path in sent:
        make(town, name, path, **filters)
    before = standing(town)
    for path, format_name in product(sent, ("places", "case_line_list", "laboratory_results", "check_ins")):
        [arrived] = town.send(Delivery(format_name, path))
        assert (arrived.is_known, arrived.accepted, arrived.rejected) == (True, 0, 0)
    assert standing(town) == before


def standing(town: Town) -> dict[str, object]:
    """How much of everything there is."""
    tables = ("batch", "place", "visible_case_episode", "visible_signal", "visible_task", "visible_follow_up")
    counts: dict[str, object] = {name: town.rows(f"select count(*) from {name}") for name in tables}  # noqa: S608 - fixed
    return counts | {kind: town.store.lake.read(kind).num_rows for kind in RecordKind}


def test_places_taken_out_and_typed_over_come_back_as_places(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    make(town, "places", path)
    lines = path.read_text("utf-8-sig").splitlines()
    path.write_text("\n".join(line.rpartition(",")[0] for line in lines).replace('"', "") + "\n", "utf-8")
    before = town.rows("select place_no, place_id, name, kind, area_code from place order by place_no")
    [arrived] = town.send(Delivery("places", path))
    assert (arrived.accepted, arrived.rejected) == (len(lines) - 1, 0)
    assert town.rows("select place_no, place_id, name, kind, area_code from place order by place_no") == before


def test_who_may_not_see_a_list_or_names_another_suffix_gets_no_file(town: Town, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        make(town, "tasks", tmp_path / "tasks.csv", actor=Actor("grid_worker"))
    with pytest.raises(NotAllowed):
        make(town, "samples", tmp_path / "samples.csv", actor=Actor("township_officer@111"))
    with pytest.raises(InputRefused, match=r"\.parquet"):
        make(town, "tasks", tmp_path / "tasks.doc")
    wanted = Wanted(name="everything", filters={}, area_path="1/", purpose_key="accountability")
    with pytest.raises(InputRefused, match="there is no export"):
        make_export(town.store, wanted, path=tmp_path / "all.csv", actor=CHIEF, now=town.now)
    assert list(tmp_path.glob("*.*")) == []


def test_what_would_be_a_formula_is_a_text(town: Town, tmp_path: Path) -> None:
    evil = {"place_id": "=1+1", "name": "=HYPERLINK()", "kind": "shop", "area_code": "111"}
    town.receive(places=[evil])
    make(town, "places", tmp_path / "places.csv")
    assert "'=HYPERLINK()" in (tmp_path / "places.csv").read_text("utf-8-sig")
    make(town, "places", tmp_path / "places.xlsx")
    cells = [cell for row in openpyxl.load_workbook(tmp_path / "places.xlsx")["export"] for cell in row]
    assert [cell.data_type for cell in cells if cell.value == "=HYPERLINK()"] == ["s"]


def test_a_long_export_waits_for_a_second_signature(town: Town, tmp_path: Path) -> None:
    town.receive(places=[{"place_id": f"x{n}", "name": "x", "kind": "shop", "area_code": "111"} for n in range(600)])
    with pytest.raises(ApprovalMissing):
        make(town, "places", tmp_path / "places.csv")
    assert not (tmp_path / "places.csv").exists()
