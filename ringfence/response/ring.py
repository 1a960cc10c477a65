"""The ring of verified cases: everyone at risk by their protocol, each with where they are worked on (policy 2.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import duckdb
import pyarrow as pa

from ringfence import areas, policy, signals, trace
from ringfence.errors import InputRefused, TransitionRefused
from ringfence.policy import CaseDays, Policy, Protocol
from ringfence.store import Act, Store
from ringfence.terms import Actor, Case, Clock, Purpose, Signal, SignalStatus

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
    coalesce(f.is_identified, true) as is_identified, f.harm_kinds, f.visits
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

    `exposed` has the columns of EXPOSURES, and area path, household, whether the link to the person is certain, and the
    priority of each with whether they leave few visits;
    `missing_rules` are those the protocol asks for and trace does not have.
    """

    exposed: pa.Table
    reasons: pa.Table
    missing_rules: tuple[str, ...]


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
    protocol = protocol_of(standing[0].case, rules, clock=store.clock)
    settings = trace.read_settings(protocol, policy=rules)
    sources = _sources(standing, protocol, directions, clock=store.clock, now=now)
    until_s = store.clock.second_of(now)
    days = trace.visible_days(sources, settings=settings, clock=store.clock, until_day=today)
    with trace.look(store, days=days, purpose=purpose, actor=actor, now=now) as visible:
        visible.put_onsets(_onsets(standing))
        traced = trace.trace_exposures(visible, sources=sources, settings=settings, until_day=today, until_s=until_s)
        subjects = traced.exposures["subject"].combine_chunks()
        facts = trace.read_facts(visible, subjects, reasons=traced.reasons)
    where = {one.signal.signal_id: one.signal.area_path for one in standing}
    placed = place_exposed(store, traced, facts, where=where)
    urgency = trace.read_urgency(protocol.serial_interval, weighing=settings.weighing, policy=rules)
    exposed = trace.put_urgency(placed, urgency=urgency, today=today)
    return Ring(exposed, traced.reasons, trace.missing_rules(protocol))


def protocol_of(case: Case, rules: Policy, *, clock: Clock) -> Protocol:
    """The edition of the day the case was reported: an old case keeps the numbers of its day."""
    return rules.protocol(case.disease, on=clock.day_of(case.reported_at))


def place_exposed(store: Store, traced: trace.Traced, facts: pa.Table, *, where: Mapping[int, str]) -> pa.Table:
    """The exposures with area path, household and whether the link is certain; `where` is each signal's area path."""
    hierarchy = areas.read_hierarchy(store.desk)
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as memory:
        memory.register("exposure", traced.exposures)
        memory.register("reason", traced.reasons)
        memory.register("fact", facts)
        memory.register("place", areas.read_places(store.desk).select(["place_no", "area_path"]))
        paths = [{"code": area.code, "path": area.path} for area in hierarchy.values()]
        memory.register("area", pa.Table.from_pylist(paths, pa.schema([("code", pa.string()), ("path", pa.string())])))
        memory.register("signal", pa.table({"signal": list(where), "area_path": list(where.values())}))
        return memory.sql(PLACE_EXPOSED).to_arrow_table()


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


def _onsets(standing: Sequence[Standing]) -> pa.Table:
    """The days on which cases fell ill, where anybody knows them."""
    rows = [(one.signal_id, case.case_id, case.onset_day) for one, case in standing if case.onset_day is not None]
    return pa.table(list(zip(*rows, strict=True)) or [()] * len(trace.ONSETS), schema=trace.ONSETS)


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
