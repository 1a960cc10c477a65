"""Orders: proposed by the system, decided by a named officer, printed with the way to contest them (policy 2.6)."""

from collections.abc import Callable, Mapping
from typing import Any

from ringfence import access, flow, response, seal, signals, work
from ringfence.console.asked import Asked
from ringfence.console.contest import CONTEST_PAGE
from ringfence.console.lists import read_list
from ringfence.console.room import Done, Room, View
from ringfence.console.rooms.signals import read_ground
from ringfence.console.visitor import Visitor
from ringfence.errors import NotFound, TransitionRefused
from ringfence.terms import Contested, ContestedKind, Measure, Order, OrderStatus, Reason, ReasonCode, SignalStatus

ONE_ORDER = """
select order_id, person_no, signal_id, measure, meanwhile, legal_basis, reason, day_zero, from_day, review_day, to_day,
    status, area_path, drafted_by, drafted_at, signed_by, signed_at
from visible_measure_order where order_id = :number
"""

RELEASE_GROUNDS = (
    ReasonCode.RETEST_NEGATIVE,
    ReasonCode.SAMPLE_MIXED_UP,
    ReasonCode.KNOWN_ALREADY,
    ReasonCode.DECIDED_ON_DOCUMENT,
)


def declare() -> Room:
    """Where a measure on a person is decided, ends, and is put on paper."""
    return Room(
        key="orders",
        title="Orders",
        clause="2.6",
        place=60,
        purposes=("measures",),
        table="measure_order",
        pages={"": show, "/{number:int}/paper": show_paper},
        actions={
            "/draft": draft,
            "/sign": sign,
            "/decline": decline,
            "/release": release,
        },
    )


def show(visitor: Visitor, asked: Asked) -> View:
    """What waits for a signature and what holds."""
    scope = visitor.scope("measures")
    values = {
        "list": read_list(visitor, asked, work.ORDERS, scope=scope, usual={"waiting": "yes"}),
        "statuses": list(OrderStatus),
        "measures": list(Measure),
        "grounds": [Reason.of(code, document="…") for code in RELEASE_GROUNDS],
        "signals": _verified(visitor) if visitor.may("order.draft") else [],
        "back": asked.onward(),
        "today": visitor.store.clock.midnight(visitor.today).astimezone(visitor.store.clock.zone).date(),
    }
    return View(values=values)


def show_paper(visitor: Visitor, asked: Asked) -> View:
    """An order as it is handed over; the code on it is the link by which it is contested."""
    order = _read_order(visitor, asked.number("number"))
    if order["status"] != OrderStatus.SIGNED:
        raise TransitionRefused(
            "order {order_id} is not signed; only a signed order is handed over", order_id=order["order_id"]
        )
    contested = Contested(ContestedKind.ORDER, order["order_id"])
    signer = seal.read_signer(visitor.store.deployment.keys.parent, work.LINKS_NAME)
    link = work.write_link(contested, signer=signer, policy=visitor.policy, now=visitor.now)
    address = f"{asked.origin}{CONTEST_PAGE}?link={link}"
    return View(
        template="order_paper.html",
        values={"order": order, "code": seal.write_qr_svg(address, correction="M"), "address": address},
    )


def draft(visitor: Visitor, asked: Asked) -> Done | View:
    """Propose the protocol's measures for everybody listed for a signal whose link is certain; who is left to others.

    Whose people lie in other areas as well is told, by county, who proposes for the rest.
    """
    signal = asked.number("signal")
    drafted = flow.draft_orders(visitor.store, signal, actor=visitor.actor, now=visitor.now)
    rest = response.read_left_to(visitor.store, signal, actor=visitor.actor, now=visitor.now)
    if rest:
        return View(template="orders_drafted.html", values={"signal": signal, "drafted": len(drafted), "left_to": rest})
    return Done(
        to="/orders?status=drafted",
        sentence="{count} order(s) drafted; an officer decides.",
        values={"count": len(drafted)},
    )


def sign(visitor: Visitor, asked: Asked) -> Done:
    """Decide that measures hold; whoever signs says their password once more."""
    orders = asked.numbers("order")
    access.confirm_password(
        visitor.store,
        visitor.actor.actor_id,
        password=asked.text("password"),
        address=asked.address,
        now=visitor.now,
    )
    count = visitor.act(lambda act: work.sign_orders(act, orders, clock=visitor.store.clock))
    return Done(to=asked.back("/orders"), sentence="{count} order(s) signed.", values={"count": count})


def decline(visitor: Visitor, asked: Asked) -> Done:
    """Decide that proposed measures shall not hold."""
    return _end(visitor, asked, work.decline_order, "{count} order(s) declined.")


def release(visitor: Visitor, asked: Asked) -> Done:
    """Decide that measures end now."""
    return _end(visitor, asked, work.release_order, "{count} order(s) end now.")


def _end(visitor: Visitor, asked: Asked, step: Callable[..., Order], sentence: str) -> Done:
    """All of the orders ticked or none, each with the same reason."""
    orders, reason = asked.numbers("order"), read_ground(asked)
    visitor.act(lambda act: [step(act, number, reason=reason) for number in orders])
    return Done(to=asked.back("/orders"), sentence=sentence, values={"count": len(orders)})


def _read_order(visitor: Visitor, number: int) -> Mapping[str, Any]:
    rows = visitor.store.desk.rows(ONE_ORDER, scope=visitor.scope("measures"), number=number)
    if not rows:
        raise NotFound("there is no order {order_id} in your areas", order_id=number)
    return dict(rows[0]._mapping)  # noqa: SLF001 - public, named so by namedtuple


def _verified(visitor: Visitor) -> list[tuple[int, str]]:
    """The signals orders can be drafted for, with their words."""
    if "verification" not in visitor.purposes:
        return []
    found = signals.list_signals(visitor.store.desk, scope=visitor.scope("verification"))
    return [
        (one.signal_id, f"{one.signal_id} · {visitor.say(one.disease)}")
        for one in found
        if one.status is SignalStatus.VERIFIED and one.responded_at
    ]
