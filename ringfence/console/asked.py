"""What a page or an action was asked: the values of its path, its address and its form, read strictly."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from starlette.datastructures import ImmutableMultiDict, UploadFile

from ringfence.errors import InputRefused
from ringfence.terms import day_number

PASSING = frozenset({"after", "language", "tour"})
"""What an address says of one page only, and not of the list."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Values by name; whoever reads one says what it must be, and InputRefused answers anything else.

    `at` is the page's own path, `origin` the scheme and host it was asked at, `address` the network address of whoever
    asks.
    """

    at: str = ""
    origin: str = ""
    address: str = ""
    path: Mapping[str, object] = field(default_factory=dict)
    given: ImmutableMultiDict[str, str | UploadFile] = field(default_factory=ImmutableMultiDict)

    def has(self, name: str) -> bool:
        """Whether something was given under a name."""
        return bool(self.given.get(name))

    def has_file(self, name: str) -> bool:
        """Whether a file was chosen under a name; a browser sends an empty one where none was."""
        found = self.given.get(name)
        return isinstance(found, UploadFile) and bool(found.filename)

    def onward(self, **values: str) -> str:
        """The same address with some values of its query put in place of others."""
        kept = {name: text for name, text in self.given.items() if isinstance(text, str) and name not in PASSING}
        return f"{self.at}?{urlencode({name: text for name, text in {**kept, **values}.items() if text})}"

    def back(self, room: str) -> str:
        """Where a form came from, within its room; the room itself where it does not say."""
        found = self.text("back")
        return found if found == room or found.startswith((f"{room}?", f"{room}/")) else room

    def number(self, name: str) -> int:
        """A whole number that has to be there."""
        found = self.path.get(name, self.given.get(name, ""))
        return _whole(name, str(found))

    def numbers(self, name: str) -> list[int]:
        """The numbers ticked; InputRefused when there are none."""
        found = [_whole(name, str(each)) for each in self.given.getlist(name)]
        if not found:
            raise InputRefused("nothing was chosen; tick at least one line")
        return found

    def text(self, name: str, *, default: str = "") -> str:
        """A text without the blanks around it."""
        found = self.given.get(name, default)
        return found.strip() if isinstance(found, str) else default

    def day(self, name: str) -> int | None:
        """A local day number from an ISO date; None where none was given."""
        found = self.text(name)
        try:
            return day_number(date.fromisoformat(found)) if found else None
        except ValueError as error:
            raise InputRefused("'{text}' is no day; write it as 2022-03-01", text=found) from error

    def file(self, name: str) -> UploadFile:
        """An uploaded file; InputRefused without one."""
        found = self.given.get(name)
        if not isinstance(found, UploadFile) or not found.filename:
            raise InputRefused("no file was chosen; choose one and send it again")
        return found


def _whole(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:  # noqa: PLR2004 - digits that every database keeps
        raise InputRefused("{name} must be a number", name=name)
    return int(text)
