"""The case reproduction number beside its twin, which lists every tree of infectors there can be and adds them up."""

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from ringfence.policy import SerialInterval
from ringfence.trace import CHAIN_CASES, MEETINGS, REPRODUCTION, estimate_reproduction, find_infectors

INTERVAL = SerialInterval(mean_days=4.0, sd_days=2.0, source="of these tests")
CASES = [(1, 100, True), (2, 103, False), (3, 103, False), (4, 105, False), (5, 108, False), (6, 103, True)]
MET = [(1, 2, "household", 30.0), (1, 3, "same_place", 4.0), (2, 4, "ward", 10.0), (2, 4, "household", 5.0)]


def cases(rows: list[tuple[int, int, bool]] = CASES) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(CHAIN_CASES.names, row, strict=True)) for row in rows], CHAIN_CASES)


def meetings(rows: list[tuple[int, int, str, float]] = MET) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(MEETINGS.names, row, strict=True)) for row in rows], MEETINGS)


def chance(days: int) -> float:
    """The serial interval's chance of a whole number of days, by its gamma distribution."""
    spread = stats.gamma(a=4.0, scale=1.0)
    return float(spread.cdf(days + 0.5) - (spread.cdf(days - 0.5) if days else 0.0))


def posteriors(background: float) -> dict[int, dict[int | None, float]]:
    """Infectee to infector to chance, pair by pair."""
    met: dict[tuple[int, int], float] = defaultdict(float)
    for infector, infectee, _, weight in MET:
        met[infector, infectee] += weight
    found = {}
    for infectee, onset, is_imported in CASES:
        if is_imported:
            continue
        weights: dict[int | None, float] = {
            other: chance(onset - day) * (background + met[other, infectee])
            for other, day, _ in CASES
            if other != infectee and day <= onset
        }
        weights[None] = max(chance(days) for days in range(9)) * background
        found[infectee] = {who: weight / sum(weights.values()) for who, weight in weights.items()}
    return found


def trees(background: float) -> Iterator[tuple[float, dict[int, int | None]]]:
    """Every way in which everybody can have been infected, with its chance."""
    chances = posteriors(background)
    for chosen in itertools.product(*(each.items() for each in chances.values())):
        infectors = dict(zip(chances, (who for who, _ in chosen), strict=True))
        yield math.prod(share for _, share in chosen), infectors


@pytest.mark.parametrize("background", [0.5, 5.0, 50.0])
def test_mean_and_interval_of_each_day_are_those_over_all_trees(background: float) -> None:
    days = {number: day for number, day, _ in CASES}
    spread: dict[int, dict[int, float]] = {day: defaultdict(float) for day in days.values()}
    for share, infectors in trees(background):
        for day, sizes in spread.items():
            sizes[sum(days.get(who or 0) == day for who in infectors.values())] += share
    found = estimate_reproduction(cases(), meetings(), interval=INTERVAL, background=background, until_day=108)
    assert found["day"].to_pylist() == sorted(spread)
    for row in found.to_pylist():
        sizes, count = spread[row["day"]], list(days.values()).count(row["day"])
        mean = sum(size * share for size, share in sizes.items()) / count
        assert math.isclose(row["reproduction"], mean, rel_tol=1e-9, abs_tol=1e-12)
        steps = list(itertools.accumulate(sizes[size] for size in range(6)))
        low, high = (next(size for size, sum_ in enumerate(steps) if sum_ >= edge) for edge in (0.025, 0.975))
        assert (row["cases"], row["low"], row["high"]) == (count, low / count, high / count)


def test_it_adds_up_to_what_the_posteriors_of_single_cases_add_up_to() -> None:
    background = 0.01  # so little that no candidate is left out for being unlikely
    found = estimate_reproduction(cases(), meetings(), interval=INTERVAL, background=background, until_day=108)
    whole = find_infectors(cases(), meetings(), interval=INTERVAL, background=background)
    known = [row["probability"] for row in whole.to_pylist() if row["infector"] is not None]
    total = sum(row["cases"] * row["reproduction"] for row in found.to_pylist())
    assert math.isclose(total, sum(known), abs_tol=6e-3)


def test_who_was_infected_elsewhere_has_no_infector_here() -> None:
    found = find_infectors(cases(), meetings(), interval=INTERVAL, background=1.0).to_pylist()
    assert [(row["infector"], row["probability"]) for row in found if row["case_no"] == 6] == [(None, 1.0)]


def test_the_number_a_branching_was_made_with_comes_back_and_the_last_days_fall_short() -> None:
    rng = np.random.default_rng(8)
    rows, met, ahead = [], [], [(n, 0) for n in range(1, 9)]
    last = 0
    for number, day in ahead:
        rows.append((number, day, number <= 8))
        for _ in range(rng.poisson(1.6) if day < 25 else 0):
            last = len(ahead) + 1
            onset = day + max(1, round(rng.gamma(4.0, 1.0)))
            ahead.append((last, onset))
            met.append((number, last, "household", 600.0))
    seen = [row for row in rows if row[1] <= 20]
    numbers = {row[0] for row in seen}
    pairs = [row for row in met if row[1] in numbers]
    found = estimate_reproduction(
        cases(seen), meetings(pairs), interval=INTERVAL, background=0.5, until_day=20
    ).to_pylist()
    early = [row for row in found if row["share_seen"] > 0.99]
    mean = sum(row["cases"] * row["reproduction"] for row in early) / sum(row["cases"] for row in early)
    assert 1.2 < mean < 2.0
    assert found[-1]["share_seen"] < 0.01
    assert found[-1]["reproduction"] < 0.2, "infectees of the last day are not seen yet"


def test_later_onsets_are_not_looked_at_and_no_cases_make_no_days() -> None:
    found = estimate_reproduction(cases(), meetings(), interval=INTERVAL, background=1.0, until_day=104)
    assert found["day"].to_pylist() == [100, 103]
    nobody = estimate_reproduction(cases([]), meetings([]), interval=INTERVAL, background=1.0, until_day=104)
    assert nobody.equals(REPRODUCTION.empty_table())
