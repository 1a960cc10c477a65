"""Every route with every role and with nobody: who may is in the table, everyone else is refused (policy 6.4).

A route that is missing from the table fails the build, and so does a row of it without a route.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import pytest
from api_callers import Api
from api_city import Things, put_members, put_things
from fastapi.routing import APIRoute
from starlette.routing import Route

from ringfence.store import Store
from ringfence.terms import Role

ADMIN, CITY, COUNTY, TOWN = Role.ADMINISTRATOR, Role.CITY_OFFICER, Role.COUNTY_OFFICER, Role.TOWNSHIP_OFFICER
EPI, GRID, GATE, CLINIC = Role.EPIDEMIOLOGIST, Role.GRID_WORKER, Role.GATE_STAFF, Role.CLINIC
WAREHOUSE, INSPECTOR, AUDITOR, STEWARD = Role.WAREHOUSE, Role.INSPECTOR, Role.AUDITOR, Role.DATA_STEWARD
ALL = set(Role)

NEW_SIGNAL = {"kind": "report", "subject_kind": "place", "subject_key": "7", "disease": "covid19", "area": "111"}
DRAFT = {"policy": {"clauses": {}}, "from_day": "2022-06-01"}
NEW_PASSAGE = {
    "passage_id": "0d9f4b0e-6f0c-4e0a-9a51-2b1f6f3b7c11",
    "gate": 7,
    "lane": 1,
    "passed_at": "2022-03-01T12:00:00+08:00",
    "occupants": [{"verdict": "admit"}],
}
NEW_DISPUTE = {"contested_kind": "order", "number": 101, "ground": "wrong", "way": "phone"}
FENCE = {"fence": {"disease": "covid19", "level": "high", "from_day": "2022-03-01", "areas": ["111"]}}
SIGNERS = {CITY, COUNTY, EPI}


@dataclass(frozen=True)
class Row:
    """A route: what it needs (a purpose to look for, a permission to act with), and the roles that have it."""

    method: str
    path: str
    needs: str
    roles: set[Role]
    body: Any = None


TABLE = [
    Row("POST", "/sessions", "", ALL, {"user_id": "nobody", "password": "wrong"}),
    Row("POST", "/contests", "", ALL, {"link": "x", "ground": "wrong"}),
    Row("GET", "/sessions", "own", ALL),
    Row("DELETE", "/sessions/{session_id}", "own or user.grant", {ADMIN}),
    Row("GET", "/signals", "verification", SIGNERS),
    Row("POST", "/signals", "signal.raise", ALL - {ADMIN, AUDITOR}, NEW_SIGNAL),
    Row("GET", "/signals/{signal_id}", "verification", SIGNERS),
    Row("POST", "/signals/{signal_id}/verify", "signal.verify", SIGNERS, {}),
    Row("POST", "/signals/{signal_id}/dismiss", "signal.dismiss", SIGNERS, {}),
    Row("POST", "/signals/{signal_id}/reopen", "signal.raise", SIGNERS, {}),
    Row("POST", "/signals/{signal_id}/withdraw", "signal.withdraw", {CITY, EPI}, {}),
    Row("GET", "/rings/{what}/{number}", "trace.run", {EPI}),
    Row("GET", "/chains/{disease}", "trace.run", {EPI}),
    Row("POST", "/signals/{signal_id}/orders", "order.draft", {COUNTY}),
    Row("GET", "/cases", "verification", SIGNERS),
    Row("GET", "/cases/{case_id}", "verification", SIGNERS),
    Row("GET", "/observations", "verification, surveillance, accountability", SIGNERS),
    Row("GET", "/observations/{observation_id}", "verification, surveillance, accountability", SIGNERS),
    Row("GET", "/exposures?signal=1", "tracing, outreach, accountability", {CITY, COUNTY, TOWN, EPI}),
    Row("GET", "/exposures/{exposure_id}", "tracing, outreach, accountability", {CITY, COUNTY, TOWN, EPI}),
    Row("POST", "/responses", "signal.respond", {CITY, EPI}, {"signals": [1]}),
    Row("GET", "/tasks", "outreach, follow_up, accountability", {CITY, COUNTY, TOWN, GRID}),
    Row("GET", "/tasks/{task_id}", "outreach, follow_up, accountability", {CITY, COUNTY, TOWN, GRID}),
    Row("GET", "/tasks/{task_id}/contact", "people.read for outreach", {COUNTY, TOWN, GRID}),
    Row("POST", "/tasks/acknowledge", "task.acknowledge", {TOWN, GRID}, {"tasks": [101]}),
    Row("POST", "/tasks/close", "task.done", {TOWN, GRID}, {"tasks": [101], "outcome": "reached"}),
    Row("POST", "/tasks/attempts", "task.done", {TOWN, GRID}, {"tasks": [101], "outcome": "unreachable"}),
    Row("POST", "/tasks/hand-over", "task.hand_over", {CITY, COUNTY, TOWN, GRID}, {"tasks": [101], "owner": "111-g"}),
    Row("GET", "/units", "outreach, follow_up, accountability, administration", {ADMIN, CITY, COUNTY, TOWN, GRID}),
    Row(
        "GET",
        "/units/{unit_id}",
        "outreach, follow_up, accountability, administration",
        {ADMIN, CITY, COUNTY, TOWN, GRID},
    ),
    Row("GET", "/orders", "measures, follow_up", {CITY, COUNTY, TOWN}),
    Row("GET", "/orders/{order_id}", "measures, follow_up", {CITY, COUNTY, TOWN}),
    Row(
        "POST",
        "/orders/sign",
        "order.sign, after the password",
        {CITY, COUNTY, TOWN},
        {"orders": [101], "password": "wrong"},
    ),
    Row("POST", "/orders/{order_id}/decline", "order.decline", {CITY, COUNTY}, {}),
    Row("POST", "/orders/{order_id}/release", "order.release", {CITY, COUNTY}, {}),
    Row("GET", "/disputes", "dispute", {CITY, COUNTY}),
    Row("GET", "/disputes/{dispute_id}", "dispute", {CITY, COUNTY}),
    Row("POST", "/disputes", "dispute.raise", {COUNTY, TOWN, GRID}, NEW_DISPUTE),
    Row("POST", "/disputes/{dispute_id}/uphold", "dispute.answer", {CITY, COUNTY}, {}),
    Row("POST", "/disputes/{dispute_id}/reject", "dispute.answer", {CITY, COUNTY}),
    Row("GET", "/follow-ups", "follow_up, accountability", {CITY, COUNTY, TOWN, GRID}),
    Row("GET", "/follow-ups/{follow_up_id}", "follow_up, accountability", {CITY, COUNTY, TOWN, GRID}),
    Row(
        "POST",
        "/follow-ups/records",
        "follow_up.record",
        {TOWN, GRID},
        {"seen": [{"follow_up_id": 1, "status": "seen_ok"}]},
    ),
    Row("POST", "/follow-up-days", "account.run", {CITY}, {}),
    Row("POST", "/account-days", "account.run", {CITY}, {}),
    Row("GET", "/findings", "accountability, inspection", {CITY, COUNTY, TOWN, INSPECTOR}),
    Row("GET", "/findings/{finding_id}", "accountability, inspection", {CITY, COUNTY, TOWN, INSPECTOR}),
    Row("POST", "/findings/{finding_id}/correct", "finding.correct", {COUNTY, TOWN, INSPECTOR}, {"proof": "7"}),
    Row("POST", "/findings/{finding_id}/prove", "finding.prove", {CITY, INSPECTOR}, {"is_effective": True}),
    Row("GET", "/scores", "accountability", {CITY, COUNTY, TOWN}),
    Row("GET", "/overview", "accountability", {CITY, COUNTY}),
    Row("GET", "/feeds", "a session", ALL),
    Row("POST", "/feeds/{feed_name}/files", "feed.receive", {CLINIC, WAREHOUSE, STEWARD}, b"x"),
    Row("GET", "/batches", "receiving, accountability", {CITY, STEWARD}),
    Row("POST", "/batches/{batch_no}/withdraw", "feed.withdraw", {CITY, STEWARD}),
    Row("GET", "/declared-feeds", "a session", ALL),
    Row("POST", "/declared-feeds", "feed.declare", {STEWARD}, {"text": "name = 'x'"}),
    Row("POST", "/feed-checks", "feed.receive", {CLINIC, WAREHOUSE, STEWARD}),
    Row("POST", "/feed-suggestions", "receiving", {CLINIC, WAREHOUSE, STEWARD}, b"x"),
    Row("GET", "/feed-proposals/{system}", "a session", ALL),
    Row("POST", "/batches/{batch_no}/rejects", "feed.receive", {CLINIC, WAREHOUSE, STEWARD}),
    Row("POST", "/forms", "accountability", {CITY, COUNTY, TOWN}, b"x"),
    Row("POST", "/link-answers", "link.review for linking", {STEWARD}, {"name": "钱来"}),
    Row("GET", "/link-reviews", "link.review for linking", {STEWARD}),
    Row("GET", "/link-reviews/{review_no}", "link.review, people.read for linking", {STEWARD}),
    Row("POST", "/link-reviews/{review_no}/decide", "link.review for linking", {STEWARD}, {"verdict": "same"}),
    Row("POST", "/link-reviews/{review_no}/undo", "link.review for linking", {STEWARD}),
    Row("GET", "/link-decisions", "link.review for linking", {STEWARD}),
    Row("GET", "/link-calibration", "link.review for linking", {STEWARD}),
    Row("GET", "/exports", "a session", ALL),
    Row("POST", "/exports", "export.make", SIGNERS, {"name": "signals", "purpose": "verification"}),
    Row("POST", "/exports/proposals", "export.make", SIGNERS, {"name": "signals", "purpose": "verification"}),
    Row(
        "POST",
        "/exports/proposals/{approval_id}/sign",
        "export.sign, after the password",
        {CITY, COUNTY, TOWN},
        {"password": "wrong"},
    ),
    Row("GET", "/risk-areas", "administration, tracing, gate_check", {ADMIN, CITY, EPI, GATE}),
    Row("POST", "/risk-areas/plan", "areas.publish or trace.run", {ADMIN, CITY, EPI}, FENCE),
    Row("POST", "/risk-areas/proposals", "areas.publish", {ADMIN, CITY}, FENCE),
    Row("POST", "/risk-areas/versions", "areas.publish, signal.respond", {CITY}, {**FENCE, "approval_id": 1}),
    Row("POST", "/risk-areas/{risk_area_id}/lifting-proposals", "areas.publish", {ADMIN, CITY}),
    Row("POST", "/risk-areas/{risk_area_id}/lift", "areas.publish, signal.withdraw", {CITY}, {"approval_id": 1}),
    Row("POST", "/people/{person_no}/sheets", "dispute.answer, people.read", {CITY, COUNTY}, {}),
    Row("GET", "/proposed-messages", "outreach, accountability", {CITY, COUNTY, TOWN, GRID}),
    Row("POST", "/canaries", "look.review", {AUDITOR}, {"names": ["张三"]}),
    Row("GET", "/look-reviews", "look.review", {AUDITOR}),
    Row("POST", "/look-reviews/draws", "look.review", {AUDITOR}, {"seed": 7}),
    Row("POST", "/look-reviews/{review_id}/answer", "look.review", {AUDITOR}, {"is_justified": True}),
    Row("POST", "/units/workbooks", "user.grant", {ADMIN, CITY}, b"x"),
    Row("POST", "/units/{unit_id}/phone-links", "roster.edit", {ADMIN, COUNTY}),
    Row("POST", "/users/{user_id}/links", "user.grant", {ADMIN}),
    Row("POST", "/users/{user_id}/sign-out", "user.grant", {ADMIN}),
    Row("POST", "/users/{user_id}/forgiveness", "user.grant", {ADMIN}),
    Row("GET", "/areas", "any that opens areas", ALL - {AUDITOR}),
    Row("PUT", "/areas", "areas.publish", {ADMIN, CITY}, b"code,name,level,parent_code\n"),
    Row("GET", "/policy", "a session", ALL),
    Row("GET", "/policy/text", "a session", ALL),
    Row("POST", "/policy/plan", "administration", {ADMIN, CITY}, DRAFT),
    Row("POST", "/policy/proposals", "policy.publish", {ADMIN, CITY}, DRAFT),
    Row("POST", "/policy/versions", "policy.publish", {ADMIN, CITY}, {**DRAFT, "approval_id": 1}),
    Row("GET", "/approvals", "administration, audit", {ADMIN, CITY, AUDITOR}),
    Row("GET", "/approvals/{approval_id}", "administration, audit", {ADMIN, CITY, AUDITOR}),
    Row("POST", "/approvals/{approval_id}/approve", "policy.approve", {ADMIN, CITY}, {"password": "wrong"}),
    Row("POST", "/approvals/{approval_id}/decline", "policy.approve", {ADMIN, CITY}),
    Row("GET", "/users", "administration, audit", {ADMIN, AUDITOR}),
    Row("POST", "/users", "user.grant", {ADMIN}, {"user_id": "new-1"}),
    Row("GET", "/users/{user_id}", "administration, audit", {ADMIN, AUDITOR}),
    Row("POST", "/users/{user_id}/password", "user.grant", {ADMIN}, {"password": "a long password"}),
    Row("POST", "/users/{user_id}/activity", "user.grant", {ADMIN}, {"is_active": True}),
    Row("GET", "/grants", "administration, audit", {ADMIN, AUDITOR}),
    Row("POST", "/grants", "user.grant", {ADMIN}, {"user_id": "clinic", "role": "clinic"}),
    Row("GET", "/grants/{grant_id}", "administration, audit", {ADMIN, AUDITOR}),
    Row("DELETE", "/grants/{grant_id}", "user.grant", {ADMIN}),
    Row("GET", "/ledger", "ledger.read for audit", {AUDITOR}),
    Row("POST", "/ledger/verification", "ledger.verify", {AUDITOR}, {}),
    Row("POST", "/ledger/heads", "ledger.verify", {AUDITOR}),
    Row("POST", "/forgetting", "people.forget", {STEWARD}, {"kind": "visit", "before": "2020-01-01"}),
    Row("POST", "/passages", "passage.record for gate_check", {GATE}, {"passages": [NEW_PASSAGE]}),
    Row("GET", "/arrival-reports", "accountability that opens the reports", {CITY, COUNTY, TOWN}),
    Row("GET", "/gate-standards", "gate_check", {GATE}),
    Row("GET", "/gate-lists/{kind}", "gate_check", {GATE}),
    Row("GET", "/gates/{gate}/expected", "passage.record for gate_check", {GATE}),
    Row("GET", "/gates/{gate}/expected/{trip_no}", "passage.record for gate_check", {GATE}),
    Row("GET", "/gates/{gate}/known-tests", "passage.record for gate_check", {GATE}),
    Row("GET", "/webhooks", "own", ALL),
    Row("POST", "/webhooks", "a session", ALL, {"address": "https://127.0.0.1/", "events": ["signal.raised"]}),
    Row("DELETE", "/webhooks/{webhook_id}", "own", ALL),
    Row("POST", "/retention", "people.forget", {STEWARD}),
]

PARTS = {
    "batch_no": 99,
    "person_no": 101,
    "review_id": 1,
    "risk_area_id": 99,
    "feed_name": "places",
    "review_no": 99,
    "system": "unknown",
    "user_id": "gate_staff@x",
    "approval_id": 1,
    "grant_id": 5,
    "session_id": 1,
    "webhook_id": 1,
    "what": "signal",
    "disease": "covid19",
    "gate": 7,
    "trip_no": 1,
    "kind": "rules",
    "number": 1,
}
OPEN = {("POST", "/sessions"), ("POST", "/contests")}


@pytest.fixture
def api(staffed: Store, now: datetime) -> Api:
    """An application around the small city; every role is granted everywhere, so that only the role decides."""
    api = Api(staffed, now)
    api.token("grid_worker@122")  # session 1: somebody else's to everybody who asks
    for role in Role:
        if role is not Role.ADMINISTRATOR:
            api.post("administrator", "/grants", {"user_id": role, "role": role})
    return api


def address(path: str, things: Things) -> str:
    """A route's path with the numbers of things that are there."""
    own = {f"{one.name}_id": getattr(things, one.name) for one in fields(things)} | PARTS
    return path.format_map(own)


