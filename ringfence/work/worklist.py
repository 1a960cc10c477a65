"""The worklist: exposures ranked, capped by what the units can do today, and nobody dropped (policy 2.3, 7.1).

Who is listed has an owner, a kind of task and a deadline; who lies below the cut is kept and has an owner too. Each
person of a household has a task of their own, for each is seen, followed and released alone.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.errors import InputRefused
from ringfence.policy import Policy
from ringfence.terms import Observation, Reason, ReasonCode, Subject, SubjectKind, calendar_day, to_us
from ringfence.work.arrays import NONE, Integers, keep_places
from ringfence.work.balance import Wave, find_deserted, find_stations
from ringfence.work.reach import FIRST_WAY, KINDS, find_answers, find_doors, first_ways
from ringfence.work.roster import Roster
from ringfence.work.standing import match_standing
from ringfence.work.tables import EXPOSED


@dataclass(frozen=True, eq=False)
class Worklist:
    """Everybody found, once, with the columns of the input and a `rank` from 0, best first.

    `listed` has those of ASKED besides, and the `task` where one stands already; `below` the cut has the `owner`, empty
    only where no unit of the whole roster covers the area. `seed` is what ties were drawn with.
    """

    listed: pa.Table
    below: pa.Table
    observations: tuple[Observation, ...]
    seed: int


def dispatch_exposures(
    exposures: pa.Table, *, roster: Roster, standing: pa.Table, policy: Policy, now: datetime, seed: int
) -> Worklist:
    """The worklist of some exposures (schema EXPOSED, one row a signal and subject) at a moment.

    What is asked already (`standing`) takes no second place of anybody's day. Areas whose lowest units are all off duty
    go to the next level up and are observed. InputRefused for an empty field or a subject nobody can be sent to.
    """
    _check(exposures)
    ranked = _rank(exposures, outreach=policy.number("trace.outreach_share"), seed=seed)
    stands = match_standing(ranked.append_column("kind", first_ways(ranked)), standing)
    known, fresh = ranked.filter(pa.array(stands != NONE)), ranked.filter(pa.array(stands == NONE))
    areas = fresh["area_path"].combine_chunks().dictionary_encode()
    waves = find_stations(roster, areas.dictionary.to_pylist())
    fresh = _answer(fresh, areas.indices.to_numpy(), waves=waves, roster=roster)
    is_listed = fresh["kind"].is_valid()
    known = _adopt(known, standing.take(pa.array(stands[stands != NONE])))
    listed = pa.concat_tables([known, fresh.filter(is_listed)]).sort_by("rank")
    return Worklist(
        _set_deadlines(_say_why(listed), policy=policy, now=now),
        fresh.filter(pc.invert(is_listed)).drop_columns(["task", "kind", "due_at"]),
        _observe(waves, roster, now=now),
        seed,
    )


def _check(exposures: pa.Table) -> None:
    for name in EXPOSED.names:
        if name != "household" and exposures[name].null_count:
            raise InputRefused("an exposure to be listed has no {column}; give it one first", column=name)
    unknown = sorted(set(exposures["subject_kind"].unique().to_pylist()) - FIRST_WAY.keys())
    if unknown:
        raise InputRefused("nobody can be sent to a subject of kind {kind}; list those it stands for", kind=unknown[0])


def _rank(exposures: pa.Table, *, outreach: float, seed: int) -> pa.Table:
    """By priority, the highest first, a share of places kept; equals in an order that only the seed decides."""
    tie = np.random.default_rng(seed).random(exposures.num_rows)
    order = np.lexsort((tie, -exposures["priority"].to_numpy()))
    few = exposures["leaves_few_visits"].combine_chunks().to_numpy(zero_copy_only=False)
    order = order[keep_places(few[order], share=outreach)]
    return exposures.take(pa.array(order)).append_column("rank", pa.array(np.arange(order.size)))


def _adopt(rows: pa.Table, tasks: pa.Table) -> pa.Table:
    """The rows with the task that stands for each already."""
    return _with(rows, task=tasks["task"], kind=tasks["kind"], owner=tasks["owner"], due_at=tasks["due_at"])


def _answer(rows: pa.Table, path: Integers, *, waves: list[Wave], roster: Roster) -> pa.Table:
    """The rows with the kind of their task, empty below the cut, and the owner; `path` is each one's area by number."""
    doors = find_doors(rows)
    heads = rows.take(pa.array(doors.head))
    answers = find_answers(heads, waves=waves, path=path[doors.head], roster=roster)
    owners = pa.array([unit.unit_id for unit in roster.units], pa.string())
    none = pa.nulls(rows.num_rows, pa.int64())
    return _with(
        rows,
        task=none,
        kind=pa.array(KINDS, pa.string()).take(_places(answers.kind[doors.of_row])),
        owner=owners.take(_places(answers.owner[doors.of_row])),
        due_at=none,
    )


def _say_why(rows: pa.Table) -> pa.Table:
    days = rows["last_day"].combine_chunks().dictionary_encode()
    reasons = [
        Reason.of(ReasonCode.EXPOSED_UNTIL, day=calendar_day(day).isoformat()).to_json()
        for day in days.dictionary.to_pylist()
    ]
    return _with(rows, reason=pa.array(reasons, pa.string()).take(days.indices))


def _set_deadlines(rows: pa.Table, *, policy: Policy, now: datetime) -> pa.Table:
    """By the kind of task from now on; a deadline that stands already can only come closer."""
    kinds = rows["kind"].combine_chunks().dictionary_encode()
    ends = [to_us(now + policy.hours(f"task.{kind}_hours")) for kind in kinds.dictionary.to_pylist()]
    due_at = pc.min_element_wise(rows["due_at"], pa.array(ends, pa.int64()).take(kinds.indices))
    return _with(rows.drop_columns(["due_at"]), due_at=due_at)


def _observe(waves: list[Wave], roster: Roster, *, now: datetime) -> tuple[Observation, ...]:
    """That nobody is on duty where somebody is needed (policy 7.1)."""
    day = calendar_day(roster.day).isoformat()
    return tuple(
        Observation(
            subject=Subject(SubjectKind.AREA, code := path.rstrip("/").rpartition("/")[2]),
            reason=Reason.of(ReasonCode.NO_OWNER_ON_DUTY, area=code, day=day),
            observed_at=now,
            area_path=path,
        )
        for path in find_deserted(waves, roster)
    )


def _places(numbers: Integers) -> pa.Array:
    """Places to take from, with nothing where there is none."""
    return pa.array(numbers, mask=numbers == NONE)


def _with(rows: pa.Table, **columns: pa.Array | pa.ChunkedArray) -> pa.Table:
    for name, column in columns.items():
        rows = rows.append_column(name, column)
    return rows
