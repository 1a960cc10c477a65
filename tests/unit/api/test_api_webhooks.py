"""Webhooks: told in order, signed, at least once, only of what the subscriber may see, never inside the network."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from api_callers import Api
from api_city import put_things

from ringfence.api.webhooks import EVENTS, check_address, deliver_due
from ringfence.api.webhooks.addresses import post
from ringfence.api.webhooks.delivery import FIRST_WAIT, LONGEST_WAIT, wait_after
from ringfence.errors import InputRefused
from ringfence.store import Store

NEW = {"kind": "report", "subject_kind": "place", "subject_key": "7", "disease": "covid19", "area": "111"}


@dataclass
class Receiver:
    """A server that keeps what arrives, and can be killed and started again on the same port."""

    port: int = 0
    status: int = 200
    seen: list[tuple[str, bytes]] = field(default_factory=list)
    server: ThreadingHTTPServer | None = None

    def start(self) -> None:
        receiver = self

        class Taking(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if receiver.status == 200:
                    receiver.seen.append((self.headers["Ringfence-Signature"], body))
                self.send_response(receiver.status)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()

            def log_message(self, *_: Any) -> None:  # noqa: ANN401 - whatever is logged
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Taking)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def kill(self) -> None:
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.seen]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    made.start()
    yield made
    made.kill()


@pytest.fixture
def api(staffed: Store, now: datetime) -> Api:
    made = Api(staffed, now)
    made.app.state.is_private_allowed = True
    return made


def subscribe(api: Api, user: str, receiver: Receiver, *events: str) -> tuple[int, str]:
    address = f"http://127.0.0.1:{receiver.port}/hook"
    made = api.post(user, "/webhooks", {"address": address, "events": list(events or EVENTS)})
    return made["webhook_id"], made["secret"]


def deliver(api: Api, *, after: timedelta = timedelta(0)) -> int:
    return deliver_due(api.store, now=api.now + after, is_private_allowed=True)


def test_what_happens_to_signals_and_tasks_is_told_in_order_with_ids_only(
    api: Api, receiver: Receiver, now: datetime
) -> None:
    things = put_things(api.store, "1/11/111/", person=101, now=now)
    _, secret = subscribe(api, "county_officer", receiver)
    number = api.post("epidemiologist", "/signals", NEW)["signal_id"]
    api.post("epidemiologist", f"/signals/{number}/verify", {})
    api.post("grid_worker", "/tasks/acknowledge", {"tasks": [things.task]})
    assert deliver(api) == 3
    told = [(event["type"], event["ids"]) for event in receiver.events]
    assert told == [
        ("signal.raised", [number]),
        ("signal.verified", [number]),
        ("tasks.acknowledged", [things.task]),
    ]
    assert all(event.keys() == {"id", "type", "happened_at", "ids"} for event in receiver.events)
    for signature, body in receiver.seen:
        second, mac = (part.partition("=")[2] for part in signature.split(","))
        assert hmac.compare_digest(
            mac, hmac.new(secret.encode(), f"{second}.".encode() + body, hashlib.sha256).hexdigest()
        )
        assert int(second) == int(now.timestamp())
    assert deliver(api) == 0


def test_nothing_is_told_of_what_the_subscriber_may_not_see(api: Api, receiver: Receiver, now: datetime) -> None:
    here = put_things(api.store, "1/11/111/", person=101, now=now)
    there = put_things(api.store, "1/12/121/", person=102, now=now)
    subscribe(api, "grid_worker@111", receiver)
    api.post("epidemiologist", "/signals", NEW)
    api.post("grid_worker", "/tasks/acknowledge", {"tasks": [here.task, there.task]})
    assert deliver(api) == 1
    assert [(event["type"], event["ids"]) for event in receiver.events] == [("tasks.acknowledged", [here.task])]


def test_only_the_chosen_events_are_told_and_none_from_before(api: Api, receiver: Receiver) -> None:
    before = api.post("epidemiologist", "/signals", NEW)["signal_id"]
    subscribe(api, "epidemiologist", receiver, "signal.verified")
    api.post("epidemiologist", "/signals", NEW)
    api.post("epidemiologist", f"/signals/{before}/verify", {})
    assert deliver(api) == 1
    assert [(event["type"], event["ids"]) for event in receiver.events] == [("signal.verified", [before])]


def test_a_killed_receiver_is_told_everything_once_it_is_back_later_each_time(api: Api, receiver: Receiver) -> None:
    subscribe(api, "epidemiologist", receiver)
    numbers = [api.post("epidemiologist", "/signals", NEW)["signal_id"] for _ in range(3)]
    receiver.kill()
    assert deliver(api) == 0
    assert deliver(api) == 0  # not due yet: nothing is tried
    [hook] = api.get("epidemiologist", "/webhooks")["webhooks"]
    assert hook["failures"] == 1
    assert deliver(api, after=FIRST_WAIT) == 0
    receiver.start()
    assert deliver(api, after=FIRST_WAIT * 2) == 0  # the second wait is twice as long
    assert deliver(api, after=FIRST_WAIT * 3) == 3
    assert [event["ids"] for event in receiver.events] == [[number] for number in numbers]
    assert api.get("epidemiologist", "/webhooks")["webhooks"][0]["failures"] == 0


def test_an_answer_that_is_no_yes_and_a_redirection_are_not_arrivals(api: Api, receiver: Receiver) -> None:
    subscribe(api, "epidemiologist", receiver)
    api.post("epidemiologist", "/signals", NEW)
    for n, status in enumerate((500, 302), start=1):
        receiver.status = status
        assert deliver(api, after=LONGEST_WAIT * n) == 0
    receiver.status = 200
    assert deliver(api, after=LONGEST_WAIT * 3) == 1


def test_a_server_killed_before_it_kept_how_far_it_was_tells_the_event_again_under_the_same_id(
    api: Api, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(api, "epidemiologist", receiver)
    api.post("epidemiologist", "/signals", NEW)
    with monkeypatch.context() as patch:
        patch.setattr("ringfence.api.webhooks.delivery._keep", _be_killed)
        with pytest.raises(KeyboardInterrupt):
            deliver(api)
    assert deliver(api) == 1
    first, again = receiver.events
    assert first == again


def _be_killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_who_ends_a_webhook_is_told_no_more_and_nobody_else_can(api: Api, receiver: Receiver) -> None:
    number, _ = subscribe(api, "epidemiologist", receiver)
    assert api.ask("city_officer", "DELETE", f"/webhooks/{number}").status_code == 404
    assert api.get("city_officer", "/webhooks")["webhooks"] == []
    assert api.ask("epidemiologist", "DELETE", f"/webhooks/{number}").status_code == 200
    api.post("epidemiologist", "/signals", NEW)
    assert deliver(api) == 0


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/",
        "https://localhost/",
        "https://10.1.2.3/",
        "https://192.168.0.1:8443/x",
        "https://169.254.169.254/latest",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fd00::1]/",
        "https://0.0.0.0/",
        "https://2130706433/",
        "https://0x7f000001/",
        "http://93.184.216.34/",
        "ftp://93.184.216.34/",
        "https://user:word@93.184.216.34/",
        "https://93.184.216.34:99999/",
        "https:///path",
        "no address",
    ],
)
def test_no_webhook_leads_into_the_network_or_anywhere_unencrypted(api: Api, address: str) -> None:
    with pytest.raises(InputRefused):
        check_address(address, is_private_allowed=False)
    api.app.state.is_private_allowed = False
    body = {"address": address, "events": ["signal.raised"]}
    assert api.ask("epidemiologist", "POST", "/webhooks", json=body).status_code == 422


def test_a_name_that_says_something_else_a_moment_later_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["93.184.216.34", "127.0.0.1"])

    def resolve(_host: str, port: int, **_: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        return [(2, 1, 6, "", (next(answers), port))]

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    check_address("https://rebinding.example/", is_private_allowed=False)
    with pytest.raises(InputRefused):
        post("https://rebinding.example/", b"{}", headers={}, is_private_allowed=False)


def test_waits_double_up_to_an_hour() -> None:
    assert [wait_after(n) for n in (1, 2, 3)] == [FIRST_WAIT, FIRST_WAIT * 2, FIRST_WAIT * 4]
    assert wait_after(10_000) == LONGEST_WAIT
