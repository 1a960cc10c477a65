"""What a lane fetches: rules with their changes, signed lists, whom to expect; asked again it costs nothing."""

import csv
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from api_callers import Api
from gate_lab import found_laboratory
from gate_lane import STAFF, car, fence_off, open_gate, register

from ringfence import flow
from ringfence.errors import InputRefused, NotAllowed, TokenRefused
from ringfence.gate import ListKind, Occupant, Verdict, publish_list, publish_revocations
from ringfence.intake import Delivery
from ringfence.store import Store
from ringfence.terms import SYSTEM, Actor, Area, RiskLevel

ADMINISTRATOR = Actor("administrator")
PASSENGERS = [("张建国", "110101198001010011"), ("王秀英", "110101198202020022"), ("李娜", "110101199003030033")]
RULE = """[{"Identifier": "GR-1", "Version": "1.0.0", "CertificateType": "Test", "ValidFrom": "2022-01-01T00:00:00Z",
"ValidTo": "2030-01-01T00:00:00Z", "Logic": true}]"""


@pytest.fixture
def gate(staffed: Store, areas: dict[str, Area], now: datetime) -> int:
    return open_gate(staffed, areas=areas, now=now)


@pytest.fixture
def api(staffed: Store, gate: int, now: datetime) -> Api:  # noqa: ARG001 - the gate is there
    return Api(staffed, now)


def send_list(store: Store, folder: Path, now: datetime) -> None:
    """The passenger list of train G601, which leaves today."""
    path = folder / "passenger_list.csv"
    empty = dict.fromkeys(("board_stop", "alight_stop", "sex", "birth_date", "phone"), "")
    rows = [
        {"kind": "rail", "trip_number": "G601", "departs_on": "2022-03-01", "carriage": 3, "seat": f"{place}A",
         "name": name, "id_number": number, **empty}
        for place, (name, number) in enumerate(PASSENGERS, start=1)
    ]  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    flow.receive(store, [Delivery(format="passenger_list", path=path)], actor=Actor("data_steward"), now=now,
                 progress=lambda *_: None)  # fmt: skip


def test_the_rules_of_today_come_with_every_change_in_one_line(api: Api) -> None:
    found = api.get(STAFF.actor_id, "/gate-standards")
    assert found["numbers"]["gate.test_max_age_hours"] == "48"
    [change] = [one for one in found["changes"] if one["key"] == "gate.test_max_age_hours"]
    assert change["takes_effect_at"] == "2022-03-31T16:00:00Z"
    assert change["sentence"] == ("gate.test_max_age_hours: 48 becomes 24 from 2022-04-01 00:00+08:00 on (clause 1.2)")
    assert found["version"].startswith("policy:")


def test_a_change_is_in_force_when_its_day_begins(api: Api) -> None:
    api.now = datetime.fromisoformat("2022-03-31T15:59:59+00:00")
    assert api.get(STAFF.actor_id, "/gate-standards")["numbers"]["gate.test_max_age_hours"] == "48"
    api.now += timedelta(seconds=1)
    found = api.get(STAFF.actor_id, "/gate-standards")
    assert found["numbers"]["gate.test_max_age_hours"] == "24"
    assert not [one for one in found["changes"] if one["key"] == "gate.test_max_age_hours"]


def test_risk_areas_come_with_everything_that_lies_in_them(api: Api) -> None:
    fence_off(api.store, "12", RiskLevel.HIGH, now=api.now)
    assert api.get(STAFF.actor_id, "/gate-standards")["risk_areas"] == {"12": "high", "121": "high", "122": "high"}


def test_what_has_not_changed_is_not_sent_again(api: Api) -> None:
    tag = api.ask(STAFF.actor_id, "GET", "/gate-standards").headers["ETag"]
    again = {"If-None-Match": tag}
    assert api.ask(STAFF.actor_id, "GET", "/gate-standards", headers=again).status_code == 304
    fence_off(api.store, "12", RiskLevel.LOW, now=api.now)
    assert api.ask(STAFF.actor_id, "GET", "/gate-standards", headers=again).status_code == 200


