"""Risk areas at work: a fence shown before it holds, published by two, traced like any signal, and lifted (policy 6.2).

A published fence is a verified signal of kind `risk_area`. Tracing it again finds who came since, and retracts whom its
next version no longer holds; lifting it withdraws the signal, and with it everything only it justified.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pyarrow as pa

from ringfence import access, account, areas, policy, signals, trace, work
from ringfence.access import check_can, may, read_purpose
from ringfence.errors import PolicyRefused
from ringfence.policy import Permission, Policy, Protocol
from ringfence.response.dispatching import Response, dispatch
from ringfence.response.ordering import SUPPRESS_BELOW
from ringfence.response.releasing import take_back
from ringfence.response.ring import Ring, place_exposed
from ringfence.store import Act, Store
from ringfence.terms import (
    Actor,
    Area,
    Fence,
    Line,
    Plan,
    Reason,
    ReasonCode,
    RiskArea,
    Signal,
    SignalKind,
    SignalStatus,
    Subject,
    SubjectKind,
)

RULE = "came_from_risk_area"
PLAN_KIND = "risk_area"

DAYS_ON_THE_WAY = 2
"""A ride that stops in a risk area on its first day may have begun so many days before; legs lie by that day."""

_DRAFT = 0  # the number of a fence that has none yet


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a fence would do today: persons it finds anew, releases, and finds under an order that is in force already.

    `by_area` counts those it finds by the path of the area that would answer for them, the most first. Whoever may not
    trace is told none of these, but `touched`: the townships that the fence touches, with how many came from the whole
    of each; None where so few must not be told, or where something lies in no township.
    """

    added: int | None = None
    released: int | None = None
    conflicting: int | None = None
    by_area: tuple[tuple[str, int], ...] = ()
    touched: tuple[tuple[str, int | None], ...] = ()


def _count_touched(
    store: Store, drawn: RiskArea, hierarchy: Mapping[str, Area], *, actor: Actor, now: datetime
) -> tuple[tuple[str, int | None], ...]:
    """The townships that a fence touches, with how many came from the whole of each in all the days looked back.

    What is said of a township depends on nothing but the township: no two fences can be subtracted.
    """
    touched = areas.find_townships(store.desk, drawn, areas=hierarchy)
    blank = replace(drawn.fence, to_day=None, place_ids=(), polygon="")
    whole = {
        number: RiskArea(risk_area_id=number, version=0, fence=replace(blank, area_codes=(code,)), is_lifted=False)
        for number, code in enumerate(touched.codes, start=1)
    }
    found = _draw(store, whole, hierarchy, actor=actor, now=now).exposed["signal"].to_pylist() if whole else []
    store.act(lambda act: act.note("risk_area.foreseen", count=len(found)), actor=actor, now=now)
    counts = Counter(found)
    rows = [
        {"area_path": hierarchy[code].path, "column": "people", "n": counts[number]}
        for number, code in enumerate(touched.codes, start=1)
    ]
    below = _rules(store, now=now).integer(SUPPRESS_BELOW)
    shown = account.suppress(pa.Table.from_pylist(rows, schema=account.COUNTS), below=below).to_pylist()
    counted = [(row["area_path"], row["n"]) for row in shown]
    return (*counted, *((path, None) for path in touched.elsewhere))


def plan_fence(store: Store, fence: Fence | None, *, risk_area_id: int | None) -> Plan:
    """What a second officer approves: the lines of a fence that come, and those of the version before that go.

    None lifts the risk area. InputRefused for a fence that means nothing.
    """
    before = None if risk_area_id is None else areas.read_risk_area(store.desk, risk_area_id)
    if fence is not None:
        hierarchy = areas.read_hierarchy(store.desk)
        areas.check_fence(fence, areas=hierarchy, places=areas.read_places(store.desk))
    basis = "new" if before is None else f"{before.risk_area_id}.{before.version}"
    come, go = (set(_lines(one)) for one in (fence, None if before is None else before.fence))
    return Plan(kind=PLAN_KIND, basis=basis, added=_sorted(come - go), released=_sorted(go - come))


