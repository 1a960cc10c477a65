"""From rings to worklists: everybody listed or counted below the cut, in one act (policy 2.3)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

import pyarrow as pa

from ringfence import account, policy, signals, trace, work
from ringfence.access import check_can, may, read_purpose
from ringfence.policy import Permission, Policy
from ringfence.response.releasing import release
from ringfence.response.ring import Ring, Standing, draw_ring, protocol_of, read_standing
from ringfence.store import Act, Batch, Store, commit_batch
from ringfence.terms import Actor, RecordKind, SignalKind, to_us

TRACED_KINDS = {SignalKind.POSITIVE_TEST}
"""Signals about a person's own result: what draws a ring. A positive pool recalls its members and draws none."""


@dataclass(frozen=True, kw_only=True)
class Response:
    """What a response did, in numbers: found = listed + below, and tasks serve one or more of the listed.

    `expected_missed` is the share of the cases' infections that the lists are expected to miss. Whoever may not trace
    is told `below` as policy tells small counts; where that is None, so are the two that would say it.
    """

    signals: int
    found: int | None
    listed: int
    below: int | None
    expected_missed: float | None
    tasks: int
    observations: int
    missing_rules: tuple[str, ...]
    seed: int


def respond(store: Store, signal_ids: Sequence[int], *, actor: Actor, now: datetime, seed: int) -> list[Response]:
    """Draw the ring of verified signals and put everyone in it on a list, or in the count below the cut.

    One response for each protocol in force on the days of the cases. Signals without a case (a positive pool) draw
    none.
    """
    purpose = read_purpose(store.desk, "tracing", now=now)
    standing = store.act(lambda act: _begin(act, signal_ids), actor=actor, now=now)
    rules = Policy(policy.read_in_force(store.desk, now=now), store.clock.day_of(now))

    def edition(one: Standing) -> tuple[str, str]:
        return one.case.disease, protocol_of(one.case, rules, clock=store.clock).edition

    responses = []
    for _, group in groupby(sorted(standing, key=edition), key=edition):
        chosen = list(group)
        ring = draw_ring(store, chosen, directions=[trace.Direction.FORWARD], purpose=purpose, actor=actor, now=now)
        responses.append(
            dispatch(
                store, [one.signal.signal_id for one in chosen], ring, rules=rules, actor=actor, now=now, seed=seed
            )
        )
    return responses


def dispatch(
    store: Store, numbers: Sequence[int], ring: Ring, *, rules: Policy, actor: Actor, now: datetime, seed: int
) -> Response:
    """Put everybody in the ring of some signals on a list, or into the count below the cut; told to who asked."""
    batch_no = store.act(_take_batch_number, actor=actor, now=now)

    def list_today(act: Act) -> Response:
        roster = work.read_roster(act, clock=store.clock)
        asked = work.read_standing(act, signals=numbers)
        exposed = trace.leave_out_upheld(act, ring.exposed, ring.reasons, signals=numbers)
        worklist = work.dispatch_exposures(exposed, roster=roster, standing=asked, policy=rules, now=now, seed=seed)
        before = trace.read_before(act, store.lake, signals=numbers)
        kept = trace.put_exposures(act, worklist.listed, ring.reasons, below=worklist.below, before=before)
        tasks = work.open_tasks(act, worklist.listed.append_column("exposure", kept["exposure"]), clock=store.clock)
        dated = trace.date_below(worklist.below, before=before, now=to_us(now))
        below = work.propose_messages(dated, now=now)
        _keep_below(act, store, below, signals=numbers, batch_no=batch_no, rules=rules)
        signals.put_observations(act, worklist.observations, origin=f"response:{batch_no}")
        signals.mark_responded(act, numbers)
        for number in numbers:
            work.start_follow_up(act, number, policy=rules, clock=store.clock)
        for number in sorted(before.traced):
            release(act, store, number, rules=rules)
        act.note("response.listed", count=worklist.listed.num_rows, below=worklist.below.num_rows, seed=seed)
        return Response(
            signals=len(numbers),
            found=exposed.num_rows,
            listed=worklist.listed.num_rows,
            below=worklist.below.num_rows,
            expected_missed=_expect_missed(worklist, rules),
            tasks=len(set(tasks.tolist())),
            observations=len(worklist.observations),
            missing_rules=ring.missing_rules,
            seed=seed,
        )

    done = store.act(list_today, actor=actor, now=now)
    return _tell(store, done, signals=numbers, rules=rules, actor=actor, now=now)


def _tell(
    store: Store, done: Response, *, signals: Sequence[int], rules: Policy, actor: Actor, now: datetime
) -> Response:
    """What was done, as it is told to an actor who may not be able to list who lies below the cut."""
    if store.act(lambda act: _may_trace(act, signals), actor=actor, now=now):
        return done
    below = account.read_below_cut(store.desk, policy=rules).of_signals(signals, status="counted")
    return done if below is not None else replace(done, found=None, below=None, expected_missed=None)


def _may_trace(act: Act, numbers: Sequence[int]) -> bool:
    act.note("response.told", count=len(numbers))
    paths = {signals.read_signal(act, number).area_path for number in numbers}
    return all(may(act, Permission.TRACE_RUN, area_path=path) for path in paths)


def _expect_missed(worklist: work.Worklist, rules: Policy) -> float:
    weighing = trace.read_weighing(rules)
    listed, below = (
        float(trace.find_chances(rows["weight"], weighing=weighing).sum()) for rows in (worklist.listed, worklist.below)
    )
    return trace.expect_missed(listed=listed, below=below, weighing=weighing)


def _begin(act: Act, signal_ids: Sequence[int]) -> list[Standing]:
    standing = read_standing(act, list(dict.fromkeys(signal_ids)))
    for one in standing:
        check_can(act, Permission.SIGNAL_RESPOND, area_path=one.signal.area_path)
    act.note("response.begun", count=len(standing))
    return standing


def _keep_below(
    act: Act, store: Store, below: pa.Table, *, signals: Sequence[int], batch_no: int, rules: Policy
) -> None:
    """What lies below the cut goes to the lake as one batch, and its count to the desk."""
    rows = trace.below_cut_rows(below, batch_no=batch_no, now=to_us(act.now))
    files = store.lake.stage(RecordKind.EXPOSURE_BELOW_CUT, rows, batch_no=batch_no)
    kept_for = rules.days("retention.record.exposure_below_cut")
    commit_batch(
        act,
        Batch(
            batch_no=batch_no,
            batch_id=f"below-cut:{batch_no}",
            feed="trace",
            department="ringfence",
            purpose="tracing",
            source_digest="",
            rows_accepted=0,  # nobody sent these; how many there are is told by the frame of those below the cut alone
            rows_rejected=0,
            retain_until_day=store.clock.day_of(act.now) + kept_for,
        ),
    )
    store.lake.commit(act, files)
    trace.count_below_cut(act, below, signals=signals, batch_no=batch_no)


def _take_batch_number(act: Act) -> int:
    act.note("batch.number_taken")
    return act.take_numbers("batch", 1)
