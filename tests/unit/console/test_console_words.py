"""Every sentence of the console is said in Chinese, with the same values in it."""

import string

import pytest
from console_sentences import in_code, in_templates

from ringfence.console.tour import STOPS
from ringfence.terms import Language
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
