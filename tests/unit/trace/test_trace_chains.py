"""Chains and spread: the posterior by hand, a tree with a circle, and numbers a simulation was made with."""

import math

import numpy as np
import pyarrow as pa
import pytest
from scipy import optimize, stats

from ringfence.policy import SerialInterval
from ringfence.trace import (
    CHAIN_CASES,
    INFECTORS,
    MEETINGS,
    attack_rates,
    estimate_spread,
    find_generations,
    find_infectors,
)

INTERVAL = SerialInterval(mean_days=5.0, sd_days=2.0, source="of these tests")


def cases(**onsets: int) -> pa.Table:
    """Cases c1, c2, ... with their days of onset."""
    rows = [{"case_no": int(name[1:]), "onset_day": day} for name, day in onsets.items()]
    return pa.Table.from_pylist(rows, CHAIN_CASES)


def meetings(*rows: tuple[int, int, str, float]) -> pa.Table:
    """Infector, case, rule, weight."""
    return pa.Table.from_pylist([dict(zip(MEETINGS.names, row, strict=True)) for row in rows], MEETINGS)


def chance(days: int) -> float:
    """The serial interval's chance of a whole number of days, by its gamma distribution."""
    spread = stats.gamma(a=6.25, scale=0.8)
    return float(spread.cdf(days + 0.5) - (spread.cdf(days - 0.5) if days else 0.0))


def test_the_posterior_is_density_times_evidence_over_all_candidates_and_nobody_known() -> None:
    met = meetings((1, 3, "household", 30.0), (1, 3, "same_place", 10.0))
    found = find_infectors(cases(c1=10, c2=12, c3=16, c4=30), met, interval=INTERVAL, background=2.0)
    weights = {1: chance(6) * 42, 2: chance(4) * 2, None: max(chance(day) for day in range(12)) * 2}
    rows = [row for row in found.to_pylist() if row["case_no"] == 3]
    assert [row["infector"] for row in rows] == sorted(weights, key=lambda who: -weights[who])
    for row in rows:
        assert math.isclose(row["probability"], weights[row["infector"]] / sum(weights.values()), rel_tol=1e-9)
    assert [(row["interval_days"], row["rule"]) for row in rows][:1] == [(6, "household")]


def test_nobody_infects_themselves_or_before_their_time() -> None:
    found = find_infectors(cases(c1=10, c2=10, c3=4), meetings(), interval=INTERVAL, background=1.0).to_pylist()
    assert {(row["case_no"], row["infector"]) for row in found if row["case_no"] == 3} == {(3, None)}
    assert all(row["case_no"] != row["infector"] for row in found)


def test_probabilities_of_a_case_add_up_to_one_but_for_what_is_left_out() -> None:
    many = {f"c{n}": n % 17 for n in range(1, 40)}
    found = find_infectors(cases(**many), meetings(), interval=INTERVAL, background=1.0).to_pylist()
    for case_no in range(1, 40):
        total = sum(row["probability"] for row in found if row["case_no"] == case_no)
        assert 0.96 < total <= 1 + 1e-9


def infectors(*rows: tuple[int, int | None, float]) -> pa.Table:
    names = ("case_no", "infector", "probability")
    return pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows], INFECTORS)


def test_generations_count_from_the_head_of_the_chain() -> None:
    tree = infectors((1, None, 0.9), (2, 1, 0.8), (3, 2, 0.7), (4, 1, 0.4), (4, None, 0.3))
    found = [tuple(row.values()) for row in find_generations(tree).to_pylist()]
    assert found == [(1, 1, 0), (2, 1, 1), (3, 1, 2), (4, 4, 0)]


def test_a_circle_is_cut_at_its_smallest_case() -> None:
    tree = infectors((5, 6, 0.9), (6, 5, 0.9), (7, 6, 0.9))
    assert [tuple(row.values()) for row in find_generations(tree).to_pylist()] == [(5, 5, 0), (6, 5, 1), (7, 5, 2)]


