"""The client against the application itself: rows, iterators, errors as classes, and retries that do nothing twice."""

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from api_callers import Api
from api_city import put_things
from small_town import PLACES, Town

from ringfence import client as client_module
from ringfence.client import Client, SignalRow, TaskRow
from ringfence.errors import (
    InputRefused,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TransitionRefused,
    Unusable,
)
from ringfence.store import Scope, Store
from ringfence.terms import Language, Outcome, ReasonCode, SignalKind, SignalStatus, Subject, SubjectKind, TaskStatus

PLACE = Subject(SubjectKind.PLACE, "7")
ROWS = {
    "signals": "SignalRow",
    "cases": "CaseRow",
    "exposures": "ExposureRow",
    "tasks": "TaskRow",
    "units": "UnitRow",
    "orders": "OrderRow",
    "follow-ups": "FollowUpRow",
    "findings": "FindingRow",
    "batches": "BatchRow",
    "ledger": "LedgerRow",
}


@pytest.fixture
def api(staffed: Store, now: datetime) -> Api:
    return Api(staffed, now)


def client_of(api: Api, user: str, *, http: Any = None, language: Language = Language.EN) -> Client:  # noqa: ANN401
    made = Client("", token=api.token(user), http=http or api.http, language=language)
    made._asking.pause = lambda _seconds: None
    return made


class Losing(httpx2.BaseTransport):
    """A network that loses some answers after the server gave them."""

    def __init__(self, api: Api, loses: Callable[[int], bool]) -> None:
        self._api, self._loses, self.asked = api, loses, 0

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.asked += 1
        headers = {name: value for name, value in request.headers.items() if name != "host"}
        answer = self._api.http.request(
            request.method, request.url.raw_path.decode(), headers=headers, content=request.read()
        )
        if self._loses(self.asked):
            raise httpx2.ReadError("lost", request=request)
        return httpx2.Response(answer.status_code, headers=answer.headers, content=answer.content)


def test_rows_come_as_dataclasses_page_by_page_in_order(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringfence.client.room._PAGE", 2)
    client = client_of(api, "epidemiologist")
    numbers = [
        client.raise_signal(SignalKind.REPORT, PLACE, disease="covid19", area="111", origin=f"call:{n}")
        for n in range(5)
    ]
    found = list(client.signals(sort="raised_at", waiting=True, raised_since=api.now - timedelta(hours=1)))
    assert [row.signal_id for row in found] == numbers
    assert isinstance(found[0], SignalRow)
    assert (found[0].status, found[0].raised_at, found[0].decided_at) == (SignalStatus.RAISED, api.now, None)
    assert found[0].reason.sentence == "decided by epidemiologist"
    assert list(client.signals(status=SignalStatus.VERIFIED)) == []


def test_the_line_in_a_few_calls(api: Api, tmp_path: Path, now: datetime) -> None:
    steward, worker = client_of(api, "data_steward"), client_of(api, "grid_worker")
    arrived = steward.send_file("places", Town(api.store, tmp_path).write("places", PLACES).path)
    assert (arrived.accepted, arrived.is_known, arrived.refused) == (3, False, [])
    assert [batch.feed for batch in steward.batches()] == ["places"]
    put_things(api.store, "1/11/111/", person=101, now=now)
    [task] = worker.tasks(waiting=True)
    assert isinstance(task, TaskRow)
    assert worker.acknowledge_tasks([task.task_id]) == 1
    assert worker.close_tasks([task.task_id], outcome=Outcome.REACHED) == 1
    assert [one.status for one in worker.tasks()] == [TaskStatus.DONE]


def test_errors_are_the_classes_of_ringfence_in_the_clients_language(api: Api) -> None:
    client = client_of(api, "epidemiologist")
    number = client.raise_signal(SignalKind.REPORT, PLACE, disease="covid19", area="111")
    with pytest.raises(TransitionRefused):
        client.withdraw_signal(number)
    with pytest.raises(NotFound):
        client.verify_signal(number + 1)
    with pytest.raises(NotAllowed):
        list(client.tasks())
    with pytest.raises(InputRefused):
        client.verify_signal(number, reason=ReasonCode.DECIDED_ON_DOCUMENT)
    with pytest.raises(NotSignedIn):
        list(Client("", token="nonsense", http=api.http).signals())
    with pytest.raises(NotFound, match="您"):
        client_of(api, "epidemiologist", language=Language.ZH).verify_signal(number + 1)


def test_signing_in_and_out(api: Api) -> None:
    api.post("administrator", "/users", {"user_id": "robot-1", "password": "cold iron ring fence"})
    client = Client("", http=api.http)
    assert client.sign_in("robot-1", password="cold iron ring fence")
    assert list(client_of(api, "epidemiologist").signals()) == []
    client.sign_out()
    with pytest.raises(NotSignedIn):
        list(client.signals())
    with pytest.raises(NotSignedIn):
        client.sign_in("robot-1", password="wrong")


def test_a_lost_answer_is_asked_for_again_and_nothing_is_done_twice(api: Api) -> None:
    losing = Losing(api, lambda number: number % 2 == 1)
    client = client_of(api, "epidemiologist", http=httpx2.Client(transport=losing, base_url="http://testserver"))
    first = client.raise_signal(SignalKind.REPORT, PLACE, disease="covid19", area="111")
    assert client.verify_signal(first).status is SignalStatus.VERIFIED
    assert losing.asked == 4
    [[count]] = api.store.desk.rows("select count(*) from visible_signal", scope=Scope.of_system())
    assert count == 1


def test_a_server_that_never_answers_is_said_to_be_unusable(api: Api) -> None:
    losing = Losing(api, lambda _number: True)
    client = client_of(api, "epidemiologist", http=httpx2.Client(transport=losing, base_url="http://testserver"))
    with pytest.raises(Unusable):
        list(client.signals())
    assert losing.asked == 5


@pytest.mark.parametrize("listed", ROWS)
def test_rows_have_the_fields_of_the_description(api: Api, listed: str) -> None:
    described = api.http.get("/openapi.json").json()
    page = described["paths"][f"/{listed}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    schemas = described["components"]["schemas"]
    row = schemas[page.rpartition("/")[2]]["properties"]["rows"]["items"]["$ref"].rpartition("/")[2]
    own = {field.name for field in fields(getattr(client_module, ROWS[listed]))}
    assert own == schemas[row]["properties"].keys()
