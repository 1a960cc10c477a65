"""Figures are put together once a language; each reader's rows are put in beside, and stay out of the next one's."""

import html
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from console_browser import Browser

from ringfence.console.charts.dress import fill
from ringfence.console.charts.reproduction import _figure
from ringfence.terms import Language


def named(part: object) -> Iterator[str]:
    """The data sets that a specification draws from."""
    if isinstance(part, dict):
        if "data" in part:
            assert set(part["data"]) == {"name"}, "a row stands in the figure itself"
            yield part["data"]["name"]
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from named(each)


def in_page(text: str) -> list[dict[str, Any]]:
    found = [html.unescape(spec) for spec in re.findall(r'data-spec="([^"]*)"', text)]
    return [json.loads(spec) for spec in found if spec.startswith("{")]


@pytest.mark.usefixtures("lively")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_figure_names_the_rows_it_is_given_and_no_others(open_browser: Callable[..., Browser], language: str) -> None:
    epidemiologist = open_browser("epidemiologist", language)
    asked = [epidemiologist.get(f"/ring/1/{name}").json() for name in ("curve", "map")]
    drawn = [*asked, *in_page(epidemiologist.get("/ring/1").text)]
    assert len(drawn) == 4
    for figure in drawn:
        rows = figure.pop("datasets")
        assert set(named(figure)) == set(rows)
        assert any(rows.values())


def test_filling_a_figure_leaves_it_without_rows() -> None:
    figure = _figure(Language.EN)
    filled = fill(figure, days=[{"day": "2022-03-01"}], line=[{"one": 1}])
    assert filled["datasets"]["days"]
    assert "datasets" not in figure
    assert _figure(Language.EN) is figure
    assert _figure(Language.ZH) != figure, "each language has its own words"
