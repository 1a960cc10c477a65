"""Sentences in the reader's language, from gettext catalogues read as they are edited (no compiled copy to forget).

Two kinds of entries share a catalogue: a reason stands under its code with context `reason`; everything else stands
under its English sentence, as gettext does it. English needs entries for reasons only.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from ringfence.terms.reasons import Reason

REASON_CONTEXT = "reason"


class Language(StrEnum):
    """The languages Ringfence speaks."""

    EN = "en"
    ZH = "zh"


@cache
def read_catalogue(language: Language) -> Catalog:
    """The catalogue of a language."""
    with (files(__package__) / "catalogues" / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language.value)


@cache
def _template(language: Language, key: str, context: str | None) -> str:
    message = read_catalogue(language).get(key, context)
    return str(message.string) if message and message.string else key


WORDS = frozenset({"classification", "colour", "disease", "level", "result", "test"})
"""Values of reasons that are codes of the field."""


def say(sentence: str, values: Mapping[str, object], language: Language) -> str:
    """An English sentence in braces form, said in a language with its values filled in."""
    return _template(language, sentence, None).format_map(values)


def say_reason(reason: Reason, language: Language) -> str:
    """A reason as a sentence, the words of the field among its values in the same language."""
    said = {name: _word(str(reason.values[name]), language) for name in WORDS & reason.values.keys()}
    return _template(language, reason.code.value, REASON_CONTEXT).format_map({**reason.values, **said})


def _word(code: str, language: Language) -> str:
    return _template(language, code, None).replace("_", " ") if code else ""
