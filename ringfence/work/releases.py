"""Released means told: whoever may go hears of it within the policy's time, and the hours beyond are counted (2.4)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ringfence.access import check_can
from ringfence.errors import NotFound, TransitionRefused
from ringfence.policy import Permission, Policy
from ringfence.store import Act, Desk, Scope
from ringfence.terms import Clock, OrderStatus, PersonNo, from_us, to_us

ORDER_TO_TELL = "select person_no, area_path, status from measure_order where order_id = :order_id"

TELL = "update measure_order set release_told_at = :now where order_id = :order_id and release_told_at is null"

# Whose next signed order begins before or with the day after is released from that one only. An order past its last day
# is over even if nobody has marked it so.
OVER = """
select o.order_id, o.person_no, o.area_path, o.to_day, o.ended_at, o.release_told_at
from visible_measure_order o
where (o.status in ('released', 'expired') or (o.status in ('signed', 'suspended') and o.to_day < :today))
    and not exists (
        select 1 from visible_measure_order n
        where n.person_no = o.person_no and n.signed_at is not null
            and n.from_day <= o.to_day + 1 and n.to_day > o.to_day
    )
order by o.order_id
"""


@dataclass(frozen=True, kw_only=True)
class Release:
    """The end of somebody's last order: when they could go, and when they were told; `overdue` is the time beyond."""

    order_id: int
    person_no: PersonNo
    area_path: str
    eligible_at: datetime
    told_at: datetime | None
    overdue: timedelta


def tell_release(act: Act, order_id: int) -> None:
    """Put on record that the person was told of the release; the first time counts."""
    rows = act.rows(ORDER_TO_TELL, order_id=order_id)
    if not rows:
        raise NotFound("there is no order {order_id}; `ringfence orders list` shows yours", order_id=order_id)
    [row] = rows
    check_can(act, Permission.FOLLOW_UP_RECORD, area_path=row.area_path)
    if row.status not in {OrderStatus.RELEASED, OrderStatus.EXPIRED}:
        raise TransitionRefused(
            "order {order_id} is {found}; nobody is released from it before it ends",
            order_id=order_id,
            found=row.status,
        )
    act.run(TELL, order_id=order_id, now=to_us(act.now))
    act.note("release.told", subject=f"order:{order_id}", ids=(row.person_no,))


def list_releases(desk: Desk, *, scope: Scope, policy: Policy, clock: Clock, now: datetime) -> list[Release]:
    """Every release of the reader's areas, told or not, with how much later than the policy allows it is being told."""
    within = policy.hours("release.told_within_hours")
    releases = []
    for row in desk.rows(OVER, scope=scope, today=clock.day_of(now)):
        ended_at = now if row.ended_at is None else from_us(row.ended_at)
        eligible_at = min(ended_at, clock.midnight(row.to_day + 1))
        told_at = None if row.release_told_at is None else from_us(row.release_told_at)
        releases.append(
            Release(
                order_id=row.order_id,
                person_no=row.person_no,
                area_path=row.area_path,
                eligible_at=eligible_at,
                told_at=told_at,
                overdue=find_overdue(eligible_at, told_at=told_at, within=within, now=now),
            )
        )
    return releases


def find_overdue(eligible_at: datetime, *, told_at: datetime | None, within: timedelta, now: datetime) -> timedelta:
    """How long after the time allowed somebody was told, or is still waiting."""
    return max((told_at or now) - eligible_at - within, timedelta(0))
