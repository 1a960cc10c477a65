"""What the command line does, done over HTTP: fences by two officers, exports by two, workbooks, feeds, looks."""

import io
from datetime import datetime

import openpyxl
import pytest
from api_callers import Api
from api_city import put_things

from ringfence.access import add_user, grant_role
from ringfence.seal import make_key_files
from ringfence.store import EVERYWHERE, Act, Store
from ringfence.terms import Actor, Grant, Role, day_number
from ringfence.work import DISPUTE_LINK, LINKS_NAME

PASSWORD = "a long password"
FENCE = {"disease": "covid19", "level": "high", "from_day": "2022-02-20", "to_day": None, "areas": ["111"]}

INSERT_SCORE = """
insert into scorecard (day, area_path, indicator, numerator, denominator, recorded_at)
values (:day, :path, 'tasks_done_in_time', :numerator, :denominator, 1)
"""


@pytest.fixture
def api(staffed: Store, now: datetime) -> Api:
    def add_second(act: Act) -> None:
        add_user(act, "city-2")
        grant_role(act, "city-2", Grant(role=Role.CITY_OFFICER, area_path=EVERYWHERE))

    staffed.act(add_second, actor=Actor("administrator"), now=now)
    make_key_files(staffed.deployment.keys.parent, kinds={LINKS_NAME: DISPUTE_LINK}, now=now)
    api = Api(staffed, now)
    for user in ("city-2", "county_officer"):
        api.post("administrator", f"/users/{user}/password", {"password": PASSWORD})
    return api


def approved(api: Api, number: int) -> int:
    """A proposal, approved by the second officer."""
    api.post("city-2", f"/approvals/{number}/approve", {"password": PASSWORD})
    return number


def test_a_fence_is_foreseen_approved_published_and_lifted(api: Api) -> None:
    drawn = {"fence": FENCE}
    assert api.post("epidemiologist", "/risk-areas/plan", drawn)["added"] == 0
    told = api.post("city_officer", "/risk-areas/plan", drawn)
    assert (told["added"], told["by_area"], told["touched"]) == (None, [], [["1/11/111/", 0]])
    number = api.post("city_officer", "/risk-areas/proposals", drawn)["approval_id"]
    early = api.ask("city_officer", "POST", "/risk-areas/versions", json={**drawn, "approval_id": number})
    assert early.json()["type"] == "urn:ringfence:problem:approval-missing"
    made = api.post("city_officer", "/risk-areas/versions", {**drawn, "approval_id": approved(api, number)})
    [row] = api.get("gate_staff", "/risk-areas")["rows"]
    assert (row["risk_area_id"], row["areas"], row["is_lifted"]) == (made["risk_area_id"], ["111"], False)
    path = f"/risk-areas/{made['risk_area_id']}"
    end = api.post("city_officer", f"{path}/lifting-proposals", {})["approval_id"]
    assert api.post("city_officer", f"{path}/lift", {"approval_id": approved(api, end)}) == {"tasks": []}
    assert api.get("city_officer", "/risk-areas")["rows"][0]["is_lifted"]


def test_an_export_comes_as_a_file_with_its_number(api: Api, now: datetime) -> None:
    put_things(api.store, "1/11/111/", person=101, now=now)
    wanted = {"name": "signals", "purpose": "verification", "container": "csv"}
    answer = api.ask("city_officer", "POST", "/exports", json=wanted)
    assert (answer.status_code, answer.headers["export-number"]) == (200, "1")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith('"signal_id"')
    assert "positive_test" in lines[1]


def test_an_export_is_signed_by_somebody_else_with_their_password(api: Api, now: datetime) -> None:
    put_things(api.store, "1/11/111/", person=101, now=now)
    found = api.post("city_officer", "/exports/proposals", {"name": "tasks", "purpose": "accountability"})
    assert found["rows"] == 1
    path = f"/exports/proposals/{found['approval_id']}/sign"
    assert api.ask("county_officer", "POST", path, json={"password": "wrong"}).status_code == 403
    assert api.post("county_officer", path, {"password": PASSWORD}) == {"is_done": True}
    assert api.ask("county_officer", "POST", path, json={"password": PASSWORD}).status_code == 404


def test_a_workbook_puts_units_and_people_in_all_or_none(api: Api) -> None:
    book = openpyxl.Workbook()
    book.active.title = "units"
    book["units"].append(["unit_id", "area_code", "level", "daily_capacity", "task_kinds"])
    book["units"].append(["g-9", "111", "grid", "20", "visit"])
    people = book.create_sheet("people")
    people.append(["user_id", "unit_id", "role"])
    people.append(["worker-9", "g-9", "grid_worker"])
    whole = _content(book)
    people.append(["worker-8", "nowhere", "grid_worker"])
    torn = api.ask("administrator", "POST", "/units/workbooks?name=u.xlsx", content=_content(book)).json()
    assert [(one["sheet"], one["row"]) for one in torn["problems"]] == [("people", 3)]
    assert not torn["tokens"]
    answer = api.ask("administrator", "POST", "/units/workbooks?name=u.xlsx", content=whole)
    assert answer.headers["cache-control"] == "no-store"
    assert list(answer.json()["tokens"]) == ["worker-9"]
    assert api.get("administrator", "/units/g-9")["unit_id"] == "g-9"


def _content(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_sheet_of_a_person_names_what_is_held(api: Api, now: datetime) -> None:
    put_things(api.store, "1/11/111/", person=101, now=now)
    found = api.post("county_officer", "/people/101/sheets", {"address": "https://city.example/contest#"})
    assert "https://city.example/contest#" in found["page"]
    assert api.ask("county_officer", "POST", "/people/999/sheets", json={}).status_code == 403


def test_looks_are_drawn_and_judged_by_the_auditor(api: Api, now: datetime) -> None:
    put_things(api.store, "1/11/111/", person=101, now=now)
    api.post("county_officer", "/people/101/sheets", {})
    api.now = now.replace(day=now.day + 14)
    assert api.get("auditor", "/look-reviews") == {"rows": []}
    assert api.post("auditor", "/look-reviews/draws", {"seed": 7})["count"] >= 0
    assert api.ask("auditor", "POST", "/look-reviews/draws", json={"seed": 8}).status_code == 422
    assert api.post("auditor", "/canaries", {"names": ["张三", "李四"]}) == {"count": 2}


def test_a_scorecard_holds_small_counts_back(api: Api, now: datetime) -> None:
    day = day_number(now.date())

    def put(act: Act) -> None:
        for path, met, all_of_them in (("1/", 42, 60), ("1/11/", 2, 20), ("1/12/", 40, 40)):
            values = {"day": day, "path": path, "numerator": met, "denominator": all_of_them}
            act.run(INSERT_SCORE, **values)
        act.note("scores.put", subject=f"day:{day}")

    api.store.act(put, actor=Actor("city_officer"), now=now)
    shown = {row["area_path"]: row for row in api.get("city_officer", "/scores")["rows"]}
    assert shown["1/11/"]["numerator"] is None
    assert shown["1/11/"]["denominator"] == 20
    [own] = api.get("city_officer", "/scores", area="11")["rows"]
    assert own == shown["1/11/"]
