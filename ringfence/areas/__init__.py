"""Areas: the hierarchy, places and their numbers, risk areas (policy 6.2)."""

from ringfence.areas.groups import number_groups
from ringfence.areas.hierarchy import (
    lay_paths,
    path_of,
    plan_areas,
    publish_areas,
    read_areas,
    read_hierarchy,
    top_paths,
)
from ringfence.areas.inside import INSIDE_GROUPS, INSIDE_STOPS, find_groups_inside, find_stops_inside
from ringfence.areas.listings import AREAS
from ringfence.areas.places import PLACES, PlaceRow, put_places, read_place, read_place_numbers, read_places
from ringfence.areas.polygons import find_points_inside, read_polygon
from ringfence.areas.risk_areas import (
    INSIDE_AREAS,
    INSIDE_PLACES,
    check_fence,
    find_inside,
    find_townships,
    lift_fence,
    list_risk_areas,
    publish_fence,
    read_risk_area,
    read_versions,
)
from ringfence.areas.sites import SiteRow, put_sites, read_site_ids
from ringfence.areas.trips import StopRow, TripKey, number_trips, put_stops, read_stops

__all__ = [
    "AREAS",
    "INSIDE_AREAS",
    "INSIDE_GROUPS",
    "INSIDE_PLACES",
    "INSIDE_STOPS",
    "PLACES",
    "PlaceRow",
    "SiteRow",
    "StopRow",
    "TripKey",
    "check_fence",
    "find_groups_inside",
    "find_inside",
    "find_points_inside",
    "find_stops_inside",
    "find_townships",
    "lay_paths",
    "lift_fence",
    "list_risk_areas",
    "number_groups",
    "number_trips",
    "path_of",
    "plan_areas",
    "publish_areas",
    "publish_fence",
    "put_places",
    "put_sites",
    "put_stops",
    "read_areas",
    "read_hierarchy",
    "read_place",
    "read_place_numbers",
    "read_places",
    "read_polygon",
    "read_risk_area",
    "read_site_ids",
    "read_stops",
    "read_versions",
    "top_paths",
]
