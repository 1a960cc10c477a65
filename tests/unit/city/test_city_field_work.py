import csv
from datetime import date
from pathlib import Path

import pytest

from ringfence.city import field_answers
from ringfence.terms import DayStatus

COLUMNS = ["true_id", "infected_at", "infector_true_id", "place_id", "infectious_from", "kernel", "onset_date"]
DAY = date(2022, 3, 10)
EVERYBODY = list(range(1, 5_001))


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    """1 to 2,000 fell ill two days ago, 2,001 to 3,000 never did, 3,001 to 4,000 will tomorrow; the rest is healthy."""
    onsets = dict.fromkeys(range(1, 2_001), "2022-03-08") | dict.fromkeys(range(2_001, 3_001), "")
    onsets |= dict.fromkeys(range(3_001, 4_001), "2022-03-11")
    with (tmp_path / "infections.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(COLUMNS)
        lines.writerows(
            [one, "2022-03-05 10:00", "", "", "2022-03-07 10:00", "droplet", onset] for one, onset in onsets.items()
        )
    return tmp_path


def share(answers: list[str], status: DayStatus) -> float:
    return answers.count(status.value) / len(answers)


def test_the_ill_are_mostly_found_ill_and_the_rest_mostly_well(truth: Path) -> None:
    answers = field_answers(truth, true_ids=EVERYBODY, day=DAY, seed=1)
    assert share(answers[:2_000], DayStatus.SEEN_NOT_OK) > 0.75
    assert share(answers[2_000:], DayStatus.SEEN_NOT_OK) < 0.02
    assert share(answers[2_000:], DayStatus.SEEN_OK) > 0.85


def test_some_are_not_at_home_and_some_hardly_ever(truth: Path) -> None:
    days = [field_answers(truth, true_ids=EVERYBODY, day=date(2022, 3, day), seed=1) for day in range(1, 8)]
    missed = [sum(day[one] == DayStatus.MISSED for day in days) for one in range(len(EVERYBODY))]
    assert 0.02 < share(days[0], DayStatus.MISSED) < 0.12
    assert sum(count >= 3 for count in missed) > 0.02 * len(missed)


def test_the_same_person_gives_the_same_answer_whoever_else_is_asked(truth: Path) -> None:
    answers = field_answers(truth, true_ids=EVERYBODY, day=DAY, seed=1)
    backwards = field_answers(truth, true_ids=EVERYBODY[::-1], day=DAY, seed=1)
    assert backwards[::-1] == answers
    assert field_answers(truth, true_ids=[17], day=DAY, seed=1) == [answers[16]]
    assert field_answers(truth, true_ids=EVERYBODY, day=DAY, seed=2) != answers
    assert field_answers(truth, true_ids=[], day=DAY, seed=1) == []


def test_an_illness_passes(truth: Path) -> None:
    assert share(field_answers(truth, true_ids=EVERYBODY, day=date(2022, 3, 25), seed=1), DayStatus.SEEN_NOT_OK) < 0.02
