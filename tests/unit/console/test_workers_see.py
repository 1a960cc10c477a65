"""Workers see the kind of a place and a day, never whose case it was nor the path (policy 2.2, 6.4)."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from api_callers import Api
from console_browser import CASE_PERSON, PERSON, Browser

from ringfence.access import set_password
from ringfence.console.room import read_rooms
from ringfence.store import Store
from ringfence.terms import Actor, Role

PASSWORD = "lanterns over the river 38"
WORKERS = (Role.GRID_WORKER, Role.TOWNSHIP_OFFICER)
SECRETS = (str(CASE_PERSON), "东街市场", "same place", "同场所", "signal:1", "case:1", "/ring/1")
"""The case, the place by name, the rule and the signal: what would lead a worker to the case."""


def pages() -> list[str]:
    """Every page of every room that takes no more than a person's number."""
    return [
        f"/{room.key}{path}".replace("{number:int}", str(PERSON))
        for room in read_rooms()
        for path in [*room.pages, *room.drawings]
    ]


@pytest.mark.usefixtures("lively")
@pytest.mark.parametrize("role", WORKERS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_page_a_worker_can_open_names_the_case_the_place_or_the_path(
    open_browser: Callable[..., Browser], role: Role, language: str
) -> None:
    browser = open_browser(role.value, language)
    opened = {path: browser.get(path) for path in [*pages(), "/work?status=acknowledged", "/work?late=yes"]}
    told = {path: answer.text for path, answer in opened.items() if answer.status_code == 200}
    assert f"/people/{PERSON}" in told
    assert str(PERSON) in told["/work"]
    assert ("market" if language == "en" else "市场") in told["/work"]
    for path, text in told.items():
        assert not [secret for secret in SECRETS if secret in text], path


def test_figures_and_paths_of_a_ring_are_for_those_who_see_paths(
    lively: Store, open_browser: Callable[..., Browser]
) -> None:
    epidemiologist, chief = open_browser("epidemiologist"), open_browser("city_officer")
    assert str(CASE_PERSON) in epidemiologist.get("/ring/1").text
    assert "东街市场" in epidemiologist.get("/ring/1/map").text
    assert epidemiologist.get("/ring/1/map").status_code == 200
    assert chief.get("/ring/1/map").status_code == 404
    assert "Case reproduction number" in epidemiologist.get("/ring/1").text
    assert "Case reproduction number" not in chief.get("/ring/1").text
    looks = lively.desk.rows("select distinct actor from ledger where action = 'chains.read'")
    assert [row.actor for row in looks] == ["epidemiologist"]
    assert "东街市场" not in chief.get("/ring/1").text
    assert lively.desk.rows("select count(*) as n from ledger where action = 'person.looked_at'")[0].n == 0


@pytest.mark.parametrize("role", WORKERS)
def test_no_answer_of_the_api_names_to_a_worker_the_case_the_place_or_the_path(
    lively: Store, now: datetime, role: Role
) -> None:
    api = Api(lively, now)
    [task] = {row["task_id"] for row in api.get(role.value, "/tasks")["rows"]}
    told = {}
    for path, methods in api.app.openapi()["paths"].items():
        if "get" in methods:
            for number in (1, PERSON, task):
                asked = re.sub("{[^}]*}", str(number), path)
                answer = api.ask(role.value, "GET", asked, params={"signal": 1} if path == "/exposures" else {})
                if answer.status_code == 200:
                    told[asked] = answer.text
    assert {"/tasks", f"/tasks/{task}", "/follow-ups"} <= told.keys()
    for path, text in told.items():
        assert not [secret for secret in SECRETS if secret in text], path


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_paper_of_an_order_names_neither_the_case_nor_the_place_nor_the_path(
    lively: Store, open_browser: Callable[..., Browser], now: datetime, language: str
) -> None:
    set_password(lively, "city_officer", password=PASSWORD, actor=Actor("administrator"), now=now)
    chief = open_browser("city_officer", language)
    chief.fill("/orders/sign", order="1", password=PASSWORD)
    paper = chief.get("/orders/1/paper").text
    assert "the law, article 39" in paper
    assert not [secret for secret in SECRETS if secret in paper]
