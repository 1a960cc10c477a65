"""The list of areas (policy 6.2)."""

from ringfence.store import Filter, Listing

AREAS = Listing(
    name="areas",
    table="area",
    columns={"area_code": str, "name": str, "level": str, "parent_code": str, "area_path": str},
    sorts={"area_path": ("area_path",)},
    usual_sort="area_path",
    filters={"level": Filter.same("level"), "parent": Filter.same("parent_code")},
)
"""The hierarchy, each area behind the one it lies in."""