def ask(api: Api, user: str | None, row: Row, path: str) -> Any:  # noqa: ANN401 - a response
    more = {"content": row.body} if isinstance(row.body, bytes) else {"json": row.body} if row.body is not None else {}
    return api.ask(user, row.method, path, **more)


def is_refused(answer: Any) -> bool:  # noqa: ANN401 - a response
    """Whether the role was refused; a missing second signature or a wrong password is no refusal of the role."""
    return bool(answer.status_code == 403 and answer.json()["type"] == "urn:ringfence:problem:not-allowed")


def test_every_route_has_its_row_and_every_row_its_route(api: Api) -> None:
    routes = {(method, route.path) for route in _routes(api) for method in route.methods or ()}
    described = {(method, "/openapi.json") for method in ("GET", "HEAD")}  # the description itself, which says nothing
    assert {(row.method, row.path.partition("?")[0]) for row in TABLE} == routes - described
    assert len(TABLE) == len({(row.method, row.path) for row in TABLE})


def _routes(api: Api) -> Iterator[Route | APIRoute]:
    for route in api.app.routes:
        included = getattr(route, "original_router", None)
        yield from included.routes if included else [route]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.method} {row.path}")
def test_who_has_the_right_may_and_nobody_else(api: Api, now: datetime, row: Row) -> None:
    things = put_things(api.store, "1/11/111/", person=101, now=now)
    put_members(api.store, things.unit, Role, now=now)
    path = address(row.path, things)
    nobody = ask(api, None, row, path)
    assert (nobody.status_code == 401) == ((row.method, row.path) not in OPEN or row.path == "/sessions")
    asked = sorted(Role, key=lambda role: role is ADMIN)  # last, for what it ends or takes back is gone for the others
    assert {role for role in asked if is_refused(ask(api, role, row, path))} == ALL - row.roles


def test_a_thing_of_another_area_is_answered_like_one_that_is_not_there(api: Api, now: datetime) -> None:
    """In the same words but for the number, by whichever route it is asked for."""
    there = put_things(api.store, "1/12/121/", person=20_000_001, now=now)
    nowhere = Things(**{name: "none" if name == "unit" else 30_000_001 for name in vars(there)})
    user = "township_officer@111"
    for row in TABLE:
        if "_id}" not in row.path or set(PARTS) & {row.path.split("{")[1].split("}")[0]}:
            continue
        found, missing = (ask(api, user, row, address(row.path, things)) for things in (there, nowhere))
        assert found.status_code in {403, 404}, (row.path, found.text)
        assert (found.status_code, _without_numbers(found.text)) == (
            missing.status_code,
            _without_numbers(missing.text),
        )


def _without_numbers(text: str) -> str:
    return re.sub(r"\d+(-g)?|none", "#", text)
