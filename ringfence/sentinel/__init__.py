"""Sentinels: sensitive, early, at a known false-alarm rate (policy 4)."""

from ringfence.sentinel.alarms import Alarm, Direction, Tested, find_alarms
from ringfence.sentinel.changes import forget_before_changes
from ringfence.sentinel.counts import Alarms, Counts, Status
from ringfence.sentinel.detecting import detect, read_detectors
from ringfence.sentinel.discoveries import control_discoveries, find_discoveries
from ringfence.sentinel.files import CountsFile, read_counts, write_alarms
from ringfence.sentinel.nowcast import Nowcast, nowcast
from ringfence.sentinel.pictures import Say, draw_alarm, draw_sites
from ringfence.sentinel.reports import REPORTS, Series, Site, lay_series, read_reports, read_sites
from ringfence.sentinel.reproduction import Reproduction, discretise_interval, estimate_reproduction, infectivity
from ringfence.sentinel.scan import Cluster, scan_space, scan_space_time
from ringfence.sentinel.silence import Expectation, Reporting, State, watch_sites

__all__ = [
    "REPORTS",
    "Alarm",
    "Alarms",
    "Cluster",
    "Counts",
    "CountsFile",
    "Direction",
    "Expectation",
    "Nowcast",
    "Reporting",
    "Reproduction",
    "Say",
    "Series",
    "Site",
    "State",
    "Status",
    "Tested",
    "control_discoveries",
    "detect",
    "discretise_interval",
    "draw_alarm",
    "draw_sites",
    "estimate_reproduction",
    "find_alarms",
    "find_discoveries",
    "forget_before_changes",
    "infectivity",
    "lay_series",
    "nowcast",
    "read_counts",
    "read_detectors",
    "read_reports",
    "read_sites",
    "scan_space",
    "scan_space_time",
    "watch_sites",
    "write_alarms",
]
