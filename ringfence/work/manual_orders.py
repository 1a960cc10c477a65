"""Orders without a path that a machine can check: a second approver outside the unit, or none at all (policy 2.6, 6.5).

Whoever proposes one names the list or document the person stands on. Who approves it shares neither unit nor grant with
who proposed it, nor with who signs it.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from ringfence.access import approve, check_can, check_is_outside, is_outside, propose, use_approval
from ringfence.errors import ApprovalMissing, InputRefused, NotFound
from ringfence.policy import Permission, Policy
from ringfence.store import Act
from ringfence.terms import Approval, Clock, Line, Measure, PersonNo, Plan, Reason, ReasonCode, calendar_day, to_us

PLAN_KIND = "manual_order"

INSERT_ORDER = """
insert into measure_order (order_id, person_no, measure, legal_basis, reason, day_zero, from_day, review_day, to_day,
    status, area_path, drafted_by, drafted_at, list_key, approval_id, recorded_at)
values (:order_id, :person_no, :measure, :legal_basis, :reason, :from_day, :from_day, :review_day, :to_day,
    'drafted', :area_path, :actor, :now, :list_key, :approval_id, :now)
"""

MANUAL_ORDER = """
select order_id, person_no, measure, to_day, list_key, approval_id, area_path, drafted_by
from measure_order where order_id = :order_id and exposure_id is null and status = 'drafted'
"""


@dataclass(frozen=True, kw_only=True)
class ManualOrder:
    """What somebody proposes on a basis of their own: for whom, what, until which day, and from which list."""

    person_no: PersonNo
    measure: Measure
    to_day: int
    list_key: str
    area_path: str


def draft_manual_order(act: Act, order: ManualOrder, *, policy: Policy, clock: Clock) -> int:
    """Propose a measure nobody traced; the number of the order, which waits for its approver and its signature.

    InputRefused without the list or document it rests on, and for a last day that is over.
    """
    check_can(act, Permission.ORDER_DRAFT, area_path=order.area_path)
    today = clock.day_of(act.now)
    if not order.list_key.strip():
        raise InputRefused("an order without a path rests on a list or a document; name it")
    if order.to_day < today:
        raise InputRefused(
            "an order cannot end on {day}, which is over; name a later day", day=calendar_day(order.to_day)
        )
    order_id = act.take_numbers("order", 1)
    act.run(
        INSERT_ORDER,
        order_id=order_id,
        person_no=order.person_no,
        measure=order.measure,
        legal_basis=policy.text("order.legal_basis"),
        reason=Reason.of(ReasonCode.SAID_BY, actor=act.actor.actor_id).to_json(),
        from_day=today,
        review_day=min(today + policy.days("order.review_days"), order.to_day),
        to_day=order.to_day,
        area_path=order.area_path,
        actor=act.actor.actor_id,
        now=to_us(act.now),
        list_key=order.list_key.strip(),
        approval_id=propose(act, _plan(order_id, order), area_path=order.area_path),
    )
    act.note("orders.drafted", count=1, ids=(order_id,), list_key=order.list_key.strip())
    return order_id


def approve_manual_order(act: Act, order_id: int) -> Approval:
    """Say yes to an order without a path, from outside the unit of who proposed it. It is not signed with that."""
    rows = act.rows(MANUAL_ORDER, order_id=order_id)
    if not rows:
        raise NotFound("there is no order {order_id} that waits for a second approver", order_id=order_id)
    [row] = rows
    check_is_outside(act, Permission.ORDER_SIGN, of=row.drafted_by, area_path=row.area_path)
    return approve(act, row.approval_id, area_path=row.area_path)


def check_is_approved(act: Act, row: Row[Any]) -> None:
    """ApprovalMissing unless somebody outside the units of proposer and signer approved exactly this order.

    The approval is used up with it.
    """
    approval = use_approval(act, _plan(row.order_id, _read(row)), row.approval_id)
    for other in (row.drafted_by, act.actor.actor_id):
        if not is_outside(act, approval.approved_by, Permission.ORDER_SIGN, of=other, area_path=row.area_path):
            raise ApprovalMissing(
                "order {order_id} rests on no path; it needs an approver outside the unit of {other}",
                order_id=row.order_id,
                other=other,
            )


def _read(row: Row[Any]) -> ManualOrder:
    return ManualOrder(
        person_no=row.person_no,
        measure=Measure(row.measure),
        to_day=row.to_day,
        list_key=row.list_key,
        area_path=row.area_path,
    )


def _plan(order_id: int, order: ManualOrder) -> Plan:
    line: Line = {
        "person_no": order.person_no,
        "measure": order.measure.value,
        "to_day": order.to_day,
        "list_key": order.list_key.strip(),
        "area_path": order.area_path,
    }
    return Plan(kind=PLAN_KIND, basis=f"order:{order_id}", added=(line,))
