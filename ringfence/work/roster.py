"""The duty roster: which units there are, who is on duty when, and how much they can still take today (policy 7.1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from sqlalchemy import Row

from ringfence.access import check_can
from ringfence.errors import InputRefused
from ringfence.policy import Permission
from ringfence.store import Act
from ringfence.terms import Clock, Duty, Level, Unit, to_us
from ringfence.work.arrays import Integers, Truths

UPSERT_UNIT = """
insert into unit (unit_id, area_code, area_path, level, daily_capacity, task_kinds, batch_no, row_no, recorded_at)
values (:unit_id, :area_code, :area_path, :level, :daily_capacity, :task_kinds, :batch_no, :row_no, :recorded_at)
on conflict (unit_id) do update set area_code = excluded.area_code, area_path = excluded.area_path,
    level = excluded.level, daily_capacity = excluded.daily_capacity, task_kinds = excluded.task_kinds,
    batch_no = excluded.batch_no, row_no = excluded.row_no, recorded_at = excluded.recorded_at
"""

UPSERT_DUTY = """
insert into duty (unit_id, day, from_s, to_s, leader, deputy, batch_no, row_no, recorded_at)
values (:unit_id, :day, :from_s, :to_s, :leader, :deputy, :batch_no, :row_no, :recorded_at)
on conflict (unit_id, day, from_s) do update set to_s = excluded.to_s, leader = excluded.leader,
    deputy = excluded.deputy, batch_no = excluded.batch_no, row_no = excluded.row_no, recorded_at = excluded.recorded_at
"""

UNIT_AREAS = "select unit_id, area_path from unit order by unit_id"

# A unit's load is what it has not finished, whatever day that came, and what it finished today.
ROSTER = """
with load as (
    select owner, count(*) as tasks from task
    where status in ('open', 'acknowledged') or (status = 'done' and ended_at >= :midnight)
    group by owner
),
present as (
    select distinct unit_id from duty where day = :day and from_s <= :second and to_s > :second
)
select u.unit_id, u.area_path, u.level, u.daily_capacity, u.task_kinds,
    p.unit_id is not null as is_on_duty, coalesce(l.tasks, 0) as load
from unit u
left join load l on l.owner = u.unit_id
left join present p on p.unit_id = u.unit_id
order by u.unit_id
"""

_BETWEEN_KINDS = ","


@dataclass(frozen=True, eq=False)
class Roster:
    """Every unit by number (its place in `units`), whether it is on duty, and its load in tasks."""

    day: int
    units: tuple[Unit, ...]
    is_on_duty: Truths
    load: Integers

    @cached_property
    def capacity(self) -> Integers:
        """Tasks a day, by unit."""
        return np.array([unit.daily_capacity for unit in self.units], dtype=np.int64)

    @property
    def on_duty(self) -> list[Unit]:
        """The units that answer now."""
        return [unit for unit, is_present in zip(self.units, self.is_on_duty, strict=True) if is_present]

    def takes(self, kind: str) -> Truths:
        """Which units do this kind of task."""
        return np.array([kind in unit.task_kinds for unit in self.units], dtype=np.bool_)


def put_units(act: Act, units: Mapping[int, Unit], *, batch_no: int | None = None) -> int:
    """Put units in, by their line in the batch; a unit known already is changed. How many.

    InputRefused for a negative capacity.
    """
    _check_rights(act, (unit.area_path for unit in units.values()))
    for row, unit in units.items():
        if unit.daily_capacity < 0:
            raise InputRefused(
                "row {row}: unit {unit} has a capacity below zero; correct it", row=row, unit=unit.unit_id
            )
    provenance = {"batch_no": batch_no, "recorded_at": to_us(act.now)}
    act.run_many(UPSERT_UNIT, [{**_unit(unit), "row_no": row, **provenance} for row, unit in units.items()])
    act.note("units.put", count=len(units))
    return len(units)


def put_duties(act: Act, duties: Mapping[int, Duty], *, batch_no: int | None = None) -> int:
    """Put lines of the duty roster in, by their line in the batch; the same unit, day and second is changed. How many.

    InputRefused for a unit nobody put in, and for a duty that ends before it begins.
    """
    areas = {row.unit_id: row.area_path for row in act.rows(UNIT_AREAS)}
    for row, duty in duties.items():
        if duty.unit_id not in areas:
            raise InputRefused("row {row}: there is no unit {unit}; put it in first", row=row, unit=duty.unit_id)
        if not 0 <= duty.from_s < duty.to_s:
            raise InputRefused(
                "row {row}: the duty of unit {unit} ends before it begins; correct it", row=row, unit=duty.unit_id
            )
    _check_rights(act, (areas[duty.unit_id] for duty in duties.values()))
    provenance = {"batch_no": batch_no, "recorded_at": to_us(act.now)}
    act.run_many(UPSERT_DUTY, [{**vars(duty), "row_no": row, **provenance} for row, duty in duties.items()])
    act.note("duties.put", count=len(duties))
    return len(duties)


def read_roster(act: Act, *, clock: Clock) -> Roster:
    """The roster as it stands at the moment of the act."""
    day = clock.day_of(act.now)
    rows = act.rows(ROSTER, day=day, second=clock.second_of(act.now), midnight=to_us(clock.midnight(day)))
    return Roster(
        day,
        tuple(map(_read_unit, rows)),
        np.array([bool(row.is_on_duty) for row in rows], dtype=np.bool_),
        np.array([row.load for row in rows], dtype=np.int64),
    )


def _check_rights(act: Act, paths: Iterable[str]) -> None:
    for path in sorted(set(paths)):
        check_can(act, Permission.ROSTER_EDIT, area_path=path)


def _unit(unit: Unit) -> dict[str, object]:
    return {
        "unit_id": unit.unit_id,
        "area_code": unit.area_path.rstrip("/").rpartition("/")[2],
        "area_path": unit.area_path,
        "level": unit.level,
        "daily_capacity": unit.daily_capacity,
        "task_kinds": _BETWEEN_KINDS.join(sorted(unit.task_kinds)),
    }


def _read_unit(row: Row[Any]) -> Unit:
    return Unit(
        unit_id=row.unit_id,
        area_path=row.area_path,
        level=Level(row.level),
        daily_capacity=row.daily_capacity,
        task_kinds=frozenset(filter(None, row.task_kinds.split(_BETWEEN_KINDS))),
    )
