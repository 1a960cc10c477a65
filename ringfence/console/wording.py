"""How days, numbers, areas and reasons are written for a reader, in their language and the deployment's zone."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from babel.dates import format_skeleton, format_time
from babel.numbers import format_decimal, format_percent

from ringfence.console.visitor import Visitor
from ringfence.terms import Reason, calendar_day, from_us, say_reason

DAY, MINUTE = "MMMd", "HH:mm"

SMALL, TENTHS = 0.05, "0.0%"
"""Below which share whole percents would say too little."""

DAYS = frozenset({"day"})
"""Values of reasons that are days, kept as ISO dates."""


class Wording:
    """What templates write values with."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor
        self._locale = "zh_Hans_CN" if visitor.language == "zh" else "en_GB"

    def names(self) -> dict[str, Callable[..., Any]]:
        """Every function by the name that templates call it by."""
        return {
            "words": self._visitor.say,
            "word": self.word,
            "day": self.day,
            "instant": self.instant,
            "number": self.number,
            "share": self.share,
            "area": self.area,
            "way": self.way,
            "reason": self.reason,
            "person": self.person,
            "options": self.options,
        }

    def word(self, code: object) -> str:
        """One word of the field, such as a status or a kind."""
        key = str(code)
        return self._visitor.say(key).replace("_", " ")

    def options(self, codes: Iterable[object]) -> list[tuple[str, str]]:
        """Codes with their words, for a field to choose from."""
        return [(str(code), self.word(code)) for code in codes]

    def day(self, day: date | int | None) -> str:
        """A day, or its local day number, as a short date."""
        if day is None:
            return ""
        found = calendar_day(day) if isinstance(day, int) else day
        return str(format_skeleton(DAY, found, locale=self._locale))

    def instant(self, moment: datetime | int | None) -> str:
        """An instant, or microseconds of one, as day and minute of the deployment's zone."""
        if moment is None:
            return ""
        zone = self._visitor.store.clock.zone
        found = moment if isinstance(moment, datetime) else from_us(moment)
        local = found.astimezone(zone)
        return f"{self.day(local.date())} {format_time(local, MINUTE, locale=self._locale)}"

    def number(self, value: float) -> str:
        """A number with its thousands apart."""
        return str(format_decimal(value, locale=self._locale))

    def share(self, part: float, whole: float) -> str:
        """A share in percent, with a decimal where it is small; a dash where there was nothing to judge."""
        if not whole:
            return "–"
        pattern = TENTHS if 0 < part / whole < SMALL else None
        return str(format_percent(part / whole, pattern, locale=self._locale))

    def area(self, path: str) -> str:
        """The name of the area a path leads to."""
        code = path.rstrip("/").rpartition("/")[2]
        found = self._visitor.hierarchy.get(code)
        return found.name if found else code or self._visitor.say("everywhere")

    def way(self, path: str) -> str:
        """The names of the areas down to the one a path leads to, the top one left out where there is another."""
        codes = path.strip("/").split("/")
        found = [self._visitor.hierarchy[code].name for code in codes[1:] or codes if code in self._visitor.hierarchy]
        return " · ".join(found) or self._visitor.say("everywhere")

    def reason(self, reason: Reason | str | None) -> str:
        """A reason, or the JSON a store keeps of it, as a sentence."""
        if not reason:
            return ""
        found = _read_reason(reason) if isinstance(reason, str) else reason
        days = {name: self.day(date.fromisoformat(str(found.values[name]))) for name in DAYS & found.values.keys()}
        return say_reason(Reason(found.code, {**found.values, **days}), self._visitor.language)

    def person(self, subject: Any) -> str:  # noqa: ANN401 - a Subject, or the kind and key of a row
        """Whom or what something is about: the kind and its number, never a name."""
        kind, key = (subject.kind, subject.key) if hasattr(subject, "kind") else subject
        return f"{self.word(kind)} {key}"


@lru_cache(maxsize=4096)
def _read_reason(text: str) -> Reason:
    return Reason.from_json(text)
