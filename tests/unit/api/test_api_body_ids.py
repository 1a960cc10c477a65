"""A number or key sent in a body or as a parameter: of another area it is answered like one that is not there (6.4).

Every field that any route takes stands in one of the tables below: it names something of the desk, or it is a value. A
field that is in neither fails the build.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any

import pytest
from api_callers import Api
from api_city import Things, put_members, put_things

from ringfence.access import add_user, grant_role
from ringfence.store import Act, Store
from ringfence.terms import Actor, Grant, Role

PASSWORD = "a long password"
HERE, THERE = "1/11/111/", "1/12/121/"
NOWHERE = 30_000_001

INSERT_PLACE = """
insert into place (place_no, place_id, name, kind, area_code, area_path, recorded_at)
values (20000001, 'gate-121', 'gate', 'gate', '121', '1/12/121/', :now)
"""

INSERT_ALIAS = """
insert into person_alias (kind, from_no, to_no, reason, decided_by, recorded_at)
values ('merged', 20000001, 20000002, '{"code": "said_by", "values": {}}', 'steward', :now) returning alias_no
"""

INSERT_APPROVAL = """
insert into approval (plan_kind, plan, plan_digest, proposed_by, proposed_at, recorded_at)
values ('policy', '{}', 'x', 'county_officer@12', :now, :now) returning approval_id
"""

INSERT_RISK_AREA = """
insert into risk_area (risk_area_id, version, disease, level, from_day, area_codes, place_ids, polygon, is_lifted,
    approval_id, published_by, recorded_at)
values (7000, 1, 'covid19', 'high', 1, '["121"]', '[]', '', false, :approval, 'city_officer', :now)
"""


@dataclass(frozen=True)
class Named:
    """A field that names something: which of the things there it may be, and a request with it in its place."""

    what: str
    send: Callable[[Any], Any]


PASSAGE = {
    "passage_id": "0d9f4b0e-6f0c-4e0a-9a51-2b1f6f3b7c11",
    "lane": 1,
    "passed_at": "2022-03-01T12:00:00+08:00",
    "occupants": [{"verdict": "admit"}],
}
SIGNAL = {"kind": "report", "subject_kind": "place", "subject_key": "7", "disease": "covid19", "area": "111"}
FENCE = {"disease": "covid19", "level": "high", "from_day": "2022-03-01", "areas": ["111"]}
EXPORT = {"name": "signals", "purpose": "verification"}
TAKEN_OUT = {**EXPORT, "area": "111", "container": "csv"}
POLICY = {"policy": {"clauses": {}}, "from_day": "2022-06-01"}
TASKS = Named("task", lambda it: {"tasks": [it]})


def fenced(**more: object) -> dict[str, object]:
    return {"fence": {**FENCE, **more}}


NAMES: dict[str, Named] = {
    "POST /signals area": Named("area", lambda it: {**SIGNAL, "area": it}),
    "POST /signals subject_key": Named("place", lambda it: {**SIGNAL, "subject_key": str(it)}),
    "POST /responses signals[]": Named("signal", lambda it: {"signals": [it]}),
    "POST /tasks/acknowledge tasks[]": TASKS,
    "POST /tasks/close tasks[]": Named("task", lambda it: {"tasks": [it], "outcome": "reached"}),
    "POST /tasks/attempts tasks[]": Named("task", lambda it: {"tasks": [it], "outcome": "unreachable"}),
    "POST /tasks/hand-over tasks[]": Named("task", lambda it: {"tasks": [it], "owner": "111-g"}),
    "POST /tasks/hand-over owner": Named("unit", lambda it: {"tasks": [101], "owner": it}),
    "POST /orders/sign orders[]": Named("order", lambda it: {"orders": [it], "password": PASSWORD}),
    "POST /disputes number": Named(
        "order", lambda it: {"contested_kind": "order", "number": it, "ground": "wrong", "way": "phone"}
    ),
    "POST /disputes/{dispute_id}/uphold wrong_aliases[]": Named("alias", lambda it: {"wrong_aliases": [it]}),
    "POST /follow-ups/records seen[].follow_up_id": Named(
        "follow_up", lambda it: {"seen": [{"follow_up_id": it, "status": "seen_ok"}]}
    ),
    "POST /exports area": Named("area", lambda it: {**TAKEN_OUT, "area": it}),
    "POST /exports approval_id": Named("approval", lambda it: {**TAKEN_OUT, "approval_id": it}),
    "POST /exports/proposals area": Named("area", lambda it: {**EXPORT, "area": it}),
    "POST /risk-areas/plan fence.areas[]": Named("area", lambda it: fenced(areas=[it])),
    "POST /risk-areas/plan fence.places[]": Named("place_id", lambda it: fenced(places=[it])),
    "POST /risk-areas/plan risk_area_id": Named("risk_area", lambda it: {**fenced(), "risk_area_id": it}),
    "POST /risk-areas/proposals fence.areas[]": Named("area", lambda it: fenced(areas=[it])),
    "POST /risk-areas/proposals fence.places[]": Named("place_id", lambda it: fenced(places=[it])),
    "POST /risk-areas/proposals risk_area_id": Named("risk_area", lambda it: {**fenced(), "risk_area_id": it}),
    "POST /risk-areas/versions fence.areas[]": Named("area", lambda it: {**fenced(areas=[it]), "approval_id": 1}),
    "POST /risk-areas/versions fence.places[]": Named("place_id", lambda it: {**fenced(places=[it]), "approval_id": 1}),
    "POST /risk-areas/versions risk_area_id": Named(
        "risk_area", lambda it: {**fenced(), "risk_area_id": it, "approval_id": 1}
    ),
    "POST /risk-areas/versions approval_id": Named("approval", lambda it: {**fenced(), "approval_id": it}),
    "POST /risk-areas/{risk_area_id}/lift approval_id": Named("approval", lambda it: {"approval_id": it}),
    "POST /policy/versions approval_id": Named("approval", lambda it: {**POLICY, "approval_id": it}),
    "POST /grants area": Named("area", lambda it: {"user_id": "clinic", "role": "clinic", "area": it}),
    "POST /forgetting people[]": Named("person", lambda it: {"kind": "visit", "people": [it]}),
    "POST /passages passages[].gate": Named("place", lambda it: {"passages": [{**PASSAGE, "gate": it}]}),
}
"""Fields of bodies that name something."""

PARAMETERS: dict[str, str] = {
    "area": "area",
    "parent": "area",
    "signal": "signal",
    "person": "person",
    "unit": "unit",
    "owner": "unit",
    "gate": "place",
    "user": "user",
    "actor": "user",
    "subject": "subject",
}
"""Parameters of lists that name something."""

WORDS = """
    answer address before celsius birth_date bound_area code container contested_kind day direction disease
    document emergency ends evidence file filters from_day ground heads id_number is_active is_effective
    is_justified kind lane level name names next_step occupants origin origin_area outcome passage_id
    passed_at password phone proof purpose reason role sampled_at seat seed sheet standards status
    subject_kind text to_day trip vehicle verdict way events sort after limit waiting raised_since
    classification reported_since observed_since ring most due_before measure since prefix active standing
    recorded_since recorded_before action feed clause sex
