"""Client: the API from Python, with rows as dataclasses, errors as classes, and retries that do nothing twice."""

from ringfence.client.client import Client
from ringfence.client.lane_queue import LaneQueue, SetAside
from ringfence.client.rows import (
    BatchRow,
    CaseRow,
    ExposureRow,
    FileArrived,
    FindingRow,
    FollowUpRow,
    LedgerRow,
    OneResponse,
    OrderRow,
    SaidReason,
    SignalRow,
    TaskRow,
    UnitRow,
)

__all__ = [
    "BatchRow",
    "CaseRow",
    "Client",
    "ExposureRow",
    "FileArrived",
    "FindingRow",
    "FollowUpRow",
    "LaneQueue",
    "LedgerRow",
    "OneResponse",
    "OrderRow",
    "SaidReason",
    "SetAside",
    "SignalRow",
    "TaskRow",
    "UnitRow",
]
