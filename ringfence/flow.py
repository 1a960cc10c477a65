"""The way of the data on one page: receive, detect, respond, follow up, hold to account (DESIGN).

    a department's file -> RECORD -> SIGNAL -> EXPOSURE (ranked) -> TASK, ORDER, FOLLOW-UP -> FINDING, SCORECARD

Every function takes an open store, who asks and when; it returns what became of it. Nothing calls back.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ringfence import account, areas, feeds, gate, intake, policy, response, signals, situation, trace, watch, work
from ringfence.access import check_can, read_purpose, read_scope
from ringfence.intake import Arrived, Delivery
from ringfence.policy import Permission, Policy
from ringfence.response import Response, Ring, Traceable
from ringfence.store import Act, Store, index_lake
from ringfence.terms import (
    SYSTEM,
    Actor,
    Area,
    Fence,
    Language,
    Level,
    Outcome,
    Plan,
    Reason,
    ReasonCode,
    RiskArea,
    Signal,
    SignalKind,
    SignalStatus,
)

Progress = Callable[[str, float], None]

DAYS_OF_LOOKS = 7
"""A week of looks is watched and reviewed at a time; it begins on a Monday (ISO 8601)."""


@dataclass(frozen=True, kw_only=True)
class Day:
    """What a day's upkeep of the work came to: who was due, who is released or lost, what rose, what expired."""

    due: int
    completed: int
    lost: int
    risen: int
    expired: int


@dataclass(frozen=True, kw_only=True)
class Arrivals:
    """What became of passages: people linked, people laid in the lake, lines reported upward, occupants purged."""

    linked: int
    laid: int
    reported: int
    purged: int


@dataclass(frozen=True, kw_only=True)
class BatchWithdrawn:
    """What went with a batch: signals and cases by number, how many people are unknown again.

    The files of the batches in `send_again` had rows that this one had brought before: sent again, they bring them.
    """

    batch_no: int
    signals: tuple[int, ...]
    cases: tuple[int, ...]
    people: int
    send_again: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Account:
    """What a day's account came to: indicators written, gaps opened as findings."""

    indicators: int
    gaps: account.GapRun


def receive(
    store: Store, deliveries: Sequence[Delivery], *, actor: Actor, now: datetime, progress: Progress
) -> list[Arrived]:
    """Department files in: every row accepted or rejected, persons linked, records kept, signals raised.

    Long days of the lake are laid out to be found by key at the end: what was received is in before that.
    """
    arrived = intake.receive(store, deliveries, actor=actor, now=now, progress=progress)
    _notice_changes(store, arrived, actor=actor, now=now)
    index_lake(store, actor=SYSTEM, now=now, progress=lambda share: progress("laying indexes", share))
    return arrived


def arrive(store: Store, *, is_hurried: bool = False, actor: Actor, now: datetime) -> Arrivals:
    """What gates registered becomes records: linked, laid, observed and summed up; refusals go when their time is over.

    Linking waits until somebody has waited as long as policy says, so that many are linked at once, unless it is
    hurried.
    """
    rules = _rules(store, now=now)
    due_at = now if is_hurried else now - rules.hours("gate.link_after_hours")
    linked = intake.link_waiting(store, due_at=due_at, actor=actor, now=now)
    laid = intake.lay_waiting(store, actor=actor, now=now)

    def report_and_purge(act: Act) -> tuple[int, int]:
        reported = gate.report_arrivals(act, policy=rules, clock=store.clock)
        return reported, gate.purge_passages(act, policy=rules, store=store)

    reported, purged = store.act(report_and_purge, actor=actor, now=now)
    return Arrivals(linked=linked, laid=laid, reported=reported, purged=purged)


def detect(store: Store, *, purpose_key: str, actor: Actor, now: datetime) -> list[Signal]:
    """The signals of the asker's areas that are still open: raised and not decided on, or verified."""
    purpose = read_purpose(store.desk, purpose_key, now=now)
    scope = read_scope(store.desk, actor, purpose, now=now)
    waiting = {SignalStatus.RAISED, SignalStatus.VERIFIED}
    return [one for one in signals.list_signals(store.desk, scope=scope) if one.status in waiting]


