"""A temporary deployment that a department sends its files to, day by day: received, verified, responded to.

It is made in a folder of its own and removed afterwards: an exercise on past outbreaks, never the real deployment.
"""

import csv
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from ringfence import access, flow, policy, signals, stewardship
from ringfence.feeds import read_format
from ringfence.intake import Delivery
from ringfence.response import Response
from ringfence.store import EVERYWHERE, Act, Scope, Store, open_store
from ringfence.terms import Actor, Case, Grant, Reason, ReasonCode, Role, Signal, SignalStatus, TaskKind

ADMINISTRATOR, STEWARD, EPIDEMIOLOGIST = Actor("administrator"), Actor("steward"), Actor("epidemiologist")
ROLES = {STEWARD: Role.DATA_STEWARD, EPIDEMIOLOGIST: Role.EPIDEMIOLOGIST}
EVENING = time_of_day(22)
NOON = "12:00"
ROOM_FOR_ALL = 100_000  # the most a unit may do a day: rings are measured here, not what responders have time for

Row: TypeAlias = Mapping[str, object]
AreaRow: TypeAlias = tuple[str, str, str, str]
"""Code, name, level, parent code."""
Done = TypeVar("Done")


@dataclass(frozen=True)
class Exercise:
    """An open deployment; `rows` counts what it accepted and rejected, `seconds` of the processor by what took them."""

    store: Store
    folder: Path
    rows: Counter[str] = field(default_factory=Counter)
    seconds: Counter[str] = field(default_factory=Counter)

    def evening_of(self, day: date) -> datetime:
        """When a day's files are in and are worked on."""
        return datetime.combine(day, EVENING, tzinfo=self.store.clock.zone)

    def receive(self, day: date, files: Mapping[str, Sequence[Row]]) -> None:
        """Send the rows of some formats, and no row of any other day."""
        now = self.evening_of(day)
        in_force = policy.read_in_force(self.store.desk, now=now)
        deliveries = []
        for name, rows in files.items():
            path = self.folder / f"{name}_{day}.csv"
            _write(path, read_format(name, policy=in_force).names, rows)
            deliveries.append(Delivery(name, path))
        arrived = self._timed(
            "receive",
            lambda: flow.receive(self.store, deliveries, actor=STEWARD, now=now, progress=lambda _what, _share: None),
        )
        for file in arrived:
            self.rows.update(accepted=file.accepted, rejected=file.rejected)

    def verify(self, day: date) -> int:
        """An epidemiologist says of every new signal that it is real: only confirmed cases raise any. How many."""
        reason = Reason.of(ReasonCode.SAID_BY, actor=EPIDEMIOLOGIST.actor_id)
        raised = [signal for signal in self._open_signals(day) if signal.status is SignalStatus.RAISED]
        for signal in raised:
            flow.verify(self.store, signal.signal_id, reason=reason, actor=EPIDEMIOLOGIST, now=self.evening_of(day))
        return len(raised)

    def respond(self, day: date, *, raised_on: date) -> tuple[list[Signal], list[Response]]:
        """Respond to the verified signals of one day, all at once; which they were, and what it came to."""
        clock = self.store.clock
        raised_day = clock.day_of(self.evening_of(raised_on))
        chosen = [
            signal
            for signal in self._open_signals(day)
            if signal.status is SignalStatus.VERIFIED and clock.day_of(signal.raised_at) == raised_day
        ]
        return chosen, self._timed(
            "respond",
            lambda: flow.respond(self.store, chosen, actor=EPIDEMIOLOGIST, now=self.evening_of(day), seed=1),
        )

    def scope(self, day: date) -> Scope:
        """What an epidemiologist sees for tracing."""
        now = self.evening_of(day)
        purpose = access.read_purpose(self.store.desk, "tracing", now=now)
        return access.read_scope(self.store.desk, EPIDEMIOLOGIST, purpose, now=now)

    def cases(self, day: date) -> list[Case]:
        """The cases as they are known on a day."""
        return signals.list_cases(self.store.desk, scope=self.scope(day))

    def persons(self) -> dict[str, int]:
        """The person behind each case's key."""
        keys = signals.read_case_keys(self.store.desk).to_pydict()
        return dict(zip(keys["case_key"], keys["person_no"], strict=True))

    def _open_signals(self, day: date) -> list[Signal]:
        return flow.detect(self.store, purpose_key="verification", actor=EPIDEMIOLOGIST, now=self.evening_of(day))

    def _timed(self, what: str, does: Callable[[], Done]) -> Done:
        begun = time.process_time()
        done = does()
        self.seconds[what] += time.process_time() - begun
        return done


@contextmanager
def open_exercise(*, zone: str, areas: Sequence[AreaRow], first_day: date, last_day: date) -> Iterator[Exercise]:
    """A deployment staffed the day before `first_day`, with one unit on duty from then on; removed at the end."""
    with TemporaryDirectory(prefix="ringfence-exercise-") as home:
        folder = Path(home)
        eve = first_day - timedelta(days=1)
        morning = datetime.combine(eve, time_of_day(8), tzinfo=ZoneInfo(zone))
        stewardship.make_deployment(
            folder / "deployment",
            zone=zone,
            database="",
            administrator=ADMINISTRATOR.actor_id,
            password="only for the exercise",  # noqa: S106 - of an account that lives as long as this function
            now=morning,
        )
        store = open_store(folder / "deployment")
        try:
            _write(folder / "areas.csv", AREA_COLUMNS, [dict(zip(AREA_COLUMNS, area, strict=True)) for area in areas])
            stewardship.publish_areas(store, folder / "areas.csv", actor=ADMINISTRATOR, now=morning)
            store.act(_add_accounts, actor=ADMINISTRATOR, now=morning)
            exercise = Exercise(store, folder)
            exercise.receive(eve, {"duty_roster": _roster(areas[0][0], first_day, last_day)})
            exercise.rows.clear()
            yield exercise
        finally:
            store.close()


def placeholder_number(number: int) -> str:
    """An ID number for somebody of whom only a file's own key is known: each key another, so each a person of its own.

    Linking is certain of ID numbers only in the form of GB 11643-1999, so it has that form and the right check digit;
    no county's code begins with 99, so it is nobody's.
    """
    high, low = divmod(number, 1_000_000)
    born = date(1900, 1, 2) + timedelta(days=low)
    digits = f"99{high:04d}{born:%Y%m%d}001"
    weighed = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(digits))
    return digits + "10X98765432"[weighed % 11]


AREA_COLUMNS = ("code", "name", "level", "parent_code")


def _add_accounts(act: Act) -> None:
    for actor, role in ROLES.items():
        access.add_user(act, actor.actor_id)
        access.grant_role(act, actor.actor_id, Grant(role=role, area_path=EVERYWHERE))


def _roster(area_code: str, first_day: date, last_day: date) -> list[Row]:
    unit = {
        "unit_id": "everybody",
        "area_code": area_code,
        "level": "city",
        "task_kinds": ";".join(TaskKind),
        "daily_capacity": ROOM_FOR_ALL,
        "from_time": "00:00",
        "to_time": "24:00",
        "leader": "officer",
    }
    days = (last_day - first_day).days + 1
    return [{**unit, "date": first_day + timedelta(days=number)} for number in range(days)]


def _write(path: Path, columns: Sequence[str], rows: Sequence[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, columns, restval="")
        lines.writeheader()
        lines.writerows(rows)
