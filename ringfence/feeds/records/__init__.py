"""Accepted rows with their persons' numbers to records of the lake and rows of the desk, by format (policy 2.1)."""

from ringfence.feeds.records.cases import CaseRow, build_cases
from ringfence.feeds.records.counts import build_counts
from ringfence.feeds.records.groups import build_group_members, count_keys, name_floors, name_groups, name_rooms
from ringfence.feeds.records.legs import build_legs, count_trips
from ringfence.feeds.records.people import build_memberships, build_people, build_residences, find_households
from ringfence.feeds.records.places import build_places
from ringfence.feeds.records.provenance import Provenance
from ringfence.feeds.records.roster import build_duties, build_units
from ringfence.feeds.records.route_points import build_route_points
from ringfence.feeds.records.samples import POOLS, RESULTS, build_pools, build_results, build_samples
from ringfence.feeds.records.told import build_case_contacts, build_named_contacts, build_stays
from ringfence.feeds.records.visits import build_visits

__all__ = [
    "POOLS",
    "RESULTS",
    "CaseRow",
    "Provenance",
    "build_case_contacts",
    "build_cases",
    "build_counts",
    "build_duties",
    "build_group_members",
    "build_legs",
    "build_memberships",
    "build_named_contacts",
    "build_people",
    "build_places",
    "build_pools",
    "build_residences",
    "build_results",
    "build_route_points",
    "build_samples",
    "build_stays",
    "build_units",
    "build_visits",
    "count_keys",
    "count_trips",
    "find_households",
    "name_floors",
    "name_groups",
    "name_rooms",
]