def verify(store: Store, signal_id: int, *, reason: Reason, actor: Actor, now: datetime) -> Signal:
    """A signal is real, says a named person; from here on there may be a response."""
    return store.act(lambda act: signals.verify_signal(act, signal_id, reason=reason), actor=actor, now=now)


def respond(store: Store, chosen: Sequence[Signal], *, actor: Actor, now: datetime, seed: int) -> list[Response]:
    """From signals to worklists: rings for cases and risk areas, recalls for tubes; everybody listed or counted."""
    tubes = [one.signal_id for one in chosen if one.kind is SignalKind.POSITIVE_POOL]
    response.recall(store, tubes, actor=actor, now=now)
    traced = [one.signal_id for one in chosen if one.kind in response.TRACED_KINDS]
    fenced = [one.signal_id for one in chosen if one.kind is SignalKind.RISK_AREA]
    return [
        *response.respond(store, traced, actor=actor, now=now, seed=seed),
        *response.respond_to_fences(store, fenced, actor=actor, now=now, seed=seed),
    ]


def preview(
    store: Store,
    number: int,
    *,
    what: Traceable = Traceable.SIGNAL,
    directions: Sequence[trace.Direction],
    disease: str = "",
    actor: Actor,
    now: datetime,
) -> Ring:
    """Who would be at risk from a signal, case, person or place, without any effect but the look on the ledger.

    A person or place is looked at for a disease: the one that laboratories test for, where none is named.
    """
    rules = Policy(policy.read_in_force(store.desk, now=now), store.clock.day_of(now))
    looked_for = disease or rules.text("laboratory.tested_for")
    return response.preview(store, what, number, directions=directions, disease=looked_for, actor=actor, now=now)


def try_trace(
    store: Store, cases: int, *, actor: Actor, now: datetime, seed: int, ticks: Callable[[], float]
) -> response.Trial:
    """How long a trace of so many made-up cases takes on the records there are; nothing happens but the look."""
    disease = _rules(store, now=now).text("laboratory.tested_for")
    return response.try_trace(store, cases, disease=disease, actor=actor, now=now, seed=seed, ticks=ticks)


def read_chains(store: Store, *, disease: str, purpose_key: str, actor: Actor, now: datetime) -> trace.Chains:
    """Who probably infected whom, how many each day's cases infected, and in which settings; the look is on record."""
    return response.read_chains(store, disease=disease, purpose_key=purpose_key, actor=actor, now=now)


def withdraw(store: Store, signal_id: int, *, reason: Reason, actor: Actor, now: datetime) -> list[int]:
    """A signal was wrong after all: what only it justified is taken back and released."""
    return response.withdraw(store, signal_id, reason=reason, actor=actor, now=now)


def dismiss(store: Store, signal_id: int, *, reason: Reason, actor: Actor, now: datetime) -> list[int]:
    """A signal is not real: whoever was held or asked because of it alone is let go; the tasks withdrawn."""
    return response.dismiss(store, signal_id, reason=reason, actor=actor, now=now)


def check_feeds(store: Store, *, actor: Actor, now: datetime) -> list[feeds.FeedState]:
    """Which feeds are due, late or silent; what is noticed of them is kept once a day."""
    in_force = policy.read_in_force(store.desk, now=now)
    rules, declared = Policy(in_force, store.clock.day_of(now)), feeds.read_feeds(store.desk, policy=in_force)
    tops = areas.top_paths(areas.read_hierarchy(store.desk))

    def check(act: Act) -> list[feeds.FeedState]:
        for path in tops:
            check_can(act, Permission.FEED_RECEIVE, area_path=path)
        states = feeds.read_states(act, declared, policy=rules, clock=store.clock, now=now)
        late = feeds.find_late(states, area_path=tops[0], now=now)
        signals.put_observations(act, late, origin=f"feeds:{rules.day}")
        return states

    return store.act(check, actor=actor, now=now)


