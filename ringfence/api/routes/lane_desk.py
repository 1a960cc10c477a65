"""What a lane fetches: rules and their changes, lists of whom to believe, and whom to expect (policy 1.2, 1.3, 1.4).

Each answer has a tag, so that a device asks again at no cost; offline it goes on with what it fetched last.
"""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from ringfence.api.answers import answer
from ringfence.api.caller import Look, looks_for, purposes_of, rules_of
from ringfence.api.lists import add_list
from ringfence.api.routes.bodies import shown
from ringfence.api.rows import Number
from ringfence.errors import NotFound
from ringfence.gate import (
    ARRIVAL_REPORTS,
    ListKind,
    find_changes,
    gate_numbers,
    list_expected,
    read_expected,
    read_known_tests,
    read_list,
    read_versions,
    standards_of,
)
from ringfence.intake import find_at_risk
from ringfence.terms import RiskLevel, TripKind, day_number, say_reason

router = APIRouter(tags=["lane"])

LookNow = Annotated[Look, Depends(looks_for("gate_check"))]

add_list(
    router,
    "/arrival-reports",
    ARRIVAL_REPORTS,
    purposes=("accountability",),
    summary="What gates reported upward; lines of one gate and period add up",
)


class ChangeToCome(BaseModel):
    """A rule that will be another one; `sentence` says it in one line."""

    model_config = shown(
        key="gate.test_max_age_hours",
        takes_effect_at="2022-03-31T16:00:00Z",
        sentence="gate.test_max_age_hours: 48 becomes 24 from 2022-04-01 00:00+08:00 on (clause 1.2)",
    )

    key: str
    takes_effect_at: datetime
    sentence: str


class GateStandards(BaseModel):
    """What travellers are held to now; a passage keeps `version`."""

    model_config = shown(
        version="policy:9f2c4e11 trust_list:3",
        numbers={"gate.test_max_age_hours": "48"},
        risk_areas={"140211": "high"},
        lists={"trust_list": 3},
        changes=[],
    )

    version: str
    numbers: dict[str, str]
    risk_areas: dict[str, RiskLevel]
    lists: dict[str, int]
    changes: list[ChangeToCome]


class HandedOut(BaseModel):
    """The newest version of a list: a sealed text to be checked with one's own keys, of rules their JSON."""

    model_config = shown(kind="trust_list", version=3, issued_at="2022-03-01T00:00:00Z", body="RF1.0oRY...")

    kind: ListKind
    version: int
    issued_at: datetime
    body: str


class TripExpected(BaseModel):
    """A trip's list against what gates saw of it; `waiting` were let through and have no number yet."""

    model_config = shown(
        trip_no=12, kind="rail", number="G601", departs_on="2022-03-01", booked=412, passed=380, waiting=20
    )

    trip_no: int
    kind: TripKind
    number: str
    departs_on: date
    booked: int
    passed: int
    waiting: int


class TripsExpected(BaseModel):
    """The trips of a day whose lists are in."""

    model_config = shown(trips=[TripExpected.model_config["json_schema_extra"]["examples"][0]])  # type: ignore[index]

    trips: list[TripExpected]


class PersonExpected(BaseModel):
    """Somebody on a list; `passed_at` is null as long as no gate let them through."""

    model_config = shown(
        person_no=4711,
        name="张建国",
        birth_date="1980-01-01",
        id_number="140211198001010013",
        carriage=3,
        seat="12F",
        passed_at="2022-03-01T04:00:00Z",
    )

    person_no: int
    name: str
    birth_date: date | None
    id_number: str
    carriage: int | None
    seat: str
    passed_at: datetime | None


class PeopleExpected(BaseModel):
    """Everybody on a trip's list, in the order of their seats."""

    model_config = shown(people=[PersonExpected.model_config["json_schema_extra"]["examples"][0]])  # type: ignore[index]

    people: list[PersonExpected]


