"""Protocols that contradict themselves, and the one sentence that says what, where and what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ringfence.errors import PolicyRefused
from ringfence.policy import read_folder

Refusal = Callable[[str, str, str], str]

MERS = "protocols/mers.yaml: editions: 2013-07-01"

SPOILT = {
    "an unknown rule": (
        "protocols/mers.yaml",
        "      hotel: {}\n",
        "      horoscope: {}\n",
        f"{MERS}: rules: horoscope is no declared rule; correct it or declare it in rules.yaml",
    ),
    "an unknown rule parameter": (
        "protocols/mers.yaml",
        "      hotel: {}\n",
        "      hotel: {parameters: {stars: 3}}\n",
        f"{MERS}: rules: hotel has the parameter stars, which the rule does not know; remove it or correct it",
    ),
    "a missing rule parameter": (
        "protocols/mers.yaml",
        "parameters: {metres: 500, days: 1}",
        "parameters: {metres: 500}",
        f"{MERS}: rules: near_in_place_and_day lacks the parameter days; add it",
    ),
    "a second ring by venue": (
        "protocols/mers.yaml",
        "      same_place: {}\n",
        "      same_place: {second_ring: true}\n",
        (
            f"{MERS}: rules: same_place carries a second ring, which this rule may not: it would list a third "
            "of a city; remove it"
        ),
    ),
    "an unknown measure": (
        "protocols/mers.yaml",
        "        visit: [{measure: home_quarantine, days: 14}]",
        "        visit: [{measure: prison, days: 14}]",
        (
            f"{MERS}: first_ring: measures: visit: 1: measure: 'prison' is not known here; correct it, "
            "perhaps to one of isolation, home_quarantine, health_monitoring"
        ),
    ),
    "a measure longer than the follow-up": (
        "protocols/mers.yaml",
        "        visit: [{measure: home_quarantine, days: 14}]",
        "        visit: [{measure: home_quarantine, days: 15}]",
        f"{MERS}: first_ring: the measures of visit outlast its follow-up of 14 days; lengthen that",
    ),
    "a tier left out": (
        "protocols/mers.yaml",
        "        visit: [{measure: home_quarantine, days: 14}]\n",
        "",
        f"{MERS}: first_ring says nothing about visit; add it, or an empty list",
    ),
    "a test day outside its measure": (
        "protocols/mers.yaml",
        "        visit: [{measure: home_quarantine, days: 14}]",
        "        visit: [{measure: home_quarantine, days: 14, test_days: [15]}]",
        f"{MERS}: first_ring: measures: visit: 1: a test day lies outside the measure's 14 days; correct it",
    ),
    "test days out of order": (
        "protocols/mers.yaml",
        "        visit: [{measure: home_quarantine, days: 14}]",
        "        visit: [{measure: home_quarantine, days: 14, test_days: [7, 4]}]",
        f"{MERS}: first_ring: measures: visit: 1: the test days are not in order; put them in order",
    ),
    "an incubation whose mean lies outside its range": (
        "protocols/mers.yaml",
        "mean_days: 6.9",
        "mean_days: 16.9",
        f"{MERS}: incubation: the mean must lie between the shortest and the longest; correct it",
    ),
    "a date without a window": (
        "protocols/mers.yaml",
        "      sampling: {days_before: 2, days_after: 21}   # onset unknown or none: chosen\n",
        "",
        f"{MERS} has no infectious window by sampling; add it",
    ),
    "a window that an unknown onset narrows": (
        "protocols/mers.yaml",
        "onset: {days_before: 0, days_after: 21}",
        "onset: {days_before: 3, days_after: 21}",
        f"{MERS}: the window by sampling begins later than by onset; let it begin as early or earlier",
    ),
}


@pytest.mark.parametrize(("file", "old", "new", "sentence"), SPOILT.values(), ids=SPOILT.keys())
def test_a_spoilt_protocol_is_refused_in_one_sentence(
    refusal: Refusal, file: str, old: str, new: str, sentence: str
) -> None:
    assert refusal(file, old, new) == sentence


def test_a_second_ring_without_a_plan_is_refused(folder: Path) -> None:
    path = folder / "protocols" / "mers.yaml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("    second_ring:    #"), text.index("    case_release:")
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    with pytest.raises(
        PolicyRefused, match=r"a second ring needs both a plan and a rule that carries it; add the other"
    ):
        read_folder(folder)
