"""How unevenly it spreads: the reproduction number, its dispersion, and each setting's attack rate (policy 7.3).

SciPy is imported where it is asked: to load it takes a second that whoever draws no chain need not wait.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

_DROP = (
    3.841458820694124 / 2
)  # of the log-likelihood at the ends of a 95 % interval: chi-square of one degree of freedom
_LOW_K, _HIGH_K = 1e-3, 1e4  # from a few people infecting all others to no difference that could be seen

ATTACK_RATES = pa.schema(
    [
        ("rule", pa.string()),
        ("exposed", pa.int64()),
        ("infected", pa.int64()),
        ("rate", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
    ]
)
"""By rule of exposure: how many were exposed, how many of them became cases, and the share with its 95 % interval."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Spread:
    """What a negative binomial of offspring says: the mean number a case infected, and its dispersion k.

    The smaller k, the fewer cases infect the most: below one, to stop large gatherings stops more than to halve all.
    """

    cases: int
    reproduction: Estimate
    dispersion: Estimate


def estimate_spread(offspring: npt.NDArray[np.int64]) -> Spread | None:
    """Reproduction number and dispersion of cases with so many offspring each; None where nobody infected anybody.

    Maximum likelihood with intervals by profile likelihood (Lloyd-Smith and others, Nature 2005; 438, 355). Leave out
    cases whose offspring had no time yet to fall ill: counted as none, they would make the number too small.
    """
    if not offspring.sum():
        return None
    mean = float(offspring.mean())

    def of_k(k: float) -> float:
        return _log_likelihood(offspring, mean=mean, k=k)

    def of_mean(value: float) -> float:
        return _log_likelihood(offspring, mean=value, k=_best_k(offspring, mean=value))

    k = _best_k(offspring, mean=mean)
    return Spread(
        cases=offspring.size,
        reproduction=_interval(of_mean, best=mean, low=mean / 1e3, high=mean * 1e3),
        dispersion=_interval(of_k, best=k, low=_LOW_K, high=_HIGH_K),
    )


def attack_rates(exposed: pa.Table) -> pa.Table:
    """The share of those exposed by each rule who became cases (ATTACK_RATES), by rule.

    `exposed` has one row a person and rule: `rule` and `is_infected`. Intervals are Wilson's.
    """
    from scipy import stats  # noqa: PLC0415 - as above

    counts = exposed.group_by("rule").aggregate([("is_infected", "count"), ("is_infected", "sum")]).sort_by("rule")
    rows = []
    for rule, count, infected in zip(*(counts[name].to_pylist() for name in counts.column_names), strict=True):
        test = stats.binomtest(int(infected or 0), int(count)).proportion_ci(method="wilson")
        rows.append((rule, count, int(infected or 0), (infected or 0) / count, test.low, test.high))
    return pa.table(list(zip(*rows, strict=True)) or [()] * len(ATTACK_RATES), schema=ATTACK_RATES)


def _log_likelihood(offspring: npt.NDArray[np.int64], *, mean: float, k: float) -> float:
    from scipy import stats  # noqa: PLC0415 - as above

    return float(stats.nbinom.logpmf(offspring, k, k / (k + mean)).sum())


def _best_k(offspring: npt.NDArray[np.int64], *, mean: float) -> float:
    """The k that makes the offspring most likely, sought on its logarithm."""
    from scipy import optimize  # noqa: PLC0415 - as above

    found = optimize.minimize_scalar(
        lambda log_k: -_log_likelihood(offspring, mean=mean, k=float(np.exp(log_k))),
        bounds=(np.log(_LOW_K), np.log(_HIGH_K)),
        method="bounded",
    )
    return float(np.exp(found.x))


def _interval(likelihood: Callable[[float], float], *, best: float, low: float, high: float) -> Estimate:
    """Where the likelihood has dropped by as much as chance explains, within bounds."""
    from scipy import optimize  # noqa: PLC0415 - as above

    edge = likelihood(best) - _DROP

    def above(log_value: float) -> float:
        return likelihood(float(np.exp(log_value))) - edge

    ends = []
    for bound in (low, high):
        is_open = above(np.log(bound)) > 0
        ends.append(bound if is_open else float(np.exp(optimize.brentq(above, np.log(bound), np.log(best)))))
    return Estimate(value=best, low=ends[0], high=ends[1])
