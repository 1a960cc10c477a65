"""The cases of an outbreak, what trace found between them, and how many of those exposed fell ill (policy 2.2, 7.3).

All of it is read where traces were kept: reasons stand on the desk for whoever is or was on a list, so two cases of
whom one was only ever below the other's cut met, as far as the chain knows, unseen. Whom a rule exposed is counted
above and below the cut alike.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Row

from ringfence.store import Aliases, Desk, Lake, Scope
from ringfence.terms import Clock, RecordKind, from_us
from ringfence.trace.chains import CHAIN_CASES, MEETINGS

CASES = """
select case_id, case_key, person_no, onset_day, sampled_at, reported_at, is_imported, classification, area_path
from visible_case_episode
where disease = :disease and classification <> 'no_case' and withdrawn_at is null
order by case_id
"""

# Who stood beside whom: a reason names the person beside whom the exposed was, be it the signal's own case or another.
# Asked of the cases alone, for of all who were exposed few are cases.
BETWEEN = """
select e.exposure_id, r.reason_no, e.subject_key, r.source_key, r.direction, r.rule, r.weight
from visible_exposure e
join exposure_reason r on r.exposure_id = e.exposure_id
join visible_signal s on s.signal_id = e.signal_id
where e.subject_kind = 'person' and e.subject_key in :among and s.disease = :disease and r.source_kind = 'person'
    and e.status <> 'retracted'
order by e.exposure_id, r.reason_no
"""

CASES_AT_ONCE = 5_000
"""As many as a statement binds without coming near what a database lets it bind."""

# Grouped by the number, not its text: in the order of the text's index the rows would be fetched one by one.
EXPOSED = """
select cast(subject_key as bigint) as person, forward_rules, min(first_day) as first_day
from visible_exposure
where signal_id in (select signal_id from visible_signal where disease = :disease) and subject_kind = 'person'
    and ring = 1 and forward_rules <> '' and status = 'listed' and last_day >= :since
group by cast(subject_key as bigint), forward_rules
"""

BELOW = """
select distinct b.batch_no, b.signal_id
from exposure_below_cut b join visible_signal s on s.signal_id = b.signal_id
where s.disease = :disease and b.status = 'counted'
"""

LINE_LIST = pa.schema(
    [
        *CHAIN_CASES,
        ("case_key", pa.string()),
        ("person", pa.int64()),
        ("basis", pa.string()),
        ("classification", pa.string()),
        ("area_path", pa.string()),
    ]
)
"""CHAIN_CASES with what a line list says besides; `basis` names the date that stands for the onset."""

INFECTED = pa.schema([("rule", pa.string()), ("is_infected", pa.bool_())])
"""One row a person and rule: who was exposed in a case's own ring, and whether they fell ill after it."""


BY_RULES = pa.schema([("person", pa.int64()), ("rules", pa.string()), ("first_day", pa.int64())])
"""Whom some rules exposed (joined by commas), and the first day on which they did."""

_BY_RULE = ["person", "rule", "first_day"]

OF_BELOW = ("subject_kind", "subject", "ring", "signal", "rules", "first_day", "last_day")
"""What is read of whoever lies below the cut."""


@dataclass(frozen=True, eq=False)
class Outbreak:
    """Cases (LINE_LIST), what was found between them (MEETINGS), and who of those exposed fell ill (INFECTED)."""

    cases: pa.Table
    meetings: pa.Table
    exposed: pa.Table


def read_outbreak(desk: Desk, lake: Lake, *, scope: Scope, disease: str, since_day: int, clock: Clock) -> Outbreak:
    """The cases of a disease since a local day that the scope opens, and what traces say of them."""
    aliases = Aliases(desk)
    rows = desk.rows(CASES, scope=scope, disease=disease)
    people = _resolve(aliases, [row.person_no for row in rows])
    listed = [_line(row, person, clock=clock) for row, person in zip(rows, people, strict=True)]
    cases = [row for row in listed if row["onset_day"] >= since_day]
    meetings = _meetings(desk, aliases, cases, scope=scope, disease=disease)
    exposed = [
        _listed_exposed(desk, aliases, scope=scope, disease=disease, since_day=since_day),
        *_below_exposed(desk, lake, aliases, scope=scope, disease=disease, since_day=since_day),
    ]
    return Outbreak(
        pa.Table.from_pylist(cases, schema=LINE_LIST),
        pa.Table.from_pylist(meetings, schema=MEETINGS),
        _infected(pa.concat_tables(exposed), cases),
    )


