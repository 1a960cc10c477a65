"""The sheet a regulator asks for: every event of the lot's way as a row, in either form."""

import csv
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # it ships no types
import pytest

from ringfence.coldchain import Way, capture, write_trace_sheet
from ringfence.errors import InputRefused, NotAllowed
from ringfence.store import Store
from ringfence.terms import Actor

DOCK = "urn:epc:id:sgln:4012345.00001.0"
FISH, FILLET = (f"urn:epc:class:lgtin:4012345.01234{number}.L1" for number in (1, 2))
PALLET = "urn:epc:id:sscc:4012345.0000000333"
COLUMNS = ["direction", "happened_at", "event", "kind", "part", "product", "lot", "serial", "quantity", "unit", "place",
           "source", "destination", "certainty", "thing", "reference"]  # fmt: skip


def event(hour: int, kind: str, **fields: object) -> dict[str, Any]:
    return {
        "type": f"{kind}Event",
        "eventTime": f"2022-02-28T{hour:02d}:00:00Z",
        "eventTimeZoneOffset": "+08:00",
        "bizLocation": {"id": DOCK},
    } | fields


def some(lot: str, quantity: float) -> list[dict[str, object]]:
    return [{"epcClass": lot, "quantity": quantity, "uom": "KGM"}]


STORY = [
    event(6, "Object", action="OBSERVE", bizStep="receiving", quantityList=some(FISH, 12.5)),
    event(8, "Transformation", inputQuantityList=some(FISH, 12.5), outputQuantityList=some(FILLET, 11)),
    event(9, "Aggregation", action="ADD", parentID=PALLET, childQuantityList=some(FILLET, 11)),
    event(12, "Object", action="OBSERVE", bizStep="=shipping", epcList=[PALLET]),
]


@pytest.fixture
def captured(staffed: Store, now: datetime) -> Store:
    capture(staffed, json.dumps(STORY).encode(), is_whole=True, actor=Actor("warehouse"), now=now)
    return staffed


def write(store: Store, path: Path, now: datetime, *, by: str = "epidemiologist") -> int:
    return write_trace_sheet(store, FISH, path, way=Way.FORWARD, actor=Actor(by), now=now)


def test_every_event_of_the_way_is_a_row(captured: Store, tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "sheet.csv"
    assert write(captured, path, now) == 6
    head, *rows = csv.reader(path.read_text("utf-8-sig").splitlines())
    assert head == COLUMNS
    first = dict(zip(head, rows[0], strict=True))
    assert (first["happened_at"], first["event"], first["product"], first["lot"]) == (
        "2022-02-28 14:00:00", "receiving", "04012345123418", "L1",
    )  # fmt: skip
    assert (first["quantity"], first["unit"], first["certainty"]) == ("12.5", "KGM", "certain")
    assert [row[head.index("part")] for row in rows] == ["object", "input", "output", "parent", "child", "object"]
    assert rows[-1][head.index("serial")] == "040123450000003338"
    assert rows[-1][head.index("event")] == "'=shipping"


def test_a_workbook_sorts_by_time_and_amount_and_runs_no_formula(
    captured: Store, tmp_path: Path, now: datetime
) -> None:
    path = tmp_path / "sheet.xlsx"
    assert write(captured, path, now) == 6
    sheet = openpyxl.load_workbook(path).active
    head, *rows = sheet.iter_rows(values_only=True)
    assert list(head) == COLUMNS
    assert (rows[0][1], rows[0][8]) == (datetime(2022, 2, 28, 14), 12.5)  # noqa: DTZ001 (a sheet's times have no zone)
    assert (sheet.auto_filter.ref, sheet.freeze_panes) == ("A1:P7", "A2")
    assert "f" not in {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row}


def test_an_event_declared_wrong_is_no_row(captured: Store, tmp_path: Path, now: datetime) -> None:
    wrong = {"errorDeclaration": {"declarationTime": "2022-02-28T20:00:00Z", "reason": "did_not_occur"}}
    capture(captured, json.dumps([STORY[3] | wrong]).encode(), is_whole=True, actor=Actor("warehouse"), now=now)
    assert write(captured, tmp_path / "sheet.csv", now) == 5


def test_another_suffix_or_another_role_writes_nothing(captured: Store, tmp_path: Path, now: datetime) -> None:
    with pytest.raises(InputRefused):
        write(captured, tmp_path / "sheet.pdf", now)
    with pytest.raises(NotAllowed):
        write(captured, tmp_path / "sheet.csv", now, by="warehouse")
    assert list(tmp_path.glob("sheet.*")) == []
