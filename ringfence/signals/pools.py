"""Pooled samples: a positive pool recalls and holds every member and draws no ring by itself (policy 2.4).

A member's individual result ends the hold, unless it is positive; when every member has one the pool is resolved. A
negative tube that the laboratory corrects to positive holds its members from then on; a positive one is let go by
somebody who dismisses its signal, never by a later line of a file. A round of mass screening is tens of thousands of
tubes, nearly all negative: they are written together, only the positive ones one by one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from ringfence.access import check_can
from ringfence.policy import Permission
from ringfence.signals.observations import put_observations
from ringfence.store import Act
from ringfence.terms import Observation, PersonNo, Reason, ReasonCode, Subject, SubjectKind, to_us

INSERT_POOL = """
insert into sample_pool (pool_id, status, sampled_at, area_path, batch_no, recorded_at)
values (:pool_id, 'pending', :sampled_at, :area_path, :batch_no, :recorded_at)
on conflict (pool_id) do nothing
"""

INSERT_MEMBER = """
insert into pool_member (pool_id, person_no, is_held, batch_no, row_no, recorded_at)
values (:pool_id, :person_no, false, :batch_no, :row_no, :recorded_at)
on conflict (pool_id, person_no) do nothing
"""

FOUND_NEGATIVE = """
update sample_pool set status = 'negative', reported_at = :reported_at where pool_id = :pool_id and status = 'pending'
"""

FOUND_POSITIVE = """
update sample_pool set status = 'positive', reported_at = :reported_at
where pool_id = :pool_id and status in ('pending', 'negative')
"""

RESOLVE = """
update sample_pool set status = 'resolved', resolved_at = :resolved_at where pool_id = :pool_id and status = 'positive'
"""

HOLD_MEMBERS = "update pool_member set is_held = :is_held where pool_id = :pool_id and result is null"

CONTRADICTED = (
    "select pool_id, area_path from sample_pool where pool_id in :among and status = 'positive' order by pool_id"
)

MEMBERS = "select person_no from pool_member where pool_id = :pool_id order by row_no"

HELD_FOR = """
select m.person_no, m.pool_id, (select count(*) from pool_member a where a.pool_id = m.pool_id) as members
from signal s
join pool_member m on s.subject_kind = 'pool' and m.pool_id = s.subject_key
where s.signal_id = :signal_id and m.is_held and m.result is null
order by m.row_no
"""

# By the person a number leads to: the result may come under another number of theirs.
WAITING = """
select m.pool_id, m.person_no, coalesce(h.home_no, m.person_no) as home_no, p.sampled_at
from pool_member m join sample_pool p on p.pool_id = m.pool_id left join person_home h on h.person_no = m.person_no
where m.is_held and m.result is null
order by m.pool_id, m.row_no
"""

HOMES = "select person_no, home_no from person_home"

SETTLE_MEMBER = """
update pool_member set is_held = :is_held, result = :result, retested_at = :retested_at
where pool_id = :pool_id and person_no = :person_no
"""

RESOLVED_POOLS = """
select p.pool_id from sample_pool p
where p.status = 'positive'
    and not exists (select 1 from pool_member m where m.pool_id = p.pool_id and m.result is null)
