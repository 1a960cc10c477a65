"""Contesting: "this is not me", "this is wrong", and the human answer it gets (policy 2.6)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ringfence.terms.signals import Subject


class DisputeGround(StrEnum):
    """What somebody says who contests."""

    NOT_ME = "not_me"
    WRONG = "wrong"


class DisputeWay(StrEnum):
    """How it was said."""

    LINK = "link"
    PHONE = "phone"
    DOOR = "door"


class DisputeStatus(StrEnum):
    """A dispute's way: answered in time, or risen to a superior outside the unit and answered there."""

    RAISED = "raised"
    RISEN = "risen"
    UPHELD = "upheld"
    REJECTED = "rejected"


DISPUTE_NEXT = {
    DisputeStatus.RAISED: {DisputeStatus.UPHELD, DisputeStatus.REJECTED, DisputeStatus.RISEN},
    DisputeStatus.RISEN: {DisputeStatus.UPHELD, DisputeStatus.REJECTED},
    DisputeStatus.UPHELD: set[DisputeStatus](),
    DisputeStatus.REJECTED: set[DisputeStatus](),
}


class ContestedKind(StrEnum):
    """What can be contested."""

    ORDER = "order"
    TASK = "task"


@dataclass(frozen=True)
class Contested:
    """The one thing a dispute is about."""

    kind: ContestedKind
    number: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.number}"


@dataclass(frozen=True, kw_only=True)
class Dispute:
    """Somebody contests what is asked of them; `subject` is who it is asked of, `due_at` when the answer is owed."""

    dispute_id: int
    contested: Contested
    subject: Subject
    ground: DisputeGround
    way: DisputeWay
    area_path: str
    status: DisputeStatus
    raised_at: datetime
    due_at: datetime
    answered_by: str | None = None
    answered_at: datetime | None = None
