"""Looks: a share of all looks at people, drawn at random every week, judged by somebody else (policy 6.4)."""

import secrets

from ringfence import redress
from ringfence.console.asked import Asked
from ringfence.console.room import Done, Room, View
from ringfence.console.visitor import Visitor

SEED_BITS = 63


def declare() -> Room:
    """For auditors, who see that somebody looked and for what, and never at whom."""
    return Room(
        key="looks",
        title="Looks",
        clause="6.4",
        place=145,
        purposes=("audit",),
        table="ledger",
        pages={"": show},
        actions={
            "/draw": draw,
            "/{number:int}/justified": justify,
            "/{number:int}/not-justified": refuse,
        },
    )


def show(visitor: Visitor, _asked: Asked) -> View:
    """The looks that wait to be judged."""
    found = redress.list_reviews(visitor.store, actor=visitor.actor, now=visitor.now)
    return View(values={"looks": found})


def draw(visitor: Visitor, _asked: Asked) -> Done:
    """Draw among the looks of the last whole week; the seed goes on the ledger, so that anybody can draw again."""
    seed = secrets.randbits(SEED_BITS)
    count = redress.draw_reviews(visitor.store, seed=seed, actor=visitor.actor, now=visitor.now)
    return Done(to="/looks", sentence="{count} look(s) drawn with seed {seed}.", values={"count": count, "seed": seed})


def justify(visitor: Visitor, asked: Asked) -> Done:
    """It served the duty it named."""
    return _answer(visitor, asked, is_justified=True)


def refuse(visitor: Visitor, asked: Asked) -> Done:
    """It served no duty: it becomes a finding."""
    return _answer(visitor, asked, is_justified=False)


def _answer(visitor: Visitor, asked: Asked, *, is_justified: bool) -> Done:
    number = asked.number("number")
    redress.answer_review(visitor.store, number, is_justified=is_justified, actor=visitor.actor, now=visitor.now)
    return Done(to="/looks", sentence="Look {look} is reviewed.", values={"look": number})
