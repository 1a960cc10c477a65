"""The command: which unit answers for which area on which day, with its leader and deputy; a few lines are missing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ringfence.city.arrays import Ints, Texts, either, join, numerals
from ringfence.city.sheets import Sheet, wall_days
from ringfence.city.town import Town
from ringfence.city.truth import History
from ringfence.terms import Level, TaskKind

RESIDENTS_A_GRID = 3_000
DAYS_AFTERWARDS = 14
"""The roster goes on beyond the period, for the follow-up of its last days."""
NOBODY_ON_DUTY, NO_DEPUTY = 0.004, 0.08
AT_THE_DOOR = (TaskKind.VISIT, TaskKind.CALL, TaskKind.IDENTIFY, TaskKind.RECALL)
AT_THE_OFFICE = (TaskKind.CALL, TaskKind.MESSAGE, TaskKind.RETEST, TaskKind.RECALL, TaskKind.VENUE_ALERT)


@dataclass(frozen=True)
class UnitPlan:
    """A unit of the roster; it is on duty from one wall time to another."""

    unit_id: str
    area_code: str
    level: Level
    task_kinds: Sequence[TaskKind]
    daily_capacity: int
    from_time: str
    to_time: str


def write(history: History) -> Iterator[Sheet]:
    """One sheet: a line for every unit and day but the few when nobody is on duty."""
    town, options = history.town, history.town.options
    dice = options.dice("duty_roster")
    units = plan_units(town)
    days = options.days + DAYS_AFTERWARDS
    unit, day = (axis.ravel() for axis in np.meshgrid(np.arange(len(units)), np.arange(days), indexing="ij"))
    is_on_duty = dice.random(unit.size) >= NOBODY_ON_DUTY
    unit, day = unit[is_on_duty], day[is_on_duty]
    leader, deputy = unit * 3 + day % 2, unit * 3 + 2
    columns: dict[str, Texts] = {
        "unit_id": pa.array([one.unit_id for one in units]),
        "area_code": pa.array([one.area_code for one in units]),
        "level": pa.array([one.level.value for one in units]),
        "task_kinds": pa.array([";".join(one.task_kinds) for one in units]),
        "daily_capacity": pa.array([str(one.daily_capacity) for one in units]),
    }
    columns = {name: texts.take(pa.array(unit)) for name, texts in columns.items()}
    columns |= {
        "date": wall_days(options.first_day, day),
        "from_time": pa.array([one.from_time for one in units]).take(pa.array(unit)),
        "to_time": pa.array([one.to_time for one in units]).take(pa.array(unit)),
        "leader": officers(leader),
        "deputy": either(dice.random(unit.size) < NO_DEPUTY, "", officers(deputy)),
    }
    yield Sheet("duty_roster.csv", columns)


def plan_units(town: Town) -> list[UnitPlan]:
    """Grid units by the number of residents, and one unit for each township, county and the city."""
    areas, people = town.areas, town.people
    residents = np.bincount(people.township[: people.residents], minlength=len(areas.code))
    units = []
    for code, count in zip(areas.code, residents.tolist(), strict=True):
        grids = max(1, round(count / RESIDENTS_A_GRID))
        units += [plan_unit(f"{code}-g{grid + 1:02d}", code, Level.GRID) for grid in range(grids)]
        units.append(plan_unit(f"{code}-t", code, Level.TOWNSHIP))
    units += [plan_unit(f"{code}-c", code, Level.COUNTY) for code in areas.county_code]
    tops = [row["code"] for row in areas.rows if not row["parent_code"] and row["code"] not in areas.county_code]
    return units + [plan_unit(f"{code}-m", code, Level.CITY) for code in tops]


def plan_unit(unit_id: str, area_code: str, level: Level) -> UnitPlan:
    """A unit with the duties and the capacity of its level; the city is awake all day, the grid from eight to ten."""
    kinds, capacity, hours = {
        Level.GRID: (AT_THE_DOOR, 40, ("08:00", "22:00")),
        Level.TOWNSHIP: ((*AT_THE_DOOR, TaskKind.RETEST, TaskKind.VENUE_ALERT), 60, ("08:00", "22:00")),
        Level.COUNTY: ((*AT_THE_OFFICE, TaskKind.CORRECT), 150, ("00:00", "23:59")),
        Level.CITY: ((*AT_THE_OFFICE, TaskKind.CORRECT), 300, ("00:00", "23:59")),
    }[level]
    return UnitPlan(unit_id, area_code, level, kinds, capacity, *hours)


def officers(number: Ints) -> Texts:
    """Account ids, never names."""
    return join("officer-", numerals(number + 1, width=4))
