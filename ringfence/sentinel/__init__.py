"""Sentinels: sensitive, early, at a known false-alarm rate (policy 4)."""

from ringfence.sentinel.counts import Alarms, Counts, Status
from ringfence.sentinel.detecting import detect, read_detectors
from ringfence.sentinel.files import CountsFile, read_counts, write_alarms

__all__ = [
    "Alarms",
    "Counts",
    "CountsFile",
    "Status",
    "detect",
    "read_counts",
    "read_detectors",
    "write_alarms",
]
