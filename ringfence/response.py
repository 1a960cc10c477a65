"""From verified signals to worklists: who is at risk, why, who goes, and who lies below the cut (policy 2.2, 2.3)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

import duckdb
import pyarrow as pa

from ringfence import areas, policy, signals, trace, work
from ringfence.access import check_can, read_purpose
from ringfence.errors import InputRefused, TransitionRefused
from ringfence.policy import CaseDays, Permission, Policy, Protocol
from ringfence.store import Act, Batch, Store, commit_batch
from ringfence.terms import (
    Actor,
    Case,
    Clock,
    Purpose,
    Reason,
    ReasonCode,
    RecordKind,
    Signal,
    SignalKind,
    SignalStatus,
    SubjectKind,
    TaskKind,
    to_us,
)

TRACED_KINDS = {SignalKind.POSITIVE_TEST}
"""Signals about a person's own result: what draws a ring. A positive pool recalls its members and draws none."""

_PAST_THE_DAY = 2 * 86_400  # a second past any day's end: the window holds the whole last day

# Where each exposed subject is worked on: where they live, else where they were exposed, else where the signal is.
PLACE_EXPOSED = """
with exposed_at as (
    select signal, subject_kind, subject, max_by(place, weight) as place_no
    from reason
    where place is not null
    group by signal, subject_kind, subject
)
select e.*, coalesce(a.path, p.area_path, s.area_path) as area_path, f.household,
    coalesce(f.is_identified, true) as is_identified
from exposure e
join signal s on s.signal = e.signal
left join fact f on e.subject_kind = 'person' and f.person = e.subject
left join area a on a.code = f.area
left join exposed_at x on x.signal = e.signal and x.subject_kind = e.subject_kind and x.subject = e.subject
left join place p on p.place_no = x.place_no
order by e.signal, e.subject_kind, e.subject
"""


class Standing(NamedTuple):
    """A signal to respond to, with its case."""

    signal: Signal
    case: Case


@dataclass(frozen=True, eq=False)
class Ring:
    """What a trace of some signals shows, before anything is done about it.

    `exposed` has the columns of EXPOSURES, and area path, household and whether the link to the person is certain;
    `missing_rules` are those the protocol asks for and trace does not have.
    """

    exposed: pa.Table
    reasons: pa.Table
    missing_rules: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Response:
    """What a response did, in numbers: found = listed + below, and tasks serve one or more of the listed."""

    signals: int
    found: int
    listed: int
    below: int
    tasks: int
    observations: int
    missing_rules: tuple[str, ...]
    seed: int


def read_standing(act: Act, signal_ids: Sequence[int]) -> list[Standing]:
    """Verified signals with their cases, for a response; TransitionRefused for one that nobody verified."""
    found = []
    for signal_id in signal_ids:
        signal = signals.read_signal(act, signal_id)
        if signal.status is not SignalStatus.VERIFIED:
            raise TransitionRefused(
                "signal {signal_id} is {found}; verify it before responding to it",
                signal_id=signal_id,
                found=signal.status,
            )
        if signal.case_id is None:
            raise InputRefused(
                "signal {signal_id} names no case, so it has no ring; receive the result or line list it is about",
                signal_id=signal_id,
            )
        found.append(Standing(signal, signals.read_case(act, signal.case_id)))
    return found


def draw_ring(
    store: Store,
    standing: Sequence[Standing],
    *,
    directions: Sequence[trace.Direction],
    purpose: Purpose,
    actor: Actor,
    now: datetime,
) -> Ring:
    """Everyone at risk from some cases of one protocol, without any effect but the look on the ledger."""
    today = store.clock.day_of(now)
    rules = Policy(policy.read_in_force(store.desk, now=now), today)
    protocol = _protocol(standing[0].case, rules, clock=store.clock)
    settings = trace.read_settings(protocol, policy=rules)
    sources = _sources(standing, protocol, directions, clock=store.clock, now=now)
    until_s = store.clock.second_of(now)
    days = trace.visible_days(sources, settings=settings, clock=store.clock, until_day=today)
    with trace.look(store, days=days, purpose=purpose, actor=actor, now=now) as visible:
        traced = trace.trace_exposures(visible, sources=sources, settings=settings, until_day=today, until_s=until_s)
        facts = trace.read_facts(visible, traced.exposures["subject"].combine_chunks())
    exposed = _place(store, standing, traced, facts)
    return Ring(exposed, traced.reasons, trace.missing_rules(protocol))


