"""Disputes: "this is not me", "this is wrong", and the human answer within a day (policy 2.6)."""

from ringfence import redress, work
from ringfence.console.asked import Asked
from ringfence.console.room import Done, Room, View
from ringfence.console.visitor import Visitor
from ringfence.errors import InputRefused
from ringfence.terms import Contested, ContestedKind, DisputeGround, DisputeWay

SPOKEN = (DisputeWay.PHONE, DisputeWay.DOOR)


def declare() -> Room:
    """Where whoever contests is heard."""
    return Room(
        key="disputes",
        title="Disputes",
        clause="2.6",
        place=70,
        purposes=("dispute",),
        table="dispute",
        pages={"": show},
        actions={"/raise": put, "/{number:int}/uphold": uphold, "/{number:int}/reject": reject},
    )


def show(visitor: Visitor, _asked: Asked) -> View:
    """What waits for an answer, then what has one."""
    found = work.list_disputes(visitor.store.desk, scope=visitor.scope("dispute"))
    return View(
        values={
            "disputes": found,
            "now": visitor.now,
            "kinds": list(ContestedKind),
            "grounds": list(DisputeGround),
            "ways": SPOKEN,
        }
    )


def put(visitor: Visitor, asked: Asked) -> Done:
    """What somebody said by phone or at the door."""
    kind, ground, way = asked.text("kind"), asked.text("ground"), asked.text("way")
    if kind not in set(ContestedKind) or ground not in set(DisputeGround) or way not in SPOKEN:
        raise InputRefused("say what is contested, what was said and how; choose one of each")
    dispute = redress.raise_dispute(
        visitor.store,
        Contested(ContestedKind(kind), asked.number("about")),
        ground=DisputeGround(ground),
        way=DisputeWay(way),
        actor=visitor.actor,
        now=visitor.now,
    )
    return Done(to="/disputes", sentence="Dispute {dispute} is open.", values={"dispute": dispute.dispute_id})


def uphold(visitor: Visitor, asked: Asked) -> Done:
    """Whoever contests is right: what stood on it is released now."""
    number = asked.number("number")
    answered = redress.uphold_dispute(visitor.store, number, actor=visitor.actor, now=visitor.now)
    return Done(
        to="/disputes",
        sentence="Dispute {dispute} is upheld: {orders} order(s) and {tasks} task(s) released.",
        values={"dispute": number, "orders": len(answered.orders), "tasks": len(answered.tasks)},
    )


def reject(visitor: Visitor, asked: Asked) -> Done:
    """What was contested is right, and holds again."""
    number = asked.number("number")
    redress.reject_dispute(visitor.store, number, actor=visitor.actor, now=visitor.now)
    return Done(to="/disputes", sentence="Dispute {dispute} is rejected.", values={"dispute": number})
