"""Risk areas in the console: foreseen, put before a second officer, in force, redrawn and lifted."""

import json
from collections.abc import Callable
from datetime import datetime

import pytest
from console_browser import Browser

from ringfence.access import add_user, grant_role, set_password
from ringfence.store import EVERYWHERE, Act, Scope, Store
from ringfence.terms import Actor, Grant, Role

Open = Callable[..., Browser]

PASSWORD = "lanterns over the river 38"
DRAWN = {"disease": "covid19", "level": "high", "from": "2022-03-01", "areas": "111"}
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[113.2, 40.0], [113.4, 40.0], [113.4, 40.2], [113.2, 40.2], [113.2, 40.0]]],
}


@pytest.fixture
def guarded(lively: Store, now: datetime) -> Store:
    """Lively, and two city officers with a password."""

    def add(act: Act) -> None:
        add_user(act, "second")
        grant_role(act, "second", Grant(role=Role.CITY_OFFICER, area_path=EVERYWHERE))

    lively.act(add, actor=Actor("administrator"), now=now)
    for user in ("city_officer", "second"):
        set_password(lively, user, password=PASSWORD, actor=Actor("administrator"), now=now)
    return lively


def versions(store: Store) -> list[tuple[object, ...]]:
    found = store.desk.rows(
        "select risk_area_id, version, area_codes, is_lifted from risk_area order by risk_area_id, version",
        scope=Scope.of_system(),
    )
    return [(row.risk_area_id, row.version, json.loads(row.area_codes), bool(row.is_lifted)) for row in found]


def agree(open_browser: Open, number: int) -> None:
    said = open_browser("second").fill(f"/fences/asked/{number}/approve", password=PASSWORD)
    assert f"Proposal {number} is approved" in said.text


def test_a_fence_is_foreseen_published_by_two_redrawn_and_lifted(guarded: Store, open_browser: Open) -> None:
    chief = open_browser("city_officer")
    assert "Today it would touch" in chief.fill("/fences/foresee", **DRAWN).text
    assert versions(guarded) == [], "foreseeing changes nothing"
    assert "Proposal 1 waits" in chief.fill("/fences/propose", **DRAWN).text
    assert "who proposed a plan cannot approve it" in chief.fill("/fences/asked/1/approve", password=PASSWORD).text
    assert chief.fill("/fences/asked/1/carry-out").status_code != 200, "nobody agreed yet"
    agree(open_browser, 1)
    assert "Risk area 1 holds" in chief.fill("/fences/asked/1/carry-out").text
    assert versions(guarded) == [(1, 1, ["111"], False)]
    chief.fill("/fences/propose", **{**DRAWN, "areas": "111 121", "risk_area": "1"})
    agree(open_browser, 2)
    chief.fill("/fences/asked/2/carry-out")
    assert versions(guarded)[-1] == (1, 2, ["111", "121"], False)
    chief.fill("/fences/1/lift")
    agree(open_browser, 3)
    assert "Risk area 1 is lifted" in chief.fill("/fences/asked/3/carry-out").text
    assert versions(guarded)[-1] == (1, 3, ["111", "121"], True)
    assert "lifted" in chief.get("/fences").text


def test_a_proposal_made_before_the_risk_area_changed_is_not_carried_out(guarded: Store, open_browser: Open) -> None:
    chief = open_browser("city_officer")
    chief.fill("/fences/propose", **DRAWN)
    agree(open_browser, 1)
    chief.fill("/fences/asked/1/carry-out")
    for code in ("12", "121"):
        chief.fill("/fences/propose", **{**DRAWN, "areas": code, "risk_area": "1"})
    for number in (2, 3):
        agree(open_browser, number)
    assert chief.fill("/fences/asked/2/carry-out").status_code == 200
    late = chief.fill("/fences/asked/3/carry-out")
    assert late.status_code == 409
    assert "changed since" in late.text
    assert [one[2] for one in versions(guarded)] == [["111"], ["12"]]


@pytest.mark.parametrize(
    "written",
    [
        SQUARE,
        {"type": "Feature", "properties": {}, "geometry": SQUARE},
        {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": SQUARE}]},
    ],
    ids=lambda each: each["type"],
)
def test_an_outline_is_pasted_or_comes_in_a_file_and_is_drawn(
    guarded: Store, open_browser: Open, written: dict[str, object]
) -> None:
    chief = open_browser("city_officer")
    form = {"csrf": chief.csrf, "disease": "covid19", "level": "high", "from": "2022-03-01"}
    file = {"file": ("fence.geojson", json.dumps(written).encode(), "application/json")}
    assert "113.4" in chief.post("/fences/foresee", data=form, files=file).text
    chief.fill("/fences/propose", **{**form, "polygon": json.dumps(written)})
    agree(open_browser, 1)
    chief.fill("/fences/asked/1/carry-out")
    specification = chief.get("/fences/1/map").json()
    assert "东街市场" in json.dumps(specification, ensure_ascii=False)
    assert "an outline on the map" in chief.get("/fences/1").text
    [(polygon,)] = guarded.desk.rows("select polygon from risk_area", scope=Scope.of_system())
    assert json.loads(polygon) == SQUARE


@pytest.mark.parametrize(
    "wrong", [{"level": "great"}, {"from": ""}, {"areas": "999"}, {"polygon": "{"}, {"polygon": '{"type": "Feature"}'}]
)
def test_what_is_no_fence_is_refused(guarded: Store, open_browser: Open, wrong: dict[str, str]) -> None:
    assert open_browser("city_officer").fill("/fences/foresee", **{**DRAWN, **wrong}).status_code == 422
    assert versions(guarded) == []


def test_whoever_only_reads_risk_areas_draws_none(guarded: Store, open_browser: Open) -> None:
    doctor = open_browser("epidemiologist")
    assert doctor.get("/fences").status_code == 200
    assert "Today it would find" in doctor.fill("/fences/foresee", **DRAWN).text, "who may trace is told"
    assert doctor.fill("/fences/propose", **DRAWN).status_code == 403
    assert versions(guarded) == []


def test_a_second_officer_of_the_city_agrees_though_granted_the_city_and_not_everything(
    guarded: Store, open_browser: Open, now: datetime
) -> None:
    def add(act: Act) -> None:
        for user, path in (("of the city", "1/"), ("of a county", "1/11/")):
            add_user(act, user)
            grant_role(act, user, Grant(role=Role.CITY_OFFICER, area_path=path))

    guarded.act(add, actor=Actor("administrator"), now=now)
    for user in ("of the city", "of a county"):
        set_password(guarded, user, password=PASSWORD, actor=Actor("administrator"), now=now)
    open_browser("city_officer").fill("/fences/propose", **DRAWN)
    assert open_browser("of a county").fill("/fences/asked/1/approve", password=PASSWORD).status_code == 403
    assert (
        "Proposal 1 is approved" in open_browser("of the city").fill("/fences/asked/1/approve", password=PASSWORD).text
    )
    open_browser("city_officer").fill("/fences/asked/1/carry-out")
    assert versions(guarded) == [(1, 1, ["111"], False)]