def respond(store: Store, signal_ids: Sequence[int], *, actor: Actor, now: datetime, seed: int) -> list[Response]:
    """Draw the ring of verified signals and put everyone in it on a list, or in the count below the cut.

    One response for each protocol in force on the days of the cases. Signals without a case (a positive pool) draw
    none.
    """
    purpose = read_purpose(store.desk, "tracing", now=now)
    standing = store.act(lambda act: _begin(act, signal_ids), actor=actor, now=now)
    rules = Policy(policy.read_in_force(store.desk, now=now), store.clock.day_of(now))

    def edition(one: Standing) -> tuple[str, str]:
        return one.case.disease, _protocol(one.case, rules, clock=store.clock).edition

    responses = []
    for _, group in groupby(sorted(standing, key=edition), key=edition):
        chosen = list(group)
        ring = draw_ring(store, chosen, directions=[trace.Direction.FORWARD], purpose=purpose, actor=actor, now=now)
        responses.append(_dispatch(store, chosen, ring, rules=rules, actor=actor, now=now, seed=seed))
    return responses


def recall(store: Store, signal_id: int, *, actor: Actor, now: datetime) -> int:
    """Ask every held member of a positive tube for a sample of their own, within the retest clock; how many tasks.

    Each is asked by the unit where they live; where nobody knows that, by the one where the tube is worked on.
    """
    rules = Policy(policy.read_in_force(store.desk, now=now), store.clock.day_of(now))

    def look(act: Act) -> list[int]:
        check_can(act, Permission.SIGNAL_RESPOND, area_path=signals.read_signal(act, signal_id).area_path)
        act.note("recall.begun", subject=f"signal:{signal_id}")
        return [one.person_no for one in signals.read_held(act, signal_id)]

    homes = _read_homes(store, store.act(look, actor=actor, now=now), actor=actor, now=now)

    def ask(act: Act) -> int:
        signal, held = signals.read_signal(act, signal_id), signals.read_held(act, signal_id)
        paths = [homes.get(one.person_no, signal.area_path) for one in held]
        owners = work.find_owners(paths, kind=TaskKind.RETEST, roster=work.read_roster(act, clock=store.clock))
        due_at = to_us(now + rules.hours("pool.retest_within_hours"))
        asked = [
            {**_retest(one), "signal": signal_id, "owner": owner, "area_path": path, "due_at": due_at}
            for one, owner, path in zip(held, owners, paths, strict=True)
        ]
        tasks = work.open_tasks(act, pa.Table.from_pylist(asked, schema=work.ASKED), clock=store.clock)
        signals.mark_responded(act, [signal_id])
        return len(set(tasks.tolist()))

    return store.act(ask, actor=actor, now=now)


def draft_orders(store: Store, signal_id: int, *, actor: Actor, now: datetime) -> list[int]:
    """Propose the protocol's measures for everybody listed for a signal whose link is certain; the orders' numbers.

    Whose link is not certain is left out: somebody asks at the door first.
    """
    rules = Policy(policy.read_in_force(store.desk, now=now), store.clock.day_of(now))
    order_rules = {name.strip() for name in rules.text("order.rules").split(",")}

    return store.act(
        lambda act: work.draft_for_signal(act, signal_id, order_rules=order_rules, policy=rules, clock=store.clock),
        actor=actor,
        now=now,
    )


def withdraw(store: Store, signal_id: int, *, reason: Reason, actor: Actor, now: datetime) -> list[int]:
    """A verified signal turned out wrong: what only it justified is taken back and released; the tasks withdrawn."""
    return _take_back(store, signal_id, signals.withdraw_signal, reason=reason, actor=actor, now=now)


def dismiss(store: Store, signal_id: int, *, reason: Reason, actor: Actor, now: datetime) -> list[int]:
    """A signal is not real: whoever was held or asked because of it alone is let go; the tasks withdrawn."""
    return _take_back(store, signal_id, signals.dismiss_signal, reason=reason, actor=actor, now=now)


def _take_back(
    store: Store,
    signal_id: int,
    decide: Callable[..., Signal],
    *,
    reason: Reason,
    actor: Actor,
    now: datetime,
) -> list[int]:
    rules = Policy(policy.read_in_force(store.desk, now=now), store.clock.day_of(now))

    def take_back(act: Act) -> list[int]:
        decide(act, signal_id, reason=reason)
        trace.retract_exposures(act, signal_id, reason=Reason.of(ReasonCode.SIGNAL_WITHDRAWN, signal=signal_id))
        return _release(act, store, signal_id, rules=rules)

    return store.act(take_back, actor=actor, now=now)


def _release(act: Act, store: Store, signal_id: int, *, rules: Policy) -> list[int]:
    """End the orders, follow-up and tasks that stood on retracted exposures of a signal alone; the tasks withdrawn."""
    work.release_for_signal(act, signal_id)
    work.revise_follow_up(act, signal_id, policy=rules)
    return work.withdraw_for_signal(act, signal_id, store=store)


def _begin(act: Act, signal_ids: Sequence[int]) -> list[Standing]:
    standing = read_standing(act, list(dict.fromkeys(signal_ids)))
    for one in standing:
        check_can(act, Permission.SIGNAL_RESPOND, area_path=one.signal.area_path)
    act.note("response.begun", count=len(standing))
    return standing


def _protocol(case: Case, rules: Policy, *, clock: Clock) -> Protocol:
    """The edition of the day the case was reported: an old case keeps the numbers of its day."""
    return rules.protocol(case.disease, on=clock.day_of(case.reported_at))


