"""A dispute begins: by phone or at the door through staff, or by whoever holds the signed link (policy 2.6).

From that instant only the least restrictive safe measure holds, and the clock of the answer runs. When it runs out the
order is in force no more, whether or not anybody looked. Who says again what was rejected gets an answer again, within
the same time; but the measure holds meanwhile, or saying it over and over would undo every order.
"""

from ringfence.access import check_has
from ringfence.errors import InputRefused
from ringfence.policy import Permission, Policy
from ringfence.store import Act
from ringfence.terms import (
    Contested,
    ContestedKind,
    Dispute,
    DisputeGround,
    DisputeStatus,
    DisputeWay,
    Measure,
    OrderStatus,
    to_us,
)
from ringfence.work.dispute_reach import Reach, check_reaches, find_reach, read_contested
from ringfence.work.dispute_rows import list_about, read_dispute
from ringfence.work.orders_disputed import lighten_order

ANSWER_WITHIN = "dispute.answer_within_hours"

INSERT_DISPUTE = """
insert into dispute (contested_kind, order_id, task_id, subject_kind, subject_key, ground, way, area_path, status,
    raised_by, raised_at, due_at, recorded_at)
values (:kind, :order_id, :task_id, :subject_kind, :subject_key, :ground, :way, :area_path, 'raised',
    :actor, :now, :due_at, :now)
returning dispute_id
"""


def raise_dispute(act: Act, contested: Contested, *, ground: DisputeGround, way: DisputeWay, policy: Policy) -> Dispute:
    """What somebody said by phone or at the door, put on record by staff; said twice, it is the same dispute."""
    if way is DisputeWay.LINK:
        raise InputRefused("whoever contests by link shows the link; staff say phone or door")
    check_has(act, Permission.DISPUTE_RAISE)
    check_reaches(act, contested, permission=Permission.DISPUTE_RAISE)
    return begin_dispute(act, contested, ground=ground, way=way, policy=policy)


def begin_dispute(act: Act, contested: Contested, *, ground: DisputeGround, way: DisputeWay, policy: Policy) -> Dispute:
    """The dispute, begun now or standing already; the caller has seen to it that whoever says so may.

    What stands or falls together is one dispute, by whatever paper it was begun: its answer is one answer.
    """
    subject, area_path = read_contested(act, contested)
    reach = find_reach(act, contested)
    same = [
        one
        for one in list_about(act, subject)
        if one.contested == contested or find_reach(act, one.contested).overlaps(reach)
    ]
    for standing in same:
        if standing.status in {DisputeStatus.RAISED, DisputeStatus.RISEN}:
            return standing
    due_at = to_us(act.now + policy.hours(ANSWER_WITHIN))
    is_order = contested.kind is ContestedKind.ORDER
    dispute_id = act.insert(
        INSERT_DISPUTE,
        kind=contested.kind,
        order_id=contested.number if is_order else None,
        task_id=None if is_order else contested.number,
        subject_kind=subject.kind,
        subject_key=subject.key,
        ground=ground,
        way=way,
        area_path=area_path,
        actor=act.actor.actor_id,
        now=to_us(act.now),
        due_at=due_at,
    )
    was_heard = any(one.status is DisputeStatus.REJECTED and one.ground is ground for one in same)
    _lighten_orders(act, reach, was_heard=was_heard, due_at=due_at, policy=policy)
    act.note("dispute.raised", subject=f"dispute:{dispute_id}", about=str(contested), ground=ground, way=way)
    return read_dispute(act, dispute_id)


def find_lighter(measure: Measure, *, policy: Policy) -> Measure:
    """The least restrictive safe measure while an order of a measure is disputed."""
    return Measure(policy.text(f"dispute.meanwhile.{measure}"))


def _lighten_orders(act: Act, reach: Reach, *, was_heard: bool, due_at: int, policy: Policy) -> None:
    for order in reach.orders:
        if order.status == OrderStatus.SIGNED:
            meanwhile = None if was_heard else find_lighter(Measure(order.measure), policy=policy)
            lighten_order(act, order.order_id, meanwhile=meanwhile, suspends_at=due_at)
