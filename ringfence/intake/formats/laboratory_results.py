"""Results become samples; a positive pool holds its members, a positive person raises a signal (policy 2.2, 2.4)."""

from typing import Any

from ringfence.feeds import build_pools, build_results, build_samples
from ringfence.intake.arrivals import Arrival, Effects
from ringfence.intake.homes import find_shared_area, read_homes
from ringfence.signals import (
    CaseReport,
    MemberResult,
    PoolReport,
    put_case,
    put_pools,
    raise_signal,
    settle_members,
)
from ringfence.store import Act
from ringfence.terms import (
    Classification,
    Reason,
    ReasonCode,
    RecordKind,
    SignalKind,
    Subject,
    SubjectKind,
    calendar_day,
    from_us,
)
from ringfence.work import withdraw_retests

DECIDED = {"positive": True, "negative": False}
"""What a result says of a person; the others say nothing yet."""


def take_in(arrival: Arrival) -> Effects:
    """Samples for the lake; pools, members' results and signals on the desk."""
    persons, clock = arrival.persons, arrival.store.clock
    samples = build_samples(arrival.rows, persons=persons, clock=clock, provenance=arrival.provenance)
    pools = build_pools(arrival.rows, persons=persons, clock=clock).to_pylist()
    results = [row for row in build_results(arrival.rows, persons=persons).to_pylist() if row["result"] in DECIDED]
    positive = [row for row in results if DECIDED[row["result"]]]
    homes = read_homes(arrival, [row["person"] for row in positive] + [one for pool in pools for one in _where(pool)])

    def put(act: Act) -> None:
        _put_pools(act, arrival, pools, homes)
        settled = settle_members(act, [_settled(row) for row in results]).settled
        withdraw_retests(act, settled, store=arrival.store)
        for row in positive:
            _raise_for(act, arrival, row, homes[row["person"]])

    return Effects(records={RecordKind.SAMPLE: samples}, on_desk=put)


def _put_pools(act: Act, arrival: Arrival, pools: list[dict[str, Any]], homes: dict[int, str]) -> None:
    reports = [
        PoolReport(
            pool_id=f"{pool['pool_id']}/{calendar_day(pool['day'])}",
            sampled_at=from_us(pool["taken_at"]),
            area_path=find_shared_area(homes[person] for person in _where(pool)),
            members=dict(zip(pool["rows"], pool["persons"], strict=True)),
            is_positive=DECIDED.get(pool["result"]),
            reported_at=from_us(pool["reported_at"]),
        )
        for pool in pools
    ]
    held_now = put_pools(act, reports, batch_no=arrival.batch_no)
    for held in held_now if arrival.feed.may_raise_signals else ():
        raise_signal(
            act,
            kind=SignalKind.POSITIVE_POOL,
            subject=Subject(SubjectKind.POOL, held.pool_id),
            disease=arrival.tested_for,
            area_path=held.area_path,
            reason=Reason.of(ReasonCode.POSITIVE_POOL, members=len(held.members)),
            origin=f"pool:{held.pool_id}",
            batch_no=arrival.batch_no,
        )


def _where(pool: dict[str, Any]) -> list[int]:
    """Whose homes say where a tube is worked on: all members', or of one that asks nothing of anybody the first's."""
    members: list[int] = pool["persons"]
    return members if DECIDED.get(pool["result"]) else members[:1]


def _settled(row: dict[str, Any]) -> MemberResult:
    return MemberResult(
        person_no=row["person"], is_positive=DECIDED[row["result"]], sampled_at=from_us(row["taken_at"])
    )


def _raise_for(act: Act, arrival: Arrival, row: dict[str, Any], area_path: str) -> None:
    """An individual positive opens a case that a line list names later; the case raises one signal.

    What the case is then depends on the test: policy says which one confirms.
    """
    taken_at = from_us(row["taken_at"])
    case = put_case(
        act,
        CaseReport(
            case_key=None,
            person_no=row["person"],
            disease=arrival.tested_for,
            classification=Classification(arrival.today.text(f"laboratory.positive_{row['test']}")),
            reported_at=from_us(row["reported_at"]),
            sampled_at=taken_at,
            area_path=area_path,
            batch_no=arrival.batch_no,
            row_no=row["row"],
        ),
        episode_days=arrival.today.days("case.episode_days"),
    )
    if not arrival.feed.may_raise_signals:
        return
    raise_signal(
        act,
        kind=SignalKind.POSITIVE_TEST,
        subject=Subject(SubjectKind.PERSON, str(case.person_no)),
        disease=case.disease,
        area_path=area_path,
        reason=Reason.of(ReasonCode.POSITIVE_RESULT, test=row["test"]),
        origin=f"case:{case.case_id}",
        case_id=case.case_id,
        batch_no=arrival.batch_no,
        row_no=row["row"],
    )
