"""What starts a response: signals, and the cases they are about (WHO's words, policy 2.2)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SubjectKind(StrEnum):
    """What a signal, exposure, task or observation can be about."""

    PERSON = "person"
    HOUSEHOLD = "household"
    PLACE = "place"
    LOT = "lot"
    AREA = "area"
    SITE = "site"
    FEED = "feed"
    UNIT = "unit"
    ACCOUNT = "account"
    POOL = "pool"
    RISK_AREA = "risk_area"


@dataclass(frozen=True, order=True)
class Subject:
    """A kind and a key within that kind: a number for persons, households, places and lots, a code for the rest."""

    kind: SubjectKind
    key: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


class SignalKind(StrEnum):
    """Where a signal can come from. A refusal at a gate is no signal (policy 1.5)."""

    POSITIVE_TEST = "positive_test"
    POSITIVE_POOL = "positive_pool"
    POSITIVE_LOT = "positive_lot"
    RISK_AREA = "risk_area"
    ABERRATION = "aberration"
    SILENT_SENTINEL = "silent_sentinel"
    EXCURSION = "excursion"
    FINDING = "finding"
    REPORT = "report"


class SignalStatus(StrEnum):
    """WHO's way of a signal: unverified until somebody says otherwise, and never ending silently."""

    RAISED = "raised"
    VERIFIED = "verified"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


SIGNAL_NEXT = {
    SignalStatus.RAISED: {SignalStatus.VERIFIED, SignalStatus.DISMISSED},
    SignalStatus.VERIFIED: {SignalStatus.WITHDRAWN},
    SignalStatus.DISMISSED: {SignalStatus.RAISED},  # new evidence on something dismissed
    SignalStatus.WITHDRAWN: set[SignalStatus](),
}


@dataclass(frozen=True, kw_only=True)
class Signal:
    """Something that may be an outbreak, not yet verified (WHO); `area_path` is where it is worked on."""

    signal_id: int
    kind: SignalKind
    subject: Subject
    disease: str
    area_path: str
    status: SignalStatus
    raised_at: datetime
    raised_by: str
    case_id: int | None = None
    responded_at: datetime | None = None


class Classification(StrEnum):
    """WHO case classification."""

    NOT_CLASSIFIED = "not_classified"
    SUSPECT = "suspect"
    PROBABLE = "probable"
    CONFIRMED = "confirmed"
    NO_CASE = "no_case"


class WindowBasis(StrEnum):
    """The date an infectious window stands on, best first."""

    ONSET = "onset"
    SAMPLING = "sampling"
    REPORT = "report"


@dataclass(frozen=True, kw_only=True)
class Case:
    """An episode: one person, one disease, one time; a person may have several.

    Without an onset the case counts as asymptomatic and its window stands on the first positive sample; learning an
    onset changes the basis, and with it the window. A case is withdrawn with the batch that alone reported it.
    """

    case_id: int
    person_no: int
    disease: str
    episode: int
    classification: Classification
    reported_at: datetime
    onset_day: int | None = None
    sampled_at: datetime | None = None
    isolated_at: datetime | None = None
    is_imported: bool = False
    is_withdrawn: bool = False

    @property
    def is_asymptomatic(self) -> bool:
        """Whether no symptom is on record so far."""
        return self.onset_day is None

    @property
    def window_basis(self) -> WindowBasis:
        """The best date there is to count an infectious window from."""
        if self.onset_day is not None:
            return WindowBasis.ONSET
        return WindowBasis.SAMPLING if self.sampled_at is not None else WindowBasis.REPORT


@dataclass(frozen=True)
class Window:
    """Local day numbers, both included."""

    first_day: int
    last_day: int


class PoolStatus(StrEnum):
    """A pooled sample's way; a positive pool recalls and holds its members, and draws no ring by itself."""

    PENDING = "pending"
    NEGATIVE = "negative"
    POSITIVE = "positive"
    RESOLVED = "resolved"


POOL_NEXT = {
    PoolStatus.PENDING: {PoolStatus.NEGATIVE, PoolStatus.POSITIVE},
    PoolStatus.POSITIVE: {PoolStatus.RESOLVED},  # every member has an individual result
    PoolStatus.NEGATIVE: {PoolStatus.POSITIVE},  # the laboratory corrected itself
    PoolStatus.RESOLVED: set[PoolStatus](),
}


@dataclass(frozen=True, kw_only=True)
class SamplePool:
    """Several persons' swabs in one tube (ten in one), tested once."""

    pool_id: str
    members: tuple[int, ...]
    sampled_at: datetime
    status: PoolStatus
    reported_at: datetime | None = None