def foresee_fence(store: Store, fence: Fence, *, risk_area_id: int | None, actor: Actor, now: datetime) -> Effect:
    """Whom a fence would find today and let go, without any effect but the look on the ledger.

    Exact to who may trace; to others `touched` alone, for whoever draws two fences around one house more or less would
    count who is in it. NotAllowed for who may neither publish nor trace, InputRefused for a fence that means nothing.
    """
    hierarchy = areas.read_hierarchy(store.desk)
    drawn = RiskArea(risk_area_id=risk_area_id or _DRAFT, version=0, fence=fence, is_lifted=False)
    may_trace = store.act(lambda act: _check_may_foresee(act, hierarchy), actor=actor, now=now)
    plan_fence(store, fence, risk_area_id=risk_area_id)
    if not may_trace:
        return Effect(touched=_count_touched(store, drawn, hierarchy, actor=actor, now=now))
    ring = _draw(store, {_DRAFT: drawn}, hierarchy, actor=actor, now=now)
    found = set(ring.exposed["subject"].to_pylist())
    standing, bound = store.act(lambda act: _read_standing(act, risk_area_id, found, store=store), actor=actor, now=now)
    counts = ring.exposed.group_by("area_path").aggregate([("subject", "count")])
    by_area = sorted(zip(counts["area_path"].to_pylist(), counts["subject_count"].to_pylist(), strict=True))
    return Effect(
        added=len(found - standing),
        released=len(standing - found),
        conflicting=bound,
        by_area=tuple(sorted(by_area, key=lambda line: -line[1])),
    )


def publish_fence(
    store: Store, fence: Fence, *, risk_area_id: int | None, approval_id: int, actor: Actor, now: datetime, seed: int
) -> tuple[RiskArea, Response]:
    """Put a fence in force with the approval of exactly this one, and list everybody who came from there."""
    plan = plan_fence(store, fence, risk_area_id=risk_area_id)
    hierarchy = areas.read_hierarchy(store.desk)
    _edition(_rules(store, now=now), fence)

    def publish(act: Act) -> tuple[RiskArea, Signal]:
        approval = access.use_approval(act, plan, approval_id)
        found = areas.publish_fence(act, fence, approval=approval, risk_area_id=risk_area_id)
        return found, _raise(act, found, path=areas.top_paths(hierarchy)[0], approval_id=approval_id)

    risk_area, signal = store.act(publish, actor=actor, now=now)
    [response] = respond_to_fences(store, [signal.signal_id], actor=actor, now=now, seed=seed)
    return risk_area, response


def lift_fence(store: Store, risk_area_id: int, *, approval_id: int, actor: Actor, now: datetime) -> list[int]:
    """End a risk area with a second officer's approval: what only it justified is released; the tasks withdrawn."""
    plan = plan_fence(store, None, risk_area_id=risk_area_id)
    rules = _rules(store, now=now)

    def lift(act: Act) -> list[int]:
        areas.lift_fence(act, risk_area_id, approval=access.use_approval(act, plan, approval_id))
        signal = signals.read_by_origin(act, _origin(risk_area_id))
        if signal is None or signal.status is not SignalStatus.VERIFIED:
            return []
        signals.withdraw_signal(act, signal.signal_id, reason=Reason.of(ReasonCode.FENCE_LIFTED, approval=approval_id))
        return take_back(act, store, signal.signal_id, rules=rules)

    return store.act(lift, actor=actor, now=now)


def respond_to_fences(
    store: Store, signal_ids: Sequence[int], *, actor: Actor, now: datetime, seed: int
) -> list[Response]:
    """Find who came from the risk areas of some verified signals, and put everyone on a list or below the cut."""
    rules, hierarchy = _rules(store, now=now), areas.read_hierarchy(store.desk)

    def look(act: Act) -> dict[int, RiskArea]:
        found = {}
        for signal_id in signal_ids:
            signal = signals.read_signal(act, signal_id)
            check_can(act, Permission.SIGNAL_RESPOND, area_path=signal.area_path)
            found[signal_id] = areas.read_risk_area(act, int(signal.subject.key))
        act.note("response.begun", count=len(found))
        return found

    responses = []
    for signal_id, risk_area in store.act(look, actor=actor, now=now).items():
        ring = _draw(store, {signal_id: risk_area}, hierarchy, actor=actor, now=now)
        responses.append(dispatch(store, [signal_id], ring, rules=rules, actor=actor, now=now, seed=seed))
    return responses


