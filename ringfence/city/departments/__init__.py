"""The departments: one file a format, each knowing only its part and writing it as well as it can.

Each file defines `write(history)`, which yields the sheets of its format; `DEPARTMENTS` is the register, in the
order in which a city would hand them over.
"""

from collections.abc import Callable, Iterator

from ringfence.city.departments import (
    areas,
    case_line_list,
    case_routes,
    check_ins,
    duty_roster,
    laboratory_results,
    places,
    resident_register,
)
from ringfence.city.sheets import Sheet
from ringfence.city.truth import History

DEPARTMENTS: dict[str, Callable[[History], Iterator[Sheet]]] = {
    "areas": areas.write,
    "places": places.write,
    "resident_register": resident_register.write,
    "duty_roster": duty_roster.write,
    "check_ins": check_ins.write,
    "laboratory_results": laboratory_results.write,
    "case_line_list": case_line_list.write,
    "case_routes": case_routes.write,
}

__all__ = ["DEPARTMENTS"]