@router.get(
    "/gate-standards",
    response_model=GateStandards,
    summary="The rules of today, and what will change",
    openapi_extra=purposes_of("gate_check"),
)
def read_standards(look: LookNow) -> Response:
    """Numbers, risk areas, versions of lists, and each change that is known in one line."""
    caller = look.caller
    desk, clock, rules = caller.store.desk, caller.store.clock, rules_of(caller)
    lists = read_versions(desk)
    changes = [
        {
            "key": one.key,
            "takes_effect_at": one.takes_effect_at,
            "sentence": say_reason(one.to_reason(clock), caller.language),
        }
        for one in find_changes(desk, clock=clock, now=caller.now)
    ]
    body = {
        "version": standards_of(rules, lists),
        "numbers": gate_numbers(rules),
        "risk_areas": dict(sorted(find_at_risk(caller.store, now=caller.now).items())),
        "lists": lists,
        "changes": changes,
    }
    return answer(caller.request, body, language=caller.language)


@router.get(
    "/gate-lists/{kind}",
    response_model=HandedOut,
    summary="A list for terminals",
    openapi_extra=purposes_of("gate_check"),
)
def read_gate_list(look: LookNow, kind: ListKind) -> Response:
    """Whom to believe, what was revoked, or the rules for certificates."""
    caller = look.caller
    found = read_list(caller.store.desk, kind)
    if found is None:
        raise NotFound("no {kind} was published yet; `ringfence gate publish` does", kind=kind)
    return answer(caller.request, asdict(found), language=caller.language)


class TestsKnown(BaseModel):
    """Tests by mark: the first 8 bytes of an HMAC-SHA256 of the ID number in capitals, under `key` (hexadecimal).

    `packed` is base64 of n marks (unsigned, sorted), n sampling times (microseconds UTC) and n results of one byte (0
    not detected, 1 detected, 2 inconclusive), all big-endian. A device keeps both sealed; they change with the day.
    """

    model_config = shown(key="00" * 32, count=1, packed="AAAAAAAAAAEABdkUZ4+AAAA=")

    key: str
    count: int
    packed: str


@router.get(
    "/gates/{gate}/known-tests",
    response_model=TestsKnown,
    summary="Laboratories' tests that may still count, to look up offline by ID number",
    openapi_extra=purposes_of("gate_check"),
)
def read_tests(look: LookNow, gate: Number) -> Response:
    """Who is not on it is not refused: their sample is taken at the gate."""
    caller = look.caller
    found = read_known_tests(
        caller.store, gate, policy=rules_of(caller), purpose=look.purpose, actor=caller.actor, now=caller.now
    )
    body = {"key": found.key.hex(), "count": len(found.marks), "packed": found.to_text()}
    return answer(caller.request, body, language=caller.language)


@router.get(
    "/gates/{gate}/expected",
    response_model=TripsExpected,
    summary="Trips whose passenger lists came before them",
    openapi_extra=purposes_of("gate_check"),
)
def read_trips_expected(look: LookNow, gate: Number, day: date | None = None) -> Response:
    """By numbers only: how many are booked, and how many passed; `day` is the day the trip left, or today."""
    caller = look.caller
    store = caller.store
    chosen = store.clock.day_of(caller.now) if day is None else day_number(day)
    found = store.act(lambda act: list_expected(act, gate, day=chosen, store=store), actor=caller.actor, now=caller.now)
    return answer(caller.request, {"trips": [asdict(one) for one in found]}, language=caller.language)


@router.get(
    "/gates/{gate}/expected/{trip_no}",
    response_model=PeopleExpected,
    summary="Everybody on a trip's list, and who of them never passed",
    openapi_extra=purposes_of("gate_check"),
)
def read_people_expected(look: LookNow, gate: Number, trip_no: Number) -> Response:
    """The look at them is on record."""
    caller = look.caller
    found = read_expected(caller.store, gate, trip_no, purpose=look.purpose, actor=caller.actor, now=caller.now)
    return answer(caller.request, {"people": [asdict(one) for one in found]}, language=caller.language)
