"""Feeds: what departments push, row by row accepted or rejected with a reason (policy 2.1, 6.1)."""

from ringfence.feeds.checking import Part
from ringfence.feeds.contracts import list_formats, read_format
from ringfence.feeds.declarations import Column, Contract, Format, Kind, Order, Period, Reference, codes_of
from ringfence.feeds.known import CASE_KEYS, Known
from ringfence.feeds.receiving import Received, read_file
from ringfence.feeds.verdicts import REJECTS

__all__ = [
    "CASE_KEYS",
    "REJECTS",
    "Column",
    "Contract",
    "Format",
    "Kind",
    "Known",
    "Order",
    "Part",
    "Period",
    "Received",
    "Reference",
    "codes_of",
    "list_formats",
    "read_file",
    "read_format",
]
