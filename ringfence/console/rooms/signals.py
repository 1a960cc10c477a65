"""Signals: verified, dismissed, reopened or withdrawn by a named person with a reason (policy 2.2)."""

from collections.abc import Callable
from functools import partial

from ringfence import flow, signals
from ringfence.console.asked import Asked
from ringfence.console.lists import read_list
from ringfence.console.room import Done, Room, View
from ringfence.console.visitor import Visitor
from ringfence.errors import InputRefused
from ringfence.store import Act
from ringfence.terms import Reason, ReasonCode, Signal, SignalKind, SignalStatus

GROUNDS = (
    ReasonCode.CONFIRMED_BY_LABORATORY,
    ReasonCode.CONFIRMED_BY_CLINICIAN,
    ReasonCode.SAMPLE_MIXED_UP,
    ReasonCode.RETEST_NEGATIVE,
    ReasonCode.KNOWN_ALREADY,
    ReasonCode.DECIDED_ON_DOCUMENT,
)
"""Why a signal is decided on: codes, so that no name can slip in; a document is named by its number."""

LONGEST_DOCUMENT = 60


def declare() -> Room:
    """Where nothing starts without somebody's word, and nothing ends silently."""
    decisions: dict[str, Callable[..., Signal]] = {
        "verify": signals.verify_signal,
        "reopen": signals.reopen_signal,
    }
    return Room(
        key="signals",
        title="Signals",
        clause="2.2",
        place=20,
        purposes=("verification",),
        table="signal",
        pages={"": show},
        actions={
            **{f"/{{number:int}}/{name}": partial(decide, decision) for name, decision in decisions.items()},
            "/{number:int}/dismiss": dismiss,
            "/{number:int}/withdraw": withdraw,
        },
    )


def show(visitor: Visitor, asked: Asked) -> View:
    """The list, with what may be done about each."""
    scope = visitor.scope("verification")
    values = {
        "list": read_list(visitor, asked, signals.SIGNALS, scope=scope, usual={"waiting": "yes"}),
        "kinds": list(SignalKind),
        "statuses": list(SignalStatus),
        "grounds": [Reason.of(code, document="…") if _needs_document(code) else Reason.of(code) for code in GROUNDS],
        "sees_rings": "tracing" in visitor.purposes,
    }
    return View(values=values)


def decide(decision: Callable[..., Signal], visitor: Visitor, asked: Asked) -> Done:
    """One step of a signal's life."""
    reason, number = read_ground(asked), asked.number("number")
    done = visitor.act(lambda act: _decide(act, decision, number, reason))
    return Done(
        to="/signals",
        sentence="Signal {signal} is {status}.",
        values={"signal": number, "status": visitor.say(done.status)},
    )


def dismiss(visitor: Visitor, asked: Asked) -> Done:
    """It is not real: whoever was held or asked because of it alone is let go."""
    number = asked.number("number")
    tasks = flow.dismiss(visitor.store, number, reason=read_ground(asked), actor=visitor.actor, now=visitor.now)
    return Done(
        to="/signals?status=dismissed",
        sentence="Signal {signal} is dismissed; {count} tasks that only it justified were withdrawn with it.",
        values={"signal": number, "count": len(tasks)},
    )


def withdraw(visitor: Visitor, asked: Asked) -> Done:
    """It was wrong after all: what only it justified is released."""
    number = asked.number("number")
    tasks = flow.withdraw(visitor.store, number, reason=read_ground(asked), actor=visitor.actor, now=visitor.now)
    return Done(
        to="/signals?status=withdrawn",
        sentence="Signal {signal} is withdrawn; {count} tasks that only it justified were withdrawn with it.",
        values={"signal": number, "count": len(tasks)},
    )


def read_ground(asked: Asked) -> Reason:
    """The reason chosen; InputRefused without one, or without the number of the document it speaks of."""
    code, document = asked.text("ground"), asked.text("document")
    if code not in GROUNDS:
        raise InputRefused("a decision needs a reason; choose one")
    if not _needs_document(ReasonCode(code)):
        return Reason.of(ReasonCode(code))
    if not 1 <= len(document) <= LONGEST_DOCUMENT:
        raise InputRefused("name the document by its number, in up to {most} characters", most=LONGEST_DOCUMENT)
    return Reason.of(ReasonCode(code), document=document)


def _needs_document(code: ReasonCode) -> bool:
    return code is ReasonCode.DECIDED_ON_DOCUMENT


def _decide(act: Act, decision: Callable[..., Signal], number: int, reason: Reason) -> Signal:
    return decision(act, number, reason=reason)