def _draw(
    store: Store, fenced: Mapping[int, RiskArea], hierarchy: Mapping[str, Area], *, actor: Actor, now: datetime
) -> Ring:
    """Who came from the risk area of each signal, by the edition of its disease that is in force today."""
    rules, today = _rules(store, now=now), store.clock.day_of(now)
    [fence] = {replace(one.fence, area_codes=(), place_ids=(), polygon="") for one in fenced.values()}
    protocol = _edition(rules, fence)
    settings = trace.read_settings(protocol, policy=rules)
    settings = replace(settings, rules={RULE: settings.rules[RULE]}, second_ring_rules=())
    first_day = today - settings.parameter(RULE, "look_back_days")
    last_day = today if fence.to_day is None else min(today, fence.to_day)
    rows = [(signal, one.risk_area_id, first_day, last_day) for signal, one in fenced.items()]
    within, places = areas.find_inside(store.desk, list(fenced.values()), areas=hierarchy)
    groups = areas.find_groups_inside(store.desk, places)
    stops = areas.find_stops_inside(store.desk, within, clock=store.clock)
    purpose = read_purpose(store.desk, "tracing", now=now)
    days = range(first_day - DAYS_ON_THE_WAY, today + 1)
    with trace.look(store, days=days, purpose=purpose, actor=actor, now=now) as visible:
        fences = pa.table(list(zip(*rows, strict=True)), schema=trace.FENCES)
        visible.put_fences(fences, areas=within, places=places, groups=groups, stops=stops)
        traced = trace.trace_exposures(
            visible, sources=trace.SOURCES.empty_table(), settings=settings, until_day=today, until_s=0
        )
        subjects = traced.exposures["subject"].combine_chunks()
        facts = trace.read_facts(visible, subjects, reasons=traced.reasons)
    where = dict.fromkeys(fenced, areas.top_paths(hierarchy)[0])
    placed = place_exposed(store, traced, facts, where=where)
    urgency = trace.read_urgency(protocol.serial_interval, weighing=settings.weighing, policy=rules)
    exposed = trace.put_urgency(placed, urgency=urgency, today=today)
    return Ring(exposed, traced.reasons, trace.missing_rules(protocol))


def _edition(rules: Policy, fence: Fence) -> Protocol:
    protocol = rules.protocol(fence.disease, on=rules.day)
    if RULE not in protocol.rules:
        raise PolicyRefused(
            "the protocol of {disease} asks nobody where they came from; publish one that does",
            disease=fence.disease,
        )
    return protocol


def _raise(act: Act, risk_area: RiskArea, *, path: str, approval_id: int) -> Signal:
    """The signal of a published fence, verified by whoever publishes it on the approval of another."""
    reason = Reason.of(ReasonCode.FENCE_PUBLISHED, approval=approval_id)
    signal = signals.raise_signal(
        act,
        kind=SignalKind.RISK_AREA,
        subject=Subject(SubjectKind.RISK_AREA, str(risk_area.risk_area_id)),
        disease=risk_area.fence.disease,
        area_path=path,
        reason=reason,
        origin=_origin(risk_area.risk_area_id),
    )
    if signal.status is SignalStatus.RAISED:
        return signals.verify_signal(act, signal.signal_id, reason=reason)
    return signal


def _read_standing(act: Act, risk_area_id: int | None, found: set[int], *, store: Store) -> tuple[set[int], int]:
    """Whom the fence's signal found before, and how many of those it finds now are under an order in force."""
    act.note("risk_area.foreseen", subject=f"risk_area:{risk_area_id or _DRAFT}", count=len(found))
    bound = work.count_bound(act, found, day=store.clock.day_of(act.now))
    signal = None if risk_area_id is None else signals.read_by_origin(act, _origin(risk_area_id))
    if signal is None:
        return set(), bound
    before = trace.read_before(act, store.lake, signals=[signal.signal_id])
    return {key[2] for key in before.found_at}, bound


def _check_may_foresee(act: Act, hierarchy: Mapping[str, Area]) -> bool:
    """Whether the actor may trace everywhere, and so be told of anybody; NotAllowed for who may not publish either."""
    act.note("risk_area.asked")
    tops = areas.top_paths(hierarchy)
    if all(may(act, Permission.TRACE_RUN, area_path=path) for path in tops):
        return True
    for path in tops:
        check_can(act, Permission.AREAS_PUBLISH, area_path=path)
    return False


def _lines(fence: Fence | None) -> list[tuple[str, str]]:
    """A fence as field and value of each line of a plan: what it is drawn around, and its numbers."""
    if fence is None:
        return []
    plain = {
        "disease": [fence.disease],
        "level": [fence.level.value],
        "from_day": [str(fence.from_day)],
        "to_day": [str(fence.to_day)] if fence.to_day is not None else [],
        "area": list(fence.area_codes),
        "place": list(fence.place_ids),
        "polygon": [fence.polygon] if fence.polygon else [],
    }
    return [(name, value) for name, values in plain.items() for value in values]


def _sorted(lines: set[tuple[str, str]]) -> tuple[Line, ...]:
    return tuple({"field": name, "value": value} for name, value in sorted(lines))


def _origin(risk_area_id: int) -> str:
    return f"risk_area:{risk_area_id}"


def _rules(store: Store, *, now: datetime) -> Policy:
    return Policy(policy.read_in_force(store.desk, now=now), store.clock.day_of(now))
