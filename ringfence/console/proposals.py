"""What a second officer says to a proposal, in whichever room it stands (policy 2.6)."""

from ringfence import access, stewardship
from ringfence.console.asked import Asked
from ringfence.console.room import Action, Done
from ringfence.console.visitor import Visitor


def approve_in(room: str) -> Action:
    """The action that says yes, with the password once more, and leads back to a room."""

    def approve(visitor: Visitor, asked: Asked) -> Done:
        number = asked.number("number")
        stewardship.approve(
            visitor.store,
            number,
            password=asked.text("password"),
            address=asked.address,
            actor=visitor.actor,
            now=visitor.now,
        )
        return Done(to=room, sentence="Proposal {number} is approved.", values={"number": number})

    return approve


def decline_in(room: str) -> Action:
    """The action that says no, and leads back to a room."""

    def decline(visitor: Visitor, asked: Asked) -> Done:
        number = asked.number("number")
        visitor.act(lambda act: access.decline(act, number))
        return Done(to=room, sentence="Proposal {number} is declined.", values={"number": number})

    return decline
