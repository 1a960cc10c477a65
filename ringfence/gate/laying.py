"""Passages into the lake, each once, when everybody in them is linked or was nobody's business (policy 1.3, 2.2).

Only those who were let through are laid: a refusal is no mark against anybody, and no signal (policy 1.5).
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import Row

from ringfence.access import check_can
from ringfence.errors import Unusable
from ringfence.policy import Permission, Policy
from ringfence.store import EVERYWHERE, Act, Batch, LakeFile, Scope, Store, commit_batch
from ringfence.terms import (
    LAYOUTS,
    Actor,
    Observation,
    Reason,
    ReasonCode,
    RecordKind,
    RiskLevel,
    Subject,
    SubjectKind,
    from_us,
    to_us,
)

FEED = "gate"

READY = """
select p.passage_id, p.gate, p.lane, p.passed_at, p.day, p.vehicle, p.origin_area, p.bound_area, p.standards,
    p.area_path, o.occupant_no, o.person, o.verdict, o.reason, o.sampled_at
from visible_passage p join passage_occupant o on o.passage_id = p.passage_id
where p.laid_at is null and o.verdict = 'admit'
    and not exists (
        select 1 from passage_occupant w
        where w.passage_id = p.passage_id and w.verdict = 'admit' and w.sealed is not null
    )
order by p.passed_at, p.passage_id, o.occupant_no
"""

MARK_LAID = "update passage set laid_at = :now where passage_id = :passage_id and laid_at is null"


@dataclass(frozen=True, kw_only=True)
class ReadyPassages:
    """Passages whose records are written and synced, but are in no lake yet; and who came from a risk area."""

    batch: Batch
    files: list[LakeFile] = field(repr=False)
    passages: tuple[str, ...] = field(repr=False)
    rows: int
    observations: tuple[Observation, ...]


def stage_passages(
    store: Store, *, policy: Policy, at_risk: Mapping[str, RiskLevel], actor: Actor, now: datetime
) -> ReadyPassages | None:
    """What can be laid now; None where nothing waits.

    An arrival from one of the areas at risk (by code) is an observation, for others to judge.
    """
    ready = store.desk.rows(READY, scope=Scope.of_system())
    if not ready:
        return None
    batch_no = store.act(_take_number, actor=actor, now=now)
    files = store.lake.stage(RecordKind.PASSAGE, _records(ready, batch_no=batch_no, now=now), batch_no=batch_no)
    return ReadyPassages(
        batch=_batch(ready, batch_no=batch_no, policy=policy),
        files=files,
        passages=tuple(dict.fromkeys(row.passage_id for row in ready)),
        rows=len(ready),
        observations=tuple(_observed(ready, at_risk=at_risk)),
    )


def lay_passages(act: Act, ready: ReadyPassages, *, store: Store) -> None:
    """Make them exist; Unusable where another step laid some of them meanwhile."""
    check_can(act, Permission.FEED_RECEIVE, area_path=EVERYWHERE)
    marks = [{"passage_id": key, "now": to_us(act.now)} for key in ready.passages]
    if act.run_many(MARK_LAID, marks) != len(marks) or not commit_batch(act, ready.batch):
        raise Unusable("these passages were laid by another step in the meantime; repeat this one")
    store.lake.commit(act, ready.files)
    act.note("passages.laid", subject=f"batch:{ready.batch.batch_no}", count=ready.rows)


def _take_number(act: Act) -> int:
    check_can(act, Permission.FEED_RECEIVE, area_path=EVERYWHERE)
    act.note("numbers.taken", subject="batch")
    return act.take_numbers("batch", 1)


def _records(ready: Sequence[Row[Any]], *, batch_no: int, now: datetime) -> pa.Table:
    """The occupants as records of the lake."""
    taken = ("gate", "lane", "passed_at", "day", "person", "vehicle", "verdict", "reason", "origin_area", "bound_area",
             "sampled_at")  # fmt: skip
    columns: dict[str, Sequence[object]] = {name: [getattr(row, name) for row in ready] for name in taken}
    columns["rule_version"] = [row.standards for row in ready]
    columns["batch"] = [batch_no] * len(ready)
    columns["row"] = range(1, len(ready) + 1)
    columns["recorded_at"] = [to_us(now)] * len(ready)
    schema = LAYOUTS[RecordKind.PASSAGE].schema
    return pa.table({field.name: pa.array(columns[field.name], field.type) for field in schema}, schema=schema)


def _batch(ready: Sequence[Row[Any]], *, batch_no: int, policy: Policy) -> Batch:
    digest = hashlib.sha256("\n".join(f"{row.passage_id} {row.occupant_no}" for row in ready).encode()).hexdigest()
    return Batch(
        batch_no=batch_no,
        batch_id=f"{FEED}:{digest}",
        feed=FEED,
        department=FEED,
        purpose="gate_check",
        source_digest=digest,
        rows_accepted=len(ready),
        rows_rejected=0,
        retain_until_day=policy.day + policy.days("retention.record.passage"),
    )


def _observed(ready: Sequence[Row[Any]], *, at_risk: Mapping[str, RiskLevel]) -> Iterator[Observation]:
    """Who came from where it is risky; who is known by number only is named by number, the rest by their origin."""
    for row in ready:
        if row.origin_area not in at_risk:
            continue
        known = None if row.person is None else Subject(SubjectKind.PERSON, str(row.person))
        yield Observation(
            subject=known or Subject(SubjectKind.AREA, row.origin_area),
            reason=Reason.of(
                ReasonCode.ARRIVED_FROM_RISK_AREA, area=row.origin_area, level=at_risk[row.origin_area], gate=row.gate
            ),
            observed_at=from_us(row.passed_at),
            area_path=row.area_path,
        )