def watch_sentinels(store: Store, *, day: int, actor: Actor, now: datetime) -> situation.Watched:
    """What a local day's counts say: observations, and signals of too much and of silence."""
    rules = Policy(policy.read_in_force(store.desk, now=now), day)
    hierarchy = areas.read_hierarchy(store.desk)

    def check(act: Act) -> None:
        for path in areas.top_paths(hierarchy):
            check_can(act, Permission.SIGNAL_RAISE, area_path=path)
        act.note("sentinels.watching")

    store.act(check, actor=actor, now=now)
    return situation.watch_sentinels(store, policy=rules, actor=actor, now=now)


def report_situation(store: Store, *, day: int, language: Language, actor: Actor, now: datetime) -> str:
    """The situation page of a local day as HTML that stands alone: alarms, sites, what became of signals."""
    rules = Policy(policy.read_in_force(store.desk, now=now), day)
    return situation.write_report(store, policy=rules, actor=actor, now=now, language=language)


def _notice_changes(store: Store, arrived: Sequence[Arrived], *, actor: Actor, now: datetime) -> None:
    """Keep what is noticed of each new file beside those of its feed before it."""
    rules = Policy(policy.read_in_force(store.desk, now=now), store.clock.day_of(now))
    [top, *_] = [*areas.top_paths(areas.read_hierarchy(store.desk)), ""]

    def notice(act: Act) -> None:
        for one in (one for one in arrived if not one.is_known):
            seen = feeds.find_changes(act, one.batch_no, policy=rules, area_path=top, now=now)
            if seen:
                signals.put_observations(act, seen, origin=f"batch:{one.batch_no}")

    store.act(notice, actor=actor, now=now)


def withdraw_batch(store: Store, batch_no: int, *, actor: Actor, now: datetime) -> BatchWithdrawn:
    """A file was wrong: its records out of sight, and the signals and cases that stood on it alone taken back."""
    hierarchy = areas.read_hierarchy(store.desk)
    ended = intake.end_batch_of(store, batch_no, areas=hierarchy, actor=actor, now=now)
    reason = Reason.of(ReasonCode.BATCH_WITHDRAWN, batch=batch_no)
    for one in ended.signals:
        take_back = response.withdraw if one.status is SignalStatus.VERIFIED else response.dismiss
        take_back(store, one.signal_id, reason=reason, actor=actor, now=now)
    return BatchWithdrawn(
        batch_no=batch_no,
        signals=tuple(one.signal_id for one in ended.signals),
        cases=tuple(store.act(lambda act: signals.withdraw_cases_on(act, batch_no), actor=actor, now=now)),
        people=intake.let_newcomers_go(store, batch_no, actor=actor, now=now),
        send_again=ended.later_batches,
    )


def plan_fence(store: Store, fence: Fence | None, *, risk_area_id: int | None) -> Plan:
    """What a second officer approves: a fence, its next version, or (None) its end."""
    return response.plan_fence(store, fence, risk_area_id=risk_area_id)


def foresee_fence(
    store: Store, fence: Fence, *, risk_area_id: int | None, actor: Actor, now: datetime
) -> response.Effect:
    """Whom a fence would find today, let go, and find under an order; nothing happens but the look."""
    return response.foresee_fence(store, fence, risk_area_id=risk_area_id, actor=actor, now=now)


def publish_fence(
    store: Store, fence: Fence, *, risk_area_id: int | None, approval_id: int, actor: Actor, now: datetime, seed: int
) -> tuple[RiskArea, Response]:
    """A risk area in force, and everybody who came from there listed or counted."""
    return response.publish_fence(
        store, fence, risk_area_id=risk_area_id, approval_id=approval_id, actor=actor, now=now, seed=seed
    )


def lift_fence(store: Store, risk_area_id: int, *, approval_id: int, actor: Actor, now: datetime) -> list[int]:
    """A risk area ends: what only it justified is released."""
    return response.lift_fence(store, risk_area_id, approval_id=approval_id, actor=actor, now=now)