def _sources(
    standing: Sequence[Standing],
    protocol: Protocol,
    directions: Sequence[trace.Direction],
    *,
    clock: Clock,
    now: datetime,
) -> pa.Table:
    rows = [
        (signal.signal_id, case.case_id, case.person_no, direction.value, *window)
        for signal, case in standing
        for direction in directions
        if (window := _window(case, protocol, direction, clock=clock, now=now)) is not None
    ]
    columns = list(zip(*rows, strict=True)) or [()] * len(trace.SOURCES)
    return pa.table(list(columns), schema=trace.SOURCES)


def _window(
    case: Case, protocol: Protocol, direction: trace.Direction, *, clock: Clock, now: datetime
) -> tuple[int, int, int, int] | None:
    """First day and second, last day and second; None where nobody was at risk before now."""
    windows = {trace.Direction.FORWARD: policy.infectious_window, trace.Direction.BACKWARD: policy.source_window}
    window = windows[direction](CaseDays.of(case, clock=clock), protocol=protocol).window
    if window is None or window.first_day > clock.day_of(now):
        return None
    last_day, last_s = min(window.last_day, clock.day_of(now)), _PAST_THE_DAY
    if direction is trace.Direction.FORWARD and case.isolated_at and clock.day_of(case.isolated_at) == last_day:
        last_s = clock.second_of(case.isolated_at)  # effective isolation ends it, to the second
    return window.first_day, 0, last_day, last_s


def _place(store: Store, standing: Sequence[Standing], traced: trace.Traced, facts: pa.Table) -> pa.Table:
    hierarchy = areas.read_hierarchy(store.desk)
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as memory:
        memory.register("exposure", traced.exposures)
        memory.register("reason", traced.reasons)
        memory.register("fact", facts)
        memory.register("place", areas.read_places(store.desk).select(["place_no", "area_path"]))
        paths = [{"code": area.code, "path": area.path} for area in hierarchy.values()]
        memory.register("area", pa.Table.from_pylist(paths, pa.schema([("code", pa.string()), ("path", pa.string())])))
        where = [{"signal": one.signal.signal_id, "area_path": one.signal.area_path} for one in standing]
        memory.register("signal", pa.Table.from_pylist(where))
        return memory.sql(PLACE_EXPOSED).to_arrow_table()


def _dispatch(
    store: Store, standing: Sequence[Standing], ring: Ring, *, rules: Policy, actor: Actor, now: datetime, seed: int
) -> Response:
    numbers = [one.signal.signal_id for one in standing]
    batch_no = store.act(_take_batch_number, actor=actor, now=now)

    def list_today(act: Act) -> Response:
        roster = work.read_roster(act, clock=store.clock)
        asked = work.read_standing(act, signals=numbers)
        exposed = trace.leave_out_upheld(act, ring.exposed, signals=numbers)
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
            _release(act, store, number, rules=rules)
        act.note("response.listed", count=worklist.listed.num_rows, below=worklist.below.num_rows, seed=seed)
        return Response(
            signals=len(numbers),
            found=exposed.num_rows,
            listed=worklist.listed.num_rows,
            below=worklist.below.num_rows,
            tasks=len(set(tasks.tolist())),
            observations=len(worklist.observations),
            missing_rules=ring.missing_rules,
            seed=seed,
        )

    return store.act(list_today, actor=actor, now=now)


def _keep_below(act: Act, store: Store, below: pa.Table, *, signals: list[int], batch_no: int, rules: Policy) -> None:
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
            rows_accepted=below.num_rows,
            rows_rejected=0,
            retain_until_day=store.clock.day_of(act.now) + kept_for,
        ),
    )
    store.lake.commit(act, files)
    trace.count_below_cut(act, below, signals=signals, batch_no=batch_no)


def _take_batch_number(act: Act) -> int:
    act.note("batch.number_taken")
    return act.take_numbers("batch", 1)


def _read_homes(store: Store, persons: Sequence[int], *, actor: Actor, now: datetime) -> dict[int, str]:
    """The area path of each person's home, where anybody knows it; the look is on record."""
    purpose, today = read_purpose(store.desk, "tracing", now=now), store.clock.day_of(now)
    hierarchy = areas.read_hierarchy(store.desk)
    with trace.look(store, days=range(today, today + 1), purpose=purpose, actor=actor, now=now) as visible:
        facts = trace.read_facts(visible, pa.array(persons, pa.int64())).to_pylist()
    return {one["person"]: hierarchy[one["area"]].path for one in facts if one["area"] in hierarchy}


def _retest(held: signals.HeldMember) -> dict[str, object]:
    return {
        "subject_kind": SubjectKind.PERSON.value,
        "subject": held.person_no,
        "kind": TaskKind.RETEST.value,
        "weight": float(held.members),
        "reason": Reason.of(ReasonCode.POOL_MEMBER, members=held.members, pool=held.pool_id).to_json(),
    }
