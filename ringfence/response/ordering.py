"""Orders proposed for everybody a signal listed whose link is certain (policy 2.6)."""

from datetime import datetime

from ringfence import policy, work
from ringfence.policy import Policy
from ringfence.store import Store
from ringfence.terms import Actor


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
