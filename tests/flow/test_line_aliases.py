"""What is known of somebody under one number counts under every other number of theirs (policy 2.3, 2.4)."""

from pathlib import Path

import pytest
from small_town import EPIDEMIOLOGIST, EVENING, NOON, SAID, Town, case, check_in, sample

from ringfence.store import Store, merge_people
from ringfence.terms import AliasKind
from ringfence.watch import read_negatives

LUNCH = ("2022-02-28 12:00", "2022-02-28 13:00")
STRANGER = {"name": "钱来", "phone": "13999990000"}


@pytest.fixture
def town(staffed: Store, tmp_path: Path) -> Town:
    """Somebody nobody knows at the table of a case, listed and followed, and sampled later under a new number."""
    (tmp_path / "files").mkdir()
    town = Town(staffed, tmp_path / "files", now=NOON)
    town.settle()
    town.now = EVENING
    town.receive(
        check_ins=[check_in("wang1", "noodles", *LUNCH), check_in(STRANGER, "noodles", *LUNCH)],
        case_line_list=[case("wang1", "C1", "2022-03-01 18:00", sampled_at="2022-03-01 10:00")],
    )
    town.respond()
    return town


def negatives(town: Town) -> dict[int, int]:
    """How many negatives each person under follow-up has."""
    found = read_negatives(town.store, policy=town.policy(), actor=EPIDEMIOLOGIST, now=town.now)
    return {person: len(taken) for person, taken in found.items()}


def test_a_negative_of_a_number_that_was_merged_counts_for_who_is_watched(town: Town) -> None:
    [(stranger,)] = town.rows("select person_no from visible_follow_up where person_no > 12")
    zhou = town.numbers()["zhou1"]
    town.receive(laboratory_results=[sample("zhou1", "S1", "2022-03-01 16:00", "negative")])
    assert negatives(town) == {}
    town.act(lambda act: merge_people(act, from_no=stranger, to_no=zhou, reason=SAID, kind=AliasKind.PROVISIONAL))
    assert negatives(town) == {stranger: 1}


def test_only_a_negative_for_nucleic_acid_speaks_for_release(town: Town) -> None:
    town.receive(
        laboratory_results=[
            sample("wang2", "S1", "2022-03-01 15:00", "negative", test="antigen"),
            sample("wang2", "S2", "2022-03-01 16:00", "negative"),
        ]
    )
    assert negatives(town) == {town.numbers()["wang2"]: 1}
