"""Released means told: whoever may go hears of it within the policy's time, and the hours beyond are counted (2.4).

An order holds until the end of its last day, or until it is ended before. Whom another order holds then, or from the
next day on, is not released yet; whose next step begins later is, and is held anew when that begins.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pyarrow as pa
from sqlalchemy import Row

from ringfence.access import check_can
from ringfence.errors import NotFound, TransitionRefused
from ringfence.policy import Permission, Policy
from ringfence.store import Act, Desk, Scope
from ringfence.terms import Clock, OrderStatus, PersonNo, from_us, to_us

ORDER_TO_TELL = "select person_no, area_path, status from measure_order where order_id = :order_id"

TELL = "update measure_order set release_told_at = :now where order_id = :order_id and release_told_at is null"

# Everything ever signed for anybody whose order is over; one past its last day is over even if nobody has marked it so.
SIGNED = """
select o.order_id, o.person_no, o.area_path, o.status, o.from_day, o.to_day, o.ended_at, o.release_told_at
from visible_measure_order o
where o.signed_at is not null and exists (
    select 1 from visible_measure_order e
    where e.person_no = o.person_no
        and (e.status in ('released', 'expired') or (e.status in ('signed', 'suspended') and e.to_day < :today))
)
order by o.order_id
"""

SIGNED_ORDERS = pa.schema(
    [
        ("order_id", pa.int64()),
        ("person_no", pa.int64()),
        ("from_day", pa.int32()),
        ("to_day", pa.int32()),
        ("last_day", pa.int32()),
        ("is_over", pa.bool_()),
    ]
)
"""Orders with the last day on which each really holds, and whether that is over."""

# Of orders that end together one is told of.
RELEASED = """
select o.order_id from signed_order o
where o.is_over and not exists (
    select 1 from signed_order n
    where n.person_no = o.person_no and (
        (n.from_day <= o.last_day + 1 and n.last_day > o.last_day)
        or (n.last_day = o.last_day and (n.to_day, n.order_id) > (o.to_day, o.order_id))
    )
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
    within, today = policy.hours("release.told_within_hours"), clock.day_of(now)
    signed = desk.rows(SIGNED, scope=scope, today=today)
    released = find_released(signed, clock=clock, today=today)
    return [_release(row, within=within, clock=clock, now=now) for row in signed if row.order_id in released]


def find_released(signed: Sequence[Row[Any]], *, clock: Clock, today: int) -> set[int]:
    """The orders by whose end somebody may go.

    `signed` are all that were ever signed for some people: order_id, person_no, status, from_day, to_day and ended_at.
    """
    rows = [
        (
            row.order_id,
            row.person_no,
            row.from_day,
            row.to_day,
            row.to_day if row.ended_at is None else min(row.to_day, clock.day_of(from_us(row.ended_at))),
            row.status in {OrderStatus.RELEASED, OrderStatus.EXPIRED} or row.to_day < today,
        )
        for row in signed
    ]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[]] * len(SIGNED_ORDERS)
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as memory:
        memory.register("signed_order", pa.table(columns, schema=SIGNED_ORDERS))
        return {order_id for (order_id,) in memory.execute(RELEASED).fetchall()}


def find_overdue(eligible_at: datetime, *, told_at: datetime | None, within: timedelta, now: datetime) -> timedelta:
    """How long after the time allowed somebody was told, or is still waiting."""
    return max((told_at or now) - eligible_at - within, timedelta(0))


def _release(row: Row[Any], *, within: timedelta, clock: Clock, now: datetime) -> Release:
    ended_at = now if row.ended_at is None else from_us(row.ended_at)
    eligible_at = min(ended_at, clock.midnight(row.to_day + 1))
    told_at = None if row.release_told_at is None else from_us(row.release_told_at)
    return Release(
        order_id=row.order_id,
        person_no=row.person_no,
        area_path=row.area_path,
        eligible_at=eligible_at,
        told_at=told_at,
        overdue=find_overdue(eligible_at, told_at=told_at, within=within, now=now),
    )
