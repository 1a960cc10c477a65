"""The departments: one file a format, each knowing only its part and writing it as well as it can.

Each file defines `write(history)`, which yields the sheets of its format; `FIRST` and `FURTHER` are the register, in
the order in which a city would hand them over.
"""

from collections.abc import Callable, Iterator

from ringfence.city.departments import (
    areas,
    case_contacts,
    case_line_list,
    case_routes,
    check_ins,
    duty_roster,
    group_members,
    guest_register,
    laboratory_results,
    named_contacts,
    passenger_list,
    places,
    resident_register,
    risk_area_notices,
    risk_lists,
    sentinel_counts,
    sentinel_sites,
    timetables,
)
from ringfence.city.sheets import Sheet
from ringfence.city.truth import History

Departments = dict[str, Callable[[History], Iterator[Sheet]]]

FIRST: Departments = {
    "areas": areas.write,
    "places": places.write,
    "resident_register": resident_register.write,
    "duty_roster": duty_roster.write,
    "check_ins": check_ins.write,
    "laboratory_results": laboratory_results.write,
    "case_line_list": case_line_list.write,
    "case_routes": case_routes.write,
}
"""What every city hands over: enough to find and follow who was exposed."""

FURTHER: Departments = {
    "sentinel_sites": sentinel_sites.write,
    "timetables": timetables.write,
    "group_members": group_members.write,
    "risk_area_notices": risk_area_notices.write,
    "sentinel_counts": sentinel_counts.write,
    "passenger_list": passenger_list.write,
    "guest_register": guest_register.write,
    "risk_lists": risk_lists.write,
    "named_contacts": named_contacts.write,
    "case_contacts": case_contacts.write,
}
"""What only a city with every department hands over."""

__all__ = ["FIRST", "FURTHER"]