def test_no_cases_make_no_chains() -> None:
    found = find_infectors(cases(), meetings(), interval=INTERVAL, background=1.0)
    assert found.equals(INFECTORS.empty_table())
    assert find_generations(found).num_rows == 0


@pytest.mark.parametrize(("mean", "k"), [(1.5, 0.3), (2.5, 1.0), (0.8, 5.0)])
def test_the_numbers_a_simulation_was_made_with_lie_in_the_intervals(mean: float, k: float) -> None:
    rng = np.random.default_rng(3)
    offspring = rng.negative_binomial(k, k / (k + mean), size=4_000)
    spread = estimate_spread(offspring)
    assert spread is not None
    assert spread.reproduction.low < mean < spread.reproduction.high
    assert spread.dispersion.low < k < spread.dispersion.high
    assert math.isclose(spread.reproduction.value, offspring.mean())


def test_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(11)
    covered = 0
    for _ in range(60):
        spread = estimate_spread(rng.negative_binomial(0.5, 0.5 / 2.5, size=150))
        assert spread is not None
        covered += spread.reproduction.low <= 2.0 <= spread.reproduction.high
    assert covered >= 51


def test_where_nobody_infected_anybody_there_is_nothing_to_say() -> None:
    assert estimate_spread(np.zeros(5, dtype=np.int64)) is None


def test_attack_rates_say_how_many_of_how_many() -> None:
    exposed = pa.table({"rule": ["ward", "household", "household", "ward"], "is_infected": [False, True, False, False]})
    rows = attack_rates(exposed).to_pylist()
    assert [(row["rule"], row["infected"], row["exposed"], row["rate"]) for row in rows] == [
        ("household", 1, 2, 0.5),
        ("ward", 0, 2, 0.0),
    ]
    assert rows[1]["low"] == 0
    assert 0.6 < rows[1]["high"] < 0.7


@pytest.mark.parametrize(("happened", "of"), [(0, 1), (0, 40), (1, 3), (17, 60), (60, 60)])
def test_the_interval_of_a_rate_is_that_of_scipy(happened: int, of: int) -> None:
    exposed = pa.table({"rule": ["ward"] * of, "is_infected": [number < happened for number in range(of)]})
    [row] = attack_rates(exposed).to_pylist()
    expected = stats.binomtest(happened, of).proportion_ci(method="wilson")
    assert (row["low"], row["high"]) == pytest.approx((expected.low, expected.high), abs=1e-12)


@pytest.mark.parametrize(("mean", "k"), [(0.6, 0.1), (1.5, 0.4), (3.0, 8.0)])
def test_estimates_are_where_scipy_finds_the_likelihood_highest_and_its_drop_explained_by_chance(
    mean: float, k: float
) -> None:
    offspring = np.random.default_rng(5).negative_binomial(k, k / (k + mean), size=300)
    spread = estimate_spread(offspring)
    assert spread is not None

    def likelihood(log_k: float, of_mean: float) -> float:
        at = math.exp(log_k)
        return float(stats.nbinom.logpmf(offspring, at, at / (at + of_mean)).sum())

    def best(of_mean: float) -> "optimize.OptimizeResult":
        bounds = (math.log(1e-3), math.log(1e4))
        return optimize.minimize_scalar(lambda log_k: -likelihood(log_k, of_mean), bounds=bounds, method="bounded")

    found = best(offspring.mean())
    assert math.log(spread.dispersion.value) == pytest.approx(found.x, abs=1e-3)
    edge = -found.fun - stats.chi2.ppf(0.95, 1) / 2
    for end in (spread.dispersion.low, spread.dispersion.high):
        assert end in {1e-3, 1e4} or likelihood(math.log(end), offspring.mean()) == pytest.approx(edge, abs=1e-3)
    for end in (spread.reproduction.low, spread.reproduction.high):
        assert -best(end).fun == pytest.approx(edge, abs=1e-3)