order by p.pool_id
"""


@dataclass(frozen=True, kw_only=True)
class PoolReport:
    """What a laboratory says of one tube: its members by line of the batch, and the result if there is one.

    Tubes are numbered anew some day: `pool_id` is the tube's number with the day of sampling.
    """

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
    members: int


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """What individual results came to: the tubes that are resolved by them, and the members who wait no more."""

    resolved: tuple[str, ...]
    settled: tuple[PersonNo, ...]


def put_pools(act: Act, reports: Sequence[PoolReport], *, batch_no: int | None) -> list[PoolReport]:
    """Keep tubes with their members and results; the positive ones whose members are held from now on."""
    for path in {report.area_path for report in reports}:
        check_can(act, Permission.CASE_UPDATE, area_path=path)
    act.run_many(INSERT_POOL, [_pool(act, report, batch_no) for report in reports])
    act.run_many(INSERT_MEMBER, [member for report in reports for member in _members(act, report, batch_no)])
    negative = [report for report in reports if report.is_positive is False]
    act.run_many(FOUND_NEGATIVE, [_result(report) for report in negative])
    _observe_contradictions(act, negative, origin=f"batch:{batch_no}")
    held = [report for report in reports if report.is_positive and _hold(act, report)]
    act.note("pools.put", count=len(reports), held=len(held))
    return held


def hold_members(act: Act, pool_id: str, *, is_held: bool) -> None:
    """Hold the members of a tube who have no result of their own, or let them go."""
    act.run(HOLD_MEMBERS, pool_id=pool_id, is_held=is_held)


def settle_members(act: Act, results: Sequence[MemberResult]) -> Settlement:
    """Let individual results end the holds of tubes that were sampled before them.

    Only who waits is looked at, so the cost grows with the people held, not with the results.
    """
    waiting = act.rows(WAITING)
    newest = _newest_by_home(act, results) if waiting else {}
    due = [row for row in waiting if row.home_no in newest and to_us(newest[row.home_no].sampled_at) > row.sampled_at]
    act.run_many(SETTLE_MEMBER, [_settled(row, newest[row.home_no]) for row in due])
    resolved = [row.pool_id for row in act.rows(RESOLVED_POOLS)]
    act.run_many(RESOLVE, [{"pool_id": pool_id, "resolved_at": to_us(act.now)} for pool_id in resolved])
    left = {row.person_no for row in act.rows(WAITING)}
    settled = dict.fromkeys(row.person_no for row in due if row.person_no not in left)
    act.note("pools.settled", count=len(due), resolved=len(resolved))
    return Settlement(resolved=tuple(resolved), settled=tuple(settled))


def read_held(act: Act, signal_id: int) -> list[HeldMember]:
    """Who is held because of the signal of a positive tube, and has no result of their own yet."""
    return [HeldMember(**row._asdict()) for row in act.rows(HELD_FOR, signal_id=signal_id)]


def read_members(act: Act, pool_id: str) -> list[PersonNo]:
    """The members of a tube in the order of its lines."""
    return [row.person_no for row in act.rows(MEMBERS, pool_id=pool_id)]


def _hold(act: Act, report: PoolReport) -> bool:
    """Hold a positive tube's members; False when the tube was known to be positive."""
    if not act.run(FOUND_POSITIVE, **_result(report)):
        return False
    hold_members(act, report.pool_id, is_held=True)
    act.note("pool.positive", subject=f"pool:{report.pool_id}", ids=tuple(report.members.values()))
    return True


def _observe_contradictions(act: Act, negative: Sequence[PoolReport], *, origin: str) -> None:
    """That a tube found positive is said to be negative now: somebody decides about its signal."""
    put_observations(
        act,
        [
            Observation(
                subject=Subject(SubjectKind.POOL, row.pool_id),
                reason=Reason.of(ReasonCode.POOL_CONTRADICTED, pool=row.pool_id),
                observed_at=act.now,
                area_path=row.area_path,
            )
            for row in act.rows_among(CONTRADICTED, [report.pool_id for report in negative])
        ],
        origin=origin,
    )


def _newest_by_home(act: Act, results: Sequence[MemberResult]) -> dict[PersonNo, MemberResult]:
    homes = {row.person_no: row.home_no for row in act.rows(HOMES)}
    in_order = sorted(results, key=lambda result: result.sampled_at)
    return {homes.get(result.person_no, result.person_no): result for result in in_order}


def _settled(row: Row[Any], result: MemberResult) -> dict[str, object]:
    return {
        "pool_id": row.pool_id,
        "person_no": row.person_no,
        "is_held": result.is_positive,
        "result": "positive" if result.is_positive else "negative",
        "retested_at": to_us(result.sampled_at),
    }


def _result(report: PoolReport) -> dict[str, object]:
    return {"pool_id": report.pool_id, "reported_at": to_us(report.reported_at)}


def _members(act: Act, report: PoolReport, batch_no: int | None) -> list[dict[str, object]]:
    common = {"pool_id": report.pool_id, "batch_no": batch_no, "recorded_at": to_us(act.now)}
    return [{"person_no": person, "row_no": row, **common} for row, person in report.members.items()]


def _pool(act: Act, report: PoolReport, batch_no: int | None) -> dict[str, object]:
    return {
        "pool_id": report.pool_id,
        "sampled_at": to_us(report.sampled_at),
        "area_path": report.area_path,
        "batch_no": batch_no,
        "recorded_at": to_us(act.now),
    }
