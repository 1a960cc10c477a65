"""The calls of people. Made from the description of the API by `tools/docs.py`; do not edit."""

from dataclasses import dataclass
from datetime import datetime

from ringfence.client.room import Room, in_path


@dataclass(frozen=True, kw_only=True)
class ProposedMessage:
    """How many people a unit is to tell because of one signal; null where these are too few to be told."""

    signal_id: int
    owner: str
    people: int | None
    proposed_at: datetime


@dataclass(frozen=True, kw_only=True)
class SheetShown:
    """The sheet as one HTML page to print, in both languages."""

    person_no: int
    page: str


@dataclass(frozen=True, kw_only=True)
class ProposedMessages:
    """What the units of one's areas are to tell, the oldest proposal first."""

    rows: list[ProposedMessage]


class PeopleCalls(Room):
    """The calls of people."""

    def write_sheet(self, person_no: int, *, address: str = "") -> SheetShown:
        """What is held about a person, why, who looked, until when, how to contest.

        POST /people/{person_no}/sheets
        """
        return self._ask(SheetShown, "POST", f"/people/{in_path(person_no)}/sheets", None, {"address": address})

    def list_messages(self) -> ProposedMessages:
        """What the units of your areas are to tell those below the cut (GET /proposed-messages)."""
        return self._ask(ProposedMessages, "GET", "/proposed-messages")
