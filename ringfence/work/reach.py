"""How somebody is reached and by whom, within what the units can do today (policy 2.3).

Persons of one household stand behind one door: they go to one unit and take one place of its day. Where the link to a
person is not certain nobody is called or written to, for that could tell a stranger: somebody asks at the door.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.terms import SubjectKind, TaskKind
from ringfence.work.arrays import NONE, Groups, Integers, Truths, group_rows
from ringfence.work.balance import Wave, fill_stations, find_answerable
from ringfence.work.roster import Roster
from ringfence.work.standing import key_subjects

WAYS: dict[TaskKind, frozenset[SubjectKind]] = {
    TaskKind.VISIT: frozenset({SubjectKind.PERSON, SubjectKind.HOUSEHOLD}),
    TaskKind.VENUE_ALERT: frozenset({SubjectKind.PLACE}),
    TaskKind.RECALL: frozenset({SubjectKind.LOT}),
    TaskKind.CALL: frozenset({SubjectKind.PERSON}),
    TaskKind.MESSAGE: frozenset({SubjectKind.PERSON}),
}
"""How each kind of subject can be reached, the strongest way first: whom one has no room for, the next may have."""

FIRST_WAY = {subject: kind for kind, subjects in reversed(WAYS.items()) for subject in subjects}

KINDS = [*WAYS, TaskKind.IDENTIFY]
"""Kinds of tasks by number: the ways, and what a visit becomes where the link is not certain."""


@dataclass(frozen=True, eq=False)
class Answers:
    """The unit that answers, by number, and the kind of its task (a place in KINDS), NONE below the cut."""

    owner: Integers
    kind: Integers


def first_ways(rows: pa.Table) -> pa.Array:
    """The strongest way to reach the subject of each row."""
    places = pc.index_in(rows["subject_kind"].combine_chunks(), value_set=pa.array(list(FIRST_WAY)))
    return pa.array(list(FIRST_WAY.values()), pa.string()).take(places)


def find_doors(rows: pa.Table) -> Groups:
    """Which rows (schema EXPOSED) stand behind one door; who is not identified has a door of their own."""
    household = pc.fill_null(rows["household"], NONE).to_numpy()
    is_shared = _is(rows, [SubjectKind.PERSON]) & rows["is_identified"].to_numpy() & (household != NONE)
    return group_rows(np.where(is_shared, -1 - household, key_subjects(rows)))


def find_answers(rows: pa.Table, *, waves: list[Wave], path: Integers, roster: Roster) -> Answers:
    """Who answers for each row (schema EXPOSED, best rank first) and how, way by way as long as there is room.

    `path` is each row's area path by number. Below the cut stays who finds no room anywhere; somebody answers still.
    """
    owner, kind = np.full((2, path.size), NONE, dtype=np.int64)
    load = roster.load.copy()
    at_the_door = _is(rows, [SubjectKind.PERSON]) & ~rows["is_identified"].to_numpy()
    for number, (way, subjects) in enumerate(WAYS.items()):
        may = _is(rows, subjects) & (~at_the_door | (way is TaskKind.VISIT))
        wants = np.flatnonzero((kind == NONE) & may)
        able = roster.is_on_duty & roster.takes(way)
        owner[wants] = fill_stations(waves, path[wants], able=able, roster=roster, load=load)
        kind[wants[owner[wants] != NONE]] = number
    _answer_below(rows, owner, waves=waves, path=path, roster=roster)
    return Answers(owner, np.where(at_the_door & (kind != NONE), KINDS.index(TaskKind.IDENTIFY), kind))


def _answer_below(rows: pa.Table, owner: Integers, *, waves: list[Wave], path: Integers, roster: Roster) -> None:
    strongest = first_ways(rows)
    for way in WAYS:
        left = np.flatnonzero((owner == NONE) & pc.equal(strongest, way).to_numpy(zero_copy_only=False))
        owner[left] = find_answerable(waves, path[left], kind=way, roster=roster)


def _is(rows: pa.Table, kinds: Iterable[SubjectKind]) -> Truths:
    is_in: Truths = pc.is_in(rows["subject_kind"], value_set=pa.array(list(kinds))).to_numpy()
    return is_in
