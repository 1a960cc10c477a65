"""Quantiles and tails of counts against scipy's, one at a time, and where scipy's would not come back."""

import numpy as np
import pytest
from scipy import stats

from ringfence.sentinel.quantiles import negbin_quantile, negbin_survival

MEANS = np.array([0.0, 1e-9, 0.01, 0.3, 1, 4.5, 80, 3000, 2e6])
RATIOS = np.array([1.0, 1.0001, 1.3, 2, 7, 300])


@pytest.mark.parametrize("share", [0.6, 0.95, 0.995, 0.9999])
@pytest.mark.parametrize("ratio", RATIOS)
def test_quantiles_are_those_of_scipy(share: float, ratio: float) -> None:
    ours = negbin_quantile(share, mean=MEANS, ratio=np.full(len(MEANS), ratio))
    theirs = [
        0.0
        if mean == 0
        else stats.poisson.ppf(share, mean)
        if ratio == 1
        else stats.nbinom.ppf(share, mean / (ratio - 1), 1 / ratio)
        for mean in MEANS
    ]
    assert ours.tolist() == theirs


def test_tails_are_those_of_scipy() -> None:
    counts = np.array([0.0, 1, 3, 9, 50])
    spread = negbin_survival(counts, mean=np.full(5, 4.0), ratio=np.full(5, 2.5))
    assert spread == pytest.approx(stats.nbinom.sf(counts - 1, 4 / 1.5, 1 / 2.5))
    assert negbin_survival(counts, mean=np.full(5, 4.0), ratio=np.ones(5)) == pytest.approx(
        stats.poisson.sf(counts - 1, 4)
    )


def test_means_of_any_size_come_back() -> None:
    found = negbin_quantile(0.995, mean=np.array([1e13, 1e30, np.inf, np.nan, -1]), ratio=np.full(5, 3.0))
    assert found[:2] == pytest.approx([1e13, 1e30], rel=1e-5)
    assert np.isnan(found[2:]).all()
