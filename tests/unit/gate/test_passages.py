"""Passages: registered at once and once, linked after, laid once, and refusals gone after two days."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import pytest

from ringfence.access import read_policy
from ringfence.areas import PlaceRow, put_places, read_places
from ringfence.errors import InputRefused, KeysMissing, NotAllowed
from ringfence.gate import (
    Emergency,
    NextStep,
    Occupant,
    Passage,
    ReadyPassages,
    Standards,
    TemperatureBand,
    Traveller,
    Verdict,
    band_of,
    check,
    forget_passages,
    is_same_vehicle,
    lay_passages,
    normalise_plate,
    purge_passages,
    put_persons,
    read_waiting,
    register_passages,
    stage_passages,
)
from ringfence.store import Act, Scope, Store
from ringfence.terms import SYSTEM, Actor, Area, PlaceKind, Purpose, ReasonCode, RecordKind, RiskLevel

STAFF = Actor("gate_staff")
LOOK = Purpose("gate_check", "1.2")
TOO_OLD = Verdict.recheck(ReasonCode.TEST_TOO_OLD, NextStep.SAMPLE_HERE, hours=48)
EVERYTHING = "select * from passage p join passage_occupant o on o.passage_id = p.passage_id"


def number_of(store: Store, place_id: str) -> int:
    [number] = (row["place_no"] for row in read_places(store.desk).to_pylist() if row["place_id"] == place_id)
    return int(number)


@pytest.fixture
def gate(staffed: Store, areas: dict[str, Area], now: datetime) -> int:
    rows = [
        PlaceRow(place_id="gate-1", name="北口", kind=PlaceKind.GATE, area_code="111", longitude=None, latitude=None,
                 row=1),
        PlaceRow(place_id="shop-1", name="店", kind=PlaceKind.SHOP, area_code="111", longitude=None, latitude=None,
                 row=2),
    ]  # fmt: skip

    def put(act: Act) -> None:
        put_places(act, rows, areas=areas, batch_no=None)
        act.note("places.put")

    staffed.act(put, actor=SYSTEM, now=now)
    return number_of(staffed, "gate-1")


def passage(gate: int, now: datetime, *verdicts: Verdict, number: int = 1, origin: str | None = None) -> Passage:
    occupants = tuple(
        Occupant(verdict=verdict, identity={"name": f"旅客{place}", "id_number": f"11010119800101{place:04}"})
        for place, verdict in enumerate(verdicts)
    )
    return Passage(
        passage_id=str(uuid5(UUID(int=1), str(number))),
        gate=gate,
        lane=2,
        passed_at=now,
        occupants=occupants,
        vehicle="晋B·O12I5",
        origin_area=origin,
        bound_area="111",
        standards="policy 1; trust 3",
    )


def register(store: Store, *passages: Passage, actor: Actor = STAFF, now: datetime) -> list[str]:
    return store.act(lambda act: register_passages(act, passages, store=store), actor=actor, now=now)


def link(store: Store, now: datetime, first: int = 100) -> int:
    def step(act: Act) -> int:
        waiting = read_waiting(act, due_at=now, limit=100, purpose=LOOK, store=store)
        return put_persons(act, [(one, first + place) for place, one in enumerate(waiting)])

    return store.act(step, actor=SYSTEM, now=now)


def rows(store: Store, sql: str = EVERYTHING) -> list[dict[str, object]]:
    moment = datetime(2022, 3, 1, tzinfo=UTC)
    return store.act(lambda act: [dict(row._mapping) for row in act.rows(sql)], actor=SYSTEM, now=moment)


def lay(store: Store, now: datetime, at_risk: dict[str, RiskLevel] | None = None) -> ReadyPassages | None:
    policy = read_policy(store, now=now)
    ready = stage_passages(store, policy=policy, at_risk=at_risk or {}, actor=SYSTEM, now=now)
    if ready is not None:
        store.act(lambda act: lay_passages(act, ready, store=store), actor=SYSTEM, now=now)
    return ready


def purge(store: Store, now: datetime) -> int:
    policy = read_policy(store, now=now)
    return store.act(lambda act: purge_passages(act, policy=policy, store=store), actor=SYSTEM, now=now)


def test_a_car_is_one_passage_with_everybody_in_it(staffed: Store, gate: int, now: datetime) -> None:
    one = passage(gate, now, *[Verdict.admit()] * 3, TOO_OLD)
    assert register(staffed, one, now=now) == [one.passage_id]
    kept = rows(staffed)
    assert [row["verdict"] for row in kept] == ["admit", "admit", "admit", "recheck"]
    assert {row["vehicle"] for row in kept} == {"晋B01215"}
    assert {row["standards"] for row in kept} == {"policy 1; trust 3"}
    assert json.loads(str(kept[3]["reason"])) == {"code": "test_too_old", "hours": 48}
    assert kept[3]["next_step"] == "sample_here"


def test_the_same_passage_sent_again_or_twice_at_once_is_kept_once(staffed: Store, gate: int, now: datetime) -> None:
    one, other = passage(gate, now, Verdict.admit()), passage(gate, now, Verdict.admit(), number=2)
    assert register(staffed, one, one, now=now) == [one.passage_id]
    changed = replace(one, lane=9, occupants=(*one.occupants, *one.occupants))
    assert register(staffed, changed, other, now=now + timedelta(hours=71)) == [other.passage_id]
    assert [(row["lane"], row["occupant_no"]) for row in rows(staffed)] == [(2, 1), (2, 1)]


def test_names_lie_sealed_and_only_those_let_through_are_ever_opened(staffed: Store, gate: int, now: datetime) -> None:
    register(staffed, passage(gate, now, Verdict.admit(), TOO_OLD), now=now)
    assert not any("旅客" in str(value) for row in rows(staffed) for value in row.values())
    found = staffed.act(
        lambda act: read_waiting(act, due_at=now, limit=9, purpose=LOOK, store=staffed), actor=SYSTEM, now=now
    )
    assert [one.identity["name"] for one in found] == ["旅客0"]


def test_linking_puts_the_number_and_takes_the_name(staffed: Store, gate: int, now: datetime) -> None:
    register(staffed, passage(gate, now, Verdict.admit()), now=now)
    assert link(staffed, now) == 1
    assert [(row["person"], row["sealed"]) for row in rows(staffed)] == [(100, None)]
    assert link(staffed, now) == 0


def test_a_passage_is_laid_when_all_in_it_are_linked_and_laid_once(staffed: Store, gate: int, now: datetime) -> None:
    register(staffed, passage(gate, now, Verdict.admit(), Verdict.admit(), TOO_OLD), now=now)
    assert lay(staffed, now) is None
    link(staffed, now)
    first = lay(staffed, now)
    assert first is not None
    assert (first.rows, lay(staffed, now)) == (2, None)
    laid = staffed.lake.read(RecordKind.PASSAGE).to_pylist()
    assert [(row["person"], row["verdict"], row["gate"], row["vehicle"]) for row in laid] == [
        (100, "admit", gate, "晋B01215"),
        (101, "admit", gate, "晋B01215"),
    ]


def test_an_arrival_from_a_risk_area_is_an_observation_and_a_refusal_is_none(
    staffed: Store, gate: int, now: datetime
) -> None:
    register(staffed, passage(gate, now, Verdict.admit(), TOO_OLD, origin="1401"), now=now)
    register(staffed, passage(gate, now + timedelta(seconds=1), Verdict.admit(), origin="1402", number=2), now=now)
    link(staffed, now)
    ready = lay(staffed, now, {"1401": RiskLevel.HIGH})
    assert ready is not None
    [seen] = ready.observations
    assert (str(seen.subject), seen.reason.code) == ("person:100", ReasonCode.ARRIVED_FROM_RISK_AREA)
    assert seen.observed_at == now


def test_who_was_not_let_through_is_forgotten_after_48_hours_everywhere(
    staffed: Store, gate: int, now: datetime
) -> None:
    one = passage(gate, now, Verdict.admit(), TOO_OLD)
    register(staffed, one, passage(gate, now, TOO_OLD, number=2), now=now)
    link(staffed, now)
    [key] = {row["key_id"] for row in rows(staffed) if row["key_id"]}
    lay(staffed, now)
    assert purge(staffed, now + timedelta(hours=48) - timedelta(seconds=1)) == 0
    assert purge(staffed, now + timedelta(hours=48)) == 2
    assert [(row["passage_id"], row["verdict"]) for row in rows(staffed)] == [(one.passage_id, "admit")]
    assert {row["verdict"] for row in staffed.lake.read(RecordKind.PASSAGE).to_pylist()} == {"admit"}
    with pytest.raises(KeysMissing):
        staffed.keys.read(str(key))
    assert rows(staffed, "select * from signal") == []


def test_a_passage_keyed_in_from_paper_keeps_its_time_and_sheet(staffed: Store, gate: int, now: datetime) -> None:
    one = replace(passage(gate, now - timedelta(hours=70), Verdict.admit()), sheet="A-0017")
    register(staffed, one, now=now)
    [row] = rows(staffed)
    assert row["sheet"] == "A-0017"
    assert row["passed_at"] == int((now - timedelta(hours=70)).timestamp() * 1e6)


def test_an_emergency_is_recorded_after_it_passed(staffed: Store, gate: int, now: datetime) -> None:
    standards = Standards(policy=read_policy(staffed, now=now), lists_issued_at=None)
    verdict = check(Traveller(emergency=Emergency.LABOUR), standards=standards, now=now).verdict
    register(staffed, replace(passage(gate, now), occupants=(Occupant(verdict=verdict),)), now=now + timedelta(hours=3))
    [row] = rows(staffed)
    assert (row["verdict"], row["next_step"]) == ("admit", "care_now")


def test_what_is_wrong_is_refused_and_nothing_of_it_kept(staffed: Store, gate: int, now: datetime) -> None:
    good = passage(gate, now, Verdict.admit())
    shop = number_of(staffed, "shop-1")
    for wrong in (
        passage(shop, now, Verdict.admit(), number=2),
        passage(99_999, now, Verdict.admit(), number=2),
        passage(gate, now, number=2),
        passage(gate, now + timedelta(days=3), Verdict.admit(), number=2),
    ):
        with pytest.raises(InputRefused):
            register(staffed, good, wrong, now=now)
    assert rows(staffed) == []


def test_only_those_who_may_register_where_the_gate_is(staffed: Store, gate: int, now: datetime) -> None:
    for actor in ("grid_worker", "clinic", "township_officer@111"):
        with pytest.raises(NotAllowed):
            register(staffed, passage(gate, now, Verdict.admit()), actor=Actor(actor), now=now)


def test_the_desk_shows_passages_through_its_scope_only(staffed: Store, gate: int, now: datetime) -> None:
    register(staffed, passage(gate, now, Verdict.admit()), now=now)
    count = "select count(*) as n from visible_passage"
    assert staffed.desk.rows(count, scope=Scope({"passage": ("1/12/",)}))[0].n == 0
    assert staffed.desk.rows(count, scope=Scope({"passage": ("1/11/",)}))[0].n == 1
    with pytest.raises(NotAllowed):
        staffed.desk.rows("select count(*) as n from passage_occupant", scope=Scope({"passage": ("1/11/",)}))


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("晋B·12345", "晋B12345"),
        ("晋b 1O3I5", "晋B10315"),
        ("ＢＡ１２３４５", "BA12345"),
        ("京AD12345", "京AD12345"),
        ("晋B1234挂", "晋B1234挂"),
        ("7O-I 12", "7OI12"),
        ("", ""),
    ],
)
def test_a_plate_has_one_form(written: str, plain: str) -> None:
    assert normalise_plate(written) == plain


def test_a_lost_province_is_the_same_vehicle_and_a_trailer_is_not() -> None:
    assert is_same_vehicle("晋B12345", "B12345")
    assert not is_same_vehicle("晋B12345", "京B12345")
    assert not is_same_vehicle("晋B1234挂", "晋B12345")
    assert not is_same_vehicle("晋B12345", "2345")


def test_of_a_temperature_only_the_band_is_kept() -> None:
    bands = [band_of(celsius, fever=37.3) for celsius in (None, 37.2, 37.3)]
    assert bands == [TemperatureBand.NOT_MEASURED, TemperatureBand.BELOW_LIMIT, TemperatureBand.AT_LIMIT]


def test_somebody_forgotten_leaves_every_passage_and_those_they_were_alone_in_go(
    staffed: Store, gate: int, now: datetime
) -> None:
    together, alone = (
        passage(gate, now, Verdict.admit(), Verdict.admit()),
        passage(gate, now, Verdict.admit(), number=2),
    )
    register(staffed, together, alone, now=now)
    link(staffed, now)

    def forget(*people: int, before: datetime | None = None) -> int:
        return staffed.act(lambda act: forget_passages(act, before=before, people=people), actor=SYSTEM, now=now)

    people = [(row["passage_id"], int(str(row["person"]))) for row in rows(staffed)]
    [companion, _] = [person for which, person in people if which == together.passage_id]
    [driver] = [person for which, person in people if which == alone.passage_id]
    assert forget(companion, driver) == 2
    assert [row["passage_id"] for row in rows(staffed)] == [together.passage_id]
    assert len(rows(staffed, "select passage_id from passage")) == 1
    assert forget(before=now) == 0
    assert forget(before=now + timedelta(seconds=1)) == 1
    assert rows(staffed, "select passage_id from passage") == []