"""
VALUES = frozenset(WORDS.split())
"""Fields that are what they say: days, codes, texts; and areas that a traveller names, which are no reader's."""

BY_RIGHT = {
    "POST /users user_id": "accounts lie in no area; only who may grant roles is answered, and reads all of them",
    "POST /grants user_id": "as above",
    "POST /sessions user_id": "whoever knows the password is that account; tests/unit/access says how it is guarded",
    "POST /contests link": "signed, and the only right its holder has",
}
"""What opens something to whoever has it, wherever they are."""


def fields(description: Mapping[str, Any]) -> Iterator[str]:
    """Every field of every body, as `METHOD /path field`."""
    for path, methods in description["paths"].items():
        for method, route in methods.items():
            for content in route.get("requestBody", {}).get("content", {}).values():
                for name in _leaves(description, content.get("schema", {}), ""):
                    yield f"{method.upper()} {path} {name}"


def _leaves(description: Mapping[str, Any], schema: Mapping[str, Any], name: str) -> Iterator[str]:
    if reference := schema.get("$ref"):
        schema = description["components"]["schemas"][reference.rsplit("/", 1)[-1]]
    for way in (*schema.get("anyOf", ()), *schema.get("allOf", ())):
        yield from _leaves(description, way, name)
    for field, kind in schema.get("properties", {}).items():
        yield from _leaves(description, kind, f"{name}.{field}" if name else field)
    if "items" in schema:
        yield from _leaves(description, schema["items"], f"{name}[]")
    if name and schema.get("type") in {"integer", "string", "number", "boolean"}:
        yield name


