"""Client: the API from Python, with rows as dataclasses, errors as classes, and retries that do nothing twice."""

from ringfence.client.calls import Calls
from ringfence.client.client import Client
from ringfence.client.lane_queue import LaneQueue, SetAside
from ringfence.client.room import FileAnswer
from ringfence.client.rows import (
    BatchRow,
    CalibrationBand,
    CaseRow,
    Drafted,
    ExposureRow,
    FeedSuggested,
    FileArrived,
    FindingRow,
    FollowUpRow,
    LedgerRow,
    LeftTo,
    LinkDecisionRow,
    LinkReviewRow,
    OneResponse,
    OrderRow,
    PairField,
    SaidReason,
    SignalRow,
    TaskRow,
    UnitRow,
)

__all__ = [
    "BatchRow",
    "CalibrationBand",
    "Calls",
    "CaseRow",
    "Client",
    "Drafted",
    "ExposureRow",
    "FeedSuggested",
    "FileAnswer",
    "FileArrived",
    "FindingRow",
    "FollowUpRow",
    "LaneQueue",
    "LedgerRow",
    "LeftTo",
    "LinkDecisionRow",
    "LinkReviewRow",
    "OneResponse",
    "OrderRow",
    "PairField",
    "SaidReason",
    "SetAside",
    "SignalRow",
    "TaskRow",
    "UnitRow",
]
