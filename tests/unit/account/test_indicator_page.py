"""The page of indicators: current, and said in both languages."""

from pathlib import Path

import pytest

from ringfence.account import Indicator, read_indicators, write_page
from ringfence.account.page import HEADING, OPENING
from ringfence.policy import Policy, read_defaults
from ringfence.terms import Language, say

PAGE = Path(__file__).parents[3] / "docs" / "indicators.md"
INDICATORS = read_indicators().values()


def by_key(indicator: Indicator) -> str:
    return indicator.key


def test_the_page_in_the_docs_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == write_page(Language.EN)


@pytest.mark.parametrize("indicator", INDICATORS, ids=by_key)
def test_every_sentence_of_an_indicator_is_said_in_chinese(indicator: Indicator) -> None:
    for sentence in (indicator.title, indicator.numerator, indicator.denominator, indicator.clock, HEADING, OPENING):
        assert say(sentence, {}, Language.ZH) != sentence


@pytest.mark.parametrize("indicator", INDICATORS, ids=by_key)
def test_an_indicator_cites_a_clause_and_a_limit_that_exist(indicator: Indicator) -> None:
    shipped = read_defaults()
    assert indicator.clause in shipped.clauses
    assert not indicator.limit or Policy(shipped, 19_052).clause(indicator.limit)


def test_an_indicator_is_called_like_its_file() -> None:
    assert [indicator.key for indicator in INDICATORS] == list(read_indicators())
