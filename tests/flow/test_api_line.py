"""The whole line over HTTP: files sent, a signal verified, its ring drawn, tasks worked off, the signal withdrawn."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from api_callers import Api
from small_town import PLACES, RESIDENTS, Town, check_in, roster, sample

from ringfence.store import Store


@pytest.fixture
def api(staffed: Store, now: datetime) -> Api:
    return Api(staffed, now)


def send(
    api: Api, town: Town, name: str, rows: Sequence[dict[str, object]] | Sequence[dict[str, str]]
) -> dict[str, object]:
    path = town.write(name, rows).path
    answer = api.ask(
        "data_steward", "POST", f"/feeds/{name}/files", params={"name": path.name}, content=path.read_bytes()
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


def test_the_line_is_walked_over_http(api: Api, tmp_path: Path) -> None:
    town = Town(api.store, tmp_path)
    send(api, town, "places", PLACES)
    assert send(api, town, "resident_register", RESIDENTS)["accepted"] == 12
    send(api, town, "duty_roster", roster())
    visits = [check_in("wang1", "noodles", "2022-03-01 08:00", "2022-03-01 09:00")]
    visits.append(check_in("li1", "noodles", "2022-03-01 08:10", "2022-03-01 08:50"))
    send(api, town, "check_ins", visits)
    results = [sample("wang1", "s1", "2022-03-01 10:00", "positive")]
    first = send(api, town, "laboratory_results", results)
    again = send(api, town, "laboratory_results", results)
    assert (first["accepted"], first["is_known"], again["is_known"]) == (1, False, True)

    api.now = api.now.replace(hour=12)
    api._tokens.clear()
    [signal] = api.get("epidemiologist", "/signals", waiting="true")["rows"]
    number = signal["signal_id"]
    verified = api.post("epidemiologist", f"/signals/{number}/verify", {"reason": "confirmed_by_laboratory"})
    assert (verified["status"], verified["decided_by"]) == ("verified", "epidemiologist")
    ring = api.get("epidemiologist", f"/rings/signal/{number}")
    [responded] = api.post("epidemiologist", "/responses", {"signals": [number]})["responses"]
    assert responded["found"] == responded["listed"] + responded["below"] >= ring["found"] > 0

    exposed = api.get("epidemiologist", "/exposures", signal=number)["rows"]
    assert len(exposed) == responded["listed"]
    tasks = api.get("grid_worker", "/tasks", waiting="true")["rows"]
    assert {task["status"] for task in tasks} == {"open"}
    numbers = [task["task_id"] for task in tasks if task["kind"] in {"visit", "call"}]
    assert api.post("grid_worker", "/tasks/acknowledge", {"tasks": numbers})["count"] == len(numbers) > 0
    one = numbers[:1]
    assert api.post("grid_worker", "/tasks/close", {"tasks": one, "outcome": "reached"})["count"] == 1
    assert api.get("grid_worker", f"/tasks/{one[0]}")["status"] == "done"

    withdrawn = api.post("epidemiologist", f"/signals/{number}/withdraw", {"reason": "sample_mixed_up"})
    assert set(withdrawn["tasks"]) == {task["task_id"] for task in tasks} - set(one)
    assert api.get("grid_worker", "/tasks", waiting="true")["rows"] == []


def test_a_rejected_row_is_counted_with_its_reason_and_an_unreadable_file_is_a_problem(
    api: Api, tmp_path: Path
) -> None:
    town = Town(api.store, tmp_path)
    arrived = send(api, town, "places", [*PLACES, {**PLACES[0], "place_id": "x", "area_code": "nowhere"}])
    assert (arrived["accepted"], arrived["rejected"]) == (3, 1)
    [refused] = arrived["refused"]  # type: ignore[misc]
    assert (refused["code"], refused["column"]) == ("unknown_area", "area_code")  # type: ignore[index]
    answer = api.ask("data_steward", "POST", "/feeds/places/files", content=b"\xff\xfe\x00")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


def test_a_day_is_begun_and_held_to_account(api: Api, tmp_path: Path) -> None:
    town = Town(api.store, tmp_path)
    send(api, town, "duty_roster", roster())
    held = api.post("city_officer", "/account-days", {})
    assert held["indicators"] > 0
    begun = api.post("city_officer", "/follow-up-days", {"day": "2022-03-01"})
    assert begun["due"] == 0
    scores = api.get("city_officer", "/scores", day="2022-03-01")["rows"]
    assert {row["area_path"] for row in scores} >= {"1/", "1/11/"}
    township = api.get("city_officer", "/scores", day="2022-03-01", area="111")["rows"]
    assert {row["area_path"] for row in township} == {"1/11/111/"}
    assert api.get("city_officer", "/overview")["found"] == {"listed": 0, "below": 0, "retracted": 0}
