"""The calls of tasks. Made from the description of the API by `tools/docs.py`; do not edit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ringfence.client.calls.shared import Count, Reason
from ringfence.client.room import Room, in_path
from ringfence.terms import Level, Outcome, SubjectKind, TaskKind, TaskStatus


@dataclass(frozen=True, kw_only=True)
class AttemptsKept:
    """How many attempts were kept, and the disputes that began at the door."""

    count: int
    disputes: list[int]


@dataclass(frozen=True, kw_only=True)
class ContactShown:
    """What is needed to reach the person of an open task."""

    contact: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Task:
    """One row of the list of tasks."""

    task_id: int
    kind: TaskKind
    subject_kind: SubjectKind
    subject_key: str
    owner: str
    area_path: str
    status: TaskStatus
    level: Level
    weight: float
    reason: Reason
    opened_at: datetime
    due_at: datetime
    acknowledged_at: datetime | None
    ended_at: datetime | None
    outcome: Outcome | None


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One row of the list of units."""

    unit_id: str
    area_code: str
    area_path: str
    level: Level
    daily_capacity: int
    task_kinds: str


class TasksCalls(Room):
    """The calls of tasks."""

    def list_tasks(
        self,
        *,
        sort: Literal["due_at", "-due_at", "weight", "-weight"] = "due_at",
        area: str | None = None,
        waiting: bool | None = None,
        status: TaskStatus | None = None,
        kind: TaskKind | None = None,
        level: Level | None = None,
        owner: str | None = None,
        due_before: datetime | None = None,
        person: str | None = None,
    ) -> Iterator[Task]:
        """What is to be done in your areas, the next to be late first (GET /tasks)."""
        return self._walk(
            Task,
            "/tasks",
            {
                "sort": sort,
                "area": area,
                "waiting": waiting,
                "status": status,
                "kind": kind,
                "level": level,
                "owner": owner,
                "due_before": due_before,
                "person": person,
            },
        )

    def read_task(self, task_id: int) -> Task:
        """One task (GET /tasks/{task_id})."""
        return self._ask(Task, "GET", f"/tasks/{in_path(task_id)}")

    def list_units(
        self, *, sort: Literal["unit_id", "-unit_id"] = "unit_id", area: str | None = None, level: Level | None = None
    ) -> Iterator[Unit]:
        """The teams that can be given work (GET /units)."""
        return self._walk(Unit, "/units", {"sort": sort, "area": area, "level": level})

    def read_unit(self, unit_id: str) -> Unit:
        """One team (GET /units/{unit_id})."""
        return self._ask(Unit, "GET", f"/units/{in_path(unit_id)}")

    def acknowledge_tasks(self, *, tasks: list[int]) -> Count:
        """Seen, and will be done (POST /tasks/acknowledge)."""
        return self._ask(Count, "POST", "/tasks/acknowledge", None, {"tasks": tasks})

    def close_tasks(self, *, tasks: list[int], outcome: Outcome, evidence: str = "") -> Count:
        """Done, with their outcome (POST /tasks/close)."""
        return self._ask(
            Count, "POST", "/tasks/close", None, {"tasks": tasks, "outcome": outcome, "evidence": evidence}
        )

    def hand_over_tasks(self, *, tasks: list[int], owner: str) -> Count:
        """Another unit answers from now on (POST /tasks/hand-over)."""
        return self._ask(Count, "POST", "/tasks/hand-over", None, {"tasks": tasks, "owner": owner})

    def record_attempts(self, *, tasks: list[int], outcome: Outcome) -> AttemptsKept:
        """Nobody was met (POST /tasks/attempts)."""
        return self._ask(AttemptsKept, "POST", "/tasks/attempts", None, {"tasks": tasks, "outcome": outcome})

    def read_contact(self, task_id: int) -> ContactShown:
        """How to reach the person of an open task; the look is on record (GET /tasks/{task_id}/contact)."""
        return self._ask(ContactShown, "GET", f"/tasks/{in_path(task_id)}/contact")
