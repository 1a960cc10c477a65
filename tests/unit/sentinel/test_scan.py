"""Scans: the published clusters, every zone against counting by hand, and a level that changes no maximum."""

import csv
from pathlib import Path

import numpy as np
import pytest

from ringfence.errors import InputRefused
from ringfence.sentinel import scan_space, scan_space_time
from ringfence.sentinel.scan import _largest, _last_days, _Scan, least_count, likelihood
from ringfence.sentinel.zones import draw_circles


def test_new_york_leukaemia_gives_the_clusters_satscan_published(shared_data: Path) -> None:
    with (shared_data / "sentinel" / "scan" / "nydf_input.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    places = np.array([[float(row["longitude"]), float(row["latitude"])] for row in rows])
    population = np.array([float(row["population"]) for row in rows])
    cases = np.array([int(row["cases_floor"]) for row in rows])
    first, second, *_ = scan_space(cases, population=population, places=places, most=0.1, replicates=99, seed=1)
    assert (round(first.ratio, 6), round(second.ratio, 6)) == (11.577255, 9.019716)
    assert (len(first.sites), first.cases, round(first.expected, 2)) == (26, 85, 49.71)
    assert (len(second.sites), second.cases, round(second.expected, 2)) == (8, 38, 17.79)
    assert population[list(first.sites)].sum() == 95249
    assert first.p == 0.01


def by_hand(cases: np.ndarray, expected: np.ndarray, places: np.ndarray, most: float, weights: np.ndarray) -> float:
    """The largest ratio, zone by zone, with Python's own arithmetic."""
    total, best = int(cases.sum()), 0.0
    for centre in places:
        away = np.sqrt(((places - centre) ** 2).sum(axis=1))
        for radius in away:
            inside = away <= radius
            if weights[inside].sum() > most * weights.sum() * (1 + 1e-9):
                continue
            for days in range(1, cases.shape[1] + 1):
                c, e = cases[inside, -days:].sum(), expected[inside, -days:].sum()
                if c > e:
                    rest = (total - c) * np.log((total - c) / (total - e)) if c < total else 0.0
                    best = max(best, float(c * np.log(c / e) + rest))
    return best


@pytest.mark.parametrize("seed", range(4))
def test_the_first_cluster_is_the_best_zone_counted_by_hand(seed: int) -> None:
    rng = np.random.default_rng(seed)
    places = np.round(rng.random((12, 2)), 1)  # some at one distance, some at one place
    cases = rng.poisson(1.5, (12, 5))
    cases[:3, -2:] += 2
    expected = np.outer(cases.sum(axis=1), cases.sum(axis=0)) / cases.sum()
    found = scan_space_time(cases, places=places, days=5, replicates=0)
    assert found[0].ratio == pytest.approx(by_hand(cases, expected, places, 0.5, cases.sum(axis=1)))
    members = [set(cluster.sites) for cluster in found]
    assert sum(map(len, members)) == len(set().union(*members))


def test_skipping_counts_below_a_level_changes_no_maximum() -> None:
    rng = np.random.default_rng(5)
    cases = rng.poisson(2.0, (15, 6))
    places = rng.random((15, 2))
    expected = np.outer(cases.sum(axis=1), cases.sum(axis=0)) / cases.sum()
    circles = draw_circles(places, weights=cases.sum(axis=1).astype(float), most=0.5)
    simulated = rng.multinomial(int(cases.sum()), expected.ravel() / expected.sum(), size=60).T.reshape(15, 6, 60)
    scan = _Scan(circles, cases, _last_days(expected, 6), int(cases.sum()))
    found = _largest(scan, _last_days(simulated, 6))
    wanted = [by_hand(simulated[..., one], expected, places, 0.5, cases.sum(axis=1)) for one in range(60)]
    assert found == pytest.approx(wanted)


def test_the_least_count_of_a_level_is_the_first_that_reaches_it() -> None:
    expected = np.array([0.5, 3.2, 40.0])
    least = least_count(expected, 100, 2.0)
    assert (likelihood(least, expected, 100) >= 2).all()
    assert (likelihood(least - 1, expected, 100) < 2).all()


def test_a_planted_cluster_is_found_with_its_days() -> None:
    rng = np.random.default_rng(3)
    places = rng.random((60, 2))
    cases = rng.poisson(1.0, (60, 28))
    near = np.argsort(((places - places[0]) ** 2).sum(axis=1))[:5]
    cases[near, -3:] += 4
    first = scan_space_time(cases, places=places, days=7, replicates=199, seed=1)[0]
    assert set(first.sites) == set(near.tolist())
    assert (first.days, first.p) == (3, 1 / 200)
    assert first.gumbel_p is not None
    assert first.gumbel_p < 1e-6


def test_chance_alone_is_found_as_often_as_its_p_says() -> None:
    rng = np.random.default_rng(11)
    places, p = rng.random((20, 2)), []
    for seed in range(60):
        found = scan_space_time(rng.poisson(1.0, (20, 14)), places=places, days=3, replicates=99, seed=seed)
        p.append(found[0].p if found else 1.0)
    assert 0 <= sum(value <= 0.05 for value in p) <= 8  # 60 x .05 = 3; more than 8 happens once in 300 times


def test_nothing_counted_is_no_cluster_and_half_a_case_is_refused() -> None:
    places = np.zeros((3, 2))
    assert scan_space_time(np.zeros((3, 4), dtype=int), places=places, days=2) == []
    for bad in (np.full((3, 4), 0.5), np.full((3, 4), -1), np.full((3, 4), np.nan)):
        with pytest.raises(InputRefused, match="whole cases"):
            scan_space_time(bad, places=places, days=2)
    with pytest.raises(InputRefused, match="a window of 5 days"):
        scan_space_time(np.ones((3, 4), dtype=int), places=places, days=5)
