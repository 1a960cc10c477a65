"""The demo's parts: a policy with a rule left out is whole, and a folder's files come in a readable order."""

from pathlib import Path

import pytest

from ringfence.cli.demo import leave_out
from ringfence.cli.receiving import find_deliveries
from ringfence.errors import FeedRejected
from ringfence.policy import read_defaults, read_text


@pytest.mark.parametrize("rules", [["same_place"], ["household"], ["same_place", "household", "near_in_place_and_day"]])
def test_a_policy_without_a_rule_is_still_a_whole_policy(rules: list[str]) -> None:
    left = leave_out(read_defaults(), rules)
    assert read_text(left.text).digest == left.digest  # reading checks it against itself
    for disease in left.protocols.values():
        for edition in disease.editions.values():
            assert not set(rules) & set(edition.rules)


def test_files_are_known_by_how_their_names_begin_and_a_day_is_a_day(tmp_path: Path) -> None:
    for name in ("check_ins_2022-03-01", "check_ins_2022-03-02", "places", "case_routes_2022-03-01", "notes"):
        (tmp_path / f"{name}.csv").touch()
    assert [one.path.stem for one in find_deliveries(tmp_path)] == [
        "case_routes_2022-03-01",
        "check_ins_2022-03-01",
        "check_ins_2022-03-02",
        "places",
    ]
    [route, only] = find_deliveries(tmp_path, day="2022-03-01")
    assert (only.format, route.format) == ("check_ins", "case_routes")


def test_a_folder_without_known_files_and_a_word_that_is_neither_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FeedRejected, match=r"name them FORMAT_DAY\.csv"):
        find_deliveries(tmp_path)
    with pytest.raises(FeedRejected, match="name a format of"):
        find_deliveries(tmp_path / "chek_ins")
