"""A value of a policy text with the place it stands at, so that every refusal says where."""

from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeAlias, TypeVar

from ringfence.errors import PolicyRefused

Scalar: TypeAlias = str | int | float
"""What a dated number can be."""

Word = TypeVar("Word", bound=StrEnum)

SHOWN = 60  # characters of a wrong value that a refusal repeats
NEAREST = 3  # known words that it offers instead
MOST = 1_000_000_000  # no policy counts further, and days and hours beyond it have no date


@dataclass(frozen=True)
class Entry:
    """A value as it was read, and where: `gates.yaml: gate.test_max_age_hours: values`."""

    value: object
    where: str

    def under(self, name: str) -> "Entry":
        """The value under a name; KeyError when there is none."""
        return self.items()[name]

    def items(self) -> dict[str, "Entry"]:
        """The named values of a table, in the order of the text."""
        if not isinstance(self.value, dict):
            raise self.refuse("{where} must be a table of names and values, not {found}; correct it")
        return {name: self._part(name, value) for name, value in self.value.items()}

    def elements(self) -> list["Entry"]:
        """The values of a list."""
        if not isinstance(self.value, list):
            raise self.refuse("{where} must be a list, not {found}; correct it")
        return [self._part(str(place), value) for place, value in enumerate(self.value, start=1)]

    def _part(self, name: str, value: object) -> "Entry":
        return value if isinstance(value, Entry) else Entry(value, f"{self.where}: {name}")

    def text(self) -> str:
        """A text that is not empty."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.refuse("{where} must be text, not {found}; correct it")
        return self.value

    def integer(self) -> int:
        """A whole number from zero."""
        if not isinstance(self.value, int) or isinstance(self.value, bool) or not 0 <= self.value <= MOST:
            raise self.refuse("{where} must be a whole number from zero to a billion, not {found}; correct it")
        return self.value

    def number(self) -> float:
        """A number from zero."""
        if not isinstance(self.value, int | float) or isinstance(self.value, bool) or not 0 <= self.value <= MOST:
            raise self.refuse("{where} must be a number from zero to a billion, not {found}; correct it")
        return float(self.value)

    def truth(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            raise self.refuse("{where} must be true or false, not {found}; correct it")
        return self.value

    def day(self) -> date:
        """A calendar day, written as in ISO 8601."""
        try:
            day = date.fromisoformat(self.text())
        except ValueError:
            day = None
        if day is None or day.isoformat() != self.value:  # one day, one way of writing it
            raise self.refuse("{where} must be a day such as 2022-06-28, not {found}; correct it")
        return day

    def scalar(self) -> Scalar:
        """A text or a number; which of the two is right, its unit says. A number without a fraction comes whole."""
        if isinstance(self.value, str):
            return self.text()
        number = self.number()
        return int(number) if number.is_integer() else number

    def word(self, words: type[Word]) -> Word:
        """One of the words of an enumeration."""
        try:
            return words(str(self.value))
        except ValueError as error:
            nearest = get_close_matches(str(self.value), [word.value for word in words], n=NEAREST, cutoff=0)
            raise self.refuse(
                "{where}: {found} is not known here; correct it, perhaps to one of {nearest}",
                nearest=", ".join(nearest),
            ) from error

    def refuse(self, sentence: str, **values: object) -> PolicyRefused:
        """The refusal of this value, ready to be raised: `{where}` and `{found}` are filled in."""
        return PolicyRefused(sentence, where=self.where, found=repr(self.value)[:SHOWN], **values)
