"""Orders while they are disputed: lighter at once, suspended without an answer, released or kept by it (policy 2.6)."""

from collections.abc import Sequence

from ringfence.store import Act
from ringfence.terms import Measure, OrderStatus, Reason, to_us
from ringfence.work.orders import end_together

LIGHTEN = """
update measure_order set meanwhile = :meanwhile,
    suspends_at = case when suspends_at < :suspends_at then suspends_at else :suspends_at end
where order_id = :order_id and status = 'signed'
"""

SUSPEND = """
update measure_order set status = 'suspended', recorded_at = :now where order_id = :order_id and status = 'signed'
"""

KEEP = """
update measure_order set meanwhile = null, suspends_at = null, recorded_at = :now
where order_id = :order_id and status in ('drafted', 'signed')
"""

SIGN_AGAIN = """
update measure_order set status = 'signed', signed_by = :actor, signed_at = :now, meanwhile = null,
    suspends_at = null, recorded_at = :now
where order_id = :order_id and status = 'suspended'
"""

STANDING = """
select order_id, status from measure_order where order_id in :among and status in ('drafted', 'signed', 'suspended')
order by order_id
"""


def lighten_order(act: Act, order_id: int, *, meanwhile: Measure | None, suspends_at: int) -> None:
    """Let a lighter measure hold from now on (none: the same), and none at all from an instant on without an answer."""
    act.run(LIGHTEN, order_id=order_id, meanwhile=meanwhile, suspends_at=suspends_at)


def suspend_orders(act: Act, order_ids: Sequence[int]) -> None:
    """No signed order among them holds any more until a superior signs it again."""
    act.run_many(SUSPEND, [{"order_id": order_id, "now": to_us(act.now)} for order_id in order_ids])
    act.note("orders.suspended", count=len(order_ids), ids=order_ids)


def keep_orders(act: Act, order_ids: Sequence[int]) -> list[int]:
    """Orders hold again as they were signed; suspended ones by the actor's signature. Their numbers."""
    by = {"actor": act.actor.actor_id, "now": to_us(act.now)}
    act.run_many(SIGN_AGAIN, [{"order_id": order_id, **by} for order_id in order_ids])
    act.run_many(KEEP, [{"order_id": order_id, "now": by["now"]} for order_id in order_ids])
    act.note("orders.kept", count=len(order_ids), ids=order_ids)
    return list(order_ids)


def release_disputed(act: Act, order_ids: Sequence[int], *, reason: Reason) -> list[int]:
    """End orders because a dispute about them was upheld; their numbers."""
    ended = end_together(act, act.rows_among(STANDING, order_ids), OrderStatus.RELEASED, "orders.released_by_dispute")
    act.note("orders.released", count=len(ended), ids=ended, reason=reason.code)
    return ended
