"""Whom to reach first, and what a cut is expected to miss."""

from datetime import date
from math import exp

import pyarrow as pa
import pytest
from trace_records import homes, join, residences, see, visits

from ringfence.policy import Policy, SerialInterval, read_defaults
from ringfence.terms import day_number
from ringfence.trace import (
    REASONS,
    Urgency,
    Weighing,
    expect_missed,
    find_chances,
    put_urgency,
    read_facts,
    read_urgency,
    read_weighing,
)

TODAY = 19_060
INTERVAL = SerialInterval(mean_days=4, sd_days=2, source="a test")
WEIGHING = Weighing(hazard=0.01, unseen_share=0.2)
URGENCY = Urgency(weighing=WEIGHING, interval=INTERVAL, harm={"ward": 3.0, "antenatal": 2.0}, few_visits=2)


def exposed(*rows: tuple[float, int, str | None, int]) -> list[dict[str, object]]:
    """Weight, days since the last exposure, kinds of harm, visits; with what follows from them."""
    columns = {
        "weight": pa.array([row[0] for row in rows], pa.float64()),
        "last_day": pa.array([TODAY - row[1] for row in rows], pa.int32()),
        "harm_kinds": pa.array([row[2] for row in rows], pa.string()),
        "visits": pa.array([row[3] for row in rows], pa.int64()),
    }
    return put_urgency(pa.table(columns), urgency=URGENCY, today=TODAY).to_pylist()


def priorities(*rows: tuple[float, int, str | None]) -> list[float]:
    return [row["priority"] for row in exposed(*((*row, 9) for row in rows))]


def test_who_was_exposed_today_counts_by_the_chance_alone() -> None:
    assert priorities((100.0, 0, None)) == [pytest.approx(1 - exp(-1))]


def test_the_longer_ago_the_less_is_left_to_avert() -> None:
    ahead = priorities(*((100.0, days, None) for days in range(15)))
    assert ahead == sorted(ahead, reverse=True)
    assert ahead[14] < ahead[0] / 1_000


def test_harm_if_missed_counts_once_by_its_largest() -> None:
    plain, ward, both, unknown = priorities(*((50.0, 1, kinds) for kinds in (None, "ward", "antenatal,ward", "class")))
    assert (ward, both, unknown) == (pytest.approx(3 * plain), pytest.approx(3 * plain), plain)


def test_who_left_at_most_so_many_visits_leaves_few() -> None:
    assert [row["leaves_few_visits"] for row in exposed((1.0, 0, None, 0), (1.0, 0, None, 2), (1.0, 0, None, 3))] == [
        True, True, False,
    ]  # fmt: skip


def test_a_list_misses_whom_the_cut_leaves_out_and_whom_no_record_shows() -> None:
    assert expect_missed(listed=3.0, below=1.0, weighing=WEIGHING) == pytest.approx(1 - 0.8 * 0.75)
    assert expect_missed(listed=3.0, below=0.0, weighing=WEIGHING) == pytest.approx(0.2)


def test_a_ring_without_anybody_has_missed_whatever_there_was() -> None:
    assert expect_missed(listed=0.0, below=0.0, weighing=WEIGHING) == 1.0


def test_without_a_hazard_weights_stand_for_themselves() -> None:
    weights = pa.chunked_array([[1.0, 5.0]])
    assert find_chances(weights, weighing=Weighing()).tolist() == [1.0, 5.0]


def test_the_shipped_policy_says_every_number() -> None:
    policy = Policy(read_defaults(), day_number(date(2022, 3, 1)))
    weighing = read_weighing(policy)
    urgency = read_urgency(INTERVAL, weighing=weighing, policy=policy)
    assert 0 < weighing.hazard < 0.1
    assert weighing.since_onset[0] == 1.0
    assert set(urgency.harm) == {"ward", "antenatal"}


def test_a_home_whose_first_day_nobody_knows_is_a_home() -> None:
    records = join(residences((1, "111", None, None), (2, "111", None, None), (2, "112", 3, None)), homes((1, 8)))
    with see(records) as visible:
        facts = read_facts(visible, pa.array([1, 2, 3], pa.int64()), reasons=REASONS.empty_table()).to_pylist()
    assert [(row["area"], row["household"]) for row in facts] == [("111", 8), ("112", None), (None, None)]


def test_facts_say_harm_and_visits_under_every_number_of_a_person() -> None:
    records = join(homes((11, 3), kind="ward"), homes((1, 4), kind="antenatal"), visits((11, 5, 1, "9:00", "9:30")))
    with see(records, aliases={11: 1}) as visible:
        [row] = read_facts(visible, pa.array([1], pa.int64()), reasons=REASONS.empty_table()).to_pylist()
    assert (row["harm_kinds"], row["visits"]) == ("antenatal,ward", 1)
