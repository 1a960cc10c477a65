"""Whom a gate is to expect: passengers of a list that came before them, and who of them never passed (policy 1.3)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb
import numpy as np

from ringfence.access import check_can
from ringfence.errors import NotFound
from ringfence.policy import Permission
from ringfence.store import Act, Aliases, Store
from ringfence.terms import Actor, PersonNo, PlaceNo, Purpose, RecordKind, TripKind, calendar_day, from_us

TRIPS_OF = "select trip_no, kind, number, departs_day from trip where departs_day = :day order by kind, number"

TRIP = "select trip_no, kind, number, departs_day from trip where trip_no = :trip_no"

GATE = "select area_path from place where place_no = :gate and kind = 'gate'"

BOOKED = """
select trip, person, carriage, seat_row, seat
from read_parquet($files)
where list_contains($trips, trip)
order by trip, carriage, seat_row, seat, person
"""

# A trip may arrive the day after it left. Who was let through and is not linked yet has no number.
PASSED = """
select p.trip, o.person, p.passed_at, o.sealed is not null as is_waiting
from passage p join passage_occupant o on o.passage_id = p.passage_id
where p.trip in :among and p.day >= :day and p.day <= :day + 1 and o.verdict = 'admit'
"""


@dataclass(frozen=True, kw_only=True)
class ExpectedTrip:
    """A trip's list against what gates saw of it; `waiting` were let through and are not linked to persons yet."""

    trip_no: int
    kind: TripKind
    number: str
    departs_on: date
    booked: int
    passed: int
    waiting: int


@dataclass(frozen=True, kw_only=True)
class ExpectedPerson:
    """Somebody on a list; `passed_at` is None as long as no gate let them through."""

    person_no: PersonNo
    name: str
    birth_date: date | None
    id_number: str
    carriage: int | None
    seat: str
    passed_at: datetime | None


@dataclass(frozen=True)
class _Trip:
    """A trip with the seat of each person booked on it, and when gates let whom of it through, by home number."""

    row: Any
    seats: Mapping[PersonNo, tuple[int | None, str]]
    passed: Mapping[PersonNo, int]
    waiting: int

    def to_expected(self) -> ExpectedTrip:
        """Its numbers."""
        return ExpectedTrip(
            trip_no=self.row.trip_no,
            kind=TripKind(self.row.kind),
            number=self.row.number,
            departs_on=calendar_day(self.row.departs_day),
            booked=len(self.seats),
            passed=len(self.seats.keys() & self.passed.keys()),
            waiting=self.waiting,
        )


def list_expected(act: Act, gate: PlaceNo, *, day: int, store: Store) -> list[ExpectedTrip]:
    """The trips that left on a local day and whose lists are in, by numbers only."""
    check_works_at(act, gate)
    trips = _read(act, act.rows(TRIPS_OF, day=day), store=store)
    act.note("arrivals.expected_listed", subject=f"place:{gate}", count=len(trips))
    return [trip.to_expected() for trip in trips if trip.seats]


def read_expected(
    store: Store, gate: PlaceNo, trip_no: int, *, purpose: Purpose, actor: Actor, now: datetime
) -> list[ExpectedPerson]:
    """Everybody on a trip's list, in the order of their seats, with when they passed; the look is on record.

    NotFound for a trip nobody sent a list of.
    """

    def find(act: Act) -> _Trip:
        check_works_at(act, gate)
        act.note("arrivals.expected_read", subject=f"trip:{trip_no}", purpose=purpose)
        found = _read(act, act.rows(TRIP, trip_no=trip_no), store=store)
        if not found or not found[0].seats:
            raise NotFound("no passenger list of trip {trip_no} came in", trip_no=trip_no)
        return found[0]

    trip = store.act(find, actor=actor, now=now)
    people = store.read_people(list(trip.seats), purpose=purpose, actor=actor, now=now)
    shown = people.select(["person_no", "name", "birth_date", "id_number"]).to_pylist()
    known = {row["person_no"]: row for row in shown}
    return [
        ExpectedPerson(
            person_no=person,
            name=known.get(person, {}).get("name") or "",
            birth_date=known.get(person, {}).get("birth_date"),
            id_number=known.get(person, {}).get("id_number") or "",
            carriage=carriage,
            seat=seat,
            passed_at=from_us(trip.passed[person]) if person in trip.passed else None,
        )
        for person, (carriage, seat) in trip.seats.items()
    ]


def check_works_at(act: Act, gate: PlaceNo) -> None:
    """NotFound for a place that is no gate, NotAllowed for who does not register passages there."""
    rows = act.rows(GATE, gate=gate)
    if not rows:
        raise NotFound("place {gate} is no gate of this city", gate=gate)
    check_can(act, Permission.PASSAGE_RECORD, area_path=rows[0].area_path)


def _read(act: Act, rows: Sequence[Any], *, store: Store) -> list[_Trip]:
    """Trips that leave on one day, with who is booked and who passed."""
    if not rows:
        return []
    day, aliases = rows[0].departs_day, Aliases(store.desk)
    booked = _read_booked(store, [row.trip_no for row in rows], day=day)
    passed = act.rows_among(PASSED, [row.number for row in rows], day=day)
    homes = _homes([*(line[1] for line in booked), *(row.person for row in passed if row.person)], aliases)
    trips = []
    for row in rows:
        seats = {homes[person]: (carriage, _seat(seat_row, seat)) for trip, person, carriage, seat_row, seat in booked
                 if trip == row.trip_no}  # fmt: skip
        seen = [one for one in passed if one.trip == row.number]
        times = {homes[one.person]: one.passed_at for one in sorted(seen, key=lambda one: -one.passed_at) if one.person}
        trips.append(_Trip(row, seats, times, Counter(bool(one.is_waiting) for one in seen)[True]))
    return trips


def _read_booked(store: Store, trips: Sequence[int], *, day: int) -> list[Any]:
    files = store.lake.paths(RecordKind.LEG, days=(day, day))
    if not files:
        return []
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as memory:
        return memory.execute(BOOKED, {"files": files, "trips": list(trips)}).fetchall()


def _homes(numbers: Sequence[int], aliases: Aliases) -> dict[int, int]:
    """Whom each number leads to."""
    own = np.array(numbers, dtype=np.int64)
    return dict(zip(own.tolist(), aliases.resolve(own).tolist(), strict=True))


def _seat(row: int | None, seat: str | None) -> str:
    return f"{row or ''}{seat or ''}"
