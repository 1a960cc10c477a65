"""Areas: the hierarchy, places and their numbers, risk areas (policy 6.2)."""

from ringfence.areas.hierarchy import (
    lay_paths,
    path_of,
    plan_areas,
    publish_areas,
    read_areas,
    read_hierarchy,
    top_paths,
)
from ringfence.areas.listings import AREAS
from ringfence.areas.places import PLACES, PlaceRow, put_places, read_place, read_place_numbers, read_places

__all__ = [
    "AREAS",
    "PLACES",
    "PlaceRow",
    "lay_paths",
    "path_of",
    "plan_areas",
    "publish_areas",
    "put_places",
    "read_areas",
    "read_hierarchy",
    "read_place",
    "read_place_numbers",
    "read_places",
    "top_paths",
]
