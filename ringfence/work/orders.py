"""An order's life: signed or declined by a named officer, released early, ended by itself on its day (policy 2.6).

Whoever drafted an order cannot sign it, and its path is checked again when it is signed. Signing late makes it begin
later; nothing makes it end later. No order is in force unsigned or past its end, whether or not anybody looked.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from ringfence.access import check_can
from ringfence.errors import ApprovalMissing, NotAllowed, NotFound, TransitionRefused
from ringfence.policy import Permission, Policy, read_in_force
from ringfence.store import Act, Desk, Scope
from ringfence.terms import (
    ORDER_NEXT,
    Clock,
    Measure,
    Order,
    OrderStatus,
    PersonNo,
    Reason,
    calendar_day,
    from_us,
    to_us,
)
from ringfence.work.list_alerts import alert_auditor
from ringfence.work.manual_orders import check_is_approved

COLUMNS_OF_ORDER = """
select order_id, person_no, measure, legal_basis, reason, day_zero, from_day, review_day, to_day, status, signed_by,
    signed_at, exposure_id, area_path, drafted_by, meanwhile, signal_id, list_key, approval_id
"""

ORDERS_BY_ID = COLUMNS_OF_ORDER + "from measure_order where order_id in :among"

VISIBLE_ORDERS = (
    COLUMNS_OF_ORDER
    + """from visible_measure_order
where status in ('drafted', 'signed', 'suspended')
order by status, to_day, order_id
"""
)

ORDERS_IN_FORCE = (
    COLUMNS_OF_ORDER
    + """from visible_measure_order
where status = 'signed' and signed_by is not null and from_day <= :day and to_day >= :day
    and (suspends_at is null or suspends_at > :now)
order by to_day, order_id
"""
)

STANDING_BASES = """
select e.exposure_id from exposure e join signal s on s.signal_id = e.signal_id
where e.exposure_id in :among and e.status = 'listed' and s.status = 'verified'
"""

# An answer that is still owed decides whether anything more may follow from the same grounds.
DISPUTED_BASES = """
select o.exposure_id from dispute d join measure_order o on o.order_id = d.order_id
where d.status in ('raised', 'risen') and o.exposure_id in :among
union
select b.exposure_id from dispute d join task_basis b on b.task_id = d.task_id
where d.status in ('raised', 'risen') and b.exposure_id in :among
"""

BOUND = """
select person_no from measure_order
where person_no in :among and status = 'signed' and from_day <= :day and to_day >= :day
"""

SIGN = """
update measure_order set status = 'signed', signed_by = :actor, signed_at = :now,
    from_day = case when from_day < :today then :today else from_day end,
    review_day = case when review_day < :today then :today else review_day end
where order_id = :order_id and status = 'drafted'
"""

END = """
update measure_order set status = :status, ended_by = :actor, ended_at = :now
where order_id = :order_id and status = :before
"""

PAST_THEIR_END = """
select order_id, status from measure_order
where status in ('drafted', 'signed', 'suspended') and to_day < :today
order by order_id
"""

WITHOUT_BASIS = """
select order_id, status from measure_order o
where o.signal_id = :signal_id and o.status in ('drafted', 'signed', 'suspended')
    and not exists (
        select 1 from exposure e join signal s on s.signal_id = e.signal_id
        where e.exposure_id = o.exposure_id and e.status = 'listed' and s.status = 'verified'
    )
order by order_id
"""


def sign_order(act: Act, order_id: int, *, clock: Clock) -> Order:
    """Decide that the measure holds; as `sign_orders`."""
    sign_orders(act, [order_id], clock=clock)
    return read_order(act, order_id)


def sign_orders(act: Act, order_ids: Sequence[int], *, clock: Clock) -> int:
    """Decide that measures hold, by a named officer; they are in force from today at the earliest. How many.

    All or none. ApprovalMissing for who drafted one and for one without a path that nobody outside the unit approved,
    NotAllowed where what one stood on is gone, TransitionRefused past its end and while its grounds are disputed. The
    ledger has a line for each: a signature is about one person.
    """
    rows = _check(act, order_ids, OrderStatus.SIGNED, Permission.ORDER_SIGN)
    today = clock.day_of(act.now)
    bases = [row.exposure_id for row in rows if row.exposure_id is not None]
    standing = {row.exposure_id for row in act.rows_among(STANDING_BASES, bases)}
    disputed = {row.exposure_id for row in act.rows_among(DISPUTED_BASES, bases)}
    for row in rows:
        _check_signature(row, standing, by=act.actor.actor_id, today=today)
        if row.exposure_id in disputed:
            raise TransitionRefused(
                "order {order_id} rests on what is disputed; sign it once that is answered", order_id=row.order_id
            )
        if row.exposure_id is None:
            check_is_approved(act, row)
    _write(act, SIGN, [{"order_id": row.order_id, "today": today} for row in rows])
    for row in rows:
        act.note("order.signed", subject=f"order:{row.order_id}", ids=(row.person_no,))
    alert_auditor(act, rows, policy=Policy(read_in_force(act, now=act.now), today))
    return len(rows)


def _check_signature(row: Row[Any], standing: Collection[int], *, by: str, today: int) -> None:
    if row.drafted_by == by:
        raise ApprovalMissing(
            "who drafted order {order_id} cannot sign it; ask a second officer", order_id=row.order_id
        )
    if row.status == OrderStatus.SUSPENDED:
        raise ApprovalMissing(
            "a dispute has suspended order {order_id}; a superior signs it again by answering", order_id=row.order_id
        )
    if row.exposure_id is not None and row.exposure_id not in standing:
        raise NotAllowed("what order {order_id} stood on is gone; decline it", order_id=row.order_id)
    if row.to_day < today:
        raise TransitionRefused(
            "order {order_id} was to end on {day}; it can be signed no more",
            order_id=row.order_id,
            day=calendar_day(row.to_day),
        )


def decline_order(act: Act, order_id: int, *, reason: Reason) -> Order:
    """Decide that the proposed measure shall not hold."""
    return _decide(act, order_id, OrderStatus.DECLINED, Permission.ORDER_DECLINE, reason)


def release_order(act: Act, order_id: int, *, reason: Reason) -> Order:
    """Decide that a measure in force ends now."""
    return _decide(act, order_id, OrderStatus.RELEASED, Permission.ORDER_RELEASE, reason)


def expire_orders(act: Act, *, clock: Clock) -> list[int]:
    """End what is past its end, by itself: signed orders expire, proposals nobody decided lapse; their numbers."""
    return end_together(
        act, act.rows(PAST_THEIR_END, today=clock.day_of(act.now)), OrderStatus.EXPIRED, "orders.expired"
    )


def release_for_signal(act: Act, signal_id: int) -> list[int]:
    """End the orders of a signal whose path is gone, and decline what was only proposed; their numbers.

    To be called when the signal was withdrawn, or exposures of it were retracted: whoever decided that had the right.
    """
    return end_together(
        act, act.rows(WITHOUT_BASIS, signal_id=signal_id), OrderStatus.RELEASED, "orders.released_with_signal"
    )


def count_bound(act: Act, people: Iterable[PersonNo], *, day: int) -> int:
    """How many of some persons are under an order in force on a local day."""
    return len({row.person_no for row in act.rows_among(BOUND, people, day=day)})


def read_order(act: Act, order_id: int) -> Order:
    """An order by number; NotFound when there is none."""
    [row] = _read(act, [order_id])
    return _order(row)


def list_orders(desk: Desk, *, scope: Scope) -> list[Order]:
    """The orders of the reader's areas that wait for a decision or are signed, those that end first before others."""
    return [_order(row) for row in desk.rows(VISIBLE_ORDERS, scope=scope)]