@pytest.fixture
def api(staffed: Store, now: datetime) -> Api:
    """An account a role that is granted one township, `ROLE-111`; those who sign have passwords."""

    def put(act: Act) -> None:
        for role in Role:
            add_user(act, f"{role}-111")
            grant_role(act, f"{role}-111", Grant(role=role, area_path=HERE))

    staffed.act(put, actor=Actor("administrator"), now=now)
    api = Api(staffed, now)
    for role in (Role.COUNTY_OFFICER, Role.TOWNSHIP_OFFICER, Role.CITY_OFFICER):
        api.post("administrator", f"/users/{role}-111/password", {"password": PASSWORD})
    return api


@pytest.fixture
def here(api: Api, now: datetime) -> Things:
    """What the reader has, and may send."""
    things = put_things(api.store, HERE, person=101, now=now)
    put_members(api.store, things.unit, [f"{role}-111" for role in Role], now=now)
    return things


@pytest.fixture
def there(api: Api, now: datetime) -> dict[str, object]:
    """What stands in another county, by what it is."""
    things = put_things(api.store, THERE, person=20_000_001, now=now)

    def put(act: Act) -> dict[str, object]:
        act.run(INSERT_PLACE, now=1)
        approval = act.insert(INSERT_APPROVAL, now=1)
        act.run(INSERT_RISK_AREA, approval=approval, now=1)
        act.note("things.put")
        return {"approval": approval, "risk_area": 7_000, "alias": act.insert(INSERT_ALIAS, now=1)}

    more = api.store.act(put, actor=Actor("steward"), now=now)
    own = {"area": "121", "place": 20_000_001, "place_id": "gate-121", "person": 20_000_001}
    return {**vars(things), **more, **own, "user": "township_officer@121", "subject": f"signal:{things.signal}"}


def test_every_field_of_every_body_names_something_or_is_a_value(api: Api) -> None:
    found = set(fields(api.app.openapi()))
    unknown = {one for one in found if one.replace("[]", "").rsplit(".", 1)[-1].rsplit(" ", 1)[-1] not in VALUES}
    assert unknown - NAMES.keys() == BY_RIGHT.keys()
    assert not NAMES.keys() - found


def test_every_parameter_of_every_list_names_something_or_is_a_value(api: Api) -> None:
    named = {
        one["name"]
        for methods in api.app.openapi()["paths"].values()
        for route in methods.values()
        for one in route.get("parameters", ())
        if one["in"] == "query"
    }
    assert named - VALUES == PARAMETERS.keys()


def test_what_is_sent_of_another_area_is_answered_like_what_is_not_there(
    api: Api, here: Things, there: dict[str, object]
) -> None:
    """In the same words but for what was sent, to every role."""
    told = []
    for field, named in NAMES.items():
        method, path, _ = field.split()
        where = path.format(dispute_id=here.dispute, risk_area_id=there["risk_area"])
        for role in Role:
            found, missing = (
                _said(api.ask(f"{role}-111", method, where, json=named.send(sent)))
                for sent in (there[named.what], _nowhere(there[named.what]))
            )
            if found != missing:
                told.append((field, role, found, missing))
    assert not told, "\n".join(map(str, told))


def test_what_is_asked_of_another_area_is_answered_like_what_is_not_there(
    api: Api, here: Things, there: dict[str, object]
) -> None:
    told = []
    for path, methods in api.app.openapi()["paths"].items():
        names = {one["name"] for one in methods.get("get", {}).get("parameters", ())}
        for name, role in product(sorted(names & PARAMETERS.keys()), Role):
            what = there[PARAMETERS[name]]
            asked = [{**_needed(path), name: str(sent)} for sent in (what, _nowhere(what))]
            found, missing = (_said(api.ask(f"{role}-111", "GET", path, params=one)) for one in asked)
            if found != missing:
                told.append((path, name, role, found, missing))
    assert not told, "\n".join(map(str, told))
    assert here


def _needed(path: str) -> dict[str, int]:
    return {"signal": 1} if path == "/exposures" else {}


def _said(answer: Any) -> tuple[int, str]:  # noqa: ANN401 - a response
    """What was answered, without numbers and codes."""
    return answer.status_code, re.sub(r"\d+(-g)?", "#", answer.text)


def _nowhere(there: object) -> object:
    """Of the same kind, and not there."""
    return NOWHERE if isinstance(there, int) else re.sub(r"\d+", "999", str(there))
