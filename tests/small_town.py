"""A small town written by hand: twelve residents behind five doors, three venues, a roster, and files to send.

The staffed city of the tests lies around it. Every line of every file stands in the test that sends it; what is here
are the people, the venues and the short hands to send and to ask.
"""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from ringfence import access, flow, work
from ringfence.feeds import read_format
from ringfence.intake import Arrived, Delivery
from ringfence.policy import Policy, read_defaults, read_in_force
from ringfence.store import PEOPLE, Act, Content, Scope, Store
from ringfence.terms import Actor, Reason, ReasonCode, RecordKind, Signal, SignalKind, SignalStatus, Task

NOON = datetime(2022, 3, 1, 4, tzinfo=UTC)
"""Noon in the deployment's zone; the staffed city's policy is in force from then on."""

EVENING = NOON + timedelta(hours=8)
DAY = timedelta(days=1)

STEWARD, EPIDEMIOLOGIST = Actor("data_steward"), Actor("epidemiologist")
CHIEF, COUNTY, GRID = Actor("city_officer"), Actor("county_officer"), Actor("grid_worker")
SAID = Reason.of(ReasonCode.SAID_BY, actor="epidemiologist")
SYSTEM_SCOPE = Scope.of_system()

PLACES = [
    {"place_id": "noodles", "name": "面馆", "kind": "restaurant", "area_code": "111"},
    {"place_id": "market", "name": "市场", "kind": "market", "area_code": "121"},
    {"place_id": "library", "name": "图书馆", "kind": "leisure", "area_code": "122"},
]

_WEIGHTS = [2 ** (18 - place) % 11 for place in range(1, 18)]

T = TypeVar("T")


def id_number(birth: str, serial: int) -> str:
    """A number with a check digit (GB 11643-1999), odd serials male."""
    digits = f"140211{birth.replace('-', '')}{serial:03}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return digits + "10X98765432"[total % 11]


def resident(key: str, household: str, name: str, birth: str, serial: int, area: str, door: str) -> dict[str, str]:
    return {
        "person_id": key,
        "household_id": household,
        "name": name,
        "sex": "male" if serial % 2 else "female",
        "birth_date": birth,
        "id_number": id_number(birth, serial),
        "phone": f"1380000{serial:04}",
        "address": door,
        "area_code": area,
    }


RESIDENTS = [
    resident("wang1", "wang", "王建国", "1961-04-03", 101, "111", "平安里1号楼1单元101"),
    resident("wang2", "wang", "陈秀英", "1963-09-12", 102, "111", "平安里1号楼1单元101"),
    resident("wang3", "wang", "王小雨", "2009-01-30", 104, "111", "平安里1号楼1单元101"),
    resident("li1", "li", "李志强", "1978-06-21", 105, "111", "平安里2号楼3单元302"),
    resident("li2", "li", "李思涵", "2012-11-05", 106, "111", "平安里2号楼3单元302"),
    resident("zhao1", "zhao", "赵德胜", "1955-02-17", 107, "121", "河西村14号"),
    resident("zhao2", "zhao", "孙桂兰", "1957-12-01", 108, "121", "河西村14号"),
    resident("zhao3", "zhao", "赵文博", "1988-08-08", 109, "121", "河西村14号"),
    resident("gao1", "gao", "高丽华", "1990-05-25", 110, "1111", "新华园5号楼501"),
    resident("gao2", "gao", "高子轩", "2015-03-14", 111, "1111", "新华园5号楼501"),
    resident("zhou1", "zhou", "周海燕", "1984-10-19", 112, "122", "北关街8号院2门"),
    resident("zhou2", "zhou", "周天宇", "1986-07-07", 113, "122", "北关街8号院2门"),
]

KNOWN = {one["person_id"]: one for one in RESIDENTS}

AT_THE_DOOR = "visit;call;message;identify"
AT_THE_OFFICE = "call;message;retest;venue_alert;recall;correct"

UNITS = [
    ("111-g1", "111", "grid", AT_THE_DOOR, 20),
    ("1111-g1", "1111", "grid", AT_THE_DOOR, 20),
    ("121-g1", "121", "grid", AT_THE_DOOR, 20),
    ("122-g1", "122", "grid", AT_THE_DOOR, 20),
    ("11-c", "11", "county", AT_THE_OFFICE, 50),
    ("12-c", "12", "county", AT_THE_OFFICE, 50),
    ("city", "1", "city", AT_THE_OFFICE, 50),
]


def roster(days: int = 40, *, units: Sequence[tuple[str, str, str, str, int]] = UNITS) -> list[dict[str, object]]:
    """Every unit on duty around the clock for some days from the first of March on."""
    first = datetime(2022, 3, 1, tzinfo=UTC)
    return [
        {
            "unit_id": unit,
            "area_code": area,
            "level": level,
            "task_kinds": kinds,
            "daily_capacity": capacity,
            "date": (first + DAY * number).date(),
            "from_time": "00:00",
            "to_time": "24:00",
            "leader": "officer-0001",
            "deputy": "officer-0002",
        }
        for number in range(days)
        for unit, area, level, kinds, capacity in units
    ]


def said_of(person: str, *names: str) -> dict[str, str]:
    """What a list says of a resident; all of it, or some columns."""
    known = KNOWN[person]
    return {name: known[name] for name in names or ("name", "sex", "birth_date", "id_number", "phone", "address")}


def check_in(person: str | Mapping[str, str], place: str, enters: str, leaves: str) -> dict[str, str]:
    """A line of a check-in list, times on the wall clock of the town."""
    who = said_of(person, "name", "id_number", "phone") if isinstance(person, str) else person
    return {"place_id": place, "entered_at": enters, "left_at": leaves, **who}


