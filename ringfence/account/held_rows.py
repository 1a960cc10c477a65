"""What the desk and the lake hold about one person, row by row (policy 2.6)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from sqlalchemy import Row

from ringfence.policy import Policy
from ringfence.store import Act, Lake
from ringfence.terms import CELL_BITS, LAYOUTS, PlaceKind, Reason, RecordKind, SubjectKind, calendar_day

CASES = """
select case_id as number, classification as status, null as reason, null as decided_by,
    onset_day as first_day, onset_day as last_day, null as place_kind
from case_episode where person_no in :among order by case_id
"""

# The heaviest reason of each exposure stands for it.
EXPOSURES = """
select e.exposure_id as number, e.status, r.reason, null as decided_by, e.first_day, e.last_day, p.kind as place_kind
from exposure e
left join exposure_reason r on r.exposure_id = e.exposure_id and r.reason_no = (
    select b.reason_no from exposure_reason b where b.exposure_id = e.exposure_id
    order by b.weight desc, b.reason_no limit 1
)
left join place p on p.place_no = r.place_no
where e.subject_kind = 'person' and e.subject_key in :among
order by e.exposure_id
"""

TASKS = """
select task_id as number, status, reason, owner as decided_by, due_day as first_day, due_day as last_day,
    null as place_kind
from task where subject_kind = 'person' and subject_key in :among order by task_id
"""

ORDERS = """
select order_id as number, status, reason, signed_by as decided_by, from_day as first_day, to_day as last_day,
    null as place_kind
from measure_order where person_no in :among order by order_id
"""

FOLLOW_UPS = """
select follow_up_id as number, status, null as reason, unit_id as decided_by, from_day as first_day,
    to_day as last_day, null as place_kind
from follow_up where person_no in :among order by follow_up_id
"""

TUBES = """
select m.row_no as number, coalesce(m.result, p.status) as status, null as reason, null as decided_by,
    null as first_day, null as last_day, null as place_kind
from pool_member m join sample_pool p on p.pool_id = m.pool_id
where m.person_no in :among order by m.pool_id, m.row_no
"""

DISPUTES = """
select dispute_id as number, status, null as reason, answered_by as decided_by, null as first_day, null as last_day,
    null as place_kind
from dispute where subject_kind = 'person' and subject_key in :among order by dispute_id
"""

AREAS_OF = """
select area_path from measure_order where person_no = :person_no
union select area_path from follow_up where person_no = :person_no
union select area_path from case_episode where person_no = :person_no
union select area_path from exposure where subject_kind = 'person' and subject_key = :subject_key
union select area_path from task where subject_kind = 'person' and subject_key = :subject_key
order by area_path
"""


class HeldKind(StrEnum):
    """What the desk can hold about a person."""

    CASE = "case"
    EXPOSURE = "exposure"
    TASK = "task"
    ORDER = "order"
    FOLLOW_UP = "follow_up"
    TUBE = "tube"
    DISPUTE = "dispute"


_STATEMENTS = {
    HeldKind.CASE: (CASES, "case_episode"),
    HeldKind.EXPOSURE: (EXPOSURES, "exposure"),
    HeldKind.TASK: (TASKS, "task"),
    HeldKind.ORDER: (ORDERS, "measure_order"),
    HeldKind.FOLLOW_UP: (FOLLOW_UPS, "follow_up"),
    HeldKind.TUBE: (TUBES, "pool_member"),
    HeldKind.DISPUTE: (DISPUTES, "dispute"),
}
_BY_SUBJECT = {HeldKind.EXPOSURE, HeldKind.TASK, HeldKind.DISPUTE}


@dataclass(frozen=True, kw_only=True)
class Held:
    """One row of the desk about a person; `kept_days` are counted from when it is closed."""

    kind: HeldKind
    number: int
    status: str
    reason: Reason | None
    decided_by: str
    first_day: date | None
    last_day: date | None
    place_kind: PlaceKind | None
    kept_days: int


@dataclass(frozen=True, kw_only=True)
class HeldRecords:
    """The records of one kind in the lake about a person; the days are empty where records have none."""

    kind: RecordKind
    count: int
    first_day: date | None
    last_day: date | None
    kept_days: int


def read_desk_rows(act: Act, people: Sequence[int], *, policy: Policy) -> Iterator[Held]:
    """Every row of the desk under any number of a person."""
    for kind, (statement, table) in _STATEMENTS.items():
        keys: Iterable[object] = map(str, people) if kind in _BY_SUBJECT else people
        kept_days = policy.days(f"retention.table.{table}")
        for row in act.rows_among(statement, keys):
            yield _held(kind, row, kept_days=kept_days)


def read_records(lake: Lake, people: Sequence[int], *, policy: Policy) -> Iterator[HeldRecords]:
    """How many records of each kind the lake has under any number of a person, and of which days."""
    numbers = pa.array(people, pa.int64())
    for kind, layout in LAYOUTS.items():
        names = [*layout.person_columns, *({"subject"} & set(layout.schema.names) - set(layout.person_columns))]
        paths = lake.paths(kind, copy=layout.copies[-1].name) if names else []
        if not paths:
            continue
        is_theirs = reduce(or_, (_is_theirs(name, numbers) for name in names))
        columns = [layout.day_column] if layout.day_column else ["batch"]
        found = ds.dataset(paths, schema=layout.schema).to_table(columns=columns, filter=is_theirs)
        if found.num_rows:
            first, last = _days(found[columns[0]], layout.day_column)
            yield HeldRecords(
                kind=kind,
                count=found.num_rows,
                first_day=first,
                last_day=last,
                kept_days=policy.days(f"retention.record.{kind}"),
            )


def read_areas_of(act: Act, people: Iterable[int]) -> set[str]:
    """The areas in which the desk has something about a person."""
    return {row.area_path for number in people for row in act.rows(AREAS_OF, person_no=number, subject_key=str(number))}


def read_homes(lake: Lake, people: Sequence[int]) -> set[str]:
    """The codes of the areas a person lives or lived in."""
    paths = lake.paths(RecordKind.RESIDENCE)
    if not paths:
        return set()
    rows = ds.dataset(paths, schema=LAYOUTS[RecordKind.RESIDENCE].schema)
    return set(
        rows.to_table(columns=["area"], filter=_is_theirs("person", pa.array(people, pa.int64())))["area"].to_pylist()
    )


def _is_theirs(name: str, numbers: pa.Array) -> pc.Expression:
    """Whether a column names one of some people; a subject may be a place or a lot of the same number."""
    is_named = pc.field(name).isin(numbers)
    return is_named & (pc.field("subject_kind") == SubjectKind.PERSON.value) if name == "subject" else is_named


def _days(column: pa.ChunkedArray, name: str | None) -> tuple[date | None, date | None]:
    if name is None:
        return None, None
    shift = CELL_BITS if name == "cell" else 0
    bounds = pc.min_max(column).as_py()
    return calendar_day(bounds["min"] >> shift), calendar_day(bounds["max"] >> shift)


def _held(kind: HeldKind, row: Row[Any], *, kept_days: int) -> Held:
    return Held(
        kind=kind,
        number=row.number,
        status=row.status,
        reason=Reason.from_json(row.reason) if row.reason else None,
        decided_by=row.decided_by or "",
        first_day=_day(row.first_day),
        last_day=_day(row.last_day),
        place_kind=PlaceKind(row.place_kind) if row.place_kind else None,
        kept_days=kept_days,
    )


def _day(number: int | None) -> date | None:
    return None if number is None else calendar_day(number)
