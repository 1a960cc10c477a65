"""Every sentence of the console is said in Chinese, with the same values in it."""

import string
from datetime import date
from enum import StrEnum

import pytest
from console_sentences import in_code, in_templates

from ringfence import terms
from ringfence.console.tour import STOPS
from ringfence.feeds import Punctuality, list_formats, read_format
from ringfence.plugins import find_plugins
from ringfence.policy import read_defaults, show_policy
from ringfence.terms import Language, ReasonCode, day_number
from ringfence.terms.language import read_catalogue

SENTENCES = sorted(in_templates() | in_code() | {sentence for _, sentence in STOPS})


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_the_search_finds_them() -> None:
    assert {"Waiting for you", "Signal {signal} is {status}.", "tasks past their deadline"} <= set(SENTENCES)
    assert len(SENTENCES) > 200


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_is_said_in_chinese(sentence: str) -> None:
    message = read_catalogue(Language.ZH).get(sentence)
    assert message is not None, sentence
    assert message.string, sentence
    assert placeholders(str(message.string)) == placeholders(sentence)


def codes() -> set[str]:
    """What pages say in one word: every enumeration of the terms, formats with their departments, rules and units."""
    enumerations = [one for one in vars(terms).values() if isinstance(one, type) and issubclass(one, StrEnum)]
    said = {str(code) for one in enumerations if one not in {Language, ReasonCode} for code in one}
    policy = read_defaults()
    formats = [read_format(name, policy=policy) for name in list_formats()]
    return (
        said
        | {*list_formats(), *policy.purposes, *policy.protocols, *Punctuality}
        | {one.contract.department for one in formats}
        | {row.unit for row in show_policy(policy, on=day_number(date(2022, 3, 1))) if row.unit}
        | find_plugins("ringfence.trace.rules", "trace_rule").keys()
    )


@pytest.mark.parametrize("code", sorted(codes()))
def test_a_word_is_said_in_chinese(code: str) -> None:
    message = read_catalogue(Language.ZH).get(code)
    assert message is not None, code
    assert message.string, code
