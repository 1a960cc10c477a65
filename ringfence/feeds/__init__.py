"""Feeds: what departments push, row by row accepted or rejected with a reason (policy 2.1, 6.1)."""

from ringfence.feeds.checking import Part
from ringfence.feeds.contracts import list_formats, read_format
from ringfence.feeds.declarations import Column, Contract, Format, Kind, Order, Period, Reference, codes_of
from ringfence.feeds.declared import DeclaredFeed, declare_feed, find_feed, read_feeds
from ringfence.feeds.feed import Due, Feed
from ringfence.feeds.feed_text import read_feed
from ringfence.feeds.identities import IDENTITIES, Distinct, find_identities
from ringfence.feeds.known import CASE_KEYS, Known
from ringfence.feeds.receiving import Received, read_file
from ringfence.feeds.records import (
    POOLS,
    RESULTS,
    CaseRow,
    Provenance,
    build_cases,
    build_duties,
    build_memberships,
    build_people,
    build_places,
    build_pools,
    build_residences,
    build_results,
    build_route_points,
    build_samples,
    build_units,
    build_visits,
    find_households,
)
from ringfence.feeds.verdicts import REJECTS

__all__ = [
    "CASE_KEYS",
    "IDENTITIES",
    "POOLS",
    "REJECTS",
    "RESULTS",
    "CaseRow",
    "Column",
    "Contract",
    "DeclaredFeed",
    "Distinct",
    "Due",
    "Feed",
    "Format",
    "Kind",
    "Known",
    "Order",
    "Part",
    "Period",
    "Provenance",
    "Received",
    "Reference",
    "build_cases",
    "build_duties",
    "build_memberships",
    "build_people",
    "build_places",
    "build_pools",
    "build_residences",
    "build_results",
    "build_route_points",
    "build_samples",
    "build_units",
    "build_visits",
    "codes_of",
    "declare_feed",
    "find_feed",
    "find_households",
    "find_identities",
    "list_formats",
    "read_feed",
    "read_feeds",
    "read_file",
    "read_format",
]
