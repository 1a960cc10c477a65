"""A staffed desk with a few rows put straight into it, and the account run over it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from ringfence.access import read_purpose, read_scope
from ringfence.account import GapRun, correct_finding, find_gaps, list_findings, prove_finding, write_scorecard
from ringfence.policy import Policy, read_defaults
from ringfence.store import Act, Scope, Store
from ringfence.terms import SYSTEM, Actor, Area, Finding, to_us

T = TypeVar("T")

HOUR = timedelta(hours=1)

TASK = {
    "subject_kind": "person",
    "subject_key": "1",
    "kind": "visit",
    "owner": "g111",
    "area_path": "1/11/111/",
    "status": "open",
    "level": "grid",
    "weight": 1.0,
    "reason": "{}",
    "due_day": 0,
    "recorded_at": 0,
}


@dataclass(frozen=True)
class AccountDesk:
    """A store, its areas and a moment from which hours are counted."""

    store: Store
    areas: dict[str, Area]
    now: datetime

    @property
    def today(self) -> int:
        """The local day of the moment."""
        return self.store.clock.day_of(self.now)

    def at(self, hours: float) -> int:
        """An instant so many hours after the moment, in microseconds."""
        return to_us(self.now + hours * HOUR)

    def act(self, work: Callable[[Act], T], *, actor: Actor = SYSTEM, hours: float = 0) -> T:
        return self.store.act(work, actor=actor, now=self.now + hours * HOUR)

    def put(self, table: str, *rows: dict[str, Any]) -> None:
        """Write rows around every package."""

        def write(act: Act) -> None:
            for row in rows:
                values = ", ".join(f":{name}" for name in row)
                act.run(f"insert into {table} ({', '.join(row)}) values ({values})", **row)  # noqa: S608 - our own rows
            act.note("test.put")

        self.act(write)

    def change(self, sql: str, **values: object) -> None:
        def write(act: Act) -> None:
            act.run(sql, **values)
            act.note("test.changed")

        self.act(write)

    def put_units(self, **levels: str) -> None:
        """A unit a keyword: its first letter and the code of its area, `g111="grid"`."""
        self.put(
            "unit",
            *(
                {
                    "unit_id": unit,
                    "area_code": unit[1:],
                    "area_path": self.areas[unit[1:]].path,
                    "level": level,
                    "daily_capacity": 9,
                    "task_kinds": "visit",
                    "recorded_at": 0,
                }
                for unit, level in levels.items()
            ),
        )

    def put_duty(self, *units: str, days_ahead: int = 0) -> None:
        day = self.today + days_ahead
        self.put(
            "duty",
            *(
                {"unit_id": unit, "day": day, "from_s": 0, "to_s": 86_400, "leader": "x", "recorded_at": 0}
                for unit in units
            ),
        )

    def policy(self, hours: float = 0) -> Policy:
        return Policy(read_defaults(), self.store.clock.day_of(self.now + hours * HOUR))

    def score(self, *, actor: Actor = SYSTEM, hours: float = 0, days_back: int = 0) -> int:
        """Write the scorecard of the day of an hour, or of one before it."""
        policy = self.policy(hours)

        def write(act: Act) -> int:
            day = policy.day - days_back
            return write_scorecard(act, day, policy=policy, areas=self.areas, clock=self.store.clock)

        return self.act(write, actor=actor, hours=hours)

    def find(self, *, actor: Actor = SYSTEM, hours: float = 0) -> GapRun:
        """Run the gap checks."""

        def run(act: Act) -> GapRun:
            return find_gaps(act, policy=self.policy(hours), areas=self.areas, clock=self.store.clock)

        return self.act(run, actor=actor, hours=hours)

    def correct(
        self, finding_id: int, *, actor: str = "county_officer", hours: float = 0, proof: str = "doc-1"
    ) -> Finding:
        return self.act(lambda act: correct_finding(act, finding_id, proof=proof), actor=Actor(actor), hours=hours)

    def prove(self, finding_id: int, *, is_effective: bool, actor: str = "city_officer", hours: float = 0) -> Finding:
        return self.act(
            lambda act: prove_finding(act, finding_id, is_effective=is_effective, policy=self.policy(hours)),
            actor=Actor(actor),
            hours=hours,
        )

    def scope(self, user: str) -> Scope:
        """What an account sees for the purpose of accountability."""
        purpose = read_purpose(self.store.desk, "accountability", now=self.now)
        return read_scope(self.store.desk, Actor(user), purpose, now=self.now)

    def findings(self, user: str = "city_officer") -> dict[str, Finding]:
        """The findings an account sees, by reason and subject."""
        found = list_findings(self.store.desk, scope=self.scope(user))
        return {f"{one.reason.code}/{one.subject}": one for one in found}
