"""Sentinels: sensitive, early, at a known false-alarm rate (policy 4)."""

from ringfence.sentinel.changes import forget_before_changes
from ringfence.sentinel.counts import Alarms, Counts, Status
from ringfence.sentinel.detecting import detect, read_detectors
from ringfence.sentinel.discoveries import control_discoveries, find_discoveries
from ringfence.sentinel.files import CountsFile, read_counts, write_alarms
from ringfence.sentinel.nowcast import Nowcast, nowcast
from ringfence.sentinel.reproduction import Reproduction, discretise_interval, estimate_reproduction, infectivity
from ringfence.sentinel.scan import Cluster, scan_space, scan_space_time

__all__ = [
    "Alarms",
    "Cluster",
    "Counts",
    "CountsFile",
    "Nowcast",
    "Reproduction",
    "Status",
    "control_discoveries",
    "detect",
    "discretise_interval",
    "estimate_reproduction",
    "find_discoveries",
    "forget_before_changes",
    "infectivity",
    "nowcast",
    "read_counts",
    "read_detectors",
    "scan_space",
    "scan_space_time",
    "write_alarms",
]