def draft_orders(store: Store, signal_id: int, *, actor: Actor, now: datetime) -> list[int]:
    """Propose the protocol's measures for everybody of one's areas listed for a signal; the orders' numbers.

    Whose link is not certain is left out; `response.read_left_to` says with whom the rest lies.
    """
    return response.draft_orders(store, signal_id, actor=actor, now=now)


def follow_up(store: Store, *, day: int, actor: Actor, now: datetime) -> Day:
    """Begin a local day of the work: who is due, who is released or lost; late tasks rise, orders end by themselves."""
    rules = Policy(policy.read_in_force(store.desk, now=now), day)
    hierarchy = areas.read_hierarchy(store.desk)
    store.act(lambda act: _check_may_run(act, hierarchy), actor=actor, now=now)
    begun = watch.begin_day(store, policy=rules, actor=actor, now=now)

    def rise_and_end(act: Act) -> tuple[dict[Level, int], list[int]]:
        work.raise_unanswered(act)
        return work.escalate_tasks(act, policy=rules), work.expire_orders(act, clock=store.clock)

    risen, expired = store.act(rise_and_end, actor=actor, now=now)
    check_feeds(store, actor=SYSTEM, now=now)  # who begins the day need not answer for feeds
    arrive(store, is_hurried=True, actor=SYSTEM, now=now)
    index_lake(store, actor=SYSTEM, now=now, progress=lambda _: None)
    watch_sentinels(store, day=day - 1, actor=SYSTEM, now=now)
    return Day(
        due=begun.begun,
        completed=len(begun.completed),
        lost=len(begun.lost),
        risen=sum(risen.values()),
        expired=len(expired),
    )


def record_attempts(
    store: Store, task_ids: Sequence[int], *, outcome: Outcome, actor: Actor, now: datetime
) -> list[int]:
    """Nobody was met: what that means takes its course; the disputes that begin at the door.

    Where it was somebody else, the links that led there are undone at once, everywhere.
    """
    rules = _rules(store, now=now)
    disputes = store.act(
        lambda act: work.record_attempts(act, task_ids, outcome=outcome, policy=rules), actor=actor, now=now
    )
    for dispute_id in disputes:
        response.undo_at_door(store, dispute_id, actor=actor, now=now)
    return disputes


def hold_to_account(store: Store, *, day: int, actor: Actor, now: datetime) -> Account:
    """Account for a local day: every indicator with its two numbers, every gap a finding with owner and deadline."""
    rules = Policy(policy.read_in_force(store.desk, now=now), day)
    hierarchy = areas.read_hierarchy(store.desk)
    looks = store.read_looks(since=store.clock.midnight(day - DAYS_OF_LOOKS), until=now)

    def run(act: Act) -> Account:
        _check_may_run(act, hierarchy)
        account.watch_canaries(act, looks, area_path=areas.top_paths(hierarchy)[0], clock=store.clock)
        written = account.write_scorecard(act, rules.day, policy=rules, areas=hierarchy, clock=store.clock)
        found = account.find_gaps(act, policy=rules, areas=hierarchy, clock=store.clock)
        return Account(indicators=written, gaps=found)

    return store.act(run, actor=actor, now=now)


def plant_canaries(store: Store, names: Sequence[str], *, actor: Actor, now: datetime) -> None:
    """Made-up persons whom no duty ever touches: who looks at one looked for no duty."""
    top = _top(store)
    store.act(lambda act: account.plant_canaries(act, names, area_path=top, store=store), actor=actor, now=now)


def _rules(store: Store, *, now: datetime) -> Policy:
    """What is in force today."""
    return Policy(policy.read_in_force(store.desk, now=now), store.clock.day_of(now))


def _top(store: Store) -> str:
    """The path of the area that answers for accounts."""
    return areas.top_paths(areas.read_hierarchy(store.desk))[0]


def _check_may_run(act: Act, hierarchy: Mapping[str, Area]) -> None:
    for path in areas.top_paths(hierarchy):
        check_can(act, Permission.ACCOUNT_RUN, area_path=path)
    act.note("day.run")
