"""The lane over HTTP: a queue is kept once however often it is sent, and what is wrong is refused whole."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import httpx2
import pytest
from api_callers import Api

from ringfence import access
from ringfence.areas import PlaceRow, put_places, read_places
from ringfence.store import Act, Store
from ringfence.terms import SYSTEM, Actor, Area, PlaceKind

STAFF = "gate_staff"
TOO_OLD = {"verdict": "recheck", "reason": "test_too_old", "values": {"hours": 48}, "next_step": "sample_here"}


@pytest.fixture
def api(staffed: Store, areas: dict[str, Area], now: datetime) -> Api:
    row = PlaceRow(
        place_id="gate-1", name="北口", kind=PlaceKind.GATE, area_code="111", longitude=None, latitude=None, row=1
    )

    def put(act: Act) -> None:
        put_places(act, [row], areas=areas, batch_no=None)
        act.note("places.put")

    staffed.act(put, actor=SYSTEM, now=now)
    return Api(staffed, now)


def passage(api: Api, number: int = 1, **changes: object) -> dict[str, Any]:
    gate = read_places(api.store.desk)["place_no"][0].as_py()
    return {
        "passage_id": str(uuid5(UUID(int=1), str(number))),
        "gate": gate,
        "lane": 2,
        "passed_at": api.now.isoformat(),
        "vehicle": "晋B·12345",
        "occupants": [{"verdict": "admit", "celsius": 36.5, "identity": {"name": "张建国"}}, TOO_OLD],
        **changes,
    }


def kept(api: Api) -> list[dict[str, Any]]:
    sql = "select * from passage p join passage_occupant o on o.passage_id = p.passage_id order by o.occupant_no"
    return api.store.act(lambda act: [dict(row._mapping) for row in act.rows(sql)], actor=SYSTEM, now=api.now)


def test_a_queue_is_kept_once_however_often_it_is_sent(api: Api) -> None:
    queue = {"passages": [passage(api, number) for number in range(5)]}
    assert api.post(STAFF, "/passages", queue) == {"new": 5, "known": 0}
    api.now += timedelta(minutes=10)
    assert api.post(STAFF, "/passages", queue) == {"new": 0, "known": 5}
    part = {"passages": [passage(api, 3), passage(api, 9)]}
    assert api.post(STAFF, "/passages", part) == {"new": 1, "known": 1}
    assert len(kept(api)) == 12


def test_a_queue_of_three_days_keeps_its_own_times(api: Api) -> None:
    passed_at = api.now - timedelta(hours=71)
    api.post(STAFF, "/passages", {"passages": [passage(api, passed_at=passed_at.isoformat())]})
    assert {row["passed_at"] for row in kept(api)} == {int(passed_at.timestamp() * 1_000_000)}


def test_of_a_traveller_the_band_and_the_reason_are_kept_and_no_name_in_the_clear(api: Api) -> None:
    api.post(STAFF, "/passages", {"passages": [passage(api)]})
    first, second = kept(api)
    assert (first["temperature"], first["verdict"], first["person"]) == ("below_limit", "admit", None)
    assert (second["verdict"], second["next_step"]) == ("recheck", "sample_here")
    assert "张建国" not in str([first, second])


def test_one_tap_passes_a_woman_in_labour_to_care_now_whatever_her_test_says(api: Api) -> None:
    tapped = passage(api, occupants=[{"emergency": "labour", "sampled_at": "2022-02-20T08:00:00+08:00"}])
    assert api.post(STAFF, "/passages", {"passages": [tapped]}) == {"new": 1, "known": 0}
    [row] = kept(api)
    assert (row["verdict"], row["next_step"], "labour" in row["reason"]) == ("admit", "care_now", True)


def test_lanes_that_send_at_once_are_kept_together_and_only_who_sends_wrong_hears_of_it(api: Api) -> None:
    async def send_all() -> list[Any]:
        transport = httpx2.ASGITransport(app=api.app)
        headers = {"Authorization": f"Bearer {api.token(STAFF)}"}
        async with httpx2.AsyncClient(transport=transport, base_url="http://lane", headers=headers) as http:
            queues = [[passage(api, number)] for number in range(30)]
            queues[7] = [passage(api, 7), passage(api, 107, gate=99_999)]
            queues[8] = [passage(api, 3)]
            answers = await asyncio.gather(*(http.post("/passages", json={"passages": one}) for one in queues))
            return [(answer.status_code, answer.json()) for answer in answers]

    answers = asyncio.run(send_all())
    assert [number for number, (status, _) in enumerate(answers) if status != 200] == [7]
    assert sum(body["new"] for status, body in answers if status == 200) == 28
    assert sum(body["known"] for status, body in answers if status == 200) == 1
    assert len({row["passage_id"] for row in kept(api)}) == 28


def test_a_key_of_a_request_gives_the_same_numbers_again(api: Api) -> None:
    for _ in range(2):
        sent = {"passages": [passage(api)]}
        assert api.post(STAFF, "/passages", sent, headers={"Idempotency-Key": "one"}) == {"new": 1, "known": 0}


def test_whoever_signed_out_is_heard_for_seconds_at_most(api: Api) -> None:
    api.post(STAFF, "/passages", {"passages": [passage(api, 1)]})
    end_all = access.sign_out_everywhere
    api.store.act(lambda act: end_all(act, STAFF), actor=Actor("administrator"), now=api.now)
    api.now += timedelta(seconds=5)
    assert api.ask(STAFF, "POST", "/passages", json={"passages": [passage(api, 2)]}).status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"passed_at": "2022-03-01T12:00:00"},
        {"passage_id": "seven"},
        {"occupants": []},
        {"occupants": [{"verdict": "refuse"}]},
        {"occupants": [{**TOO_OLD, "emergency": "labour"}]},
        {"occupants": [{**TOO_OLD, "values": {}}]},
        {"occupants": [{**TOO_OLD, "values": {"hours": "张建国"}}]},
        {"occupants": [{"verdict": "admit", "celsius": "hot"}]},
        {"occupants": [{"verdict": "admit", "hc1": "HC1:..."}]},
        {"gate": 99_999},
        {"passed_at": "2022-03-09T12:00:00+08:00"},
    ],
)
def test_what_is_wrong_is_refused_and_nothing_of_the_queue_kept(api: Api, changes: dict[str, Any]) -> None:
    wrong = {"passages": [passage(api, 1), passage(api, 2, **changes)]}
    assert 400 <= api.ask(STAFF, "POST", "/passages", json=wrong).status_code < 500
    assert kept(api) == []
