"""Pooled samples: a positive pool recalls and holds every member and draws no ring by itself (policy 2.4).

A member's individual result ends the hold, unless it is positive; when every member has one the pool is resolved. A
round of mass screening is tens of thousands of tubes, nearly all negative: they are written together, only the
positive ones one by one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ringfence.access import check_can
from ringfence.policy import Permission
from ringfence.store import Act
from ringfence.terms import POOL_NEXT, PersonNo, PoolStatus, to_us

INSERT_POOL = """
insert into sample_pool (pool_id, status, sampled_at, area_path, batch_no, recorded_at)
values (:pool_id, 'pending', :sampled_at, :area_path, :batch_no, :recorded_at)
on conflict (pool_id) do nothing
"""

INSERT_MEMBER = """
insert into pool_member (pool_id, person_no, is_held, batch_no, row_no, recorded_at)
values (:pool_id, :person_no, false, :batch_no, :row_no, :recorded_at)
on conflict (pool_id, row_no) do nothing
"""

DECIDE_POOL = """
update sample_pool set status = :status, reported_at = :reported_at where pool_id = :pool_id and status = :before
"""

HOLD_MEMBERS = "update pool_member set is_held = true where pool_id = :pool_id and result is null"

MEMBERS = "select person_no from pool_member where pool_id = :pool_id order by row_no"

HELD_FOR = """
select m.person_no, p.pool_id, p.area_path, (select count(*) from pool_member a where a.pool_id = p.pool_id) as members
from signal s
join sample_pool p on s.origin = 'pool:' || p.pool_id
join pool_member m on m.pool_id = p.pool_id
where s.signal_id = :signal_id and m.is_held and m.result is null
order by m.row_no
"""

WAITING = """
select m.pool_id, m.row_no, m.person_no, p.sampled_at
from pool_member m join sample_pool p on p.pool_id = m.pool_id
where m.is_held and m.result is null
order by m.pool_id, m.row_no
"""

SETTLE_MEMBER = """
update pool_member set is_held = :is_held, result = :result, retested_at = :retested_at
where pool_id = :pool_id and row_no = :row_no
"""

RESOLVED_POOLS = """
select p.pool_id from sample_pool p
where p.status = 'positive'
    and not exists (select 1 from pool_member m where m.pool_id = p.pool_id and m.result is null)
order by p.pool_id
"""


@dataclass(frozen=True, kw_only=True)
class PoolReport:
    """What a laboratory says of one tube: its members by line of the batch, and the result if there is one."""

    pool_id: str
    sampled_at: datetime
    area_path: str
    members: Mapping[int, PersonNo]
    is_positive: bool | None
    reported_at: datetime


@dataclass(frozen=True, kw_only=True)
class MemberResult:
    """An individual result of somebody who may be waiting in a pool."""

    person_no: PersonNo
    is_positive: bool
    sampled_at: datetime


@dataclass(frozen=True, kw_only=True)
class HeldMember:
    """Somebody held until their own result; `members` is how many shared the tube."""

    person_no: PersonNo
    pool_id: str
    area_path: str
    members: int


def put_pools(act: Act, reports: Sequence[PoolReport], *, batch_no: int | None) -> list[PoolReport]:
    """Keep tubes with their members and results; the positive ones whose members are held from now on."""
    for path in {report.area_path for report in reports}:
        check_can(act, Permission.CASE_UPDATE, area_path=path)
    act.run_many(INSERT_POOL, [_pool(act, report, batch_no) for report in reports])
    act.run_many(
        INSERT_MEMBER,
        [
            {
                "pool_id": report.pool_id,
                "person_no": person,
                "batch_no": batch_no,
                "row_no": row,
                "recorded_at": to_us(act.now),
            }
            for report in reports
            for row, person in report.members.items()
        ],
    )
    negative = [report for report in reports if report.is_positive is False]
    act.run_many(DECIDE_POOL, [_decision(report, PoolStatus.NEGATIVE) for report in negative])
    held = [report for report in reports if report.is_positive and _hold(act, report)]
    act.note("pools.put", count=len(reports), held=len(held))
    return held


def settle_members(act: Act, results: Sequence[MemberResult]) -> list[str]:
    """Individual results end the holds of tubes sampled before them; the tubes that are resolved by it.

    Only who waits is looked at, so the cost grows with the people held, not with the results.
    """
    newest = {result.person_no: result for result in sorted(results, key=lambda result: result.sampled_at)}
    waiting = [row for row in act.rows(WAITING) if row.person_no in newest]
    settled = [
        {
            "pool_id": row.pool_id,
            "row_no": row.row_no,
            "is_held": result.is_positive,
            "result": "positive" if result.is_positive else "negative",
            "retested_at": to_us(result.sampled_at),
        }
        for row in waiting
        if to_us((result := newest[row.person_no]).sampled_at) > row.sampled_at
    ]
    act.run_many(SETTLE_MEMBER, settled)
    resolved = [row.pool_id for row in act.rows(RESOLVED_POOLS)]
    decided = {"status": PoolStatus.RESOLVED, "before": PoolStatus.POSITIVE, "reported_at": to_us(act.now)}
    act.run_many(DECIDE_POOL, [{"pool_id": pool_id, **decided} for pool_id in resolved])
    act.note("pools.settled", count=len(settled), resolved=len(resolved))
    return resolved


def read_held(act: Act, signal_id: int) -> list[HeldMember]:
    """Who is held because of the signal of a positive tube, and has no result of their own yet."""
    return [HeldMember(**row._asdict()) for row in act.rows(HELD_FOR, signal_id=signal_id)]


def read_members(act: Act, pool_id: str) -> list[PersonNo]:
    """The members of a tube in the order of its lines."""
    return [row.person_no for row in act.rows(MEMBERS, pool_id=pool_id)]


def _hold(act: Act, report: PoolReport) -> bool:
    """Hold a positive tube's members; False when the tube had its result already."""
    if not act.run(DECIDE_POOL, **_decision(report, PoolStatus.POSITIVE)):
        return False
    act.run(HOLD_MEMBERS, pool_id=report.pool_id)
    act.note("pool.positive", subject=f"pool:{report.pool_id}", ids=tuple(report.members.values()))
    return True


def _decision(report: PoolReport, status: PoolStatus) -> dict[str, object]:
    [before] = [before for before, after in POOL_NEXT.items() if status in after]
    return {"pool_id": report.pool_id, "status": status, "before": before, "reported_at": to_us(report.reported_at)}


def _pool(act: Act, report: PoolReport, batch_no: int | None) -> dict[str, object]:
    return {
        "pool_id": report.pool_id,
        "sampled_at": to_us(report.sampled_at),
        "area_path": report.area_path,
        "batch_no": batch_no,
        "recorded_at": to_us(act.now),
    }