def sample(person: str | Mapping[str, str], key: str, taken: str, result: str, **more: str) -> dict[str, str]:
    """A line of a laboratory's results, reported four hours after the sample was taken."""
    reported = datetime.fromisoformat(taken) + timedelta(hours=4)
    who = said_of(person) if isinstance(person, str) else person
    fields = {"sample_id": key, "taken_at": taken, "reported_at": f"{reported:%Y-%m-%d %H:%M}", "result": result}
    return {"test": "nucleic_acid", "laboratory": "lab-1", **fields, **who, **more}


def case(person: str | Mapping[str, str], key: str, reported: str, **more: str) -> dict[str, str]:
    """A line of a line list."""
    who = said_of(person) if isinstance(person, str) else person
    fields = {"case_id": key, "disease": "covid19", "classification": "confirmed", "reported_at": reported}
    return {**fields, **who, **more}


@dataclass
class Town:
    """An open deployment around the small town, and the short hands of those who work in it."""

    store: Store
    folder: Path
    now: datetime = NOON
    _sent: Iterable[int] = field(default_factory=count)

    def write(self, format_name: str, rows: Sequence[Mapping[str, object]]) -> Delivery:
        """A file of a format with some rows; columns that a row does not name are empty."""
        path = self.folder / f"{format_name}_{next(iter(self._sent))}.csv"  # type: ignore[call-overload]
        names = read_format(format_name, policy=read_defaults()).names
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return Delivery(format_name, path)

    def send(self, *deliveries: Delivery) -> list[Arrived]:
        """Files received by the steward."""
        return flow.receive(self.store, deliveries, actor=STEWARD, now=self.now, progress=lambda _what, _share: None)

    def receive(self, **rows: Sequence[Mapping[str, object]]) -> list[Arrived]:
        """Files by format, written and received together."""
        return self.send(*(self.write(name, lines) for name, lines in rows.items()))

    def settle(self, *, units: Sequence[tuple[str, str, str, str, int]] = UNITS) -> None:
        """Places, residents and roster, as a deployment begins."""
        self.receive(places=PLACES, resident_register=RESIDENTS, duty_roster=roster(units=units))

    def numbers(self) -> dict[str, int]:
        """The person number of each resident by the register's key."""
        people = [row for batch in self.store.vault.batches(Content.PEOPLE) for row in batch.to_pylist()]
        return {row["source_key"]: row["person_no"] for row in people if row["source_key"]}

    def people(self) -> list[dict[str, Any]]:
        """Every row of the vault."""
        return [
            row for batch in self.store.vault.batches(Content.PEOPLE) for row in batch.select(PEOPLE.names).to_pylist()
        ]

    def signals(self) -> list[Signal]:
        """The open signals, as the epidemiologist sees them, oldest first."""
        return flow.detect(self.store, purpose_key="verification", actor=EPIDEMIOLOGIST, now=self.now)[::-1]

    def verify(self) -> list[Signal]:
        """Every raised signal about a person's own result verified; the open signals."""
        for one in self.signals():
            if (one.status, one.kind) == (SignalStatus.RAISED, SignalKind.POSITIVE_TEST):
                flow.verify(self.store, one.signal_id, reason=SAID, actor=EPIDEMIOLOGIST, now=self.now)
        return self.signals()

    def respond(self, *, seed: int = 1) -> list[flow.Response]:
        """The response to every open signal after verifying what can be."""
        return flow.respond(self.store, self.verify(), actor=EPIDEMIOLOGIST, now=self.now, seed=seed)

    def act(self, step: Callable[[Act], T], actor: Actor = EPIDEMIOLOGIST) -> T:
        """One act by somebody now."""
        return self.store.act(step, actor=actor, now=self.now)

    def tasks(self, *, owner: str = "", actor: Actor = GRID) -> list[Task]:
        """What somebody sees that is still to be done."""
        purpose = access.read_purpose(self.store.desk, "outreach", now=self.now)
        scope = access.read_scope(self.store.desk, actor, purpose, now=self.now)
        return work.list_tasks(self.store.desk, scope=scope, owner=owner)

    def rows(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        """The rows of a query over everybody's areas."""
        return [tuple(row) for row in self.store.desk.rows(sql, scope=SYSTEM_SCOPE, **values)]

    def policy(self) -> Policy:
        """What is in force today."""
        return Policy(read_in_force(self.store.desk, now=self.now), self.store.clock.day_of(self.now))

    def exposed(self) -> dict[tuple[int, str], set[str]]:
        """The rules by which each person (by the register's key, else `?` and number) is listed, by signal."""
        keys = {number: key for key, number in self.numbers().items()}
        found: dict[tuple[int, str], set[str]] = {}
        for signal, subject, rule in self.rows(EXPOSED):
            found.setdefault((signal, keys.get(int(subject), f"?{subject}")), set()).add(rule)
        return found

    def below(self, signal_id: int) -> set[int]:
        """Who lies below the cut for a signal, read from the batch the desk points to."""
        batches = {batch for (batch,) in self.rows(BELOW, number=signal_id)}
        rows = self.store.lake.read(RecordKind.EXPOSURE_BELOW_CUT).to_pylist()
        return {row["subject"] for row in rows if row["batch"] in batches and row["signal"] == signal_id}


EXPOSED = """
select e.signal_id, e.subject_key, r.rule
from visible_exposure e join exposure_reason r on r.exposure_id = e.exposure_id
where e.status = 'listed'
order by e.signal_id, e.subject_key, r.rule
"""

BELOW = "select batch_no from exposure_below_cut where signal_id = :number and status = 'counted'"
