"""Who takes which piece of work: the nearest unit on duty at the lowest level, evenly among equals (policy 7.1).

Units of one level and one area are equals, and equals make a *station*. Each area's path leads past at most one station
of each level and depth. Stations are filled in one order (the lowest level first, then the closest area), and those who
want a place at a station compete for it by rank alone, whatever area they come from. No loop is longer than the roster
or the list of distinct areas.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ringfence.errors import NotFound
from ringfence.terms import Level
from ringfence.work.arrays import NONE, Integers, Truths, count_within, find_turns
from ringfence.work.roster import Roster

_LEVELS = {level: place for place, level in enumerate(Level)}


@dataclass(frozen=True, eq=False)
class Wave:
    """The stations of one level and depth: each unit's station, and the station each path leads past; or NONE."""

    level: Level
    stations: tuple[str, ...]
    of_unit: Integers
    of_path: Integers


def find_stations(roster: Roster, paths: Sequence[str]) -> list[Wave]:
    """All stations on the way of some area paths, in the order they are filled."""
    waves = sorted({_place(unit.level, unit.area_path) for unit in roster.units})
    return [_find_wave(roster, paths, level=list(Level)[level], depth=-depth) for level, depth in waves]


def fill_stations(waves: Sequence[Wave], path: Integers, *, able: Truths, roster: Roster, load: Integers) -> Integers:
    """The unit that takes each piece of work within its capacity, or NONE where all are full.

    `path` is each piece's area path by number, best rank first; `able` says which units may be asked. A piece that
    finds its station full goes on to the next one up. `load` counts up with what is taken.
    """
    room = np.maximum(roster.capacity - load, 0)
    return _fill(waves, path, able=able, roster=roster, load=load, room=room)


def share_out(waves: Sequence[Wave], path: Integers, *, able: Truths, roster: Roster) -> Integers:
    """The unit each piece of work belongs to, full or not: always the lowest station; NONE where there is none."""
    room = np.full(len(roster.units), path.size, dtype=np.int64)
    return _fill(waves, path, able=able, roster=roster, load=roster.load.copy(), room=room)


def find_owners(area_paths: Sequence[str], *, kind: str, roster: Roster) -> list[str]:
    """The unit that answers for each of some areas and a kind of task, however much it has to do already.

    Where nobody on duty does the kind, whoever covers the area answers: a task always has an owner. NotFound for an
    area no unit covers.
    """
    distinct, path = np.unique(np.array(area_paths, dtype=object), return_inverse=True)
    paths: list[str] = distinct.tolist()
    owner = find_answerable(find_stations(roster, paths), path, kind=kind, roster=roster)
    if (owner == NONE).any():
        raise NotFound(
            "no unit of the roster answers for area '{area}'; put one in", area=paths[int(path[owner == NONE][0])]
        )
    return [roster.units[unit].unit_id for unit in owner]


def find_answerable(waves: Sequence[Wave], path: Integers, *, kind: str, roster: Roster) -> Integers:
    """Who answers for each piece of work: on duty for its kind, else on duty, else on the roster; else NONE."""
    owner = np.full(path.size, NONE, dtype=np.int64)
    everybody = np.ones(len(roster.units), dtype=np.bool_)
    for able in (roster.is_on_duty & roster.takes(kind), roster.is_on_duty, everybody):
        left = np.flatnonzero(owner == NONE)
        owner[left] = share_out(waves, path[left], able=able, roster=roster)
    return owner


def find_deserted(waves: Sequence[Wave], roster: Roster) -> list[str]:
    """The areas whose lowest units are all off duty, sorted: what comes up there goes to the next level up."""
    deserted = set()
    paths = np.arange(waves[0].of_path.size if waves else 0)
    for wave in waves:
        has_station = wave.of_path[paths] != NONE
        present = np.unique(wave.of_unit[roster.is_on_duty])
        met = np.unique(wave.of_path[paths][has_station])
        deserted |= {wave.stations[station] for station in np.setdiff1d(met, present)}
        paths = paths[~has_station]
    return sorted(deserted)


def _place(level: Level, path: str) -> tuple[int, int]:
    return _LEVELS[level], -path.count("/")


def _find_wave(roster: Roster, paths: Sequence[str], *, level: Level, depth: int) -> Wave:
    members = {
        number: unit.area_path
        for number, unit in enumerate(roster.units)
        if _place(unit.level, unit.area_path) == (_LEVELS[level], -depth)
    }
    stations = {area: station for station, area in enumerate(sorted(set(members.values())))}
    of_unit = np.full(len(roster.units), NONE, dtype=np.int64)
    of_unit[list(members)] = [stations[area] for area in members.values()]
    of_path = np.array([stations.get(_ancestor(path, depth), NONE) for path in paths], dtype=np.int64)
    return Wave(level, tuple(stations), of_unit, of_path)


def _ancestor(path: str, depth: int) -> str:
    """The part of an area path that names `depth` areas, or the whole of a path that is shorter."""
    return "".join(f"{code}/" for code in path.split("/")[:-1][:depth])


def _fill(
    waves: Sequence[Wave], path: Integers, *, able: Truths, roster: Roster, load: Integers, room: Integers
) -> Integers:
    owner = np.full(path.size, NONE, dtype=np.int64)
    for wave in waves:
        wants = np.flatnonzero((owner == NONE) & (wave.of_path[path] != NONE))
        taken = _take_slots(wave, wave.of_path[path[wants]], able=able, roster=roster, load=load, room=room)
        owner[wants] = taken
        new = np.bincount(taken[taken != NONE], minlength=load.size)
        load += new
        room -= new
    return owner


def _take_slots(
    wave: Wave, station: Integers, *, able: Truths, roster: Roster, load: Integers, room: Integers
) -> Integers:
    """The unit for each piece of work at its station, best rank first; NONE once the station's slots are gone.

    A unit's k-th slot of the day comes up when the unit would be k / capacity full: equals fill at the same pace, and
    who has no capacity at all comes last.
    """
    wanted = np.bincount(station, minlength=len(wave.stations))
    asked = np.flatnonzero(able & (wave.of_unit != NONE))
    slots = np.minimum(room[asked], wanted[wave.of_unit[asked]])
    unit = np.repeat(asked, slots)
    capacity = roster.capacity[unit]
    fullness = (load[unit] + 1 + count_within(unit)) / np.maximum(capacity, 1)
    order = np.lexsort((unit, fullness, capacity == 0, wave.of_unit[unit]))
    unit = unit[order]
    has = np.bincount(wave.of_unit[unit], minlength=len(wave.stations))
    first = np.cumsum(has) - has
    turn = find_turns(station)
    owner = np.full(station.size, NONE, dtype=np.int64)
    served = turn < has[station]
    owner[served] = unit[first[station[served]] + turn[served]]
    return owner
