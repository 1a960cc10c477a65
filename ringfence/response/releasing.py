"""What a signal justified is taken back with it: exposures, orders, follow-up and tasks (policy 2.3, 2.6)."""

from collections.abc import Callable
from datetime import datetime

from ringfence import policy, signals, trace, work
from ringfence.policy import Policy
from ringfence.store import Act, Store
from ringfence.terms import Actor, Reason, ReasonCode, Signal


def withdraw(store: Store, signal_id: int, *, reason: Reason, actor: Actor, now: datetime) -> list[int]:
    """A verified signal turned out wrong: what only it justified is taken back and released; the tasks withdrawn."""
    return _take_back(store, signal_id, signals.withdraw_signal, reason=reason, actor=actor, now=now)


def dismiss(store: Store, signal_id: int, *, reason: Reason, actor: Actor, now: datetime) -> list[int]:
    """A signal is not real: whoever was held or asked because of it alone is let go; the tasks withdrawn."""
    return _take_back(store, signal_id, signals.dismiss_signal, reason=reason, actor=actor, now=now)


def release(act: Act, store: Store, signal_id: int, *, rules: Policy) -> list[int]:
    """End the orders, follow-up and tasks that stood on retracted exposures of a signal alone; the tasks withdrawn."""
    work.release_for_signal(act, signal_id)
    work.revise_follow_up(act, signal_id, policy=rules)
    return work.withdraw_for_signal(act, signal_id, store=store)


def take_back(act: Act, store: Store, signal_id: int, *, rules: Policy) -> list[int]:
    """Retract everything a fallen signal found and release what stood on it alone; the tasks withdrawn."""
    trace.retract_exposures(act, signal_id, reason=Reason.of(ReasonCode.SIGNAL_WITHDRAWN, signal=signal_id))
    return release(act, store, signal_id, rules=rules)


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

    def decide_and_take_back(act: Act) -> list[int]:
        decide(act, signal_id, reason=reason)
        return take_back(act, store, signal_id, rules=rules)

    return store.act(decide_and_take_back, actor=actor, now=now)
