"""Who was at risk, and the path that proves it (policy 2.2, 2.3)."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from ringfence.terms.reasons import Reason
from ringfence.terms.signals import Subject


class Ring(IntEnum):
    """How many steps from the signal."""

    FIRST = 1
    SECOND = 2


class Direction(StrEnum):
    """Whom a case may have infected, or who may have infected the case."""

    FORWARD = "forward"
    BACKWARD = "backward"


@dataclass(frozen=True, kw_only=True)
class ExposureReason:
    """One rule's proof that a subject was exposed; an exposure has one or more.

    `distance` is in the rule's own unit (seat rows, metres, steps); `weight` is its share of the exposure's weight.
    """

    rule: str
    source: Subject
    first_at_us: int
    last_at_us: int
    minutes: int
    weight: float
    reason: Reason
    distance: float | None = None
    place_no: int | None = None


@dataclass(frozen=True, kw_only=True)
class Exposure:
    """One subject at risk from one signal, with every reason merged into it."""

    exposure_id: int
    signal_id: int
    subject: Subject
    ring: Ring
    weight: float
    first_day: int
    last_day: int
    reasons: tuple[ExposureReason, ...]
