"""A gate in the small city, and passages at it."""

from datetime import datetime
from uuid import UUID, uuid5

from ringfence.access import approve, propose, use_approval
from ringfence.areas import PlaceRow, publish_fence, put_places, read_place_numbers
from ringfence.gate import NextStep, Occupant, Passage, Verdict, register_passages
from ringfence.store import Act, Store
from ringfence.terms import SYSTEM, Actor, Area, Fence, PlaceKind, Plan, ReasonCode, RiskLevel

STAFF = Actor("gate_staff")
PUBLISHER, APPROVER = Actor("administrator"), Actor("city_officer")
TOO_OLD = Verdict.recheck(ReasonCode.TEST_TOO_OLD, NextStep.SAMPLE_HERE, hours=48)


def open_gate(store: Store, *, areas: dict[str, Area], now: datetime) -> int:
    """The number of a gate in township 111."""
    row = PlaceRow(
        place_id="gate-1", name="北口", kind=PlaceKind.GATE, area_code="111", longitude=None, latitude=None, row=1
    )

    def put(act: Act) -> None:
        put_places(act, [row], areas=areas, batch_no=None)
        act.note("places.put")

    store.act(put, actor=SYSTEM, now=now)
    return int(read_place_numbers(store.desk)["place_no"][0].as_py())


def fence_off(store: Store, code: str, level: RiskLevel, *, now: datetime) -> None:
    """Put a risk area around an area in force, with a second officer's yes."""
    fence = Fence(disease="covid19", level=level, from_day=store.clock.day_of(now), area_codes=(code,))
    plan = Plan(kind="risk_area", basis=code)
    number = store.act(lambda act: propose(act, plan), actor=PUBLISHER, now=now)
    store.act(lambda act: approve(act, number, area_path="1/"), actor=APPROVER, now=now)
    store.act(lambda act: publish_fence(act, fence, approval=use_approval(act, plan, number)), actor=PUBLISHER, now=now)


def traveller(number: int, verdict: Verdict | None = None) -> Occupant:
    """Somebody with a name and an ID number of their own."""
    identity = {"name": "张王李赵"[number % 4] + "建国", "id_number": f"11010119800101{number:04}"}
    return Occupant(verdict=verdict or Verdict.admit(), identity=identity)


def car(
    number: int, *occupants: Occupant, gate: int, passed_at: datetime, origin: str | None = None, trip: str = ""
) -> Passage:
    """A car with some people in it; the number makes it that car."""
    return Passage(
        passage_id=str(uuid5(UUID(int=2), str(number))),
        gate=gate,
        lane=1,
        passed_at=passed_at,
        occupants=occupants,
        vehicle=f"晋B1{number:04}",
        trip=trip,
        origin_area=origin,
        standards="policy 1",
    )


def register(store: Store, *passages: Passage, now: datetime) -> None:
    """Registered by the staff of the gate."""
    store.act(lambda act: register_passages(act, passages, store=store), actor=STAFF, now=now)