def _line(row: Row[Any], person: int, *, clock: Clock) -> dict[str, Any]:
    """A case with the local day of its onset, else of its sample, else of its report."""
    dates = {"sampling": row.sampled_at, "report": row.reported_at}
    basis, stands = next((name, moment) for name, moment in dates.items() if moment is not None)
    has_onset = row.onset_day is not None
    return {
        "case_no": row.case_id,
        "onset_day": row.onset_day if has_onset else clock.day_of(from_us(stands)),
        "is_imported": bool(row.is_imported),
        "case_key": row.case_key,
        "person": person,
        "basis": "onset" if has_onset else basis,
        "classification": row.classification,
        "area_path": row.area_path,
    }


def _meetings(
    desk: Desk, aliases: Aliases, cases: Iterable[Mapping[str, Any]], *, scope: Scope, disease: str
) -> list[dict[str, Any]]:
    """What was found between two cases of the outbreak, the direction turned so that the infector comes first."""
    case_of = {case["person"]: case["case_no"] for case in cases}
    widened, _ = aliases.expand(np.array(sorted(case_of), dtype=np.int64))
    keys = [str(number) for number in widened.tolist()]
    rows = [
        row
        for start in range(0, len(keys), CASES_AT_ONCE)
        for row in desk.rows_among(BETWEEN, keys[start : start + CASES_AT_ONCE], scope=scope, disease=disease)
    ]
    rows.sort(key=lambda row: (row.exposure_id, row.reason_no))
    exposed = aliases.resolve(_numbers(row.subject_key for row in rows)).tolist()
    sources = aliases.resolve(_numbers(row.source_key for row in rows)).tolist()
    found = []
    for row, subject, source in zip(rows, exposed, sources, strict=True):
        if source != subject and source in case_of:
            ends = (source, subject) if row.direction == "forward" else (subject, source)
            infector, infectee = (case_of[person] for person in ends)
            found.append({"infector": infector, "case_no": infectee, "rule": row.rule, "weight": row.weight})
    return found


def _listed_exposed(desk: Desk, aliases: Aliases, *, scope: Scope, disease: str, since_day: int) -> pa.Table:
    """Whoever is on a list (schema BY_RULES)."""
    rows = desk.rows(EXPOSED, scope=scope, disease=disease, since=since_day)
    people, rules, days = list(zip(*rows, strict=True)) or [()] * 3
    return pa.table([aliases.resolve(np.array(people, dtype=np.int64)), rules, days], schema=BY_RULES)


def _below_exposed(
    desk: Desk, lake: Lake, aliases: Aliases, *, scope: Scope, disease: str, since_day: int
) -> Iterator[pa.Table]:
    """Whoever lies below the cut (schema BY_RULES), a table a file of the lake."""
    counted: dict[int, list[int]] = defaultdict(list)
    for row in desk.rows(BELOW, scope=scope, disease=disease):
        counted[row.batch_no].append(row.signal_id)
    is_near = (pc.field("subject_kind") == "person") & (pc.field("ring") == 1) & (pc.field("last_day") >= since_day)
    for file in lake.files(RecordKind.EXPOSURE_BELOW_CUT):
        if file.batch_no in counted:
            rows = lake.read_file(file, columns=OF_BELOW)
            near = rows.filter(is_near & pc.field("signal").isin(counted[file.batch_no]))
            people = aliases.resolve(near["subject"].to_numpy())
            yield pa.table([people, near["rules"], near["first_day"].cast(pa.int64())], schema=BY_RULES)


def _infected(exposed: pa.Table, cases: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Each person once by each rule; infected is who fell ill on a later day than they were first exposed by it."""
    onsets = {case["person"]: case["onset_day"] for case in cases}
    first = _by_rule(exposed)
    case_of = pc.index_in(first["person"], value_set=pa.array(onsets.keys(), pa.int64()))
    onset = pa.array(onsets.values(), pa.int64()).take(case_of)
    is_infected = pc.fill_null(pc.greater(onset, first["first_day"]), False)  # noqa: FBT003 - the value to fill in
    return pa.table([first["rule"], is_infected], schema=INFECTED)


def _by_rule(exposed: pa.Table) -> pa.Table:
    """Person, rule and first day, in order. Equal rows are put together first: then few are left to split."""
    few = exposed.group_by(["person", "rules"]).aggregate([("first_day", "min")]).combine_chunks()
    rules = pc.split_pattern(few["rules"].combine_chunks(), ",")
    row_of = pc.list_parent_indices(rules)
    each = pa.table([few["person"].take(row_of), pc.list_flatten(rules), few["first_day_min"].take(row_of)], _BY_RULE)
    first = each.group_by(["person", "rule"]).aggregate([("first_day", "min")]).rename_columns(_BY_RULE)
    return first.sort_by([("person", "ascending"), ("rule", "ascending")])


def _numbers(keys: Iterable[str]) -> npt.NDArray[np.int64]:
    return np.fromiter(map(int, keys), dtype=np.int64)


def _resolve(aliases: Aliases, numbers: list[int]) -> list[int]:
    found: list[int] = aliases.resolve(np.array(numbers, dtype=np.int64)).tolist()
    return found
