"""What answers for it: observations, findings with their corrective actions, and targets (policy 7)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ringfence.terms.reasons import Reason
from ringfence.terms.signals import Subject


@dataclass(frozen=True, kw_only=True)
class Observation:
    """What a duty noticed: returned by gate, cold chain, sentinel, places and feeds, decided upon by others."""

    subject: Subject
    reason: Reason
    observed_at: datetime
    area_path: str


class FindingStatus(StrEnum):
    """A finding's way: no gap closes without a proof judged by its effect (policy 7.2)."""

    OPEN = "open"
    CORRECTING = "correcting"
    PROVEN = "proven"
    REOPENED = "reopened"


FINDING_NEXT = {
    FindingStatus.OPEN: {FindingStatus.CORRECTING},
    FindingStatus.CORRECTING: {FindingStatus.PROVEN, FindingStatus.REOPENED},
    FindingStatus.PROVEN: {FindingStatus.REOPENED},
    FindingStatus.REOPENED: {FindingStatus.CORRECTING},
}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A gap with its clause, its owner and its deadline."""

    finding_id: int
    subject: Subject
    clause: str
    reason: Reason
    owner: str
    area_path: str
    due_at: datetime
    status: FindingStatus


@dataclass(frozen=True, kw_only=True)
class CorrectiveAction:
    """What was done about a finding, and the proof that it worked."""

    finding_id: int
    taken_by: str
    taken_at: datetime
    proof: str


@dataclass(frozen=True, kw_only=True)
class Target:
    """A number to be reached, with what it counts and by when."""

    target_id: str
    clause: str
    indicator: str
    at_least: float
    due_day: int