def test_lists_are_handed_out_as_they_were_signed_and_never_rolled_back(api: Api) -> None:
    laboratory = found_laboratory(api.now)

    def publish(text: str, actor: Actor = ADMINISTRATOR) -> None:
        publish_one = publish_list
        api.store.act(
            lambda act: publish_one(act, ListKind.REVOCATIONS, text, signers=laboratory.trust), actor=actor, now=api.now
        )

    first = publish_revocations([b"1" * 16], held=None, signer=laboratory.signer, now=api.now)
    assert api.ask(STAFF.actor_id, "GET", "/gate-lists/revocation_list").status_code == 404
    with pytest.raises(NotAllowed):
        publish(first, STAFF)
    publish(first)
    found = api.get(STAFF.actor_id, "/gate-lists/revocation_list")
    assert (found["version"], found["body"]) == (1, first)
    with pytest.raises(InputRefused, match="handed out already"):
        publish(first)
    with pytest.raises(TokenRefused):
        publish(first[:-4] + "AAAA")
    tag = {"If-None-Match": api.ask(STAFF.actor_id, "GET", "/gate-lists/revocation_list").headers["ETag"]}
    assert api.ask(STAFF.actor_id, "GET", "/gate-lists/revocation_list", headers=tag).status_code == 304
    assert api.get(STAFF.actor_id, "/gate-standards")["lists"] == {"revocation_list": 1}


def test_rules_are_numbered_here_and_only_readable_ones_handed_out(api: Api) -> None:
    for text in ("{", "{}", "[1]", '[{"Identifier": "x"}]'):
        with pytest.raises(InputRefused):
            api.store.act(
                lambda act, text=text: publish_list(act, ListKind.RULES, text, signers={}),
                actor=ADMINISTRATOR,
                now=api.now,
            )
    for _ in range(2):
        api.store.act(lambda act: publish_list(act, ListKind.RULES, RULE, signers={}), actor=ADMINISTRATOR, now=api.now)
    found = api.get(STAFF.actor_id, "/gate-lists/rules")
    assert (found["version"], found["body"]) == (2, RULE)


def test_a_list_before_arrival_says_whom_to_expect_and_who_never_passed(api: Api, gate: int, tmp_path: Path) -> None:
    send_list(api.store, tmp_path, api.now)
    [trip] = api.get(STAFF.actor_id, f"/gates/{gate}/expected")["trips"]
    assert (trip["number"], trip["booked"], trip["passed"], trip["waiting"]) == ("G601", 3, 0, 0)
    seen = [
        Occupant(verdict=Verdict.admit(), identity={"name": name, "id_number": number})
        for name, number in PASSENGERS[:2]
    ]
    later = api.now + timedelta(minutes=20)
    passage = car(1, *seen, gate=gate, passed_at=later, trip="G601")
    register(api.store, passage, now=later)
    api.now = later
    [trip] = api.get(STAFF.actor_id, f"/gates/{gate}/expected")["trips"]
    assert (trip["passed"], trip["waiting"]) == (0, 2)
    flow.arrive(api.store, is_hurried=True, actor=SYSTEM, now=later)
    [trip] = api.get(STAFF.actor_id, f"/gates/{gate}/expected")["trips"]
    assert (trip["booked"], trip["passed"], trip["waiting"]) == (3, 2, 0)
    people = api.get(STAFF.actor_id, f"/gates/{gate}/expected/{trip['trip_no']}")["people"]
    assert [(one["name"], one["seat"], one["passed_at"] is None) for one in people] == [
        ("张建国", "1A", False),
        ("王秀英", "2A", False),
        ("李娜", "3A", True),
    ]


def test_looking_at_whom_to_expect_is_for_the_gate_and_on_record(api: Api, gate: int, tmp_path: Path) -> None:
    send_list(api.store, tmp_path, api.now)
    [trip] = api.get(STAFF.actor_id, f"/gates/{gate}/expected")["trips"]
    path = f"/gates/{gate}/expected/{trip['trip_no']}"
    assert api.ask("grid_worker", "GET", path).status_code == 403
    assert api.ask(STAFF.actor_id, "GET", f"/gates/{gate}/expected/99999").status_code == 404
    assert api.ask(STAFF.actor_id, "GET", f"/gates/99999/expected/{trip['trip_no']}").status_code == 404
    api.get(STAFF.actor_id, path)
    looks = api.store.desk.rows("select action, purpose from ledger where actor = 'gate_staff' order by seq")
    assert {(row.action, row.purpose) for row in looks} >= {
        ("arrivals.expected_read", "gate_check"),
        ("people.read", "gate_check"),
    }


def test_what_gates_reported_is_seen_by_those_who_answer_for_it(api: Api, gate: int) -> None:
    register(api.store, car(1, Occupant(verdict=Verdict.admit()), gate=gate, passed_at=api.now), now=api.now)
    api.now += timedelta(hours=24)
    flow.arrive(api.store, actor=SYSTEM, now=api.now)
    [row] = api.get("county_officer", "/arrival-reports")["rows"]
    assert (row["gate"], row["passages"], row["people"], row["late"]) == (gate, 1, 1, 0)
    assert api.ask(STAFF.actor_id, "GET", "/arrival-reports").status_code == 403
