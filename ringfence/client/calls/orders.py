"""The calls of orders. Made from the description of the API by `tools/docs.py`; do not edit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from ringfence.client.calls.shared import Count, Reason
from ringfence.client.room import Room, in_path
from ringfence.terms import Measure, OrderStatus, ReasonCode


@dataclass(frozen=True, kw_only=True)
class LeftTo:
    """People of other areas, for whom officers there propose orders; no count where they are too few to be told."""

    area: str
    people: int | None


@dataclass(frozen=True, kw_only=True)
class Order:
    """One row of the list of orders."""

    order_id: int
    person_no: int
    signal_id: int | None
    measure: Measure
    legal_basis: str
    reason: Reason
    day_zero: date
    from_day: date
    review_day: date
    to_day: date
    status: OrderStatus
    area_path: str
    drafted_by: str
    drafted_at: datetime
    signed_by: str | None
    signed_at: datetime | None
    ended_at: datetime | None
    meanwhile: Measure | None
    suspends_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """The orders proposed in your areas, an officer decides; and with whom the rest lies."""

    orders: list[int]
    left_to: list[LeftTo]


class OrdersCalls(Room):
    """The calls of orders."""

    def list_orders(
        self,
        *,
        sort: Literal["to_day", "-to_day", "drafted_at", "-drafted_at"] = "to_day",
        area: str | None = None,
        waiting: bool | None = None,
        status: OrderStatus | None = None,
        measure: Measure | None = None,
        person: int | None = None,
    ) -> Iterator[Order]:
        """The measures on persons of your areas, the next to end first (GET /orders)."""
        return self._walk(
            Order,
            "/orders",
            {"sort": sort, "area": area, "waiting": waiting, "status": status, "measure": measure, "person": person},
        )

    def read_order(self, order_id: int) -> Order:
        """One order (GET /orders/{order_id})."""
        return self._ask(Order, "GET", f"/orders/{in_path(order_id)}")

    def draft_orders(self, signal_id: int) -> Drafted:
        """Propose the protocol's measures for everybody of your areas listed for a signal.

        POST /signals/{signal_id}/orders
        """
        return self._ask(Drafted, "POST", f"/signals/{in_path(signal_id)}/orders")

    def sign_orders(self, *, orders: list[int], password: str) -> Count:
        """Sign orders, as the named officer you are (POST /orders/sign)."""
        return self._ask(Count, "POST", "/orders/sign", None, {"orders": orders, "password": password})

    def decline_order(self, order_id: int, *, reason: ReasonCode = ReasonCode.SAID_BY, document: str = "") -> Order:
        """The proposed measure shall not hold (POST /orders/{order_id}/decline)."""
        return self._ask(
            Order, "POST", f"/orders/{in_path(order_id)}/decline", None, {"reason": reason, "document": document}
        )

    def release_order(self, order_id: int, *, reason: ReasonCode = ReasonCode.SAID_BY, document: str = "") -> Order:
        """A measure in force ends now (POST /orders/{order_id}/release)."""
        return self._ask(
            Order, "POST", f"/orders/{in_path(order_id)}/release", None, {"reason": reason, "document": document}
        )
