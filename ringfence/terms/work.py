"""What is done about it: units, tasks, orders on persons, and the daily follow-up (policy 2.3, 2.4, 2.6, 7.1)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ringfence.terms.reasons import Reason
from ringfence.terms.signals import Subject


class Level(StrEnum):
    """How high a late task has risen; escalation changes nothing else (policy 7.1)."""

    GRID = "grid"
    TOWNSHIP = "township"
    COUNTY = "county"
    CITY = "city"


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A team that can be given work: where, which kinds, and how much a day."""

    unit_id: str
    area_path: str
    level: Level
    daily_capacity: int
    task_kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Duty:
    """One line of the duty roster: a unit answers on a local day from one second of it to another."""

    unit_id: str
    day: int
    from_s: int
    to_s: int
    leader: str
    deputy: str | None = None


class TaskKind(StrEnum):
    """What the owner is asked to do."""

    VISIT = "visit"
    CALL = "call"
    MESSAGE = "message"
    VENUE_ALERT = "venue_alert"
    RECALL = "recall"
    RETEST = "retest"
    IDENTIFY = "identify"
    CORRECT = "correct"


class TaskStatus(StrEnum):
    """Where a task stands; how late it is stands in its level."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """What came of trying to do a task: one of the first three ends it, after any other it is still to be done."""

    REACHED = "reached"
    SAMPLED = "sampled"
    CARRIED_OUT = "carried_out"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    MOVED = "moved"
    WRONG_PERSON = "wrong_person"


ENDING = {
    TaskKind.VISIT: Outcome.REACHED,
    TaskKind.CALL: Outcome.REACHED,
    TaskKind.MESSAGE: Outcome.REACHED,
    TaskKind.IDENTIFY: Outcome.REACHED,
    TaskKind.RETEST: Outcome.SAMPLED,
    TaskKind.VENUE_ALERT: Outcome.CARRIED_OUT,
    TaskKind.RECALL: Outcome.CARRIED_OUT,
    TaskKind.CORRECT: Outcome.CARRIED_OUT,
}
"""The one outcome that ends each kind of task: a person who was not met is never ticked off."""

ATTEMPTS = frozenset(Outcome) - frozenset(ENDING.values())
"""Outcomes after which the task is still to be done."""


TASK_NEXT = {
    TaskStatus.OPEN: {TaskStatus.ACKNOWLEDGED, TaskStatus.WITHDRAWN},
    TaskStatus.ACKNOWLEDGED: {TaskStatus.DONE, TaskStatus.OPEN, TaskStatus.WITHDRAWN},  # back to open: handed over
    TaskStatus.DONE: set[TaskStatus](),
    TaskStatus.WITHDRAWN: set[TaskStatus](),
}


@dataclass(frozen=True, kw_only=True)
class Task:
    """One piece of work with one owner and one deadline; `area_path` decides who may see it.

    A task may serve several signals; `weight` is that of the heaviest exposure among them.
    """

    task_id: int
    subject: Subject
    kind: TaskKind
    owner: str
    area_path: str
    due_at: datetime
    status: TaskStatus
    level: Level
    weight: float
    reason: Reason


class Measure(StrEnum):
    """What an order asks of a person: quarantine is for the exposed, isolation for the ill."""

    CENTRAL_QUARANTINE = "central_quarantine"
    HOME_QUARANTINE = "home_quarantine"
    ISOLATION = "isolation"
    HEALTH_MONITORING = "health_monitoring"


class OrderStatus(StrEnum):
    """An order's way: proposed by the system, decided by a named officer, ending by itself (policy 2.6)."""

    DRAFTED = "drafted"
    SIGNED = "signed"
    SUSPENDED = "suspended"
    DECLINED = "declined"
    RELEASED = "released"
    EXPIRED = "expired"


ORDER_NEXT = {
    OrderStatus.DRAFTED: {OrderStatus.SIGNED, OrderStatus.DECLINED},
    OrderStatus.SIGNED: {OrderStatus.SUSPENDED, OrderStatus.RELEASED, OrderStatus.EXPIRED},
    OrderStatus.SUSPENDED: {OrderStatus.SIGNED, OrderStatus.RELEASED, OrderStatus.EXPIRED},  # a superior signed again
    OrderStatus.DECLINED: set[OrderStatus](),
    OrderStatus.RELEASED: set[OrderStatus](),
    OrderStatus.EXPIRED: set[OrderStatus](),
}


@dataclass(frozen=True, kw_only=True)
class Order:
    """A measure on one person. Day 0 is the last unprotected exposure; days are local, both included.

    `meanwhile` is the lighter measure that holds while the order is disputed.
    """

    order_id: int
    person_no: int
    measure: Measure
    legal_basis: str
    reason: Reason
    day_zero: int
    from_day: int
    review_day: int
    to_day: int
    status: OrderStatus
    signed_by: str | None = None
    signed_at: datetime | None = None
    meanwhile: Measure | None = None

    @property
    def holding(self) -> Measure:
        """What the person has to keep to now."""
        return self.meanwhile or self.measure


class DayStatus(StrEnum):
    """What one day's follow-up of one person came to (WHO)."""

    SEEN_OK = "seen_ok"
    SEEN_NOT_OK = "seen_not_ok"
    MISSED = "missed"
    NOT_ATTEMPTED = "not_attempted"


class FollowUpStatus(StrEnum):
    """Where a person's follow-up stands (WHO)."""

    FOLLOW_UP = "follow_up"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    LOST = "lost"


FOLLOW_UP_NEXT = {
    FollowUpStatus.FOLLOW_UP: {FollowUpStatus.COMPLETED, FollowUpStatus.CANCELLED, FollowUpStatus.LOST},
    FollowUpStatus.LOST: {FollowUpStatus.FOLLOW_UP},  # found again
    FollowUpStatus.COMPLETED: {FollowUpStatus.FOLLOW_UP},  # exposed again
    FollowUpStatus.CANCELLED: {FollowUpStatus.FOLLOW_UP},
}


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """A person watched from the last exposure for as long as the protocol says."""

    person_no: int
    disease: str
    from_day: int
    to_day: int
    status: FollowUpStatus
    unit_id: str
