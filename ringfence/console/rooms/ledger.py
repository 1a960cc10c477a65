"""Ledger: who did and who looked, each line bound to the one before (policy 6.4)."""

from ringfence import stewardship
from ringfence.access import check_can
from ringfence.console.asked import Asked
from ringfence.console.lists import read_list
from ringfence.console.room import Done, Room, View
from ringfence.console.visitor import Visitor
from ringfence.policy import Permission
from ringfence.store import EVERYWHERE, LEDGER, Act


def declare() -> Room:
    """For auditors, whose own look is a line too."""
    return Room(
        key="ledger",
        title="Ledger",
        clause="6.4",
        place=140,
        purposes=("audit",),
        table="ledger",
        pages={"": show},
        actions={"/verify": verify, "/heads": sign_heads},
    )


def show(visitor: Visitor, asked: Asked) -> View:
    """Its lines, the newest first; what is sealed in them stays sealed."""
    visitor.act(_look)
    found = read_list(visitor, asked, LEDGER, scope=visitor.scope("audit"))
    return View(values={"list": found})


def verify(visitor: Visitor, _asked: Asked) -> Done:
    """Every line recomputed; LedgerBroken says where it does not hold."""
    visitor.act(_check_verify)
    heads = stewardship.verify_ledger(visitor.store, witnessed=(), now=visitor.now)
    lines = sum(head.seq for head in heads)
    return Done(to="/ledger", sentence="Every one of {count} lines holds.", values={"count": lines})


def sign_heads(visitor: Visitor, _asked: Asked) -> Done:
    """Heads for a second custodian: with one kept elsewhere, a ledger cut short is noticed."""
    visitor.act(_check_verify)
    [head, *_] = stewardship.sign_heads(visitor.store, actor=visitor.actor, now=visitor.now)
    return Done(to="/ledger", sentence="Hand this head to the second custodian: {head}", values={"head": head})


def _look(act: Act) -> None:
    check_can(act, Permission.LEDGER_READ, area_path=EVERYWHERE)
    act.note("ledger.read")


def _check_verify(act: Act) -> None:
    check_can(act, Permission.LEDGER_VERIFY, area_path=EVERYWHERE)
    act.note("ledger.verified")
