"""The fit against the equations that every maximum of the likelihood solves, with offsets and with rows missing."""

import numpy as np
import pytest

from ringfence.sentinel.log_linear import Design, fit


def residual_sums(design: Design, counts: np.ndarray, mean: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """What the score equations set to zero: residuals summed by season, and with time."""
    off = weights * (counts - mean)
    by_season = [off[design.season == season].sum(axis=0) for season in range(design.seasons)]
    return np.vstack([*by_season, (off * design.time[:, None]).sum(axis=0) / np.abs(design.time).max()])


@pytest.mark.parametrize("has_offset", [False, True])
def test_a_fit_solves_its_score_equations(has_offset: bool) -> None:
    rng = np.random.default_rng(6)
    rows, series = 160, 40
    design = Design(np.arange(rows) // 4 % 5, np.arange(rows) - 200.0, 5)
    population = rng.uniform(50, 400, (rows, series))
    offset = np.log(population) if has_offset else None
    mean = np.exp(rng.normal(0, 0.5, series)) * (population / 40 if has_offset else np.full((rows, series), 4.0))
    counts = rng.poisson(mean).astype(float)
    weights = (rng.random((rows, series)) > 0.1).astype(float)
    found = fit(counts * weights, design, weights=weights, offset=offset, has_trend=True)
    assert found.has_converged.all()
    assert np.abs(residual_sums(design, counts, found.mean, weights)).max() < 1e-3 * counts.sum(axis=0).min()
    assert found.freedom.tolist() == (weights.sum(axis=0) - 6).tolist()
    assert found.hat_values().sum(axis=0) == pytest.approx(np.full(series, 6.0))


def test_a_constant_offset_moves_the_level_and_nothing_else() -> None:
    rng = np.random.default_rng(7)
    design = Design(np.zeros(80, dtype=int), np.arange(80) - 90.0, 1)
    counts, weights = rng.poisson(6, (80, 5)).astype(float), np.ones((80, 5))
    plain = fit(counts, design, weights=weights, offset=None, has_trend=True)
    moved = fit(counts, design, weights=weights, offset=np.full((80, 5), np.log(7.0)), has_trend=True)
    assert moved.level + np.log(7.0) == pytest.approx(plain.level)
    assert moved.slope == pytest.approx(plain.slope, abs=1e-12)
