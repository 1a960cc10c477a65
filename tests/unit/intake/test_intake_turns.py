"""The order in which files that come together are taken in."""

from itertools import permutations
from pathlib import Path

import pytest

from ringfence.feeds import list_formats, read_format
from ringfence.intake import Delivery, links_people
from ringfence.intake.turns import take_turns
from ringfence.policy import read_defaults


def turns(*names: str) -> list[list[str]]:
    deliveries = [Delivery(name, Path(f"{name}.csv")) for name in names]
    return [[one.declared.name for one in turn] for turn in take_turns(deliveries, {}, read_defaults())]


@pytest.mark.parametrize("names", list(permutations(["case_routes", "case_line_list", "resident_register"])))
def test_what_may_name_something_waits_until_that_is_in_however_it_was_sent(names: tuple[str, ...]) -> None:
    assert turns(*names) == [["resident_register"], ["case_line_list"], ["case_routes"]]


def test_files_of_one_turn_stay_in_the_order_they_were_sent_in() -> None:
    assert turns("check_ins", "places", "case_line_list", "check_ins", "duty_roster") == [
        ["places", "duty_roster"],
        ["check_ins", "case_line_list", "check_ins"],
    ]


def test_every_format_has_a_turn_by_itself_and_a_register_is_not_linked() -> None:
    policy = read_defaults()
    for name in list_formats():
        assert turns(name) == [[name]]
    linked = {name for name in list_formats() if links_people(read_format(name, policy=policy))}
    assert {"check_ins", "laboratory_results", "case_line_list"} <= linked
    assert not {"resident_register", "places", "duty_roster"} & linked
