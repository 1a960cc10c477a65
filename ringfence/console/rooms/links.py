"""Links: pairs not certain enough to act on, side by side, decided by somebody and undone as easily (policy 2.6)."""

from collections.abc import Mapping, Sequence
from typing import Any

from ringfence import link
from ringfence.console.asked import Asked
from ringfence.console.room import Done, Room, View
from ringfence.console.visitor import Visitor
from ringfence.link import Verdict
from ringfence.store import Act

MOST = 100
"""Lines of a list: of the open pairs the likeliest, of the decisions the last."""


def declare() -> Room:
    """For the data steward, whose decision two numbers wait for."""
    return Room(
        key="links",
        title="Links",
        clause="2.6",
        place=105,
        purposes=("linking",),
        table="person_alias",
        pages={"": show, "/{number:int}": show_pair},
        actions={
            "/{number:int}/same": confirm,
            "/{number:int}/different": deny,
            "/{number:int}/undo": undo,
        },
    )


def show(visitor: Visitor, _asked: Asked) -> View:
    """The open pairs by number, the last decisions, and what the model stated held against them."""

    def read(act: Act) -> dict[str, object]:
        return {
            "reviews": link.list_reviews(act, most=MOST),
            "decided": link.list_decided(act, most=MOST),
            "bands": link.read_calibration(act),
        }

    return View(values={**visitor.act(read), "pair": None})


def show_pair(visitor: Visitor, asked: Asked) -> View:
    """One pair; what is written of both only while it is open, and then the look stands on the ledger first."""
    number = asked.number("number")
    pair = visitor.act(lambda act: link.read_review(act, number))
    fields = _open_both(visitor, pair) if pair["status"] == "open" else []
    return View(values={"pair": pair, "fields": fields})


def confirm(visitor: Visitor, asked: Asked) -> Done:
    """The two numbers are one person."""
    number = _decide(visitor, asked, Verdict.SAME)
    return Done(to="/links", sentence="Pair {review}: the same person.", values={"review": number})


def deny(visitor: Visitor, asked: Asked) -> Done:
    """The two numbers are two people."""
    number = _decide(visitor, asked, Verdict.DIFFERENT)
    return Done(to="/links", sentence="Pair {review}: two people.", values={"review": number})


def undo(visitor: Visitor, asked: Asked) -> Done:
    """Take a decision back: both numbers are who they were, and the pair waits again."""
    number = asked.number("number")
    visitor.act(lambda act: link.undo_review(act, number))
    return Done(to=f"/links/{number}", sentence="Pair {review} is open again.", values={"review": number})


def _decide(visitor: Visitor, asked: Asked, verdict: Verdict) -> int:
    number = asked.number("number")
    visitor.act(lambda act: link.decide_review(act, number, verdict=verdict))
    return number


def _open_both(visitor: Visitor, pair: Mapping[str, Any]) -> Sequence[Mapping[str, str]]:
    numbers = [pair["person_no"], pair["candidate_no"]]
    people = visitor.store.read_people(
        numbers, purpose=visitor.purpose("linking"), actor=visitor.actor, now=visitor.now
    )
    return link.show_pair(pair, people)
