"""A superior's form comes back filled from the scorecard; a name nobody declared is one error with its cell."""

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from ringfence.access import read_purpose, read_scope
from ringfence.account import fill_form
from ringfence.errors import InputRefused
from ringfence.policy import Policy, read_in_force
from ringfence.store import Act, Scope, Store
from ringfence.terms import Actor, Area, to_us

SCORES = [
    ("1/", "tasks_done_in_time", 900, 1000),
    ("1/11/", "tasks_done_in_time", 500, 600),
    ("1/12/", "tasks_done_in_time", 400, 400),
    ("1/11/111/", "tasks_done_in_time", 500, 600),
]


@pytest.fixture
def scored(staffed: Store, now: datetime) -> Store:
    insert = (
        "insert into scorecard (day, area_path, indicator, numerator, denominator, recorded_at) "
        "values (:day, :area_path, :indicator, :numerator, :denominator, :recorded_at)"
    )

    def put(act: Act) -> None:
        names = ("area_path", "indicator", "numerator", "denominator")
        rows = [dict(zip(names, score, strict=True)) for score in SCORES]
        day = staffed.clock.day_of(now)
        act.run_many(insert, [{**row, "day": day, "recorded_at": to_us(now)} for row in rows])
        act.note("scorecard.written")

    staffed.act(put, actor=Actor("city_officer"), now=now)
    return staffed


def fill(
    store: Store, cells: dict[str, object], folder: Path, *, areas: dict[str, Area], now: datetime, area: str
) -> dict[str, object]:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for place, value in cells.items():
        sheet[place] = value
    book.save(folder / "form.xlsx")
    purpose = read_purpose(store.desk, "accountability", now=now)
    scope: Scope = read_scope(store.desk, Actor("city_officer"), purpose, now=now)
    policy = Policy(read_in_force(store.desk, now=now), store.clock.day_of(now))
    fill_form(
        folder / "form.xlsx", folder / "filled.xlsx", desk=store.desk, scope=scope, area=areas[area], areas=areas,
        policy=policy,
    )  # fmt: skip
    filled = openpyxl.load_workbook(folder / "filled.xlsx").active
    assert filled is not None
    return {cell.coordinate: cell.value for row in filled.iter_rows() for cell in row if cell.value is not None}


def test_names_become_shares_counts_names_and_days_and_a_level_goes_down_the_column(
    scored: Store, tmp_path: Path, areas: dict[str, Area], now: datetime
) -> None:
    form = {
        "A1": "{{area}}疫情防控日报（{{day}}）",
        "B2": "{{ tasks_done_in_time }}",
        "C2": "{{tasks_done_in_time.numerator}}",
        "D2": "{{tasks_done_in_time.denominator}}",
        "A4": "{{area.county}}",
        "B4": "{{tasks_done_in_time.county}}",
        "C4": "{{tasks_done_in_time.county.numerator}}/{{tasks_done_in_time.county.denominator}}",
        "A9": "=SUM(C2:D2)",
        "B9": 7,
    }
    assert fill(scored, form, tmp_path, areas=areas, now=now, area="1") == {
        "A1": "市疫情防控日报（2022-03-01）",
        "B2": 0.9,
        "C2": 900,
        "D2": 1000,
        "A4": "甲县",
        "A5": "乙县",
        "B4": 500 / 600,
        "B5": 1,
        "C4": "500/600",
        "C5": "400/400",
        "A9": "=SUM(C2:D2)",
        "B9": 7,
    }


def test_a_countys_form_speaks_of_the_county_and_what_is_not_known_stays_empty(
    scored: Store, tmp_path: Path, areas: dict[str, Area], now: datetime
) -> None:
    form = {
        "A1": "{{area}}",
        "A2": "{{area.township}}",
        "B2": "{{tasks_done_in_time.township.numerator}}",
        "C1": "{{found_reached}}",
        "D1": "{{area.grid}}" if any(one.level == "grid" for one in areas.values()) else "",
    }
    filled = fill(scored, form, tmp_path, areas=areas, now=now, area="11")
    assert {place: filled.get(place) for place in ("A1", "A2", "A3", "B2", "B3", "C1")} == {
        "A1": "甲县",
        "A2": "子镇",
        "A3": "丑镇",
        "B2": 500,
        "B3": None,
        "C1": None,
    }


@pytest.mark.parametrize(
    "name",
    ["coverage", "tasks_done_in_time.province", "tasks_done_in_time.county.share", "area.numerator", "", "day.county"],
)
def test_a_name_nobody_declared_is_one_error_with_its_cell(
    scored: Store, tmp_path: Path, areas: dict[str, Area], now: datetime, name: str
) -> None:
    with pytest.raises(InputRefused, match="cell B3 of sheet Sheet names") as refusal:
        fill(scored, {"A1": "{{area}}", "B3": f"{{{{{name}}}}}"}, tmp_path, areas=areas, now=now, area="1")
    assert refusal.value.values["name"] == name
    assert not (tmp_path / "filled.xlsx").exists()


def test_what_is_no_workbook_is_refused(scored: Store, tmp_path: Path, areas: dict[str, Area], now: datetime) -> None:
    (tmp_path / "form.docx").write_bytes(b"PK\x03\x04 no")
    policy = Policy(read_in_force(scored.desk, now=now), scored.clock.day_of(now))
    with pytest.raises(InputRefused, match="no workbook"):
        fill_form(
            tmp_path / "form.docx", tmp_path / "out.xlsx", desk=scored.desk, scope=Scope.of_system(),
            area=areas["1"], areas=areas, policy=policy,
        )  # fmt: skip
