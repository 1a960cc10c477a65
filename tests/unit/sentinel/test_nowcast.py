"""Nowcasts against the chain ladder that insurers use, and against days that were later complete."""

import numpy as np
import pytest

from ringfence.errors import InputRefused
from ringfence.sentinel import nowcast

DELAYS = np.array([0.3, 0.3, 0.2, 0.1, 0.1])


def simulate(days: int, *, seed: int, mean: float = 40) -> tuple[np.ndarray, np.ndarray]:
    """A triangle as it is today (days, delays, 1), and what every day came to in the end."""
    rng = np.random.default_rng(seed)
    whole = np.stack([rng.multinomial(rng.poisson(mean), DELAYS) for _ in range(days)]).astype(float)
    return whole[..., None], whole.sum(axis=1)


def chain_ladder(triangle: np.ndarray) -> np.ndarray:
    """Cumulative reports carried to the end by the ratios of column sums (Mack 1993), one factor at a time."""
    days, delays = triangle.shape
    total = np.cumsum(triangle, axis=1)
    factors = [
        total[: days - delay, delay].sum() / total[: days - delay, delay - 1].sum() for delay in range(1, delays)
    ]
    ends = []
    for day in range(days):
        age = min(days - 1 - day, delays - 1)
        ends.append(total[day, age] * np.prod(factors[age:]))
    return np.array(ends)


def test_expected_counts_are_those_of_the_chain_ladder() -> None:
    triangle, _ = simulate(30, seed=1)
    assert nowcast(triangle).expected[:, 0] == pytest.approx(chain_ladder(triangle[..., 0]))


def test_bounds_hold_what_came_in_later_about_as_often_as_they_say() -> None:
    held = []
    for seed in range(30):
        triangle, whole = simulate(40, seed=seed)
        found = nowcast(triangle, level=0.9, seed=seed)
        held += ((found.lower[-4:, 0] <= whole[-4:]) & (whole[-4:] <= found.upper[-4:, 0])).tolist()
    assert 0.84 <= np.mean(held) <= 0.98


def test_old_days_are_complete_and_reports_after_today_are_not_looked_at() -> None:
    triangle, whole = simulate(20, seed=2)
    found = nowcast(triangle)
    assert (found.completeness[:-4] == 1).all()
    assert found.expected[:-4, 0].tolist() == whole[:-4].tolist()
    later = triangle.copy()
    later[-1, 1:] = np.nan
    assert np.array_equal(nowcast(later).expected, found.expected)


def test_a_delay_that_was_never_seen_is_not_known() -> None:
    found = nowcast(np.zeros((6, 3, 1)))
    assert np.isnan(found.expected[-1, 0])
    with pytest.raises(InputRefused, match="below zero"):
        nowcast(np.full((6, 3, 1), -1.0))