def orders_in_force(desk: Desk, *, scope: Scope, day: int, now: datetime) -> list[Order]:
    """The orders in force on a local day, today or later: signed, begun, not ended, and never past their last day.

    An order whose dispute got no answer in time is none of them, whether or not anybody looked.
    """
    return [_order(row) for row in desk.rows(ORDERS_IN_FORCE, scope=scope, day=day, now=to_us(now))]


def _decide(act: Act, order_id: int, status: OrderStatus, permission: Permission, reason: Reason) -> Order:
    [row] = _check(act, [order_id], status, permission)
    _write(act, END, [{"order_id": order_id, "before": row.status, "status": status}])
    act.note(f"order.{status}", subject=f"order:{order_id}", ids=(row.person_no,), reason=reason.code)
    return read_order(act, order_id)


def _check(act: Act, order_ids: Sequence[int], status: OrderStatus, permission: Permission) -> list[Row[Any]]:
    """The rows of orders that may take a step, after asking rights and life cycle."""
    rows = _read(act, order_ids)
    for area_path in sorted({row.area_path for row in rows}):
        check_can(act, permission, area_path=area_path)
    for row in rows:
        if status not in ORDER_NEXT[OrderStatus(row.status)]:
            raise TransitionRefused(
                "order {order_id} is {found}; from there it cannot become {wanted}",
                order_id=row.order_id,
                found=row.status,
                wanted=status,
            )
    return rows


def _write(act: Act, statement: str, rows: Sequence[dict[str, object]]) -> None:
    """Write a step; TransitionRefused where another process took one in between."""
    by = {"actor": act.actor.actor_id, "now": to_us(act.now)}
    if act.run_many(statement, [{**row, **by} for row in rows]) != len(rows):
        raise TransitionRefused("one of {count} order(s) was decided just now; look at them again", count=len(rows))


def end_together(act: Act, rows: Sequence[Row[Any]], status: OrderStatus, step: str) -> list[int]:
    """End orders that hold with a status, and decline the drafts among them; their numbers."""
    ended = {"actor": act.actor.actor_id, "now": to_us(act.now)}
    numbers = [row.order_id for row in rows]
    if numbers:
        final = dict.fromkeys(OrderStatus, status) | {OrderStatus.DRAFTED: OrderStatus.DECLINED}
        act.run_many(
            END,
            [{"order_id": row.order_id, "before": row.status, "status": final[row.status], **ended} for row in rows],
        )
        act.note(step, count=len(numbers), ids=numbers)
    return numbers


def _read(act: Act, order_ids: Sequence[int]) -> list[Row[Any]]:
    found = {row.order_id: row for row in act.rows_among(ORDERS_BY_ID, order_ids)}
    missing = [order_id for order_id in order_ids if order_id not in found]
    if missing:
        raise NotFound("there is no order {order_id}; `ringfence orders list` shows yours", order_id=missing[0])
    return list(found.values())


def _order(row: Row[Any]) -> Order:
    return Order(
        order_id=row.order_id,
        person_no=row.person_no,
        measure=Measure(row.measure),
        legal_basis=row.legal_basis,
        reason=Reason.from_json(row.reason),
        day_zero=row.day_zero,
        from_day=row.from_day,
        review_day=row.review_day,
        to_day=row.to_day,
        status=OrderStatus(row.status),
        signed_by=row.signed_by,
        signed_at=None if row.signed_at is None else from_us(row.signed_at),
        meanwhile=None if row.meanwhile is None else Measure(row.meanwhile),
    )
