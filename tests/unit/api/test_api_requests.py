"""Requests: who asks, problems in one's language, tags, keys that make a request be done once, and limits."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from api_callers import Api
from fastapi.testclient import TestClient

from ringfence.access import (
    Member,
    RateLimit,
    make_device_link,
    put_members,
    read_session,
    register_device,
    set_pin,
    sign_in_by_pin,
)
from ringfence.api import make_api
from ringfence.api.problems import KINDS, kind_of
from ringfence.errors import RingfenceError, TooManyAttempts
from ringfence.store import Act, Scope, Store
from ringfence.terms import Actor, Level, Role, Unit
from ringfence.work import put_units

ALL = Scope.of_system()
NEW = {"kind": "report", "subject_kind": "place", "subject_key": "7", "disease": "covid19", "area": "111"}


@pytest.fixture
def api(staffed: Store, now: datetime) -> Api:
    return Api(staffed, now)


def count(store: Store, table: str) -> int:
    [[found]] = store.desk.rows(f"select count(*) from {table}", scope=ALL)  # noqa: S608 - a table of the test's own
    return int(found)


def raised(api: Api, **more: str) -> int:
    return int(api.post("epidemiologist", "/signals", {**NEW, **more})["signal_id"])


def policy_draft(api: Api) -> dict[str, Any]:
    """The policy in force as a draft."""
    return dict(api.get("administrator", "/policy/text"))


def test_nobody_reads_anything_without_a_session(api: Api) -> None:
    answer = api.ask(None, "GET", "/signals", headers={"Authorization": "Bearer nonsense"})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.json()["type"] == "urn:ringfence:problem:not-signed-in"
    assert api.ask(None, "GET", "/signals").status_code == 401


def test_a_program_signs_in_works_and_signs_out(api: Api) -> None:
    api.post("administrator", "/users", {"user_id": "robot-1", "password": "a long password"})
    answer = api.http.post("/sessions", json={"user_id": "robot-1", "password": "a long password"})
    assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
    token = answer.json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    mine = api.http.get("/sessions", headers=headers).json()
    assert (mine["user_id"], len(mine["sessions"])) == ("robot-1", 1)
    assert api.http.delete(f"/sessions/{mine['current']}", headers=headers).json() == {"is_done": True}
    assert api.http.get("/sessions", headers=headers).status_code == 401
    wrong = api.http.post("/sessions", json={"user_id": "robot-1", "password": "another password"})
    assert wrong.status_code == 401


def test_a_wrong_password_under_a_yes_ends_no_session(api: Api) -> None:
    number = api.post("administrator", "/policy/proposals", {**policy_draft(api), "from_day": "2022-06-01"})
    path = f"/approvals/{number['approval_id']}/approve"
    wrong = api.ask("city_officer", "POST", path, json={"password": "not this one"})
    assert (wrong.status_code, wrong.json()["type"]) == (403, "urn:ringfence:problem:password-refused")
    assert api.get("city_officer", "/sessions")["user_id"] == "city_officer"


def test_a_browsers_cookie_writes_only_with_the_forms_token_from_our_own_page(api: Api, now: datetime) -> None:
    token = api.token("epidemiologist")
    csrf = read_session(api.store.desk, token, now=now).csrf_token
    api.http.cookies.set("session", token)
    assert api.http.get("/signals").status_code == 200
    right = {"Origin": "http://testserver", "X-CSRF-Token": csrf}
    for missing in ("Origin", "X-CSRF-Token"):
        headers = {name: value for name, value in right.items() if name != missing}
        assert api.http.post("/signals", json=NEW, headers=headers).status_code == 403
    assert api.http.post("/signals", json=NEW, headers={**right, "Origin": "http://evil"}).status_code == 403
    assert count(api.store, "visible_signal") == 0
    assert api.http.post("/signals", json=NEW, headers=right).status_code == 201


def test_a_units_shared_phone_reads_but_never_writes(api: Api, now: datetime) -> None:
    def join(act: Act) -> str:
        put_units(act, {1: Unit(unit_id="111-g1", area_path="1/11/111/", level=Level.GRID, daily_capacity=20)})
        put_members(act, [Member(user_id="li", unit_id="111-g1", role=Role.GRID_WORKER)], clock=api.store.clock)
        return make_device_link(act, "111-g1", clock=api.store.clock)

    link = api.store.act(join, actor=Actor("administrator"), now=now)
    set_pin(api.store, "li", pin="271828", actor=Actor("li"), now=now)
    device = register_device(api.store, link, now=now).device
    opened = sign_in_by_pin(api.store, device, "li", pin="271828", now=now)
    bearer = {"Authorization": f"Bearer {opened.token}"}
    cookie = {"Cookie": f"session={opened.token}", "Origin": "http://testserver"}
    for headers in (bearer, {**cookie, "X-CSRF-Token": opened.session.csrf_token}):
        refused = api.http.post("/signals", json=NEW, headers=headers)
        assert (refused.status_code, refused.json()["type"]) == (403, "urn:ringfence:problem:not-allowed")
        assert "with your PIN" in refused.json()["detail"]
    assert count(api.store, "visible_signal") == 0
    assert api.http.get("/tasks", headers=bearer).status_code == 200
    assert api.post("grid_worker", "/signals", NEW)["signal_id"] == 1, "a worker's own session writes"


def test_a_problem_is_said_in_the_callers_language_under_the_same_type(api: Api) -> None:
    said = {
        language: api.ask("epidemiologist", "GET", "/signals/99", headers={"Accept-Language": language}).json()
        for language in ("en", "zh-CN,zh;q=0.9")
    }
    english, chinese = said.values()
    assert english["type"] == chinese["type"] == "urn:ringfence:problem:not-found"
    assert english["title"] == "There is no such thing for you"
    assert chinese["title"] != english["title"]
    assert "99" in english["detail"]
    assert "99" in chinese["detail"]
    assert chinese["detail"] != english["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status", "slug"),
    [
        ("GET", "/nowhere", 404, "no-such-route"),
        ("DELETE", "/signals", 405, "no-such-method"),
        ("GET", "/signals?colour=red", 422, "invalid"),
        ("GET", "/signals?sort=area_path", 422, "invalid"),
        ("GET", "/signals?after=abc", 400, "cursor-refused"),
        ("GET", "/exposures", 422, "invalid"),
        ("GET", "/tasks", 403, "not-allowed"),
        ("POST", "/signals", 422, "invalid"),
        ("GET", "/signals?area=12345", 404, "not-found"),
    ],
)
def test_every_refusal_is_a_problem_with_a_type_that_stays(
    api: Api, method: str, path: str, status: int, slug: str
) -> None:
    answer = api.ask("epidemiologist", method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["type"] == f"urn:ringfence:problem:{slug}"


def test_a_fault_names_the_field_and_not_what_it_held(api: Api) -> None:
    answer = api.ask("epidemiologist", "POST", "/signals", json={**NEW, "kind": "王建国"})
    assert answer.json()["faults"] == [{"field": "body.kind", "fault": "enum"}]
    assert "王建国" not in answer.text


def _classes(kind: type[RingfenceError]) -> list[type[RingfenceError]]:
    return [kind, *(found for child in kind.__subclasses__() for found in _classes(child))]


def test_every_error_has_a_status_and_every_type_its_own_name() -> None:
    assert all(400 <= kind_of(one("x")).status < 600 for one in _classes(RingfenceError))
    assert len({kind.slug for kind in KINDS.values()}) == len(KINDS)


def test_what_the_caller_has_already_is_not_sent_again(api: Api) -> None:
    number = raised(api)
    for path in (f"/signals/{number}", "/signals"):
        first = api.ask("epidemiologist", "GET", path)
        tag = first.headers["etag"]
        again = api.ask("epidemiologist", "GET", path, headers={"If-None-Match": tag})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        chinese = api.ask("epidemiologist", "GET", path, headers={"If-None-Match": tag, "Accept-Language": "zh"})
        assert chinese.status_code == 200
    api.post("epidemiologist", f"/signals/{number}/verify", {})
    assert api.ask("epidemiologist", "GET", f"/signals/{number}", headers={"If-None-Match": tag}).status_code == 200


def test_a_change_is_refused_where_somebody_changed_the_thing_since_the_look(api: Api) -> None:
    number = raised(api)
    seen = api.ask("epidemiologist", "GET", f"/signals/{number}").headers["etag"]
    dismissed = api.ask("city_officer", "POST", f"/signals/{number}/dismiss", json={}, headers={"If-Match": seen})
    assert dismissed.status_code == 200
    late = api.ask("epidemiologist", "POST", f"/signals/{number}/reopen", json={}, headers={"If-Match": seen})
    assert (late.status_code, late.json()["type"]) == (412, "urn:ringfence:problem:changed-meanwhile")
    fresh = {"If-Match": dismissed.headers["etag"], "Accept-Language": "zh"}
    assert api.ask("epidemiologist", "POST", f"/signals/{number}/reopen", json={}, headers=fresh).status_code == 200


def test_the_same_key_does_it_once_and_says_the_same_again(api: Api) -> None:
    key = {"Idempotency-Key": "k-1"}
    answers = [api.ask("epidemiologist", "POST", "/signals", json=NEW, headers=key) for _ in range(3)]
    assert {answer.content for answer in answers} == {answers[0].content}
    assert {answer.status_code for answer in answers} == {201}
    assert count(api.store, "visible_signal") == 1
    without = [api.ask("epidemiologist", "POST", "/signals", json=NEW) for _ in range(2)]
    assert {answer.status_code for answer in without} == {201}
    assert count(api.store, "visible_signal") == 3


def test_a_key_of_another_request_is_refused_and_one_of_another_account_is_its_own(api: Api) -> None:
    key = {"Idempotency-Key": "k-1"}
    api.post("epidemiologist", "/signals", NEW, headers=key)
    other = api.ask("epidemiologist", "POST", "/signals", json={**NEW, "area": "121"}, headers=key)
    assert other.status_code == 422
    assert api.ask("city_officer", "POST", "/signals", json=NEW, headers=key).status_code == 201
    assert count(api.store, "visible_signal") == 2


def test_a_refused_request_leaves_its_key_free(api: Api) -> None:
    key = {"Idempotency-Key": "k-1"}
    number = raised(api)
    assert api.ask("epidemiologist", "POST", f"/signals/{number}/reopen", json={}, headers=key).status_code == 409
    assert count(api.store, "idempotency_key") == 0
    assert api.ask("epidemiologist", "POST", f"/signals/{number}/dismiss", json={}, headers=key).status_code == 200


def test_a_key_is_forgotten_after_a_day(api: Api, now: datetime) -> None:
    key = {"Idempotency-Key": "k-1"}
    api.post("epidemiologist", "/signals", NEW, headers=key)
    api.now = now + timedelta(hours=24)
    api._tokens.clear()
    api.post("epidemiologist", "/signals", {**NEW, "area": "121"}, headers=key)
    assert (count(api.store, "visible_signal"), count(api.store, "idempotency_key")) == (2, 1)


def test_many_at_once_under_one_key_do_it_once(api: Api) -> None:
    api.token("epidemiologist")
    key = {"Idempotency-Key": "k-1"}
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(api.ask, "epidemiologist", "POST", "/signals", json=NEW, headers=key) for _ in range(16)]
        bodies = {hashlib.sha256(one.result().content).hexdigest() for one in asked}
    assert len(bodies) == 1
    assert count(api.store, "visible_signal") == 1


def test_pages_are_linked_and_a_cursor_of_another_list_is_refused(api: Api) -> None:
    numbers = [raised(api, origin=f"call:{n}") for n in range(5)]
    seen, address = [], "/signals?limit=2&sort=raised_at"
    while address:
        answer = api.ask("epidemiologist", "GET", address)
        seen += [row["signal_id"] for row in answer.json()["rows"]]
        last = answer.json()["next_cursor"] or last  # noqa: F821 - there is one on the first page
        address = answer.links["next"]["url"] if "next" in answer.links else ""
    assert seen == numbers
    assert api.ask("epidemiologist", "GET", f"/signals?after={last}").status_code == 400


def test_a_request_that_is_too_large_is_refused_whatever_length_it_claims(staffed: Store, now: datetime) -> None:
    app = make_api(staffed, clock=lambda: now, largest_body=1_000)
    http = TestClient(app, raise_server_exceptions=False)
    headers = {"Authorization": f"Bearer {Api(staffed, now).token('epidemiologist')}"}
    assert http.post("/signals", content=b"x" * 1_001, headers=headers).status_code == 413
    chunks = http.post("/signals", content=iter([b"x" * 600, b"x" * 600]), headers=headers)
    assert chunks.status_code == 413
    assert http.post("/signals", content=b"{}", headers=headers).status_code == 422


def test_who_asks_too_often_is_told_how_long_to_wait() -> None:
    second = 100.0
    limit = RateLimit(burst=3, per_second=1, ticks=lambda: second)
    for _ in range(3):
        limit.take(1)
    with pytest.raises(TooManyAttempts) as refused:
        limit.take(1)
    assert refused.value.values["seconds"] == 1
    limit.take(2)
    second = 101.0
    limit.take(1)


def test_the_limit_answers_429_with_retry_after(staffed: Store, now: datetime) -> None:
    app = make_api(staffed, clock=lambda: now, rate_limit=RateLimit(burst=1, per_second=0.1, ticks=lambda: 0))
    headers = {"Authorization": f"Bearer {Api(staffed, now).token('epidemiologist')}"}
    http = TestClient(app, raise_server_exceptions=False)
    assert http.get("/signals", headers=headers).status_code == 200
    refused = http.get("/signals", headers=headers)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "10")


def test_nobody_tries_links_without_end(staffed: Store, now: datetime) -> None:
    app = make_api(staffed, clock=lambda: now, contest_limit=RateLimit(burst=2, per_second=0.1, ticks=lambda: 0))
    http = TestClient(app, raise_server_exceptions=False)
    said = {"link": "x", "ground": "wrong"}
    tried = [http.post("/contests", json=said) for _ in range(3)]
    assert [one.status_code == 429 for one in tried] == [False, False, True]
    assert tried[-1].headers["retry-after"] == "10"


def test_an_answer_from_a_reader_says_why_in_words(api: Api) -> None:
    raised(api)
    [row] = api.get("epidemiologist", "/signals")["rows"]
    assert row["reason"] == {
        "code": "said_by",
        "values": {"actor": "epidemiologist"},
        "sentence": "decided by epidemiologist",
    }
    assert row["raised_at"] == "2022-03-01T04:00:00Z"


def test_the_ledger_is_read_by_the_auditor_and_the_look_is_a_line(api: Api) -> None:
    raised(api)
    api.post("administrator", "/grants", {"user_id": "auditor", "role": "auditor"})
    lines = api.get("auditor", "/ledger", action="signal.raised")["rows"]
    assert [line["subject"] for line in lines] == ["signal:1"]
    [look] = api.get("auditor", "/ledger", action="ledger.read")["rows"]
    assert (look["actor"], look["purpose"]) == ("auditor", "audit")


def test_the_policy_is_planned_proposed_approved_by_a_second_person_and_published(api: Api) -> None:
    draft = api.get("city_officer", "/policy/text")["policy"]
    key = "gate.test_max_age_hours"
    [line] = api.get("city_officer", "/policy", prefix=key)["rows"]
    assert line["value"] is not None
    draft["numbers"][key]["values"]["2023-01-01"] = 12
    body = {"policy": draft, "from_day": "2022-06-01"}
    plan = api.post("city_officer", "/policy/plan", body)
    assert len(plan["added"]) == 1
    number = api.post("administrator", "/policy/proposals", body)["approval_id"]
    assert api.ask("administrator", "POST", "/policy/versions", json={**body, "approval_id": number}).status_code == 403
    api.post("administrator", "/users/city_officer/password", {"password": "the second officer"})
    api._tokens.pop("city_officer")
    api.post("administrator", "/grants", {"user_id": "city_officer", "role": "city_officer"})
    api.post("city_officer", f"/approvals/{number}/approve", {"password": "the second officer"})
    assert api.post("administrator", "/policy/versions", {**body, "approval_id": number})["version"] == 2
