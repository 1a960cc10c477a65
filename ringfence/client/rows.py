"""What the API answers, as dataclasses; the fields are those of its description."""

from dataclasses import dataclass
from datetime import date, datetime

from ringfence.terms import (
    Classification,
    FindingStatus,
    FollowUpStatus,
    Level,
    Measure,
    OrderStatus,
    Outcome,
    SignalKind,
    SignalStatus,
    SubjectKind,
    TaskKind,
    TaskStatus,
)


@dataclass(frozen=True, kw_only=True)
class SaidReason:
    """Why: a code, what it speaks of, and the sentence in the client's language."""

    code: str
    values: dict[str, str | int | float]
    sentence: str


@dataclass(frozen=True, kw_only=True)
class SignalRow:
    """Something that may be an outbreak."""

    signal_id: int
    kind: SignalKind
    subject_kind: SubjectKind
    subject_key: str
    disease: str
    area_path: str
    status: SignalStatus
    reason: SaidReason
    case_id: int | None
    raised_by: str
    raised_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    responded_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """An episode of one person and one disease."""

    case_id: int
    case_key: str | None
    person_no: int
    disease: str
    episode: int
    classification: Classification
    onset_day: date | None
    sampled_at: datetime | None
    reported_at: datetime
    isolated_at: datetime | None
    is_imported: bool
    area_path: str


@dataclass(frozen=True, kw_only=True)
class ExposureRow:
    """Somebody or something a signal exposed."""

    exposure_id: int
    signal_id: int
    subject_kind: SubjectKind
    subject_key: str
    ring: int
    rank_no: int
    weight: float
    minutes: int
    first_day: date
    last_day: date
    area_path: str
    status: str


@dataclass(frozen=True, kw_only=True)
class TaskRow:
    """One piece of work with one owner and one deadline."""

    task_id: int
    kind: TaskKind
    subject_kind: SubjectKind
    subject_key: str
    owner: str
    area_path: str
    status: TaskStatus
    level: Level
    weight: float
    reason: SaidReason
    opened_at: datetime
    due_at: datetime
    acknowledged_at: datetime | None
    ended_at: datetime | None
    outcome: Outcome | None


@dataclass(frozen=True, kw_only=True)
class UnitRow:
    """A team that can be given work."""

    unit_id: str
    area_code: str
    area_path: str
    level: Level
    daily_capacity: int
    task_kinds: str


@dataclass(frozen=True, kw_only=True)
class OrderRow:
    """A measure on one person."""

    order_id: int
    person_no: int
    signal_id: int | None
    measure: Measure
    legal_basis: str
    reason: SaidReason
    day_zero: date
    from_day: date
    review_day: date
    to_day: date
    status: OrderStatus
    area_path: str
    drafted_by: str
    drafted_at: datetime
    signed_by: str | None
    signed_at: datetime | None
    ended_at: datetime | None
    meanwhile: Measure | None
    suspends_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class FollowUpRow:
    """A person watched day by day."""

    follow_up_id: int
    person_no: int
    disease: str
    ring: int
    day_zero: date
    from_day: date
    to_day: date
    status: FollowUpStatus
    unit_id: str
    area_path: str


@dataclass(frozen=True, kw_only=True)
class FindingRow:
    """A gap with its clause, its owner and its deadline."""

    finding_id: int
    subject_kind: SubjectKind
    subject_key: str
    clause: str
    reason: SaidReason
    owner: str
    area_path: str
    status: FindingStatus
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class BatchRow:
    """A file that was received."""

    batch_no: int
    batch_id: str
    feed: str
    department: str
    purpose: str
    rows_accepted: int
    rows_rejected: int
    status: str
    retain_until_day: date | None
    received_by: str
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True)
class LedgerRow:
    """A line of the ledger; ids in it stay sealed."""

    chain: int
    seq: int
    recorded_at: datetime
    actor: str
    action: str
    purpose: str
    subject: str
    count: int
    details: str


@dataclass(frozen=True, kw_only=True)
class OneResponse:
    """What a response did: found = listed + below; None where those below the cut are too few to be told."""

    signals: int
    found: int | None
    listed: int
    below: int | None
    expected_missed: float | None
    tasks: int
    observations: int
    missing_rules: list[str]
    seed: int


@dataclass(frozen=True, kw_only=True)
class RejectedRows:
    """Rows rejected for one reason in one column; `first_row` is the line of the first."""

    code: str
    column: str
    rows: int
    first_row: int


@dataclass(frozen=True, kw_only=True)
class FileArrived:
    """What became of a file; `is_known` where it was received before, and then nothing changed."""

    file: str
    format: str
    batch_no: int | None
    rows: int
    accepted: int
    rejected: int
    newcomers: int
    is_known: bool
    refused: list[RejectedRows]


@dataclass(frozen=True, kw_only=True)
class LeftTo:
    """People of another area, for whom officers there propose orders; no count where they are too few to be told."""

    area: str
    people: int | None


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """Orders proposed in one's own areas, and with whom the rest lies."""

    orders: list[int]
    left_to: list[LeftTo]


@dataclass(frozen=True, kw_only=True)
class LinkReviewRow:
    """A pair somebody has to look at: the number of a row, and whom the model took it for."""

    review_no: int
    person_no: int
    candidate_no: int
    batch_no: int
    probability: float
    weight: float | None
    margin: float | None
    model: str


@dataclass(frozen=True, kw_only=True)
class LinkDecisionRow:
    """A decision on such a pair, which can be taken back."""

    review_no: int
    person_no: int
    candidate_no: int
    probability: float
    model: str
    status: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True, kw_only=True)
class PairField:
    """What is written of the two of a pair in one field, and what that weighs in bits, where it was kept."""

    field: str
    row: str
    candidate: str
    bits: float | None = None


@dataclass(frozen=True, kw_only=True)
class CalibrationBand:
    """Decided pairs of a tenth of stated probability: what was stated on average, what was true."""

    stated_from: float
    pairs: int
    stated: float
    true: float


@dataclass(frozen=True, kw_only=True)
class FeedSuggested:
    """The text of a feed as far as a file tells it; in `unsure` what nobody should take for granted."""

    text: str
    format: str
    unsure: list[str]
