"""The sheet *What is held about me* as a page to print, in both languages, with a code to contest by (policy 2.6)."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache, partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from ringfence.account.held import HeldSheet
from ringfence.seal import write_qr_svg
from ringfence.terms import Clock, Language, Reason, say, say_reason

BOTH = (Language.ZH, Language.EN)


def write_held_page(sheet: HeldSheet, *, address: str, clock: Clock, languages: Sequence[Language] = BOTH) -> str:
    """One HTML page, the sheet once in each language; nothing of it is loaded from anywhere.

    `address` is where a link is opened: the text of the link is put behind it.
    """
    codes = {row: write_qr_svg(f"{address}{link}", correction="M") for row, link in sheet.links.items()}
    parts = [{"language": language.value, **_wording(language, clock)} for language in languages]
    return _template().render(sheet=sheet, codes=codes, address=address, parts=parts)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("ringfence.account", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("held.html")


def _wording(language: Language, clock: Clock) -> dict[str, Any]:
    """What a part of the page says things with."""

    def words(sentence: str, **values: object) -> str:
        return say(sentence, values, language)

    def instant(moment: datetime) -> str:
        return f"{moment.astimezone(clock.zone):%Y-%m-%d %H:%M}"

    def reason(given: Reason | None) -> str:
        return "" if given is None else say_reason(given, language)

    def days(first: date | None, last: date | None) -> str:
        return " – ".join(dict.fromkeys(day.isoformat() for day in (first, last) if day is not None))

    return {"words": words, "instant": instant, "reason": reason, "days": days, "word": partial(_word, language)}


def _word(language: Language, code: object) -> str:
    """A code as a word of the language."""
    return say(str(code).replace("_", " "), {}, language)
